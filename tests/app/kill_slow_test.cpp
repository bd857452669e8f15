#include <gtest/gtest.h>

#include <numeric>

#include "kill_drill.hpp"

// kill -9 at 100 seeded random moments, and before each single call that changes the disk.
namespace rootzone::app::test {
namespace {

std::vector<int> every_call() {
  std::vector<int> calls(1000);
  std::iota(calls.begin(), calls.end(), 1);
  return calls;
}

void expect_all_killed(const KillDrill& drill, int least) {
  const KillCount count = kill_at_calls(drill, every_call());
  EXPECT_GE(count.killed, least);
  EXPECT_EQ(count.ended, 1) << "the job has more calls than were tried";
  ::testing::Test::RecordProperty("killed", count.killed);
}

TEST(KillAtEveryCall, Run) {
  const NightlyBasin basin;
  expect_all_killed(drill_of_run(basin), 60);
}
TEST(KillAtEveryCall, Update) {
  const NightlyBasin basin;
  expect_all_killed(drill_of_update(basin), 30);
}
TEST(KillAtEveryCall, Tile) {
  const TallBasin basin;
  expect_all_killed(drill_of_tile(basin), 10);
}
TEST(KillAtEveryCall, Assemble) {
  const TallBasin basin;
  expect_all_killed(drill_of_assemble(basin), 30);
}

TEST(KillAtAMoment, Run) {
  const NightlyBasin basin;
  EXPECT_GE(kill_at_moments(drill_of_run(basin), 25, 101).killed, 10);
}
TEST(KillAtAMoment, Update) {
  const NightlyBasin basin;
  EXPECT_GE(kill_at_moments(drill_of_update(basin), 25, 102).killed, 10);
}
TEST(KillAtAMoment, Tile) {
  const TallBasin basin;
  EXPECT_GE(kill_at_moments(drill_of_tile(basin), 25, 103).killed, 10);
}
TEST(KillAtAMoment, Assemble) {
  const TallBasin basin;
  EXPECT_GE(kill_at_moments(drill_of_assemble(basin), 25, 104).killed, 10);
}

}  // namespace
}  // namespace rootzone::app::test
