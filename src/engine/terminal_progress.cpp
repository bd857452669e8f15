#include "rootzone/engine/terminal_progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <utility>

namespace rootzone::engine {
namespace {

constexpr double redraw_seconds = 0.2;
constexpr double silent_seconds = 30.0;
constexpr double brief_seconds = 1.0;
constexpr int bar_width = 24;

// Built from whole numbers: printf and streams would take the decimal comma of the user's locale.
std::string with_one_decimal(double value) {
  const auto tenths = static_cast<std::int64_t>(std::llround(value * 10.0));
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::string two_digits(std::int64_t value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

std::string duration(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::llround(std::max(seconds, 0.0)));
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + two_digits(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + two_digits(whole / 60 % 60) + " min";
}

std::string joined(const ProgressMeter& meter) {
  std::string text = std::to_string(meter.percent()) + " %";
  if (const std::string rate = meter.rate(); !rate.empty()) text += ", " + rate;
  if (const std::string left = meter.time_left(); !left.empty()) text += ", " + left;
  return text;
}

}  // namespace

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void ProgressMeter::begin(std::string_view what, std::int64_t units) {
  m_what = what;
  m_units = units;
  m_done = 0;
  m_started = m_clock();
  m_running = true;
}

int ProgressMeter::percent() const {
  if (m_done >= m_units) return 100;
  return std::min(99, static_cast<int>(100.0 * static_cast<double>(m_done) / static_cast<double>(m_units)));
}

std::string ProgressMeter::rate() const {
  const double seconds = elapsed_seconds();
  if (m_done <= 0 || seconds <= 0.0) return "";
  const double rate = static_cast<double>(m_done) / seconds;
  if (rate >= 1e9) return with_one_decimal(rate / 1e9) + " G/s";
  if (rate >= 1e6) return with_one_decimal(rate / 1e6) + " M/s";
  if (rate >= 1e3) return with_one_decimal(rate / 1e3) + " k/s";
  return with_one_decimal(rate) + " /s";
}

std::string ProgressMeter::time_left() const {
  const double seconds = elapsed_seconds();
  if (m_done <= 0 || seconds <= 0.0 || m_done >= m_units) return "";
  return duration(seconds * static_cast<double>(m_units - m_done) / static_cast<double>(m_done)) + " left";
}

ProgressBar::ProgressBar(std::ostream& terminal, SecondsClock clock)
    : m_terminal(terminal), m_meter(std::move(clock)) {}

void ProgressBar::begin(std::string_view what, std::int64_t units) {
  const std::lock_guard lock(m_mutex);
  m_meter.begin(what, units);
  draw();
}

void ProgressBar::advance(std::int64_t units) {
  const std::lock_guard lock(m_mutex);
  m_meter.advance(units);
  if (m_meter.running() && m_meter.now() - m_last_drawn >= redraw_seconds) draw();
}

void ProgressBar::end() {
  const std::lock_guard lock(m_mutex);
  if (!m_meter.running()) return;
  draw();
  m_terminal << " (" << duration(m_meter.elapsed_seconds()) << ")\n" << std::flush;
  m_meter.stop();
}

void ProgressBar::draw() {
  const auto filled = static_cast<std::size_t>(m_meter.percent() * bar_width / 100);
  // Return to the line's start and clear it, so that a shorter text leaves nothing behind.
  m_terminal << "\r\033[K" << m_meter.what() << " [" << std::string(filled, '#')
             << std::string(static_cast<std::size_t>(bar_width) - filled, '.') << "] " << joined(m_meter)
             << std::flush;
  m_last_drawn = m_meter.now();
}

ProgressLines::ProgressLines(std::function<void(const std::string&)> line, SecondsClock clock)
    : m_line(std::move(line)), m_meter(std::move(clock)) {}

void ProgressLines::begin(std::string_view what, std::int64_t units) {
  const std::lock_guard lock(m_mutex);
  m_meter.begin(what, units);
  m_last_tenth = 0;
  m_last_said = m_meter.now();
  m_line(m_meter.what() + ": started");
}

void ProgressLines::advance(std::int64_t units) {
  const std::lock_guard lock(m_mutex);
  m_meter.advance(units);
  const int tenth = m_meter.percent() / 10;
  const bool done = tenth == 10;  // said by end(), with the time it took
  if (!m_meter.running() || done) return;
  const double silence = m_meter.now() - m_last_said;
  if (silence < (tenth == m_last_tenth ? silent_seconds : brief_seconds)) return;
  m_last_tenth = tenth;
  m_last_said = m_meter.now();
  m_line(m_meter.what() + ": " + joined(m_meter));
}

void ProgressLines::end() {
  const std::lock_guard lock(m_mutex);
  if (!m_meter.running()) return;
  const bool done = m_meter.percent() == 100;
  m_line(m_meter.what() + (done ? ": done in " : ": stopped at " + joined(m_meter) + " after ") +
         duration(m_meter.elapsed_seconds()));
  m_meter.stop();
}

std::unique_ptr<core::ProgressSink> make_progress(std::function<void(const std::string&)> line) {
  if (isatty(STDERR_FILENO) != 0) return std::make_unique<ProgressBar>(std::cerr);
  return std::make_unique<ProgressLines>(std::move(line));
}

}  // namespace rootzone::engine
