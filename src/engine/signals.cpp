#include "rootzone/engine/signals.hpp"

#include <unistd.h>

#include "rootzone/core/error.hpp"

namespace rootzone::engine {
namespace {

std::atomic<int> received{0};
std::atomic<bool> installed{false};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

}  // namespace

extern "C" {
static void on_stop_signal(int number) {
  int none = 0;
  if (!received.compare_exchange_strong(none, number)) _exit(128 + number);
}
}

SignalGuard::SignalGuard() {
  if (installed.exchange(true))
    throw core::Error(core::ErrorKind::internal, "two signal guards in one process; keep one, in main");
  received = 0;
  struct sigaction action {};
  action.sa_handler = on_stop_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;  // a read in progress goes on; the run stops at the next block
  sigaction(SIGINT, &action, &m_previous_interrupt);
  sigaction(SIGTERM, &action, &m_previous_terminate);
}

SignalGuard::~SignalGuard() {
  sigaction(SIGINT, &m_previous_interrupt, nullptr);
  sigaction(SIGTERM, &m_previous_terminate, nullptr);
  installed = false;
}

const std::atomic<int>& SignalGuard::signal() const {
  return received;
}

}  // namespace rootzone::engine
