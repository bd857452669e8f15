#include "nightly_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "netcdf_fixture.hpp"

namespace rootzone::io {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> names_near(const test::ScratchFolder& folder, const std::string& pattern,
                                    const core::TimeAxis& days, Cadence cadence = Cadence::automatic) {
  InputSpec spec;
  spec.paths = {folder / pattern};
  spec.cadence = cadence;
  std::vector<std::string> names;
  for (const auto& path : near_days(spec, days).paths) names.push_back(path.filename().string());
  return names;
}

void write_file(const std::filesystem::path& path) {
  test::CubeFile file(path, 1, 1, 1);
  file.cube("v", NC_FLOAT);
  file.put_coordinates();
}

TEST(NightlyFiles, AFileThatBeganLongBeforeMayReachIntoTheDays) {
  const test::ScratchFolder folder;
  for (const int year : {2014, 2015, 2016, 2017}) {
    const std::string text = std::to_string(year);
    write_file(folder / ("pr_" + text + "0101-" + text + "1231.nc"));
  }
  EXPECT_THAT(names_near(folder, "pr_{date}-*.nc", {{2016, 7, 1}, {2016, 7, 10}}),
              ElementsAre("pr_20160101-20161231.nc"));
}

TEST(NightlyFiles, OfDailyFilesThoseAroundTheDaysAndOneMore) {
  const test::ScratchFolder folder;
  for (const char* date :
       {"20160101", "20160102", "20160103", "20160108", "20160109", "20160112", "20160113"})
    write_file(folder / ("d_" + std::string(date) + ".nc"));
  EXPECT_THAT(names_near(folder, "d_{date}.nc", {{2016, 1, 9}, {2016, 1, 9}}, Cadence::daily),
              ElementsAre("d_20160103.nc", "d_20160108.nc", "d_20160109.nc", "d_20160112.nc"));
}

}  // namespace
}  // namespace rootzone::io
