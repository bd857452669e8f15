#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <regex>

#include "tiny_basin.hpp"

// What a user gets wrong, one at a time: the exit code, a message that names the place and the way out, and
// nothing left in the output folder.
namespace rootzone::app::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

void refuses(const TinyBasin& basin, int exit_code, const std::vector<std::string>& words,
             const std::vector<std::string>& arguments = {}) {
  const Outcome outcome = basin.run(arguments);
  EXPECT_EQ(outcome.exit_code, exit_code) << outcome.err;
  EXPECT_EQ(outcome.signal, 0);
  EXPECT_EQ(outcome.out, "");
  for (const std::string& word : words) EXPECT_THAT(outcome.err, HasSubstr(word));
  EXPECT_THAT(outcome.err, Not(HasSubstr("this is a bug")));
  EXPECT_TRUE(files_below(basin / "out").empty()) << ::testing::PrintToString(files_below(basin / "out"));
}

TEST(BadInput, TheTinyBasinItselfRuns) {
  const TinyBasin basin;
  const Outcome outcome = basin.run();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, basin.out().string() + "\n");
  EXPECT_TRUE(files_below(basin.out()).contains("root_zone_soil_moisture.nc"));
}

TEST(BadInput, UnknownKey) {
  const TinyBasin basin;
  basin.write_pipeline({{"warm_up_days = 0", "warmup_days = 0"}});
  refuses(basin, 2, {"tiny.toml:28", "stage.0.warmup_days", "did you mean 'warm_up_days'?"});
}

TEST(BadInput, UnknownStage) {
  const TinyBasin basin;
  basin.write_pipeline({{"\"exponential_filter\"", "\"exponental_filter\""}});
  refuses(basin, 2, {"tiny.toml:31", "exponental_filter", "did you mean 'exponential_filter'?"});
}

TEST(BadInput, NoPipelineFile) {
  const TinyBasin basin;
  std::filesystem::remove(basin / "tiny.toml");
  refuses(basin, 2, {(basin / "tiny.toml").string(), "cannot be read"});
}

TEST(BadInput, MissingFile) {
  const TinyBasin basin;
  std::filesystem::remove(basin / "porosity.tif");
  refuses(basin, 3, {(basin / "porosity.tif").string()});
}

TEST(BadInput, MissingStaticLayer) {
  const TinyBasin basin;
  basin.write_pipeline({{"path = \"porosity.tif\"", "path = \"porositi.tif\""}});
  refuses(basin, 3, {(basin / "porositi.tif").string(), "porosity"});
}

TEST(BadInput, NoFileOfAPattern) {
  const TinyBasin basin;
  basin.write_pipeline({{"ssm/ssm_{date}", "ssm/sm_{date}"}});
  refuses(basin, 3, {"surface_soil_moisture", "sm_{date}.tif"});
}

TEST(BadInput, NoDateOfTheRun) {
  const TinyBasin basin;
  basin.write_pipeline(
      {{"start = 2020-01-01", "start = 2021-01-01"}, {"end = 2020-01-10", "end = 2021-01-10"}});
  refuses(basin, 3, {"surface_soil_moisture", "2020-01-10", "2021-01-01"});
}

TEST(BadInput, AMissingDateIsNamedAndTheRunGoesOn) {
  const TinyBasin basin;
  std::filesystem::remove(basin / "ssm/ssm_20200105.tif");
  const Outcome outcome = basin.run();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(basin.check().out, AllOf(HasSubstr("1 days of the run missing"), HasSubstr("2020-01-05")));
  const auto manifest = nlohmann::json::parse(bytes_of(basin.out() / "manifest.json"));
  EXPECT_EQ(manifest.at("flags").at("root_zone_soil_moisture").at("flags").at("gap_filled"), 20);
}

TEST(BadInput, VariableThatIsNotInTheFile) {
  const TinyBasin basin;
  TinyBasin::write_cube(basin / "sm.nc", "ssm", "m3 m-3", {18262, 18263}, 0.3);
  basin.write_pipeline({{"path = \"ssm/ssm_{date}.tif\"", "path = \"sm.nc\"\nvariable = \"smm\""}});
  refuses(basin, 3, {"sm.nc", "smm", "ssm"});
}

TEST(BadInput, GridThatDoesNotOverlap) {
  const TinyBasin basin;
  const core::Grid elsewhere(TinyBasin::grid().crs_wkt(), {5'000'000, 3'900'000, 5'005'000, 3'904'000}, 4, 5);
  TinyBasin::write_map(basin / "far.tif", elsewhere, [](auto, auto) { return 0.5; });
  basin.write_pipeline({{"path = \"porosity.tif\"", "path = \"far.tif\""}});
  refuses(basin, 3, {"far.tif", "overlap"});
}

TEST(BadInput, MapWithoutACrs) {
  const TinyBasin basin;
  const core::Grid nowhere("", TinyBasin::grid().extent(), 4, 5);
  TinyBasin::write_map(basin / "nowhere.tif", nowhere, [](auto, auto) { return 0.5; });
  basin.write_pipeline({{"path = \"porosity.tif\"", "path = \"nowhere.tif\""}});
  refuses(basin, 3, {"nowhere.tif", "CRS", "crs"});
}

TEST(BadInput, TwoFilesOfOneDate) {
  const TinyBasin basin;
  std::filesystem::create_directories(basin / "ssm/again");
  std::filesystem::copy_file(basin / "ssm/ssm_20200103.tif", basin / "ssm/again/ssm_20200103.tif");
  basin.write_pipeline(
      {{"path = \"ssm/ssm_{date}.tif\"", "path = [\"ssm/ssm_{date}.tif\", \"ssm/again/ssm_{date}.tif\"]"}});
  refuses(basin, 3, {"ssm_20200103.tif", "2020-01-03", "again"});
}

TEST(BadInput, TimesTwiceOrBackwards) {
  const TinyBasin basin;
  basin.write_pipeline({{"path = \"ssm/ssm_{date}.tif\"", "path = \"sm.nc\""}});
  TinyBasin::write_cube(basin / "sm.nc", "ssm", "m3 m-3", {18262, 18263, 18263, 18264}, 0.3);
  refuses(basin, 3, {"sm.nc", "2020-01-02"});
  TinyBasin::write_cube(basin / "sm.nc", "ssm", "m3 m-3", {18262, 18264, 18263}, 0.3);
  const Outcome sorted = basin.run();
  EXPECT_EQ(sorted.exit_code, 0);
  EXPECT_THAT(sorted.err,
              AllOf(HasSubstr("sm.nc"), HasSubstr("times are not in order; the records are sorted")));
}

TEST(BadInput, TruncatedGeoTiff) {
  const TinyBasin basin;
  const auto victim = basin / "ssm/ssm_20200104.tif";
  std::filesystem::resize_file(victim, std::filesystem::file_size(victim) / 2);
  refuses(basin, 3, {"ssm_20200104.tif"});
}

TEST(BadInput, TruncatedNetcdf) {
  const TinyBasin basin;
  TinyBasin::write_cube(basin / "sm.nc", "ssm", "m3 m-3", {18262, 18263, 18264}, 0.3);
  basin.write_pipeline({{"path = \"ssm/ssm_{date}.tif\"", "path = \"sm.nc\""}});
  std::filesystem::resize_file(basin / "sm.nc", std::filesystem::file_size(basin / "sm.nc") * 2 / 3);
  refuses(basin, 3, {"sm.nc"});
}

TEST(BadInput, FileThatIsNoMap) {
  const TinyBasin basin;
  write_text(basin / "porosity.txt", "0.5\n");
  basin.write_pipeline({{"path = \"porosity.tif\"", "path = \"porosity.txt\""}});
  refuses(basin, 3, {"porosity.txt"});
}

TEST(BadInput, UnitThatCannotBeConverted) {
  const TinyBasin basin;
  basin.write_pipeline(
      {{"path = \"porosity.tif\"\nunits = \"m3 m-3\"", "path = \"porosity.tif\"\nunits = \"kg\""}});
  refuses(basin, 3, {"porosity", "kg", "m3 m-3"});
}

TEST(BadInput, UnitThatIsNone) {
  const TinyBasin basin;
  basin.write_pipeline(
      {{"path = \"porosity.tif\"\nunits = \"m3 m-3\"", "path = \"porosity.tif\"\nunits = \"furlongz\""}});
  const Outcome outcome = basin.run();
  EXPECT_TRUE(outcome.exit_code == 2 || outcome.exit_code == 3) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("porosity"), HasSubstr("furlongz")));
}

// Coefficients fitted with one scheme are not those of the other.
TEST(BadInput, ParametersOfAnotherScheme) {
  const TinyBasin basin;
  write_text(basin / "exact.toml", R"([regression]
name = "x"
scheme = "exact"
[predictors]
[parameters]
sw2 = {intercept = 0.2, coefficients = {}}
sc1 = {intercept = 0.5, coefficients = {}}
a = {intercept = 0.1, coefficients = {}}
b = {intercept = 0.3, coefficients = {}}
)");
  basin.write_pipeline({{"parameters = \"constants\"\nsw2 = 0.2\nsc1 = 0.5\na = 0.1\nb = 0.3",
                         "parameters = \"exact.toml\""}});
  refuses(basin, 2, {"exact.toml", "exact", "paper", "scheme"});
}

TEST(BadInput, RegressionFilesAreFoundBesideThePipeline) {
  const TinyBasin basin;
  write_text(basin / "own.toml", R"([regression]
scheme = "paper"
[predictors]
[parameters]
sw2 = {intercept = 0.2, coefficients = {}}
sc1 = {intercept = 0.5, coefficients = {}}
a = {intercept = 0.1, coefficients = {}}
b = {intercept = 0.3, coefficients = {}}
)");
  const std::string constants = "parameters = \"constants\"\nsw2 = 0.2\nsc1 = 0.5\na = 0.1\nb = 0.3";
  basin.write_pipeline({{constants, "parameters = \"own.toml\""}});
  EXPECT_EQ(basin.run().exit_code, 0);
  basin.write_pipeline({{constants, "parameters = \"phisical\""}});
  EXPECT_THAT(basin.check().err, HasSubstr("did you mean 'physical'?"));
  basin.write_pipeline({{constants, "parameters = \"absent.toml\""}});
  const Outcome absent = basin.check();
  EXPECT_EQ(absent.exit_code, 2);
  EXPECT_THAT(absent.err, HasSubstr((basin / "absent.toml").string()));
  basin.write_pipeline({{constants, "parameters = \"shipped:absent\""}});
  EXPECT_THAT(basin.check().err, AllOf(HasSubstr("shipped:absent"), HasSubstr("looked for")));
}

TEST(BadInput, ACellWithoutPorosityIsFlaggedAndNoError) {
  const TinyBasin basin;
  TinyBasin::write_map(basin / "holes.tif", TinyBasin::grid(),
                       [](auto row, auto col) { return row == 1 && col < 2 ? 0.0 : 0.5; });
  basin.write_pipeline({{"path = \"porosity.tif\"", "path = \"holes.tif\""}});
  const Outcome outcome = basin.run();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto manifest = nlohmann::json::parse(bytes_of(basin.out() / "manifest.json"));
  const auto& counts = manifest.at("flags").at("root_zone_soil_moisture");
  EXPECT_EQ(counts.at("flags").at("not_applicable"), 2 * 10);
  EXPECT_EQ(counts.at("missing"), 2 * 10);
  EXPECT_THAT(outcome.err, HasSubstr("2 with a porosity outside (0, 1]"));
}

TEST(BadInput, InputWithoutAnyValue) {
  const TinyBasin basin;
  for (const auto& name : files_below(basin / "ssm"))
    TinyBasin::write_map(basin / "ssm" / name, TinyBasin::grid(), [](auto, auto) { return std::nan(""); });
  refuses(basin, 3, {"surface_soil_moisture", "no valid value"});
}

TEST(BadInput, BudgetThatIsTooSmall) {
  const TinyBasin basin;
  refuses(basin, 5, {"MiB", "--memory"}, {"--memory", "1MiB"});
}

TEST(BadInput, TheSmallestBudgetNamedIsEnough) {
  const TinyBasin basin;
  const std::string message = basin.run({"--memory", "1MiB"}).err;
  std::smatch found;
  ASSERT_TRUE(std::regex_search(message, found, std::regex("smallest that would do is ([0-9]+) MiB")))
      << message;
  const Outcome outcome = basin.run({"--memory", found[1].str() + "MiB"});
  EXPECT_EQ(outcome.exit_code, 0) << message << outcome.err;
}

TEST(BadInput, FolderThatCannotBeWritten) {
  const TinyBasin basin;
  write_text(basin / "out", "a file where the folder should be");
  const Outcome outcome = basin.run();
  EXPECT_EQ(outcome.exit_code, 4) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr((basin / "out").string()));
  if (::geteuid() == 0) return;  // root may write anywhere
  std::filesystem::remove(basin / "out");
  std::filesystem::create_directory(basin / "out");
  std::filesystem::permissions(basin / "out",
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  EXPECT_EQ(basin.run().exit_code, 4);
}

TEST(BadInput, FullDisk) {
  const TinyBasin basin;
  ASSERT_EQ(basin.run().exit_code, 0);
  const auto before = files_below(basin / "out");
  const std::string manifest = bytes_of(basin.out() / "manifest.json");
  for (int blocks : {0, 1, 8, 24, 40}) {  // of 512 bytes, for each file
#if defined(__SANITIZE_THREAD__)
    if (blocks == 0) continue;  // ThreadSanitizer writes a file of its own before main begins
#endif
    SCOPED_TRACE(blocks);
    const std::string script =
        "(ulimit -f " + std::to_string(blocks) + "; \"$@\"; echo \"code $?\") 2>&1 | cat >&2";
    const Outcome outcome =
        rootzone_in_shell(script, {"run", (basin / "tiny.toml").string(), "--set", "stage.1.time=7"});
    EXPECT_THAT(outcome.err,
                AllOf(HasSubstr("code 4"), HasSubstr("error: "), HasSubstr((basin / "out").string())));
    EXPECT_EQ(files_below(basin / "out"), before);
    EXPECT_EQ(bytes_of(basin.out() / "manifest.json"), manifest);
  }
}

TEST(BadInput, OutputThatNobodyWrites) {
  const TinyBasin basin;
  const std::vector<std::pair<std::string, std::string>> none{
      {"variable = \"soil_water_index\"", "variable = \"soil_water_index\"\nformats = []"}};
  basin.write_pipeline(none);
  refuses(basin, 2, {"soil_water_index", "formats", "netcdf, cog"});
  basin.write_pipeline(none, "[area]\n");
  const Outcome series_only = basin.run();
  EXPECT_EQ(series_only.exit_code, 0) << series_only.err;
  EXPECT_TRUE(std::filesystem::exists(basin.out() / "series/soil_water_index.csv"));
  EXPECT_FALSE(std::filesystem::exists(basin.out() / "soil_water_index.nc"));
}

TEST(BadInput, OutputNobodyMakes) {
  const TinyBasin basin;
  basin.write_pipeline({{"variable = \"soil_water_index\"", "variable = \"soil_watter_index\""}});
  refuses(basin, 2, {"[[output]]", "soil_watter_index", "soil_water_index"});
}

TEST(BadInput, TwoStagesOfOneName) {
  const TinyBasin basin;
  basin.write_pipeline({{"time = 5", "time = 5\noutput = \"root_zone_soil_moisture\""}});
  refuses(basin, 2, {"root_zone_soil_moisture", "output = "});
}

TEST(BadInput, BrokenExpressions) {
  const TinyBasin basin;
  const auto derived = [](const std::string& text) {
    return "[inputs.derived]\nexpression = \"" + text + "\"\n";
  };
  const std::vector<std::pair<std::string, std::string>> use{
      {"porosity_surface = \"porosity\"", "porosity_surface = \"derived\""}};
  basin.write_pipeline(use, derived("porosity +"));
  refuses(basin, 2, {"[inputs.derived]"});
  basin.write_pipeline(use, derived("porosit * 2"));
  refuses(basin, 2, {"[inputs.derived]", "porosit", "did you mean 'porosity'?"});
  basin.write_pipeline(use, derived("foo(porosity)"));
  refuses(basin, 2, {"[inputs.derived]", "foo"});
}

TEST(BadInput, InputsDerivedInACircle) {
  const TinyBasin basin;
  basin.write_pipeline({{"porosity_surface = \"porosity\"", "porosity_surface = \"one\""}},
                       "[inputs.one]\nexpression = \"two\"\n[inputs.two]\nexpression = \"one\"\n");
  refuses(basin, 2, {"derived from itself"});
  basin.write_pipeline({{"kind = \"smar\"", "kind = \"smar\"\nsurface = \"one\""}},
                       "[inputs.one]\nrole = \"daily\"\nexpression = \"two\"\n[inputs.two]\nrole = "
                       "\"daily\"\nexpression = \"one\"\n");
  refuses(basin, 2, {"derived from itself"});
}

// Neither role nor pattern keeps a fallback from taking over, nor a basin's outline.
TEST(BadInput, AnAbsentDailyInputLeavesItsFallback) {
  const TinyBasin basin;
  const auto optional = [](const std::string& role) {
    return "[inputs.finer]\npath = \"finer/ssm_{date}.tif\"\nunits = \"m3 m-3\"\nrequired = false\n" + role;
  };
  const std::string chosen =
      "[inputs.chosen]\nexpression = \"finer\"\nfallback = [\"surface_soil_moisture\"]\n";
  const std::vector<std::pair<std::string, std::string>> by_fallback{
      {"kind = \"smar\"", "kind = \"smar\"\nsurface = \"chosen\""}};
  const std::vector<std::pair<std::string, std::string>> direct{
      {"kind = \"smar\"", "kind = \"smar\"\nsurface = \"finer\""}};
  for (const std::string role : {"", "role = \"daily\"\n"}) {
    basin.write_pipeline(by_fallback, optional(role) + chosen);
    const Outcome outcome = basin.run();
    EXPECT_EQ(outcome.exit_code, 0) << role << outcome.err;
    std::filesystem::remove_all(basin / "out");
    basin.write_pipeline(direct, optional(role));
    refuses(basin, 3, {"[inputs.finer]", "finer/ssm_{date}.tif", "fallback"});
  }
}

// An optional series of maps that is there is one, though no file bears the pattern's own name.
TEST(BadInput, AnOptionalPatternIsNotTakenForALayer) {
  const TinyBasin basin;
  basin.write_pipeline(
      {{"path = \"ssm/ssm_{date}.tif\"", "path = \"ssm/ssm_{date}.tif\"\nrequired = false"}});
  const Outcome outcome = basin.run();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
}

TEST(BadInput, DailyInputWhereALayerIsNeeded) {
  const TinyBasin basin;
  basin.write_pipeline({{"porosity_surface = \"porosity\"", "porosity_surface = \"surface_soil_moisture\""}});
  refuses(basin, 2, {"smar", "surface_soil_moisture", "static"});
  basin.write_pipeline({{"kind = \"smar\"", "kind = \"smar\"\nsurface = \"porosity\""}});
  refuses(basin, 2, {"porosity", "day by day"});
}

/// CSV stations: two inside the basin (EPSG:3035 4002500, 2902000 is 5.633° E, 49.146° N), one outside.
void write_stations(const TinyBasin& basin, const std::string& broken_line) {
  write_text(basin / "stations.csv", "id,latitude,longitude\nnear,49.146,5.6326\nfar,10.0,10.0\n");
  std::string data = "station,date,5,20\n";
  for (int day = 1; day <= 10; ++day) {
    const std::string date = "2020-01-" + std::string(day < 10 ? "0" : "") + std::to_string(day);
    for (const char* station : {"near", "far"})
      data += std::string(station) + "," + date + ",0.30,0.2" + std::to_string(day % 10) + "\n";
    if (day == 4) data += broken_line;
  }
  write_text(basin / "data.csv", data);
  basin.write_pipeline({},
                       "[validation]\nformat = \"csv\"\nstations = \"stations.csv\"\ndata = "
                       "\"data.csv\"\nroot_zone = [10, 30]\nminimum_pairs = 4\n");
}

TEST(BadInput, AStationOutsideTheGridIsNamedAndLeftOut) {
  const TinyBasin basin;
  write_stations(basin, "");
  const Outcome outcome = basin.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("station 'far'"), HasSubstr("outside the grid")));
  const std::string metrics = bytes_of(basin.out() / "stations/metrics.csv");
  EXPECT_THAT(metrics, HasSubstr("near,"));
  EXPECT_THAT(metrics, Not(HasSubstr("far,")));
}

TEST(BadInput, ABrokenStationLineIsNamedAndTheRestUsed) {
  const TinyBasin basin;
  write_stations(basin, "near,2020-01-0x,abc\n");
  const Outcome outcome = basin.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("data.csv:10"));
  EXPECT_THAT(bytes_of(basin.out() / "stations/series/near.csv"), HasSubstr("2020-01-05"));
}

TEST(BadInput, NoStationInsideTheGrid) {
  const TinyBasin basin;
  write_stations(basin, "");
  write_text(basin / "stations.csv", "id,latitude,longitude\nnear,9.0,9.0\nfar,10.0,10.0\n");
  refuses(basin, 3, {"no station", "grid"});
}

TEST(BadInput, StationsWhoseFilesWouldShareAName) {
  const TinyBasin basin;
  write_stations(basin, "");
  std::string data = bytes_of(basin / "data.csv");
  for (std::size_t at = 0; (at = data.find("near,", at)) != std::string::npos; ++at)
    data.replace(at, 4, "A B");
  for (std::size_t at = 0; (at = data.find("far,", at)) != std::string::npos; ++at)
    data.replace(at, 3, "A_B");
  write_text(basin / "data.csv", data);
  write_text(basin / "stations.csv", "id,latitude,longitude\nA B,49.146,5.6326\nA_B,49.146,5.6326\n");
  const Outcome outcome = basin.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(std::filesystem::exists(basin.out() / "manifest.json"));
  EXPECT_TRUE(std::filesystem::exists(basin.out() / "stations/series/A_B.csv"));
  EXPECT_TRUE(std::filesystem::exists(basin.out() / "stations/series/A_B_2.csv"));
}

TEST(BadInput, AReturnPeriodThatStandsTwice) {
  const TinyBasin basin;
  basin.write_pipeline({},
                       "[[stage]]\nkind = \"mass_curve\"\nprecipitation = \"surface_soil_moisture\"\n"
                       "evaporation = \"surface_soil_moisture\"\nreturn_periods = [10, 2, 10]\n");
  refuses(basin, 2, {"mass_curve", "return_periods", "10", "twice"});
}

TEST(BadInput, AQuantileThatStandsTwice) {
  const TinyBasin basin;
  basin.write_pipeline({}, "[area]\nquantiles = [0.5, 0.1, 0.5]\n");
  refuses(basin, 2, {"[area] quantiles", "0.5", "twice"});
}

}  // namespace
}  // namespace rootzone::app::test
