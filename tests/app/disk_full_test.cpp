#include <gtest/gtest.h>

#include "small_disk.hpp"

// A disk that is full for real, at some places of each job; disk_full_slow_test.cpp tries many more.
namespace rootzone::app::test {
namespace {

void expect_survived(const KillDrill& drill, const SmallDisk& disk, const std::vector<std::int64_t>& pages) {
  if (!disk.obstacle().empty()) GTEST_SKIP() << disk.obstacle();
  EXPECT_EQ(fill_disk(drill, disk, pages).full, static_cast<int>(pages.size()));
}

TEST(DiskFull, ARunThatIsRunAgain) {
  const NightlyBasin basin;
  const SmallDisk disk(basin / "out");
  expect_survived(drill_of_run(basin), disk, {0, 4, 16, 64});
}

TEST(DiskFull, AnUpdateThatIsRunAgain) {
  const NightlyBasin basin;
  const SmallDisk disk(basin / "out");
  expect_survived(drill_of_update(basin), disk, {0, 2, 4, 8});
}

TEST(DiskFull, AnUpdateOfMapsThatIsRunAgain) {
  const MapBasin basin;
  const SmallDisk disk(basin / "out");
  expect_survived(drill_of_update(basin), disk, {0, 2, 4, 6});
}

TEST(DiskFull, ATileThatIsMadeAgain) {
  const TallBasin basin;
  const SmallDisk disk(basin / "out");
  expect_survived(drill_of_tile(basin), disk, {0, 1, 4});
}

TEST(DiskFull, AnAssemblyThatIsMadeAgain) {
  const TallBasin basin;
  const SmallDisk disk(basin / "out");
  expect_survived(drill_of_assemble(basin), disk, {0, 2, 4, 8});
}

}  // namespace
}  // namespace rootzone::app::test
