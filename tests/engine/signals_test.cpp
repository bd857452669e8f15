#include "rootzone/engine/signals.hpp"

#include <gtest/gtest.h>

#include "rootzone/core/error.hpp"

namespace rootzone::engine {
namespace {

TEST(SignalGuard, NotesTheFirstSignal) {
  for (const int number : {SIGINT, SIGTERM}) {
    const SignalGuard guard;
    EXPECT_EQ(guard.signal(), 0);
    std::raise(number);
    EXPECT_EQ(guard.signal(), number);
  }
}

TEST(SignalGuardDeathTest, ASecondSignalEndsAtOnceAsAShellReportsIt) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto twice = [](int first, int second) {
    const SignalGuard guard;
    std::raise(first);
    std::raise(second);
  };
  EXPECT_EXIT(twice(SIGINT, SIGINT), ::testing::ExitedWithCode(130), "");
  EXPECT_EXIT(twice(SIGINT, SIGTERM), ::testing::ExitedWithCode(143), "");
}

volatile std::sig_atomic_t own_handler_calls = 0;
void own_handler(int) {
  own_handler_calls = own_handler_calls + 1;
}

TEST(SignalGuard, PutsTheOldHandlerBack) {
  const auto before = std::signal(SIGINT, own_handler);
  { const SignalGuard guard; }
  std::raise(SIGINT);
  EXPECT_EQ(own_handler_calls, 1);
  std::signal(SIGINT, before);
}

TEST(SignalGuard, ThereIsOneAtATime) {
  const SignalGuard guard;
  EXPECT_THROW(SignalGuard(), core::Error);
}

}  // namespace
}  // namespace rootzone::engine
