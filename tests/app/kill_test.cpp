#include <gtest/gtest.h>

#include "kill_drill.hpp"

// A few kills of each job; the hundred are in kill_slow_test.cpp. Calls near the end of a job are those that
// place products, state and manifest.
namespace rootzone::app::test {
namespace {

TEST(Kill, ARunThatIsRunAgain) {
  const NightlyBasin basin;
  EXPECT_EQ(kill_at_calls(drill_of_run(basin), {60, 110}).killed, 2);
  EXPECT_GE(kill_at_moments(drill_of_run(basin), 1, 1).killed, 0);
}

TEST(Kill, AnUpdateThatIsRunAgain) {
  const NightlyBasin basin;
  EXPECT_EQ(kill_at_calls(drill_of_update(basin), {10, 25, 35}).killed, 3);
}

TEST(Kill, ATileThatIsMadeAgain) {
  const TallBasin basin;
  EXPECT_EQ(kill_at_calls(drill_of_tile(basin), {8, 14}).killed, 2);
}

TEST(Kill, AnAssemblyThatIsMadeAgain) {
  const TallBasin basin;
  EXPECT_EQ(kill_at_calls(drill_of_assemble(basin), {20, 40}).killed, 2);
}

}  // namespace
}  // namespace rootzone::app::test
