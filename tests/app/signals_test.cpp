#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <map>

#include "tiny_basin.hpp"

namespace rootzone::app::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

std::map<std::string, std::string> contents(const std::filesystem::path& folder) {
  std::map<std::string, std::string> all;
  for (const std::string& name : files_below(folder)) all[name] = bytes_of(folder / name);
  return all;
}

/// A run that takes a second or two: a year of days on files of ten, each day a synced COG.
void write_long_pipeline(const TinyBasin& basin) {
  for (int day = 0; day < 200; ++day)
    std::filesystem::copy_file(basin / ("ssm/ssm_202001" + std::string(day % 9 + 1 < 10 ? "0" : "") +
                                        std::to_string(day % 9 + 1) + ".tif"),
                               basin / ("ssm/day_2021" + std::to_string(1001 + day).substr(1) + ".tif"));
  basin.write_pipeline({{"ssm/ssm_{date}.tif", "ssm/day_{date:%Y%j}.tif"},
                        {"start = 2020-01-01", "start = 2021-01-01"},
                        {"end = 2020-01-10", "end = 2021-07-19"},
                        {"cog_dates = \"first_last\"", "cog_dates = \"all\""}});
}

TEST(Signals, LeaveTheEarlierProductsAsTheyWereAtAnyMoment) {
  const TinyBasin basin;
  ASSERT_EQ(basin.run().exit_code, 0);
  const auto before = contents(basin.out());
  write_long_pipeline(basin);
  int stopped = 0;
  int moment = 0;
  for (const auto wait : {0ms, 60ms, 120ms, 200ms, 300ms, 450ms, 700ms, 1000ms}) {
    const int number = moment++ % 2 == 0 ? SIGTERM : SIGINT;
    SCOPED_TRACE(std::to_string(number) + " after " + std::to_string(wait.count()) + " ms");
    Process process(rootzone_command({"run", (basin / "tiny.toml").string()}));
    // Once the guard stands: the log begins after it.
    while (!contains(process.err(), "SMAR parameters") && !process.ended(1ms)) continue;
    if (process.ended(wait)) break;  // a fast machine: the rest would come too late
    process.send(number);
    const Outcome outcome = process.wait();
    if (outcome.exit_code == 0) break;
    ++stopped;
    EXPECT_EQ(outcome.exit_code, 128 + number) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("stopped by signal " + std::to_string(number)));
    EXPECT_EQ(contents(basin.out()), before);
  }
  EXPECT_GE(stopped, 3);
  const Outcome finished = basin.run();
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_TRUE(
      files_below(basin.out()).contains("root_zone_soil_moisture/root_zone_soil_moisture_20210719.tif"));
  EXPECT_FALSE(
      files_below(basin.out()).contains("root_zone_soil_moisture/root_zone_soil_moisture_20200110.tif"));
}

TEST(Signals, AKilledRunLeavesNoMapWithAFinalNameAndTheNextOneWorks) {
  const TinyBasin basin;
  write_long_pipeline(basin);
  Process process(rootzone_command({"run", (basin / "tiny.toml").string()}));
  while (!contains(process.err(), "computing: done") && !process.ended(1ms)) continue;
  if (!process.ended(100ms)) {
    process.send(SIGKILL);
    EXPECT_EQ(process.wait().signal, SIGKILL);
    for (const std::string& name : files_below(basin.out())) {
      EXPECT_FALSE(name.ends_with(".nc")) << name;
      EXPECT_FALSE(name.ends_with(".tif")) << name;
    }
  }
  EXPECT_EQ(basin.run().exit_code, 0);
  for (const std::string& name : files_below(basin.out())) {
    EXPECT_FALSE(contains(name, ".part")) << name;
    EXPECT_FALSE(contains(name, ".work")) << name;
  }
}

TEST(Signals, StopADemoThatCanBeMadeAgain) {
  const TinyBasin basin;
  const std::vector<std::string> arguments{
      "demo", (basin / "demo").string(), "--rows", "12",         "--cols", "16", "--days",
      "400",  "--storage-years",         "12",     "--stations", "2"};
  Process process(rootzone_command(arguments));
  while (!contains(process.err(), "started") && !process.ended(1ms)) continue;
  process.send(SIGTERM);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 143) << outcome.err;
  EXPECT_FALSE(files_below(basin / "demo").contains("README.md"));
}

}  // namespace
}  // namespace rootzone::app::test
