#include <algorithm>
#include <cmath>
#include <limits>

#include "grid_source.hpp"
#include "input_values.hpp"
#include "native_warp.hpp"
#include "nightly_files.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/day_mapping.hpp"
#include "rootzone/io/file_pattern.hpp"
#include "rootzone/io/input.hpp"
#include "rootzone/io/warp.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;

/// The rate per month or year of each day, divided by the days that the calendar counts.
void divide_by_calendar(const UnitPlan& units, const core::TimeAxis& axis, DayMapping& mapping) {
  if (!units.per_calendar_period) return;
  for (std::int64_t step = 0; step < mapping.steps(); ++step) {
    const double days = days_of_period(*units.per_calendar_period, axis.date(step), axis.calendar());
    for (std::size_t k = mapping.first_share[static_cast<std::size_t>(step)];
         k < mapping.first_share[static_cast<std::size_t>(step) + 1]; ++k)
      mapping.shares[k].weight /= days;
  }
}

bool is_absent(const InputSpec& spec) {
  return !spec.required && find_files(spec.paths, core::Calendar::standard).empty();
}

void check_range(const InputSpec& spec) {
  if (spec.valid_range && !((*spec.valid_range)[0] <= (*spec.valid_range)[1]))
    throw Error(ErrorKind::usage,
                "[inputs." + spec.name + "] valid_range must be [low, high] with low ≤ high");
}

}  // namespace

OpenedInput open_input(const InputSpec& spec, const core::Grid& grid, const core::TimeAxis& axis) {
  OpenedInput opened;
  opened.report.name = spec.name;
  if (is_absent(spec)) return opened;
  check_range(spec);
  std::unique_ptr<NativeStack> stack = open_stack(spec.may_have_no_day ? near_days(spec, axis) : spec);
  opened.source = make_grid_source(spec, std::move(stack), grid, axis, opened.report);
  return opened;
}

std::unique_ptr<core::BlockSource> make_grid_source(const InputSpec& spec, std::unique_ptr<NativeStack> stack,
                                                    const core::Grid& grid, const core::TimeAxis& axis,
                                                    InputReport& report) {
  const NativeDescription& native = stack->description();
  describe_native(native, report);
  const UnitPlan units = plan_units(spec, native.units);
  report.units = units.note;
  if (!spec.units.empty() && spec.units != native.units) report.units += " (overridden)";
  report.file_units = (spec.units.empty() ? native.units : spec.units) + (units.is_total ? " d-1" : "");
  report.value_units = spec.target_units.empty() ? report.file_units : spec.target_units;
  DayMapping mapping = map_days(
      native.times, native.calendar,
      {spec.name, spec.label, spec.cadence, units.is_total, spec.leap_day, spec.may_have_no_day}, axis);
  divide_by_calendar(units, axis, mapping);
  if (units.is_total && mapping.cadence != "daily") report.units += " (totals shared out by the calendar)";
  if (spec.may_have_no_day) keep_used_files(native, mapping, report);
  report.first_date = mapping.first_date;
  report.last_date = mapping.last_date;
  report.missing_days = mapping.missing_days;
  report.missing_dates = mapping.missing_dates;
  report.last_day_missing = mapping.day(axis.count() - 1).empty();
  report.warnings.insert(report.warnings.end(), mapping.warnings.begin(), mapping.warnings.end());
  GridWarp warp = make_warp(native, grid, spec);
  report.resampling = warp.description();
  if (warp.outside_percent() > 0.0)
    report.warnings.push_back(std::to_string(std::lround(std::ceil(warp.outside_percent()))) +
                              " % of the model's cells lie outside the input's grid");
  ValueRule rule{units.converter.scale, units.converter.offset, spec.valid_range};
  return std::make_unique<GridSource>(spec.name, std::move(stack), std::move(warp), std::move(mapping), rule);
}

InputStatistics survey_values(core::BlockSource& source, const core::Grid& grid, const core::TimeAxis& axis,
                              const core::ParallelFor& parallel_for) {
  constexpr std::int64_t block_cells = std::int64_t{8} << 20;  // 32 MB of floats
  const core::SourceLayout layout = source.layout();
  const auto edges = [](std::int64_t chunk, std::int64_t phase, std::int64_t wanted, std::int64_t count) {
    std::vector<std::int64_t> at{0};
    const std::int64_t step = std::max<std::int64_t>(wanted / chunk, 1) * chunk;
    std::int64_t next = ((phase % chunk) + chunk) % chunk;
    if (next == 0) next = step;
    for (; next < count; next += step) at.push_back(next);
    at.push_back(count);
    return at;
  };
  const std::int64_t rows =
      std::clamp<std::int64_t>(block_cells / (grid.cols() * layout.chunk_steps), 1, grid.rows());
  const std::vector<std::int64_t> row_edges =
      edges(layout.chunk_rows, layout.first_chunk_row, rows, grid.rows());
  const std::int64_t steps =
      std::max<std::int64_t>(block_cells / (grid.cols() * std::max(rows, layout.chunk_rows)), 1);
  const std::vector<std::int64_t> step_edges =
      edges(layout.chunk_steps, layout.first_chunk_step, steps, axis.count());
  double sum = 0.0;
  std::int64_t valid = 0;
  InputStatistics statistics{0.0, std::numeric_limits<double>::infinity(), 0.0,
                             -std::numeric_limits<double>::infinity()};
  std::vector<float> values;
  for (std::size_t r = 0; r + 1 < row_edges.size(); ++r)
    for (std::size_t s = 0; s + 1 < step_edges.size(); ++s) {
      const core::BlockWindow window{step_edges[s], step_edges[s + 1] - step_edges[s], row_edges[r],
                                     row_edges[r + 1] - row_edges[r]};
      values.resize(static_cast<std::size_t>(window.steps * window.rows * grid.cols()));
      source.fetch(window)->decode(values, parallel_for);
      for (const float value : values) {
        if (std::isnan(value)) continue;
        ++valid;
        sum += static_cast<double>(value);
        statistics.minimum = std::min(statistics.minimum, static_cast<double>(value));
        statistics.maximum = std::max(statistics.maximum, static_cast<double>(value));
      }
    }
  if (valid == 0)
    throw Error(ErrorKind::data,
                "[inputs." + source.name() +
                    "] every value on the model grid and days is missing; check "
                    "`nodata`, `valid_range`, masks, and that the data cover the basin and [time]");
  const auto total = static_cast<double>(grid.cells()) * static_cast<double>(axis.count());
  statistics.mean = sum / static_cast<double>(valid);
  statistics.missing_percent = 100.0 * (1.0 - static_cast<double>(valid) / total);
  return statistics;
}

}  // namespace rootzone::io
