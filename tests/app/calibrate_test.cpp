#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <map>
#include <sstream>

#include "rootzone/core/calendar.hpp"
#include "tiny_basin.hpp"

namespace rootzone::app::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::StartsWith;

constexpr int days = 500;

/// Showers over a surface that dries, and below it two layers that follow SMAR's recursion with these a and
/// b.
struct Soil {
  double a_upper, b_upper, a_lower, b_lower;
};
std::vector<std::vector<double>> moistures(const Soil& soil, unsigned seed) {
  std::vector<std::vector<double>> rows;
  double surface = 0.5, upper = 0.5, lower = 0.5;
  std::uint32_t state = seed;
  const auto uniform = [&] {
    state = state * 1664525U + 1013904223U;
    return static_cast<double>(state >> 8) / 16777216.0;
  };
  const auto next = [](double x, double s, double a, double b) {
    return std::min(1.0, 0.2 + (x - 0.2) * std::exp(-a) + 0.8 * b * std::max(0.0, s - 0.3));
  };
  for (int day = 0; day < days; ++day) {
    surface *= 0.9;
    if (uniform() < 0.3) surface = std::min(0.95, surface + 0.35 * uniform());
    surface = std::max(0.1, surface);
    upper = next(upper, surface, soil.a_upper, soil.b_upper);
    lower = next(lower, surface, soil.a_lower, soil.b_lower);
    rows.push_back({0.45 * surface, 0.42 * upper, 0.40 * lower});
  }
  return rows;
}

std::string date_of_day(int day) {
  return core::iso_date(core::date_of(core::day_number({2020, 1, 1}, core::Calendar::standard) + day,
                                      core::Calendar::standard));
}

/// A network in CSV on a small grid with soil maps: stations A and B are sound, each other one has a fault.
class Network {
 public:
  Network() {
    std::map<std::string, std::vector<std::vector<double>>> data;
    data["A"] = moistures({0.20, 0.30, 0.05, 0.12}, 1);
    data["B"] = moistures({0.25, 0.35, 0.08, 0.18}, 2);
    data["outside"] = data["A"];
    data["short"] = {data["A"].begin(), data["A"].begin() + 60};
    data["flat"] = data["A"];
    for (auto& row : data["flat"]) row[1] = row[2] = 0.3;
    data["soaked"] = data["B"];
    for (int day = 100; day < 110; ++day) data["soaked"][static_cast<std::size_t>(day)][0] = 1.2;
    std::ostringstream table, rows;
    table << "id,latitude,longitude\n";
    for (const auto& [name, series] : data) {
      const bool outside = name == "outside";
      table << name << "," << (outside ? 10.0 : 50.01) << "," << (name == "B" ? 8.035 : 8.005) << "\n";
    }
    table << "B,50.01,8.005\n";  // twice
    rows << "station,date,5,15,30\n";
    for (const auto& [name, series] : data)
      for (std::size_t day = 0; day < series.size(); ++day)
        rows << name << "," << date_of_day(static_cast<int>(day)) << "," << series[day][0] << ","
             << series[day][1] << "," << series[day][2] << "\n";
    write_text(m_basin / "stations.csv", table.str());
    write_text(m_basin / "series.csv", rows.str());
    const core::Grid grid = core::Grid("EPSG:4326", {8.0, 50.0, 8.05, 50.04}, 4, 5);
    TinyBasin::write_map(m_basin / "n.tif", grid,
                         [](auto, auto col) { return 0.42 + 0.01 * static_cast<double>(col); });
    TinyBasin::write_map(m_basin / "fc.tif", grid, [](auto, auto) { return 0.25; });
    write_pipeline();
  }

  void write_pipeline(const std::string& keys = "covariates = [\"P1\"]\n", const std::string& validation = "",
                      const std::string& zones = default_zones) const {
    write_text(m_basin / "study.toml", R"([pipeline]
name = "study"
[grid]
crs = "EPSG:4326"
extent = [8.0, 50.0, 8.05, 50.04]
resolution = [0.01, 0.01]
[time]
start = 2020-01-01
end = 2021-05-14
[validation]
format = "csv"
stations = "stations.csv"
data = "series.csv"
)" + validation + R"([inputs.n]
path = "n.tif"
units = "m3 m-3"
[inputs.fc]
path = "fc.tif"
units = "m3 m-3"
[calibration]
porosity_surface = "n"
repetitions = 3
optimizer = "cmaes"
)" + keys + zones);
  }

  static constexpr const char* default_zones = R"([[calibration.root_zone]]
depth = [10, 50]
porosity = "n"
field_capacity = "fc"
)";

  Outcome calibrate(std::vector<std::string> arguments = {}) const {
    std::vector<std::string> all{"calibrate", (m_basin / "study.toml").string(), "--out", out().string()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return rootzone(all);
  }
  std::filesystem::path out() const { return m_basin / "calibrated"; }
  std::filesystem::path operator/(const std::string& name) const { return m_basin / name; }

 private:
  TinyBasin m_basin;
};

std::vector<std::vector<std::string>> rows_of(const std::filesystem::path& csv) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream text(bytes_of(csv));
  for (std::string line; std::getline(text, line);) {
    rows.emplace_back();
    std::istringstream fields(line);
    for (std::string field; std::getline(fields, field, ',');) rows.back().push_back(field);
  }
  return rows;
}

TEST(Calibrate, FitsSoundStationsAndNamesTheOthers) {
  const Network network;
  const Outcome done = network.calibrate();
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(done.out, network.out().string() + "\n");
  EXPECT_THAT(files_below(network.out()),
              IsSupersetOf({"calibration.csv", "parameters.toml", "scores.csv", "issues.csv", "report.html",
                            "series/A_10-50.csv", "series/B_10-50.csv"}));
  EXPECT_THAT(bytes_of(network.out() / "calibration.csv"),
              StartsWith("station,root_zone,covariates,scheme,repetition,seed,sw2,sc1,a,b,v2_cm_per_day,"
                         "rmse_calibration,rmse_validation,pearson_r_validation,nse_validation,at_bound\n"
                         "A,10-50,P1,paper,1,1,"));
  EXPECT_EQ(rows_of(network.out() / "calibration.csv").size(), 1u + 2 * 3);
  EXPECT_THAT(done.err,
              AllOf(HasSubstr("station 'outside': lies outside the grid"),
                    HasSubstr("station 'short', root zone 10-50 cm: too few valid pairs"),
                    HasSubstr("expected 100 days with surface and root-zone moisture, found 40"),
                    HasSubstr("station 'flat': implausible, the sensor at 15 cm: constant"),
                    HasSubstr("station 'soaked': implausible, the sensor at 5 cm: 10 of 500 days above 1"),
                    HasSubstr("\"B\" stands twice")));
  const std::string issues = bytes_of(network.out() / "issues.csv");
  for (const char* name : {"outside", "short", "flat", "soaked"}) EXPECT_THAT(issues, HasSubstr(name));
  const std::string parameters = bytes_of(network.out() / "parameters.toml");
  EXPECT_THAT(parameters, AllOf(HasSubstr("station = \"A\""), HasSubstr("applicable = true"),
                                HasSubstr("seeds = [1, 2, 3]"), HasSubstr("scheme = \"paper\"")));
  EXPECT_THAT(bytes_of(network.out() / "report.html"),
              AllOf(HasSubstr("Medians"), HasSubstr("Left out, and why"), HasSubstr("soaked")));
}

TEST(Calibrate, ReplacesWhatAnEarlierOneLeft) {
  const Network network;
  network.write_pipeline("covariates = [\"series\"]\nunfiltered = true\n");
  ASSERT_EQ(network.calibrate().exit_code, 0);
  write_text(network.out() / "series" / "mine.csv", "kept");
  EXPECT_THAT(files_below(network.out()), IsSupersetOf({"series/B_10-50.csv", "scores_unfiltered.csv"}));
  network.write_pipeline("covariates = [\"series\"]\n", "only_stations = [\"A\"]\n");
  ASSERT_EQ(network.calibrate().exit_code, 0);
  const auto files = files_below(network.out());
  EXPECT_THAT(files, IsSupersetOf({"series/A_10-50.csv", "series/mine.csv"}));
  EXPECT_EQ(files.count("series/B_10-50.csv") + files.count("scores_unfiltered.csv"), 0u);
}

TEST(Calibrate, RecoversWhatTheSeriesWereMadeOf) {
  const Network network;
  network.write_pipeline(
      "covariates = [\"P1\"]\n", "only_stations = [\"A\"]\n",
      "[[calibration.root_zone]]\ndepth = [23, 50]\nporosity = 0.4\nfield_capacity = 0.2\n");
  const Outcome done = network.calibrate({"--set", "calibration.porosity_surface=0.45"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const auto rows = rows_of(network.out() / "calibration.csv");
  ASSERT_EQ(rows.size(), 4u);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    EXPECT_NEAR(std::stod(rows[i][6]), 0.20, 2e-3) << "sw2";
    EXPECT_NEAR(std::stod(rows[i][7]), 0.30, 2e-3) << "sc1";
    EXPECT_NEAR(std::stod(rows[i][8]), 0.05, 1e-3) << "a";
    EXPECT_NEAR(std::stod(rows[i][9]), 0.12, 2e-3) << "b";
    EXPECT_LT(std::stod(rows[i][12]), 1e-4) << "validation";
    EXPECT_GT(std::stod(rows[i][13]), 0.9999);
  }
}

TEST(Calibrate, SameBytesWhateverTheThreads) {
  const Network network;
  ASSERT_EQ(network.calibrate({"--jobs", "1"}).exit_code, 0);
  std::map<std::string, std::string> alone;
  for (const std::string& file : files_below(network.out())) alone[file] = bytes_of(network.out() / file);
  std::filesystem::remove_all(network.out());
  ASSERT_EQ(network.calibrate({"--jobs", "2"}).exit_code, 0);
  for (const auto& [file, bytes] : alone) {
    if (file == "report.html") continue;  // it shows the command line
    EXPECT_EQ(bytes, bytes_of(network.out() / file)) << file;
  }
}

TEST(Calibrate, AThinRootZoneIsNotApplicable) {
  const Network network;
  network.write_pipeline("covariates = [\"P1\"]\n", "only_stations = [\"A\", \"B\"]\n",
                         R"([[calibration.root_zone]]
depth = [10, 20]
warm_up_days = 5
porosity = "n"
field_capacity = "fc"
)" + std::string(Network::default_zones));
  const Outcome done = network.calibrate();
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("10-20 cm, P1, paper: not applicable at 2 of 2 stations (A, B); at A b"));
  EXPECT_THAT(done.err, Not(HasSubstr("10-50 cm, P1, paper: not applicable")));
  EXPECT_THAT(bytes_of(network.out() / "report.html"), HasSubstr("not applicable: b"));
}

TEST(Calibrate, SetsAndSchemesStandSideBySide) {
  const Network network;
  network.write_pipeline(
      "covariates = [\"P1\", \"P2\", \"series\"]\nschemes = [\"paper\", \"exact\"]\nsand_surface = 40\n"
      "clay_surface = 20\n",
      "only_stations = [\"A\"]\n", std::string(Network::default_zones) + "sand = 30\nclay = 33\n");
  const Outcome done = network.calibrate();
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(rows_of(network.out() / "calibration.csv").size(), 1u + 3 * 2 * 3);
  const std::string parameters = bytes_of(network.out() / "parameters.toml");
  EXPECT_THAT(parameters,
              AllOf(HasSubstr("origin = \"soil maps\""), HasSubstr("origin = \"loam over clay loam\""),
                    HasSubstr("surface_porosity = 0.463"), HasSubstr("root_zone_field_capacity = 0.318"),
                    HasSubstr("largest value and 75th percentile")));
  EXPECT_EQ(rows_of(network.out() / "series" / "A_10-50.csv")[0].size(), 3u + 6 + 1);
}

TEST(Calibrate, TheUnfilteredTableHasEveryStation) {
  const Network network;
  network.write_pipeline("covariates = [\"series\"]\nunfiltered = true\n", "only_stations = [\"A\"]\n");
  const Outcome done = network.calibrate();
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(rows_of(network.out() / "calibration.csv").size(), 1u + 3);
  const std::string all = bytes_of(network.out() / "calibration_unfiltered.csv");
  EXPECT_THAT(all, AllOf(HasSubstr("\nA,"), HasSubstr("\nB,"), HasSubstr("\nsoaked,")));
  EXPECT_THAT(bytes_of(network.out() / "report.html"), HasSubstr("All series, unfiltered"));
}

TEST(Calibrate, RefusesPeriodsThatOverlapAndSoOn) {
  const Network network;
  const auto refused = [&](const std::string& keys, const std::string& message) {
    network.write_pipeline(keys);
    const Outcome done = network.calibrate();
    EXPECT_EQ(done.exit_code, 2) << keys;
    EXPECT_THAT(done.err, HasSubstr(message)) << keys;
    EXPECT_FALSE(std::filesystem::exists(network.out()));
  };
  refused("split = \"dates\"\ncalibration_end = 2020-12-31\nvalidation_start = 2020-12-01\n",
          "the periods overlap: validation_start 2020-12-01 is not after calibration_end 2020-12-31");
  refused("calibration_end = 2020-12-31\n", "set split = \"dates\"");
  refused("covariates = [\"P3\"]\n", "\"P3\" is not a choice");
  refused("covariates = [\"P2\"]\n", "covariates P2 need sand_surface");
  refused("mutation_paramter = 3\n", "did you mean 'mutation_parameter'");
  refused("covariates = [\"P1\", \"P1\"]\n", "names \"P1\" twice");
  network.write_pipeline("optimiser = \"sga\"\n");
  EXPECT_THAT(network.calibrate().err, HasSubstr("did you mean 'optimizer'"));
}

TEST(Calibrate, DatesOfThePeriodsCount) {
  const Network network;
  network.write_pipeline(
      "split = \"dates\"\ncalibration_start = 2020-02-01\ncalibration_end = 2020-12-31\n"
      "validation_start = 2021-01-10\n",
      "only_stations = [\"A\"]\n");
  const Outcome done = network.calibrate();
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(
      bytes_of(network.out() / "parameters.toml"),
      AllOf(HasSubstr("calibration_days = [2020-02-01, 2020-12-31]"),
            HasSubstr("validation_days = [2021-01-10, 2021-05-14]"), HasSubstr("compared_days = 335")));
}

TEST(Calibrate, WithoutAStationLeftItSaysWhyForEach) {
  const Network network;
  network.write_pipeline("covariates = [\"P1\"]\n", "only_stations = [\"outside\", \"short\"]\n");
  const Outcome done = network.calibrate();
  EXPECT_EQ(done.exit_code, 3);
  EXPECT_THAT(done.err,
              AllOf(HasSubstr("no station can be calibrated"), HasSubstr("outside: lies outside the grid"),
                    HasSubstr("short, 10-50 cm: too few valid pairs")));
  EXPECT_FALSE(std::filesystem::exists(network.out()));
}

TEST(Calibrate, RefusesStationsWhoseSeriesWouldShareAFile) {
  const Network network;
  for (const char* file : {"stations.csv", "series.csv"}) {
    std::string text = bytes_of(network / file);
    for (const auto& [before, after] : {std::pair{"\nA,", "\nS 1,"}, std::pair{"\nB,", "\nS_1,"}})
      for (std::size_t at = 0; (at = text.find(before, at)) != std::string::npos;) text.replace(at, 3, after);
    write_text(network / file, text);
  }
  const Outcome outcome = network.calibrate();
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("'S 1'"), HasSubstr("'S_1'"), HasSubstr("S_1_10-50")));
  EXPECT_FALSE(std::filesystem::exists(network.out()));
}

TEST(Calibrate, NeedsItsTable) {
  const TinyBasin basin;
  basin.write_pipeline();
  const Outcome done = rootzone({"calibrate", (basin / "tiny.toml").string()});
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.err, HasSubstr("has no ["));
}

TEST(Calibrate, ASignalLeavesNothingBehind) {
  const Network network;
  Process process(rootzone_command({"calibrate", (network / "study.toml").string(), "--out",
                                    network.out().string(), "--set", "calibration.optimizer=sga", "--set",
                                    "calibration.generations=1500", "--set", "calibration.repetitions=200"}));
  // Once the guard stands: work begins after it.
  using namespace std::chrono_literals;
  while (!contains(process.err(), "calibrating stations: started") && !process.ended(1ms)) continue;
  EXPECT_FALSE(process.ended(100ms)) << process.err();
  process.send(SIGTERM);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit_code, 143) << outcome.err;
  EXPECT_FALSE(std::filesystem::exists(network.out()));
}

// Liu et al. 2023 on field data: the Hamburg urban soil network, flags good at 5, 10 and 40 cm.
TEST(Calibrate, HuscoValidatesAsAnIndependentFitDid) {
  const std::filesystem::path source = ROOTZONE_SOURCE_DIR;
  if (!std::filesystem::exists(source / ".." / "shared" / "data" / "husco"))
    GTEST_SKIP() << "../shared/data/husco is not there";
  const TinyBasin scratch;
  const auto out = scratch / "husco";
  const Outcome done =
      rootzone({"calibrate", (source / "pipelines" / "study-husco.toml").string(), "--out", out.string(),
                "--set", "calibration.optimizer=cmaes", "--set", "calibration.repetitions=3"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  std::vector<double> r, rmse;
  for (const auto& row : rows_of(out / "scores.csv"))
    if (row[4] == "smar" && row[5] == "validation") {
      rmse.push_back(std::stod(row[7]));
      r.push_back(std::stod(row[10]));
    }
  ASSERT_EQ(r.size(), 5u);
  std::sort(r.begin(), r.end());
  std::sort(rmse.begin(), rmse.end());
  EXPECT_GE(r[2], 0.92);
  EXPECT_LE(rmse[2], 0.03);
  EXPECT_NEAR(r[2], 0.95, 0.005);
  EXPECT_NEAR(rmse[2], 0.020, 0.001);
  EXPECT_THAT(done.err,
              HasSubstr("station '1': has no kept sensor at 10 cm, which required_depths asks for"));
  EXPECT_GE(rows_of(out / "scores_unfiltered.csv").size(), 1u + 14 * 8);
  EXPECT_THAT(bytes_of(out / "report.html"),
              HasSubstr("implausible but kept, the sensor at 5 cm: 42 of 2041 days above 1"));
}

}  // namespace
}  // namespace rootzone::app::test
