#include "long_job.hpp"

#include <spdlog/spdlog.h>

#include "rootzone/core/error.hpp"
#include "rootzone/engine/terminal_progress.hpp"

namespace rootzone::app {
namespace {

/// Passes progress on and ends the job at the next step after a signal.
class StoppingProgress : public core::ProgressSink {
 public:
  StoppingProgress(core::ProgressSink& to, const std::atomic<int>& signal) : m_to(to), m_signal(signal) {}
  void begin(std::string_view what, std::int64_t units) override { m_to.begin(what, units); }
  void advance(std::int64_t units) override {
    if (m_signal.load() != 0) throw core::Interrupted(m_signal.load());
    m_to.advance(units);
  }
  void end() override { m_to.end(); }

 private:
  core::ProgressSink& m_to;
  const std::atomic<int>& m_signal;
};

std::unique_ptr<core::ProgressSink> progress_for(const Common& common) {
  const auto log_line = [](const std::string& line) { spdlog::info("{}", line); };
  if (common.log == "text" && !common.quiet) return engine::make_progress(log_line);
  return std::make_unique<engine::ProgressLines>(log_line);
}

}  // namespace

LongJob::LongJob(const Common& common)
    : m_progress(progress_for(common)),
      m_stopping(std::make_unique<StoppingProgress>(*m_progress, m_signals.signal())) {}

}  // namespace rootzone::app
