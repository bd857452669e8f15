#include "grid_source.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

constexpr std::int64_t task_rows = 16;

/// Consecutive records, and their native values once decoded.
struct RecordRun {
  std::int64_t first_record = 0;
  std::int64_t records = 0;
  std::unique_ptr<NativeFetch> fetched;
  std::vector<float> values;
};

/// The records behind a window, each once, in runs.
std::vector<RecordRun> runs_of(const DayMapping& mapping, const core::BlockWindow& window) {
  std::set<std::int64_t> wanted;
  for (std::int64_t step = window.first_step; step < window.first_step + window.steps; ++step)
    for (const DayShare& share : mapping.day(step)) wanted.insert(share.record);
  std::vector<RecordRun> runs;
  for (const std::int64_t record : wanted) {
    if (runs.empty() || runs.back().first_record + runs.back().records != record) {
      runs.emplace_back();
      runs.back().first_record = record;
    }
    ++runs.back().records;
  }
  return runs;
}

class GridBlock final : public core::FetchedBlock {
 public:
  GridBlock(std::shared_ptr<const GridSourcePlan> plan, NativeStack& stack, const core::BlockWindow& window)
      : m_plan(std::move(plan)),
        m_window(window),
        m_cells(m_plan->warp.source_window(window.first_row, window.rows)) {
    if (m_cells.rows == 0) return;
    m_runs = runs_of(m_plan->mapping, window);
    for (RecordRun& run : m_runs)
      run.fetched = stack.fetch(
          {run.first_record, run.records, m_cells.first_row, m_cells.rows, m_cells.first_col, m_cells.cols});
  }

  void decode(std::span<float> values, const core::ParallelFor& parallel_for) override {
    if (is_plain()) {
      m_runs.front().fetched->decode(values, parallel_for);
      apply_values(m_plan->rule, values, parallel_for);
      return;
    }
    for (RecordRun& run : m_runs) {
      run.values.resize(static_cast<std::size_t>(run.records * m_cells.cells()));
      run.fetched->decode(run.values, parallel_for);
      run.fetched.reset();
      convert(run, parallel_for);
    }
    const std::int64_t tasks = (m_window.rows + task_rows - 1) / task_rows;
    parallel_for(tasks, [&](std::int64_t task) {
      const std::int64_t first = task * task_rows;
      fill_rows(first, std::min(task_rows, m_window.rows - first), values);
    });
    m_runs.clear();
  }

 private:
  /// Native cells are the model's, and each day is one record, one after the other, with weight 1.
  bool is_plain() const {
    const bool same_cells =
        m_plan->warp.is_crop() && m_cells.rows == m_window.rows && m_cells.cols == m_plan->warp.model_cols();
    if (!same_cells || m_runs.size() != 1 || m_runs.front().records != m_window.steps) return false;
    for (std::int64_t step = 0; step < m_window.steps; ++step) {
      const auto day = m_plan->mapping.day(m_window.first_step + step);
      if (day.size() != 1 || day.front() != DayShare{m_runs.front().first_record + step, 1.0}) return false;
    }
    return true;
  }

  /// To target units; the valid range holds for a day's share, so here for the record times its weight.
  void convert(RecordRun& run, const core::ParallelFor& parallel_for) const {
    parallel_for(run.records, [&](std::int64_t i) {
      const double weight = m_plan->record_weight[static_cast<std::size_t>(run.first_record + i)];
      ValueRule rule = m_plan->rule;
      if (rule.valid_range && weight != 1.0)
        for (double& limit : *rule.valid_range) limit /= weight;
      apply_values(rule, std::span(run.values)
                             .subspan(static_cast<std::size_t>(i * m_cells.cells()),
                                      static_cast<std::size_t>(m_cells.cells())));
    });
  }

  std::span<const float> native(std::int64_t record) const {
    for (const RecordRun& run : m_runs)
      if (record >= run.first_record && record < run.first_record + run.records)
        return std::span(run.values)
            .subspan(static_cast<std::size_t>((record - run.first_record) * m_cells.cells()),
                     static_cast<std::size_t>(m_cells.cells()));
    throw core::Error(core::ErrorKind::internal, "a record that was not fetched was asked for");
  }

  /// All steps of some rows of the window. A record that serves many days is warped once.
  void fill_rows(std::int64_t first, std::int64_t rows, std::span<float> values) const {
    const std::int64_t cols = m_plan->warp.model_cols();
    std::vector<float> warped(static_cast<std::size_t>(rows * cols));
    std::vector<double> sum(warped.size());
    std::vector<int> count(warped.size());
    std::int64_t warped_record = -1;
    for (std::int64_t step = 0; step < m_window.steps; ++step) {
      const auto day = m_plan->mapping.day(m_window.first_step + step);
      const auto out =
          values.subspan(static_cast<std::size_t>((step * m_window.rows + first) * cols), warped.size());
      std::fill(sum.begin(), sum.end(), 0.0);
      std::fill(count.begin(), count.end(), 0);
      for (const DayShare& share : day) {
        if (m_cells.rows == 0) break;
        if (share.record != warped_record)
          m_plan->warp.apply(m_cells, native(share.record), m_window.first_row + first, rows, warped);
        warped_record = share.record;
        for (std::size_t i = 0; i < warped.size(); ++i)
          if (!std::isnan(warped[i])) {
            sum[i] += share.weight * static_cast<double>(warped[i]);
            ++count[i];
          }
      }
      if (day.size() == 1 && day.front().weight == 1.0 && m_cells.rows > 0) {
        std::copy(warped.begin(), warped.end(), out.begin());
        if (m_plan->rule.valid_range) apply_values({1.0, 0.0, m_plan->rule.valid_range}, out);
        continue;
      }
      finish_day(day.size(), sum, count, out);
    }
  }

  void finish_day(std::size_t records, std::span<const double> sum, std::span<const int> count,
                  std::span<float> out) const {
    const bool all_needed = m_plan->mapping.is_total;
    for (std::size_t i = 0; i < out.size(); ++i) {
      const bool enough = count[i] > 0 && (!all_needed || static_cast<std::size_t>(count[i]) == records);
      const double value = all_needed ? sum[i] : sum[i] / count[i];
      out[i] = enough ? static_cast<float>(value) : std::numeric_limits<float>::quiet_NaN();
    }
    if (m_plan->rule.valid_range) apply_values({1.0, 0.0, m_plan->rule.valid_range}, out);
  }

  std::shared_ptr<const GridSourcePlan> m_plan;
  core::BlockWindow m_window;
  CellWindow m_cells;
  std::vector<RecordRun> m_runs;
};

}  // namespace

GridSource::GridSource(std::string name, std::unique_ptr<NativeStack> stack, GridWarp warp,
                       DayMapping mapping, const ValueRule& rule)
    : m_name(std::move(name)), m_stack(std::move(stack)) {
  auto plan = std::make_shared<GridSourcePlan>(std::move(warp), std::move(mapping), rule);
  plan->record_weight.assign(m_stack->description().times.size(), 1.0);
  for (const DayShare& share : plan->mapping.shares)
    plan->record_weight[static_cast<std::size_t>(share.record)] = share.weight;
  m_plan = std::move(plan);
  make_layout();
}

std::unique_ptr<core::FetchedBlock> GridSource::fetch(const core::BlockWindow& window) {
  try {
    return std::make_unique<GridBlock>(m_plan, *m_stack, window);
  } catch (core::Error& error) {
    error.add_context("[inputs." + m_name + "]");
    throw;
  }
}

void GridSource::make_layout() {
  const NativeDescription& native = m_stack->description();
  const DayMapping& mapping = m_plan->mapping;
  const GridWarp& warp = m_plan->warp;
  const CellWindow all = warp.source_window(0, warp.model_rows());
  // Days per record, over the days that have any: a chunk of records is that many days.
  std::set<std::int64_t> used;
  for (const DayShare& share : mapping.shares) used.insert(share.record);
  const double days = static_cast<double>(mapping.steps() - mapping.missing_days);
  const double days_per_record = used.empty() ? 1.0 : days / static_cast<double>(used.size());
  const auto at_least_one = [](double value) { return std::max<std::int64_t>(1, std::llround(value)); };
  m_layout.chunk_steps =
      std::min(at_least_one(static_cast<double>(native.chunk_records) * days_per_record), mapping.steps());
  for (std::int64_t step = 0; step < mapping.steps(); ++step) {
    const auto day = mapping.day(step);
    if (day.empty()) continue;
    const auto into_chunk = static_cast<double>(day.front().record - native.first_chunk_record);
    m_layout.first_chunk_step = step - std::llround(into_chunk * days_per_record);
    break;
  }
  if (warp.is_crop()) {
    m_layout.chunk_rows = native.chunk_rows;
    m_layout.first_chunk_row = native.first_chunk_row - warp.crop_row();
  } else if (all.rows > 0) {
    const double model_per_native = static_cast<double>(warp.model_rows()) / static_cast<double>(all.rows);
    m_layout.chunk_rows = at_least_one(static_cast<double>(native.chunk_rows) * model_per_native);
  }
  m_layout.chunk_rows = std::min(m_layout.chunk_rows, warp.model_rows());
  const double cells =
      static_cast<double>(all.cells()) / static_cast<double>(warp.model_rows() * warp.model_cols());
  const bool plain = warp.is_crop() && days_per_record == 1.0 && mapping.shares.size() == used.size();
  // Decoded native floats stand beside the stored bytes unless decoded in place.
  m_layout.scratch_bytes_per_cell_step =
      (native.stored_bytes_per_cell + (plain ? 0.0 : 4.0)) * cells / std::max(days_per_record, 1e-9) +
      (plain ? 0.0 : 1.0);
}

}  // namespace rootzone::io
