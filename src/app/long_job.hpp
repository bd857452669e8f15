#pragma once
#include <atomic>
#include <memory>

#include "command.hpp"
#include "rootzone/core/progress.hpp"
#include "rootzone/engine/signals.hpp"

namespace rootzone::app {

/// What a command holds while it works for long: SIGINT and SIGTERM become a number to watch, and progress is
/// shown as a bar on a terminal, as log lines elsewhere. One at a time.
class LongJob {
 public:
  explicit LongJob(const Common& common);

  /// Shows progress; for work that watches the signal itself.
  core::ProgressSink& progress() { return *m_progress; }
  /// Shows progress and throws core::Interrupted at the next step after a signal; for work that knows none.
  core::ProgressSink& stopping_progress() { return *m_stopping; }
  const std::atomic<int>& stop_signal() const { return m_signals.signal(); }

 private:
  engine::SignalGuard m_signals;
  std::unique_ptr<core::ProgressSink> m_progress;
  std::unique_ptr<core::ProgressSink> m_stopping;
};

}  // namespace rootzone::app
