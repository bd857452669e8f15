#pragma once
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "rootzone/core/progress.hpp"

namespace rootzone::engine {

/// Seconds from any fixed moment, never going back.
using SecondsClock = std::function<double()>;
double steady_seconds();

/// Share done, rate and time left of the job at hand; what both kinds of display print. Not locked.
class ProgressMeter {
 public:
  explicit ProgressMeter(SecondsClock clock) : m_clock(std::move(clock)) {}
  void begin(std::string_view what, std::int64_t units);
  void advance(std::int64_t units) { m_done += units; }

  const std::string& what() const { return m_what; }
  bool running() const { return m_running; }
  void stop() { m_running = false; }
  double now() const { return m_clock(); }
  double elapsed_seconds() const { return m_clock() - m_started; }
  /// 0 … 100, rounded down: 100 is said only when all is done.
  int percent() const;
  /// "12.3 M/s" in units of begin(); empty before anything is known.
  std::string rate() const;
  /// "2 h 05 min left"; empty before anything is known.
  std::string time_left() const;

 private:
  SecondsClock m_clock;
  std::string m_what;
  std::int64_t m_units = 0;
  std::int64_t m_done = 0;
  double m_started = 0.0;
  bool m_running = false;
};

/// A bar that is redrawn in place on a terminal, at most five times a second. Thread-safe.
class ProgressBar : public core::ProgressSink {
 public:
  explicit ProgressBar(std::ostream& terminal, SecondsClock clock = steady_seconds);
  void begin(std::string_view what, std::int64_t units) override;
  void advance(std::int64_t units) override;
  void end() override;

 private:
  void draw();
  std::mutex m_mutex;
  std::ostream& m_terminal;
  ProgressMeter m_meter;
  double m_last_drawn = 0.0;
};

/// Plain lines for logs: each 10 %, but none within 1 s of the last; and one after 30 s without any.
/// Thread-safe; `line` is called under a lock and must not call back.
class ProgressLines : public core::ProgressSink {
 public:
  explicit ProgressLines(std::function<void(const std::string&)> line, SecondsClock clock = steady_seconds);
  void begin(std::string_view what, std::int64_t units) override;
  void advance(std::int64_t units) override;
  void end() override;

 private:
  std::mutex m_mutex;
  std::function<void(const std::string&)> m_line;
  ProgressMeter m_meter;
  int m_last_tenth = 0;
  double m_last_said = 0.0;
};

/// The bar if standard error is a terminal, else lines.
std::unique_ptr<core::ProgressSink> make_progress(std::function<void(const std::string&)> line);

}  // namespace rootzone::engine
