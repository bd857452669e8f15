#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "nightly.hpp"
#include "rootzone/io/folder_lock.hpp"

// What an operator meets: nights one by one or all at once, again, late, broken off, at a full disk; and
// states that must not be gone on from.
namespace rootzone::app::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

void expect_equal(const std::filesystem::path& a, const std::filesystem::path& b) {
  EXPECT_THAT(differences(products_below(a), products_below(b)), IsEmpty());
}

std::map<std::string, std::filesystem::file_time_type> times_below(const std::filesystem::path& folder) {
  std::map<std::string, std::filesystem::file_time_type> times;
  for (const std::string& name : files_below(folder))
    if (name != "rootzone.prom") times[name] = std::filesystem::last_write_time(folder / name);
  return times;
}

void refuses(const Outcome& outcome, int exit_code, const std::vector<std::string>& words) {
  EXPECT_EQ(outcome.exit_code, exit_code) << outcome.err;
  for (const std::string& word : words) EXPECT_THAT(outcome.err, HasSubstr(word));
  EXPECT_THAT(outcome.err, Not(HasSubstr("this is a bug")));
}

TEST(Update, NightsOneUpdateAndOneRunGiveTheSameBytes) {
  const NightlyBasin basin;
  for (const int day : {3, 4, 5, 6, 7, 8, 9, 10}) ASSERT_EQ(basin.update(day).exit_code, 0);
  const auto nights = products_below(basin.out());
  EXPECT_EQ(nights.size(), 24U);  // two times ten days, a map with its style, two states
  ASSERT_EQ(basin.update(10, {"--out", (basin / "one").string()}).exit_code, 0);
  ASSERT_EQ(basin.run({"--out", (basin / "batch").string()}).exit_code, 0);
  auto one = products_below(basin / "one");
  EXPECT_EQ(one.at("state/tiny_20200110.rzstate"), nights.at("state/tiny_20200110.rzstate"));
  EXPECT_EQ(differences(nights, one), std::vector<std::string>{"state/tiny_20200109.rzstate"});
  EXPECT_EQ(differences(one, products_below(basin / "batch")),
            std::vector<std::string>{"state/tiny_20200110.rzstate"});
}

TEST(Update, TheShippedNightsOfTheDemoRun) {
  const TinyBasin basin;
  const std::filesystem::path pipeline = basin / "pipelines/night-demo.toml";
  std::filesystem::create_directories(pipeline.parent_path());
  std::filesystem::copy_file(ROOTZONE_SOURCE_DIR "/pipelines/night-demo.toml", pipeline);
  ASSERT_EQ(rootzone({"demo", (basin / "demo").string(), "--rows", "8", "--cols", "8", "--days", "70",
                      "--storage-years", "1", "--stations", "2"})
                .exit_code,
            0);
  for (const std::string night : {"2020-12-30", "2020-12-31"})
    refuses(rootzone({"update", pipeline.string(), "--through", night}), 0, {"night-demo: ", night});
  EXPECT_TRUE(std::filesystem::exists(
      basin / "pipelines/out/night-demo/root_zone_soil_moisture/root_zone_soil_moisture_20201231.tif"));
}

TEST(Update, WritesTheFileOfAMonthAnewUntilItIsOver) {
  const NightlyBasin basin("month");
  for (const int day : {1, 2, 3}) {
    std::filesystem::copy_file(basin / ("ssm/ssm_2020010" + std::to_string(day) + ".tif"),
                               basin / ("ssm/ssm_2020020" + std::to_string(day) + ".tif"));
    std::filesystem::copy_file(basin / ("ssm/ssm_2020010" + std::to_string(day + 3) + ".tif"),
                               basin / ("ssm/ssm_2020013" + std::to_string(day - 1) + ".tif"));
  }
  std::filesystem::remove(basin / "ssm/ssm_20200132.tif");
  const auto update = [&](const std::string& through, const std::string& out) {
    return rootzone({"update", (basin / "tiny.toml").string(), "--set", "time.start=2020-01-07", "--through",
                     through, "--out", (basin / out).string()});
  };
  for (const std::string through : {"2020-01-09", "2020-01-31", "2020-02-01", "2020-02-03"})
    ASSERT_EQ(update(through, "nights").exit_code, 0) << through;
  ASSERT_EQ(update("2020-02-03", "one").exit_code, 0);
  expect_equal(basin / "nights", basin / "one");
  ASSERT_EQ(basin
                .run({"--set", "time.start=2020-01-07", "--set", "time.end=2020-02-03", "--out",
                      (basin / "batch").string()})
                .exit_code,
            0);
  EXPECT_EQ(differences(products_below(basin / "one"), products_below(basin / "batch")),
            std::vector<std::string>{"state/tiny_20200131.rzstate"});
}

TEST(Update, RunningANightAgainChangesNothing) {
  const NightlyBasin basin;
  ASSERT_EQ(basin.update(5).exit_code, 0);
  const auto before = times_below(basin.out());
  const Outcome again = basin.update(5);
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(again.err, HasSubstr("nothing to do"));
  EXPECT_EQ(times_below(basin.out()), before);
}

TEST(Update, ListsEveryProductOfAllNightsInTheManifest) {
  const NightlyBasin basin;
  ASSERT_EQ(basin.update(5).exit_code, 0);
  ASSERT_EQ(basin.update(6).exit_code, 0);
  const auto manifest = nlohmann::json::parse(bytes_of(basin.out() / "manifest.json"));
  std::set<std::string> listed;
  for (const auto& product : manifest.at("products")) listed.insert(product.at("path").get<std::string>());
  auto there = files_below(basin.out());
  for (const std::string name :
       {"manifest.json", "rootzone.prom", "state/tiny_20200105.rzstate", "state/tiny_20200106.rzstate"})
    EXPECT_EQ(there.erase(name), 1U) << name;
  EXPECT_EQ(listed, there);
  EXPECT_EQ(manifest.at("update").at("through"), "2020-01-06");
  EXPECT_EQ(manifest.at("update").at("state"), "2020-01-06");
}

/// Everything below a folder, inputs too, as if made a year from now.
void move_times_ahead(const std::filesystem::path& folder) {
  const auto ahead = std::filesystem::file_time_type::clock::now() + std::chrono::hours(24 * 365);
  for (const std::string& name : files_below(folder)) std::filesystem::last_write_time(folder / name, ahead);
}

TEST(Update, TakesAClockThatJumpsForWhatItIs) {
  const NightlyBasin basin;
  ASSERT_EQ(basin.update(5).exit_code, 0);
  move_times_ahead(basin.path());
  ASSERT_EQ(basin.update(6).exit_code, 0);
  ASSERT_EQ(basin.update(6, {"--out", (basin / "one").string()}).exit_code, 0);
  EXPECT_EQ(differences(products_below(basin.out()), products_below(basin / "one")),
            std::vector<std::string>{"state/tiny_20200105.rzstate"});
  const auto before = times_below(basin.out());
  EXPECT_THAT(basin.update(6).err, HasSubstr("nothing to do"));
  EXPECT_EQ(times_below(basin.out()), before);
}

TEST(Update, GoesOnUnderAClockThatIsAYearBehind) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "nothing may be loaded before a sanitizer";
#endif
  const auto yesteryear = [](std::vector<std::string> command) {
    command.insert(command.begin(),
                   {"env", "NO_FAKE_STAT=1", "faketime", "--exclude-monotonic", "-f", "-365d"});
    return run_command(command);
  };
  const Outcome year = yesteryear({"date", "-u", "+%Y"});
  if (year.exit_code != 0) GTEST_SKIP() << "Debian's faketime is not installed";
  EXPECT_LT(year.out, run_command({"date", "-u", "+%Y"}).out);
  const NightlyBasin basin;
  const auto night = [&](int day) {
    return yesteryear(
        rootzone_command({"update", (basin / "tiny.toml").string(), "--through", NightlyBasin::date(day)}));
  };
  ASSERT_EQ(basin.update(5).exit_code, 0);
  const Outcome next = night(6);
  ASSERT_EQ(next.exit_code, 0) << next.err;
  ASSERT_EQ(basin.update(6, {"--out", (basin / "one").string()}).exit_code, 0);
  EXPECT_EQ(differences(products_below(basin.out()), products_below(basin / "one")),
            std::vector<std::string>{"state/tiny_20200105.rzstate"});
  const auto before = times_below(basin.out());
  EXPECT_THAT(night(6).err, HasSubstr("nothing to do"));
  EXPECT_EQ(times_below(basin.out()), before);
  ASSERT_EQ(basin.update(7).exit_code, 0) << "and when it is right again";
}

TEST(Update, GoesOnFromTheBackupOfAnEveningBefore) {
  const NightlyBasin basin;
  const auto copying = std::filesystem::copy_options::recursive;
  ASSERT_EQ(basin.update(5).exit_code, 0);
  std::filesystem::create_directories(basin / "backup");
  std::filesystem::copy(basin.out() / "state", basin / "backup/state", copying);
  std::filesystem::copy(basin.out() / "manifest.json", basin / "backup/manifest.json");
  for (const int day : {6, 7, 8}) ASSERT_EQ(basin.update(day).exit_code, 0);
  const auto whole = products_below(basin.out());
  std::filesystem::remove_all(basin.out() / "state");
  std::filesystem::remove(basin.out() / "manifest.json");
  std::filesystem::copy(basin / "backup", basin.out(), copying);
  const Outcome restored = basin.update(8);
  EXPECT_EQ(restored.exit_code, 0) << restored.err;
  EXPECT_EQ(differences(products_below(basin.out()), whole),
            (std::vector<std::string>{"state/tiny_20200105.rzstate", "state/tiny_20200107.rzstate"}));
}

TEST(Update, WaitsForInputUnlessToldThatADayIsAGap) {
  const NightlyBasin basin;
  ASSERT_EQ(basin.update(6).exit_code, 0);
  const auto before = times_below(basin.out());
  std::filesystem::rename(basin / "ssm/ssm_20200107.tif", basin / "late.tif");
  refuses(basin.update(7), 3, {"surface_soil_moisture", "2020-01-07", "--accept-gaps"});
  EXPECT_EQ(times_below(basin.out()), before);
  ASSERT_EQ(basin.update(7, {"--accept-gaps"}).exit_code, 0);
  ASSERT_EQ(basin.update(8).exit_code, 0);

  std::filesystem::rename(basin / "late.tif", basin / "ssm/ssm_20200107.tif");  // here it is
  const Outcome rewound = basin.rewind(7);
  EXPECT_EQ(rewound.exit_code, 0) << rewound.err;
  EXPECT_EQ(rewound.out, "none\n");  // two states are kept: of the 7th and the 8th
  ASSERT_EQ(basin.update(8).exit_code, 0);
  ASSERT_EQ(basin.update(8, {"--out", (basin / "one").string()}).exit_code, 0);
  expect_equal(basin.out(), basin / "one");
}

TEST(Update, RewindsToTheLastStateBeforeALateDay) {
  const NightlyBasin basin;
  const std::vector<std::string> five{"--set", "update.generations=5"};
  std::filesystem::rename(basin / "ssm/ssm_20200107.tif", basin / "late.tif");
  for (const int day : {5, 6, 8}) ASSERT_EQ(basin.update(day, five).exit_code, 0);
  std::filesystem::rename(basin / "late.tif", basin / "ssm/ssm_20200107.tif");
  EXPECT_EQ(basin.rewind(7).out, "2020-01-06\n");
  EXPECT_FALSE(std::filesystem::exists(basin.state(8)));
  refuses(basin.update(7, five), 6, {"2020-01-08"});  // the products reach further
  ASSERT_EQ(basin.update(8, five).exit_code, 0);
  ASSERT_EQ(basin.update(8, {"--out", (basin / "one").string()}).exit_code, 0);
  EXPECT_EQ(differences(products_below(basin.out()), products_below(basin / "one")),
            (std::vector<std::string>{"state/tiny_20200105.rzstate", "state/tiny_20200106.rzstate"}));
}

TEST(State, IsRefusedWhenDamagedOrCutShort) {
  const NightlyBasin basin;
  ASSERT_EQ(basin.update(5).exit_code, 0);
  const std::string whole = bytes_of(basin.state(5));
  const auto before = products_below(basin.out());
  std::string changed = whole;
  changed[changed.size() / 2] = static_cast<char>(changed[changed.size() / 2] ^ 1);
  write_text(basin.state(5), changed);
  refuses(basin.update(6), 6, {basin.state(5).string(), "damaged", "checksum"});
  write_text(basin.state(5), whole.substr(0, whole.size() - 100));
  refuses(basin.update(6), 6, {basin.state(5).string(), "cut short"});
  write_text(basin.state(5), "");
  refuses(basin.update(6), 6, {basin.state(5).string(), "empty"});
  write_text(basin.state(5), std::string(200, 'x'));
  refuses(basin.update(6), 6, {basin.state(5).string(), "no state file"});
  write_text(basin.state(5), whole);
  EXPECT_EQ(products_below(basin.out()), before);
  EXPECT_EQ(basin.update(6).exit_code, 0);
}

TEST(State, IsRefusedWhenItBelongsToAnotherGridSchemeSettingOrLayer) {
  const NightlyBasin basin;
  ASSERT_EQ(basin.update(5).exit_code, 0);
  refuses(basin.update(6, {"--set", "stage.0.scheme=\"exact\""}), 6, {"another scheme", "paper", "exact"});
  refuses(basin.update(6, {"--set", "stage.0.a=0.2"}), 6,
          {"older than a setting", "stage.0.a", "0.1", "0.2"});
  refuses(basin.update(6, {"--set", "time.start=2020-01-02"}), 6, {"time.start", "2020-01-02"});
  refuses(basin.update(6, {"--set", "output.0.split=\"month\""}), 6, {"list of products", "split"});
  refuses(basin.update(6, {"--set", "grid.like=\"" + (basin / "wide.tif").string() + "\""}), 3, {"wide.tif"});
  const core::Grid wide(TinyBasin::grid().crs_wkt(), {4'000'000, 2'900'000, 4'010'000, 2'904'000}, 4, 10);
  TinyBasin::write_map(basin / "wide.tif", wide, [](auto, auto) { return 0.5; });
  refuses(basin.update(6, {"--set", "grid.like=\"" + (basin / "wide.tif").string() + "\""}), 6,
          {"another grid", "cols (was 5, now 10)"});
  TinyBasin::write_map(basin / "porosity.tif", TinyBasin::grid(), [](auto, auto) { return 0.6; });
  refuses(basin.update(6), 6, {"porosity", "other contents"});
}

TEST(State, IsRefusedWhenItLiesBehindOrAheadOfWhatIsAskedFor) {
  const NightlyBasin basin;
  ASSERT_EQ(basin.update(5).exit_code, 0);
  refuses(basin.update(4), 6, {"2020-01-05", "after --through 2020-01-04", "rewind"});
  const std::string state = bytes_of(basin.state(5));
  std::filesystem::remove(basin.state(5));
  refuses(basin.update(6), 6, {basin.state(5).string(), "is gone", "backup"});
  write_text(basin.state(4), state);  // under a wrong name
  refuses(basin.update(6), 6, {"is gone"});
  std::filesystem::remove(basin.state(4));
  write_text(basin.state(5), state);
  std::filesystem::rename(basin.out() / "manifest.json", basin / "manifest.json");
  refuses(basin.update(6), 6, {"manifest.json", "lost"});
  std::filesystem::rename(basin / "manifest.json", basin.out() / "manifest.json");
  EXPECT_EQ(basin.update(6).exit_code, 0);
}

TEST(State, ThatASettingMadeStaleIsBegunAnewAsTheMessageSays) {
  const NightlyBasin basin;
  ASSERT_EQ(basin.update(5).exit_code, 0);
  const std::vector<std::string> other{"--set", "stage.0.a=0.2"};
  refuses(basin.update(6, other), 6, {"rootzone rewind FILE --before", "[time] start"});
  ASSERT_EQ(basin.rewind(1, other).exit_code, 0);
  ASSERT_EQ(basin.update(6, other).exit_code, 0);
  std::vector<std::string> elsewhere = other;
  elsewhere.insert(elsewhere.end(), {"--out", (basin / "one").string()});
  ASSERT_EQ(basin.update(6, elsewhere).exit_code, 0);
  expect_equal(basin.out(), basin / "one");
}

TEST(Update, RefusesWhatCannotGoOnNightByNight) {
  const NightlyBasin basin;
  refuses(basin.update(5, {"--set", "output.0.cog_dates=\"first_last\""}), 2, {"first_last", "month_start"});
  refuses(basin.update(5, {"--set", "output.1.split=\"all\""}), 2, {"soil_water_index", "split"});
  refuses(basin.update(5, {"--set", "grid={stations=true}"}), 2, {"stations"});
  refuses(rootzone({"update", (basin / "tiny.toml").string(), "--through", "yesterday"}), 2,
          {"--through", "yesterday"});
  refuses(rootzone({"update", (basin / "tiny.toml").string(), "--through", "2019-12-31"}), 2,
          {"--through 2019-12-31", "[time] start", "2020-01-01", "clock"});
  EXPECT_THAT(products_below(basin.out()), IsEmpty());
}

// Days of January 2020 for a stage that wants more than surface moisture.
std::string daily_input(const NightlyBasin& basin, const std::string& name, const std::string& units,
                        double value) {
  std::vector<double> days;
  for (int day = 0; day < 10; ++day) days.push_back(18262 + day);
  TinyBasin::write_cube(basin / (name + ".nc"), name, units, days, value);
  return "[inputs." + name + "]\npath = \"" + name + ".nc\"\nunits = \"" + units + "\"\n";
}

TEST(Update, RefusesAStageThatLooksAtTheWholeRecordAtOnce) {
  const NightlyBasin basin;
  const std::string first = bytes_of(basin / "tiny.toml");
  std::string inputs;
  for (const std::string name : {"precipitation", "potential_evapotranspiration"})
    inputs += daily_input(basin, name, "mm d-1", 2.0);
  inputs += daily_input(basin, "land_surface_temperature", "degree_Celsius", 8.0);
  inputs += daily_input(basin, "leaf_area_index", "1", 1.5);
  write_text(basin / "tiny.toml", first + inputs +
                                      "[[stage]]\nkind = \"sptf\"\nweights = \"shipped:twins-vgm\"\n" +
                                      "sand = 0.4\nsilt = 0.4\nclay = 0.2\nbulk_density = 1.4\n" +
                                      "[[output]]\nvariable = \"water_content_33kpa\"\n");
  EXPECT_EQ(basin.run({"--out", (basin / "batch").string()}).exit_code, 0) << "`run` may";
  refuses(basin.update(5), 2, {"[[stage]] sptf", "whole record", "`run`", "as an input"});
  EXPECT_THAT(files_below(basin.out()), ElementsAre("rootzone.prom"));
}

TEST(Update, RefusesAStageThatLearnsFromDaysToCome) {
  const NightlyBasin basin;
  const std::string first = bytes_of(basin / "tiny.toml");
  const auto with_stage = [&](const std::string& end_of_reference) {
    write_text(basin / "tiny.toml", first + daily_input(basin, "precipitation", "mm d-1", 3.0) +
                                        daily_input(basin, "potential_evapotranspiration", "mm d-1", 2.0) +
                                        "[[stage]]\nkind = \"mass_curve\"\nevaporation_from = \"budyko\"\n" +
                                        end_of_reference +
                                        "[[output]]\nvariable = \"annual_maximum_deficit\"\n");
  };
  with_stage("");
  refuses(basin.update(5), 2, {"[[stage]] mass_curve", "learns from the whole record", "reference_end"});
  EXPECT_THAT(files_below(basin.out()), ElementsAre("rootzone.prom"));
  with_stage("reference_end = 2020-01-04\n");
  const Outcome told = basin.update(5);
  EXPECT_EQ(told.exit_code, 0) << told.err;
  // A pipeline that goes on for years and then gets such a stage: what is there stays.
  const auto before = times_below(basin.out());
  with_stage("");
  refuses(basin.update(6), 2, {"[[stage]] mass_curve", "reference_end"});
  EXPECT_EQ(times_below(basin.out()), before);
}

// The first leg would end on 2019-12-31, before the reference period does.
TEST(Update, LearnsFromAPeriodThatEndsAfterTheFirstMonths) {
  const NightlyBasin basin;
  basin.write_pipeline({{"start = 2020-01-01", "start = 2019-12-30"},
                        {"cog_dates = \"first_last\"", "cog_dates = \"month_start\""}},
                       daily_input(basin, "precipitation", "mm d-1", 3.0) +
                           daily_input(basin, "potential_evapotranspiration", "mm d-1", 2.0) +
                           "[[stage]]\nkind = \"mass_curve\"\nevaporation_from = \"budyko\"\n"
                           "reference_end = 2020-01-04\n"
                           "[[output]]\nvariable = \"annual_maximum_deficit\"\n");
  const Outcome first = basin.update(9);
  ASSERT_EQ(first.exit_code, 0) << first.err;
  ASSERT_EQ(basin.update(10).exit_code, 0);
  ASSERT_EQ(basin.update(10, {"--out", (basin / "one").string()}).exit_code, 0);
  expect_equal(basin.out(), basin / "one");
  refuses(basin.update(3, {"--out", (basin / "early").string()}), 2, {"reference_end", "2020-01-04"});
}

TEST(Update, IsRefusedWhileAnotherProcessWritesThere) {
  const NightlyBasin basin;
  ASSERT_EQ(basin.update(5).exit_code, 0);
  const auto before = products_below(basin.out());
  {
    const io::FolderLock held(basin.out(), io::FolderLock::Kind::exclusive, "rootzone update other.toml");
    const std::string holder = "process " + std::to_string(::getpid());
    refuses(basin.update(6), 4, {"another rootzone process", holder, "rootzone update other.toml"});
    refuses(basin.rewind(3), 4, {holder});
  }
  EXPECT_EQ(products_below(basin.out()), before);
  EXPECT_EQ(basin.update(6).exit_code, 0);
}

TEST(Update, TwoAtOnceGiveWhatOneGives) {
  const NightlyBasin basin;
  const auto command =
      rootzone_command({"update", (basin / "tiny.toml").string(), "--through", NightlyBasin::date(9)});
  Process first(command);
  Process second(command);
  const int codes[] = {first.wait().exit_code, second.wait().exit_code};
  EXPECT_TRUE(codes[0] == 0 || codes[1] == 0);
  for (const int code : codes) EXPECT_TRUE(code == 0 || code == 4) << code;
  ASSERT_EQ(basin.update(9, {"--out", (basin / "one").string()}).exit_code, 0);
  expect_equal(basin.out(), basin / "one");
}

TEST(Update, LeavesAllAsItWasWhereTheDiskIsFull) {
  const NightlyBasin basin;
  ASSERT_EQ(basin.update(5).exit_code, 0);
  const auto before = products_below(basin.out());
  for (const int blocks : {1, 4, 8, 16}) {  // of 512 or 1024 bytes
    SCOPED_TRACE(blocks);
    const Outcome full =
        rootzone_in_shell("ulimit -f " + std::to_string(blocks) + "; exec \"$@\"",
                          {"update", (basin / "tiny.toml").string(), "--through", NightlyBasin::date(6)});
    if (full.exit_code == 0) break;
    EXPECT_EQ(full.exit_code, 4) << full.err;
    EXPECT_EQ(products_below(basin.out()), before);
  }
  EXPECT_EQ(basin.update(6).exit_code, 0);
  ASSERT_EQ(basin.update(6, {"--out", (basin / "one").string()}).exit_code, 0);
  EXPECT_EQ(differences(products_below(basin.out()), products_below(basin / "one")),
            std::vector<std::string>{"state/tiny_20200105.rzstate"});
}

TEST(Update, SaysWhereAFolderCannotBeWritten) {
  const NightlyBasin basin;
  ASSERT_EQ(basin.update(5).exit_code, 0);
  // Root may write anywhere: ask as nobody.
  std::vector<std::string> command;
  if (::geteuid() == 0) {
    if (run_command({"setpriv", "--reuid=65534", "--clear-groups", "true"}).exit_code != 0)
      GTEST_SKIP() << "running as root, and setpriv cannot become another user";
    command = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
  } else {
    std::filesystem::permissions(basin.out(),
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  }
  std::filesystem::permissions(basin.path(),
                               std::filesystem::perms::others_read | std::filesystem::perms::others_exec,
                               std::filesystem::perm_options::add);
  for (const std::string& word :
       rootzone_command({"update", (basin / "tiny.toml").string(), "--through", NightlyBasin::date(6)}))
    command.push_back(word);
  const auto before = products_below(basin.out());
  const Outcome refused = run_command(command);
  std::filesystem::permissions(basin.out(), std::filesystem::perms::owner_all,
                               std::filesystem::perm_options::add);
  refuses(refused, 4, {basin.out().string(), "ermission denied"});
  EXPECT_EQ(products_below(basin.out()), before);
}

TEST(Update, TellsTheMonitoringHowItWent) {
  const NightlyBasin basin;
  ASSERT_EQ(basin.update(5).exit_code, 0);
  const std::string good = bytes_of(basin.out() / "rootzone.prom");
  EXPECT_THAT(good, AllOf(HasSubstr("rootzone_last_run_success{pipeline=\"tiny\",command=\"update\"} 1\n"),
                          HasSubstr("# TYPE rootzone_last_success_timestamp_seconds gauge"),
                          HasSubstr("rootzone_products_through_timestamp_seconds{pipeline=\"tiny\",command="
                                    "\"update\"} 1578182400\n"),
                          HasSubstr("variable=\"root_zone_soil_moisture\"} 100\n")));
  std::filesystem::remove(basin / "porosity.tif");
  ASSERT_EQ(basin.update(6).exit_code, 3);
  const std::string bad = bytes_of(basin.out() / "rootzone.prom");
  EXPECT_THAT(bad, AllOf(HasSubstr("rootzone_last_run_success{pipeline=\"tiny\",command=\"update\"} 0\n"),
                         HasSubstr("rootzone_last_run_exit_code{pipeline=\"tiny\",command=\"update\"} 3\n")));
  const auto success_line = [](const std::string& text) {
    const std::size_t at = text.find("\nrootzone_last_success_timestamp_seconds{");
    return text.substr(at, text.find('\n', at + 1) - at);
  };
  EXPECT_EQ(success_line(bad), success_line(good));
}

TEST(Run, LeavesAFolderOfUpdateAlone) {
  const NightlyBasin basin;
  ASSERT_EQ(basin.update(5).exit_code, 0);
  const auto before = products_below(basin.out());
  refuses(basin.run(), 2, {"rootzone update", "--out"});
  EXPECT_EQ(products_below(basin.out()), before);
  const std::vector<std::string> other{"--set", "pipeline.name=\"other\"", "--out", basin.out().string()};
  refuses(basin.run(other), 2, {"rootzone update", "tiny_20200105.rzstate", "--out"});
  for (const std::string command : {"plan", "assemble"}) {
    std::vector<std::string> arguments{command, (basin / "tiny.toml").string()};
    arguments.insert(arguments.end(), other.begin(), other.end());
    refuses(rootzone(arguments), 2, {"rootzone update", "tiny_20200105.rzstate", "--out"});
  }
  EXPECT_EQ(products_below(basin.out()), before);
}

TEST(Run, AsksForTheLockBeforeItLooksAround) {
  const NightlyBasin basin;
  ASSERT_EQ(basin.update(5).exit_code, 0);
  {
    const io::FolderLock held(basin.out(), io::FolderLock::Kind::exclusive, "rootzone update other.toml");
    refuses(basin.run(), 4, {"another rootzone process"});
    std::filesystem::remove(basin.out() / "manifest.json");
    refuses(basin.rewind(3), 4, {"another rootzone process"});
  }
  refuses(basin.rewind(3, {"--out", (basin / "nowhere").string()}), 6, {"nowhere", "holds nothing"});
  EXPECT_FALSE(std::filesystem::exists(basin / "nowhere"));
}

TEST(Update, ReplacesTheProductsOfARun) {
  const NightlyBasin basin;
  ASSERT_EQ(basin.run({"--set", "output.0.split=\"all\""}).exit_code, 0);
  ASSERT_EQ(basin.update(5).exit_code, 0);
  ASSERT_EQ(basin.update(5, {"--out", (basin / "one").string()}).exit_code, 0);
  expect_equal(basin.out(), basin / "one");
}

}  // namespace
}  // namespace rootzone::app::test
