#pragma once
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "rootzone/engine/run.hpp"

namespace rootzone::engine::fakes {

inline constexpr float missing = std::numeric_limits<float>::quiet_NaN();

struct Cube {
  std::int64_t steps = 1;
  std::int64_t rows = 1;
  std::int64_t cols = 1;
  std::int64_t cells() const { return rows * cols; }
};

inline core::Grid grid_of(const Cube& cube) {
  return core::Grid("", {0.0, 0.0, static_cast<double>(cube.cols), static_cast<double>(cube.rows)}, cube.rows,
                    cube.cols);
}

inline core::TimeAxis days_from(std::int64_t first_day, std::int64_t count) {
  const auto calendar = core::Calendar::standard;
  const std::int64_t day = core::day_number({2016, 1, 1}, calendar) + first_day;
  return {core::date_of(day, calendar), core::date_of(day + count - 1, calendar), calendar};
}

/// Throws if two threads stand in a place at once.
class OneAtATime {
 public:
  explicit OneAtATime(std::atomic<int>& inside) : m_inside(inside) {
    if (m_inside.fetch_add(1) != 0) throw std::logic_error("two threads at once");
  }
  ~OneAtATime() { --m_inside; }
  OneAtATime(const OneAtATime&) = delete;
  OneAtATime& operator=(const OneAtATime&) = delete;

 private:
  std::atomic<int>& m_inside;
};

using ValueAt = std::function<float(std::int64_t step, std::int64_t row, std::int64_t col)>;

/// Values by formula, laid out in pretended chunks; counts how often each chunk is decoded.
class Source : public core::BlockSource {
 public:
  Source(std::string name, const Cube& cube, const core::SourceLayout& layout, ValueAt value)
      : m_name(std::move(name)), m_cube(cube), m_layout(layout), m_value(std::move(value)) {}

  const std::string& name() const override { return m_name; }
  core::SourceLayout layout() const override { return m_layout; }
  std::unique_ptr<core::FetchedBlock> fetch(const core::BlockWindow& window) override {
    const OneAtATime alone(m_inside);
    if (before_fetch) before_fetch(window);
    if (window.first_step < 0 || window.first_row < 0 || window.steps < 1 || window.rows < 1 ||
        window.first_step + window.steps > m_cube.steps || window.first_row + window.rows > m_cube.rows)
      throw std::logic_error("window outside the cube");
    ++fetches;
    return std::make_unique<Fetched>(*this, window);
  }

  int most_decodes() const {
    int most = 0;
    for (const auto& [chunk, count] : decodes) most = std::max(most, count);
    return most;
  }

  std::function<void(const core::BlockWindow&)> before_fetch;
  std::function<void(const core::BlockWindow&)> before_decode;
  std::atomic<int> fetches{0};
  std::map<std::pair<std::int64_t, std::int64_t>, int> decodes;  // by chunk in time and rows

 private:
  class Fetched : public core::FetchedBlock {
   public:
    Fetched(Source& source, const core::BlockWindow& window) : m_source(source), m_window(window) {}
    void decode(std::span<float> values, const core::ParallelFor& parallel_for) override {
      const Cube& cube = m_source.m_cube;
      if (m_source.before_decode) m_source.before_decode(m_window);
      if (static_cast<std::int64_t>(values.size()) != m_window.steps * m_window.rows * cube.cols)
        throw std::logic_error("the array does not fit the window");
      m_source.count(m_window);
      parallel_for(m_window.steps, [&](std::int64_t step) {
        for (std::int64_t row = 0; row < m_window.rows; ++row)
          for (std::int64_t col = 0; col < cube.cols; ++col)
            values[static_cast<std::size_t>((step * m_window.rows + row) * cube.cols + col)] =
                m_source.m_value(m_window.first_step + step, m_window.first_row + row, col);
      });
    }

   private:
    Source& m_source;
    core::BlockWindow m_window;
  };

  static std::int64_t chunk_of(std::int64_t position, std::int64_t chunk, std::int64_t first) {
    return static_cast<std::int64_t>(
        std::floor(static_cast<double>(position - first) / static_cast<double>(chunk)));
  }

  void count(const core::BlockWindow& window) {
    std::set<std::pair<std::int64_t, std::int64_t>> touched;
    for (std::int64_t step = 0; step < window.steps; ++step)
      for (std::int64_t row = 0; row < window.rows; ++row)
        touched.insert({chunk_of(window.first_step + step, m_layout.chunk_steps, m_layout.first_chunk_step),
                        chunk_of(window.first_row + row, m_layout.chunk_rows, m_layout.first_chunk_row)});
    const std::lock_guard lock(m_mutex);
    for (const auto& chunk : touched) ++decodes[chunk];
  }

  std::string m_name;
  Cube m_cube;
  core::SourceLayout m_layout;
  ValueAt m_value;
  std::atomic<int> m_inside{0};
  std::mutex m_mutex;
};

/// Keeps everything; refuses a cell that comes twice.
class Sink : public core::BlockSink {
 public:
  Sink(const Cube& cube, bool with_flags)
      : values(static_cast<std::size_t>(cube.steps * cube.cells()), missing),
        flags(with_flags ? values.size() : 0),
        m_cube(cube),
        m_seen(values.size(), false) {}

  void write(const core::BlockWindow& window, std::span<const float> from,
             std::span<const core::FlagBits> bits, const core::ParallelFor&) override {
    const OneAtATime alone(m_inside);
    if (before_write) before_write(window);
    if (bits.size() != (flags.empty() ? 0 : from.size())) throw std::logic_error("flags do not fit");
    windows.push_back(window);
    std::size_t i = 0;
    for (std::int64_t step = 0; step < window.steps; ++step)
      for (std::int64_t cell = 0; cell < window.rows * m_cube.cols; ++cell, ++i) {
        const auto at = static_cast<std::size_t>((window.first_step + step) * m_cube.cells() +
                                                 window.first_row * m_cube.cols + cell);
        if (m_seen.at(at)) throw std::logic_error("a cell came twice");
        m_seen[at] = true;
        values[at] = from[i];
        if (!flags.empty()) flags[at] = bits[i];
      }
    if (i != from.size()) throw std::logic_error("values do not fit the window");
  }
  void finish() override { finished = true; }

  bool complete() const { return std::find(m_seen.begin(), m_seen.end(), false) == m_seen.end(); }
  float at(std::int64_t step, std::int64_t cell) const {
    return values[static_cast<std::size_t>(step * m_cube.cells() + cell)];
  }
  bool same_bytes(const Sink& other) const {
    return values.size() == other.values.size() &&
           std::memcmp(values.data(), other.values.data(), values.size() * sizeof(float)) == 0 &&
           flags == other.flags;
  }

  std::function<void(const core::BlockWindow&)> before_write;
  std::vector<float> values;
  std::vector<core::FlagBits> flags;
  std::vector<core::BlockWindow> windows;
  bool finished = false;

 private:
  Cube m_cube;
  std::vector<bool> m_seen;
  std::atomic<int> m_inside{0};
};

class NamedStage : public Stage {
 public:
  explicit NamedStage(std::string name) : m_name(std::move(name)) {}
  const std::string& name() const override { return m_name; }

 private:
  std::string m_name;
};

/// y ← 0.9 y + x in double; a missing x leaves only the decay, and is flagged.
class Decay : public NamedStage {
 public:
  Decay(std::string in, std::string out) : NamedStage("decay"), m_in(std::move(in)), m_out(std::move(out)) {}
  std::vector<std::string> inputs() const override { return {m_in}; }
  std::vector<DailyOutput> outputs() const override { return {{m_out, true}}; }
  std::vector<StateField> state() const override { return {{"y", 1, 1.0}}; }
  void advance(const Strip& strip) const override {
    const auto y = strip.state(0);
    for (std::int64_t step = 0; step < strip.steps(); ++step) {
      const auto x = strip.input(0, step);
      const auto out = strip.output(0, step);
      const auto flags = strip.flags(0, step);
      for (std::size_t p = 0; p < y.size(); ++p) {
        const bool gap = std::isnan(x[p]);
        y[p] = 0.9 * y[p] + (gap ? 0.0 : static_cast<double>(x[p]));
        out[p] = static_cast<float>(y[p]);
        flags[p] = gap ? core::bits(core::Flag::gap_filled) : core::FlagBits{0};
      }
    }
  }

 private:
  std::string m_in;
  std::string m_out;
};

/// Layers: mean of the valid days, and their number; state of two values in one field.
class Mean : public NamedStage {
 public:
  Mean(std::string in, std::string out) : NamedStage("mean"), m_in(std::move(in)), m_out(std::move(out)) {}
  std::vector<std::string> inputs() const override { return {m_in}; }
  std::vector<LayerOutput> layers() const override { return {{m_out, 2, true}}; }
  std::vector<StateField> state() const override { return {{"unused", 1, 5.0}, {"sum_and_days", 2, 0.0}}; }
  void advance(const Strip& strip) const override {
    const auto sum = strip.state(1, 0);
    const auto days = strip.state(1, 1);
    for (std::int64_t step = 0; step < strip.steps(); ++step) {
      const auto x = strip.input(0, step);
      for (std::size_t p = 0; p < sum.size(); ++p) {
        if (std::isnan(x[p])) continue;
        sum[p] += static_cast<double>(x[p]);
        days[p] += 1.0;
      }
    }
  }
  void finish(const LayerStrip& strip) const override {
    const auto sum = strip.state(1, 0);
    const auto days = strip.state(1, 1);
    for (std::size_t p = 0; p < sum.size(); ++p) {
      const bool none = days[p] == 0.0;
      strip.layer(0, 0)[p] = none ? missing : static_cast<float>(sum[p] / days[p]);
      strip.layer(0, 1)[p] = static_cast<float>(days[p]);
      strip.layer_flags(0, 0)[p] = none ? core::bits(core::Flag::too_few_years) : core::FlagBits{0};
      strip.layer_flags(0, 1)[p] = 0;
    }
  }

 private:
  std::string m_in;
  std::string m_out;
};

/// x minus its mean over the record, which a survey finds first.
class Anomaly : public NamedStage {
 public:
  Anomaly(std::string in, std::string out, bool with_flags = false)
      : NamedStage("anomaly"), m_in(std::move(in)), m_out(std::move(out)), m_with_flags(with_flags) {}
  std::vector<std::string> inputs() const override { return {m_in}; }
  std::vector<DailyOutput> outputs() const override { return {{m_out, m_with_flags}}; }
  std::vector<StateField> survey_fields() const override { return {{"sum", 1, 0.0}, {"days", 1, 0.0}}; }
  void survey(const Strip& strip) const override {
    const auto sum = strip.state(0);
    const auto days = strip.state(1);
    for (std::int64_t step = 0; step < strip.steps(); ++step) {
      const auto x = strip.input(0, step);
      for (std::size_t p = 0; p < sum.size(); ++p) {
        if (std::isnan(x[p])) continue;
        sum[p] += static_cast<double>(x[p]);
        days[p] += 1.0;
      }
    }
  }
  void conclude_survey(std::span<const std::vector<double>> fields) override {
    ++conclusions;
    mean.resize(fields[0].size());
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] = fields[0][i] / fields[1][i];
  }
  void advance(const Strip& strip) const override {
    for (std::int64_t step = 0; step < strip.steps(); ++step) {
      const auto x = strip.input(0, step);
      const auto out = strip.output(0, step);
      for (std::size_t p = 0; p < x.size(); ++p)
        out[p] = static_cast<float>(static_cast<double>(x[p]) -
                                    mean[static_cast<std::size_t>(strip.first_cell()) + p]);
      std::ranges::fill(strip.flags(0, step), core::FlagBits{0});
    }
  }
  int conclusions = 0;
  std::vector<double> mean;

 private:
  std::string m_in;
  std::string m_out;
  bool m_with_flags;
};

/// Layers from the whole series: the upper median and the last value. Missing sorts as −1.
class Median : public NamedStage {
 public:
  Median(std::string in, std::string out)
      : NamedStage("median"), m_in(std::move(in)), m_out(std::move(out)) {}
  std::vector<std::string> inputs() const override { return {m_in}; }
  std::vector<std::string> gathered() const override { return {m_in}; }
  std::vector<LayerOutput> layers() const override { return {{m_out, 2, false}}; }
  void advance(const Strip&) const override {}
  void finish(const LayerStrip& strip) const override {
    for (std::int64_t p = 0; p < strip.pixels(); ++p) {
      const auto series = strip.series(0, p);
      std::vector<float> sorted(series.begin(), series.end());
      for (float& value : sorted)
        if (std::isnan(value)) value = -1.0F;
      std::sort(sorted.begin(), sorted.end());
      strip.layer(0, 0)[static_cast<std::size_t>(p)] = sorted[sorted.size() / 2];
      strip.layer(0, 1)[static_cast<std::size_t>(p)] = series.back();
    }
  }

 private:
  std::string m_in;
  std::string m_out;
};

/// A rough field with gaps, the same for each run.
inline float rough(std::int64_t step, std::int64_t row, std::int64_t col) {
  const std::uint64_t mixed = (static_cast<std::uint64_t>(step) * 73856093U) ^
                              (static_cast<std::uint64_t>(row) * 19349663U) ^
                              (static_cast<std::uint64_t>(col) * 83492791U);
  if (mixed % 11 == 0) return missing;
  return static_cast<float>(mixed % 1000) / 1000.0F;
}

/// A folder of its own, gone afterwards.
class ScratchFolder {
 public:
  explicit ScratchFolder(const std::string& name);
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  std::string path() const { return m_path.string(); }

 private:
  std::filesystem::path m_path;
};

}  // namespace rootzone::engine::fakes
