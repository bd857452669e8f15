#include <gtest/gtest.h>

#include "small_disk.hpp"

// A disk that is full at each of the first pages that a job writes, then at every sixteenth: a NetCDF product
// is begun only where a mebibyte is free.
namespace rootzone::app::test {
namespace {

void expect_survived(const KillDrill& drill, const SmallDisk& disk, int least) {
  if (!disk.obstacle().empty()) GTEST_SKIP() << disk.obstacle();
  std::vector<std::int64_t> pages;
  for (std::int64_t page = 0; page < 1000; page += page < 24 ? 1 : 16) pages.push_back(page);
  const FullDiskCount count = fill_disk(drill, disk, pages);
  EXPECT_GE(count.full, least);
  EXPECT_EQ(count.ended, 1) << "the job takes more than was tried";
  ::testing::Test::RecordProperty("full", count.full);
}

TEST(DiskFullAtEveryPage, Run) {
  const NightlyBasin basin;
  const SmallDisk disk(basin / "out");
  expect_survived(drill_of_run(basin), disk, 30);
}

TEST(DiskFullAtEveryPage, Update) {
  const NightlyBasin basin;
  const SmallDisk disk(basin / "out");
  expect_survived(drill_of_update(basin), disk, 8);
}

TEST(DiskFullAtEveryPage, UpdateOfMaps) {
  const MapBasin basin;
  const SmallDisk disk(basin / "out");
  expect_survived(drill_of_update(basin), disk, 8);
}

TEST(DiskFullAtEveryPage, Tile) {
  const TallBasin basin;
  const SmallDisk disk(basin / "out");
  expect_survived(drill_of_tile(basin), disk, 5);
}

TEST(DiskFullAtEveryPage, Assemble) {
  const TallBasin basin;
  const SmallDisk disk(basin / "out");
  expect_survived(drill_of_assemble(basin), disk, 8);
}

}  // namespace
}  // namespace rootzone::app::test
