#pragma once
#include <atomic>
#include <csignal>

namespace rootzone::engine {

/// Turns SIGINT and SIGTERM into a number that `RunOptions::stop_signal` watches, so that a run stops between
/// two blocks with everything in order. A second signal ends the process at once with 128 + its number, as a
/// shell reports it. The handlers found are put back on destruction. One at a time in a process: a second one
/// throws Error(internal).
class SignalGuard {
 public:
  SignalGuard();
  ~SignalGuard();
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;

  /// 0 until a signal has come, then its number.
  const std::atomic<int>& signal() const;

 private:
  struct sigaction m_previous_interrupt {};
  struct sigaction m_previous_terminate {};
};

}  // namespace rootzone::engine
