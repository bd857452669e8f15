#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "rootzone/core/calendar.hpp"
#include "tiny_basin.hpp"

namespace rootzone::app::test {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields{""};
  for (char c : line) {
    if (c == ',')
      fields.emplace_back();
    else
      fields.back() += c;
  }
  return fields;
}

/// One column of a CSV text with a header.
std::vector<std::string> column_of(const std::string& csv, const std::string& name) {
  const auto lines = lines_of(csv);
  std::vector<std::string> column;
  if (lines.empty()) return column;
  const auto header = fields_of(lines[0]);
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) return column;
  for (std::size_t i = 1; i < lines.size(); ++i)
    column.push_back(fields_of(lines[i])[static_cast<std::size_t>(found - header.begin())]);
  return column;
}

std::vector<double> numbers_of(const std::string& csv, const std::string& name) {
  std::vector<double> numbers;
  for (const std::string& text : column_of(csv, name)) numbers.push_back(std::stod(text));
  return numbers;
}

TEST(Commands, HelpNamesEveryCommandAndOption) {
  const Outcome help = rootzone({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* command :
       {"demo", "check", "run", "validate", "calibrate", "storage", "moisture", "schema"}) {
    EXPECT_THAT(help.out, HasSubstr(command));
    const Outcome one = rootzone({command, "--help"});
    EXPECT_EQ(one.exit_code, 0) << command;
    EXPECT_THAT(one.out, HasSubstr("Usage: rootzone " + std::string(command))) << command;
    EXPECT_EQ(one.err, "");
  }
  EXPECT_THAT(rootzone({"run", "--help"}).out,
              AllOf(HasSubstr("--set"), HasSubstr("--jobs"), HasSubstr("--memory"), HasSubstr("--out")));
}

TEST(Commands, WrongArgumentsEndWithTwoAndTheUsage) {
  const std::vector<std::vector<std::string>> wrong{{"run"},
                                                    {"run", "a.toml", "b.toml"},
                                                    {"run", "a.toml", "--jobs", "many"},
                                                    {"run", "a.toml", "--jobs", "-1"},
                                                    {"run", "a.toml", "--set"},
                                                    {"run", "a.toml", "--job=2"},
                                                    {"schema", "--format", "yaml"},
                                                    {"--log", "xml", "schema"},
                                                    {"moisture", "a.csv"},
                                                    {"moisture", "a.csv", "--stage", "smarr"}};
  for (const auto& arguments : wrong) {
    const Outcome outcome = rootzone(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << ::testing::PrintToString(arguments) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("--help")) << ::testing::PrintToString(arguments);
    EXPECT_EQ(outcome.out, "");
  }
  EXPECT_THAT(rootzone({"run", "a.toml", "--memory", "lots"}).err,
              HasSubstr("--memory: expected a size such as 512MiB"));
  EXPECT_THAT(rootzone({"demo", "d", "--truth", "richards"}).err, HasSubstr("{column,simple}"));
}

TEST(Commands, SchemaIsJsonOrAPage) {
  const Outcome schema = rootzone({"schema"});
  EXPECT_EQ(schema.exit_code, 0);
  EXPECT_EQ(schema.err, "");
  EXPECT_TRUE(json::parse(schema.out).at("properties").contains("stage"));
  EXPECT_EQ(rootzone({"schema", "--format", "markdown"}).out,
            bytes_of(ROOTZONE_SOURCE_DIR "/docs/pipeline-file.md"));
}

TEST(Commands, AFullStandardOutputIsAnError) {
  const TinyBasin basin;
  const std::string pipeline = (basin / "tiny.toml").string();
  const std::vector<std::vector<std::string>> commands{
      {"schema"}, {"--version"}, {"--help"}, {"check", pipeline}, {"run", pipeline}};
  for (const auto& arguments : commands) {
    const Outcome outcome = rootzone_in_shell("exec \"$@\" > /dev/full", arguments);
    EXPECT_EQ(outcome.exit_code, 4) << arguments.front();
    EXPECT_THAT(outcome.err, HasSubstr("standard output")) << arguments.front();
  }
}

TEST(Log, AsJsonIsOneObjectALine) {
  const TinyBasin basin;
  const Outcome good = rootzone({"--log", "json", "run", (basin / "tiny.toml").string()});
  EXPECT_EQ(good.exit_code, 0);
  EXPECT_GE(lines_of(good.err).size(), 4U);
  const Outcome bad = rootzone({"--log", "json", "run", (basin / "tiny.toml").string(), "--set",
                                "stage.0.a=\"\\\"quoted\\\"\\n\\\\\""});
  EXPECT_EQ(bad.exit_code, 2);
  for (const std::string& line : lines_of(good.err + bad.err)) {
    ASSERT_TRUE(json::accept(line)) << line;
    const json entry = json::parse(line);
    EXPECT_EQ(entry.size(), 3U);
    EXPECT_THAT(entry.at("time").get<std::string>(), AllOf(StartsWith("20"), ::testing::EndsWith("Z")));
    EXPECT_THAT(entry.at("level").get<std::string>(), ::testing::AnyOf("info", "warning", "error"));
  }
  EXPECT_EQ(json::parse(lines_of(bad.err).back()).at("level"), "error");
}

TEST(Log, AsJsonHoldsErrorsOfTheCommandLineToo) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"--log", "json", "update", "a.toml"},
                                             {"--log=json", "rnu"},
                                             {"run", "--log", "json", "--what"}}) {
    const Outcome bad = rootzone(arguments);
    EXPECT_EQ(bad.exit_code, 2);
    ASSERT_TRUE(json::accept(bad.err)) << bad.err;
    EXPECT_THAT(json::parse(bad.err).at("message").get<std::string>(), HasSubstr("--help"));
  }
}

TEST(Log, QuietSaysOnlyWhatIsWrong) {
  const TinyBasin basin;
  EXPECT_EQ(rootzone({"--quiet", "run", (basin / "tiny.toml").string()}).err, "");
  const Outcome outcome = rootzone({"run", "--quiet", (basin / "tiny.toml").string(), "--set", "time.ned=1"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(lines_of(outcome.err).size(), 1U) << outcome.err;
}

TEST(Log, OfAShortRunIsShort) {
  const TinyBasin basin;
  EXPECT_LE(lines_of(basin.run().err).size(), 6U);
}

TEST(Check, DescribesEveryInputAndWritesNothing) {
  const TinyBasin basin;
  const Outcome outcome = basin.check();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  for (const char* line :
       {"tiny: 4 rows × 5 columns, 2020-01-01 … 2020-01-10 (10 days)", "surface_soil_moisture (daily)",
        "files:      10 (ssm_20200101.tif … ssm_20200110.tif)", "crs:        EPSG:3035",
        "0 days of the run missing", "porosity (static)", "missing 0 %, minimum 0.5, mean 0.5, maximum 0.5",
        "products: root_zone_soil_moisture soil_water_index", "the pipeline is ready to run"})
    EXPECT_THAT(outcome.out, HasSubstr(line));
  EXPECT_FALSE(std::filesystem::exists(basin / "out"));
}

TEST(Run, FindsItsFilesFromAnyFolder) {
  const TinyBasin basin;
  const Outcome outcome = rootzone({"run", "tiny.toml"}, basin.path());
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(files_below(basin.out()).contains("manifest.json"));
  const Outcome elsewhere = rootzone({"run", (basin / "tiny.toml").string(), "--out", "here"}, basin / "ssm");
  EXPECT_EQ(elsewhere.exit_code, 0) << elsewhere.err;
  EXPECT_TRUE(files_below(basin / "ssm/here").contains("root_zone_soil_moisture.nc"));
}

TEST(Run, EndsOnADayThatNoClockHas) {
  const TinyBasin basin;
  basin.write_pipeline({{"end = 2020-01-10", "end = \"2020-02-30\"\ncalendar = \"360_day\""}});
  const Outcome outcome = basin.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(bytes_of(basin.out() / "rootzone.prom"), HasSubstr("} 1582934400\n")) << "2020-02-29";
}

/// A mass curve over a year: P = 2.4 mm/d on the days `precipitation` leaves, PET = 3 mm/d, and what is
/// added.
std::string year_of_mass_curve(const TinyBasin& basin, bool precipitation_has_gaps,
                               const std::string& settings) {
  std::vector<double> all;
  std::vector<double> nine_of_ten;
  for (int day = 0; day < 366; ++day) {
    all.push_back(18262 + day);
    if (day % 10 != 3) nine_of_ten.push_back(18262 + day);
  }
  TinyBasin::write_cube(basin / "p.nc", "p", "mm d-1", precipitation_has_gaps ? nine_of_ten : all, 2.4);
  TinyBasin::write_cube(basin / "pet.nc", "pet", "mm d-1", all, 3.0);
  TinyBasin::write_cube(basin / "water.nc", "water", "mm d-1", nine_of_ten, 0.0);
  TinyBasin::write_map(basin / "catchment.tif", TinyBasin::grid(), [](auto, auto) { return 1.0; });
  std::string pipeline =
      "[pipeline]\nname = \"tiny\"\n[grid]\nlike = \"porosity.tif\"\n[time]\n"
      "start = 2020-01-01\nend = 2020-12-31\n[inputs.catchment]\npath = \"catchment.tif\"\n"
      "units = \"1\"\n[inputs.precipitation]\npath = \"p.nc\"\n"
      "[inputs.potential_evapotranspiration]\npath = \"pet.nc\"\n[inputs.water]\n"
      "path = \"water.nc\"\n[[output]]\nvariable = \"annual_maximum_deficit\"\n"
      "[[stage]]\nkind = \"mass_curve\"\nminimum_valid_days = 300\n" +
      settings;
  write_text(basin / "tiny.toml", pipeline);
  const Outcome outcome = basin.run();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::string report = bytes_of(basin.out() / "report.html");
  const std::size_t at = report.find("Evaporation is ");
  return at == std::string::npos ? "no remark" : report.substr(at, report.find("</", at) - at);
}

// Fu's curve takes P and PET of the same days, whatever else is missing on some of them.
TEST(MassCurve, DaysWithoutIrrigationCountInNoSum) {
  const TinyBasin basin;
  const std::string budyko = "evaporation_from = \"budyko\"\n";
  const std::string without = year_of_mass_curve(basin, false, budyko);
  EXPECT_THAT(without, StartsWith("Evaporation is 0."));
  EXPECT_EQ(year_of_mass_curve(basin, false, budyko + "irrigation = \"water\"\n"), without);
}

// Q = 0.9 mm/d over 20 km2: (2.4 − 0.9)/3 = 0.5 of PET, with or without a tenth of the days missing in P.
TEST(MassCurve, GapsInPrecipitationDoNotMoveTheGaugesBalance) {
  const TinyBasin basin;
  std::string discharge = "date,discharge_m3s\n";
  for (int day = 0; day < 366; ++day)
    discharge += core::iso_date(core::date_of(18262 + day, core::Calendar::standard)) + ",0.208333333333\n";
  write_text(basin / "discharge.csv", discharge);
  const std::string gauge =
      "evaporation_from = \"discharge\"\n[stage.discharge]\npath = \"discharge.csv\"\ncatchment = "
      "\"catchment\"\narea = 20\n";
  for (const bool gaps : {false, true})
    EXPECT_THAT(year_of_mass_curve(basin, gaps, gauge),
                AllOf(StartsWith("Evaporation is 0.5 times PET"), HasSubstr("inflow 876.6\u202fmm"),
                      HasSubstr("discharge 328.7\u202fmm"), HasSubstr("PET 1096\u202fmm")))
        << gaps;
}

TEST(Validate, WithoutARunSaysWhatToDo) {
  const TinyBasin basin;
  EXPECT_EQ(rootzone({"validate", (basin / "tiny.toml").string()}).exit_code, 2);
}

// Deficit D, inflow P, outflow E: D ← max(0, D + E − P); what lies below zero is recharge.
//   P  0 5 0 0 20      E  2 2 3 4 1
//   D  2 0 3 7  0   recharge 0 1 0 0 12
TEST(Storage, FollowsTheDeficitByHand) {
  const TinyBasin basin;
  write_text(basin / "site.csv",
             "date,precipitation_mm,evaporation_mm\n2001-01-01,0,2\n2001-01-02,5,2\n2001-01-03,0,3\n"
             "2001-01-04,0,4\n2001-01-05,20,1\n");
  const Outcome outcome = rootzone({"storage", (basin / "site.csv").string()});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(column_of(outcome.out, "date"),
              ElementsAre("2001-01-01", "2001-01-02", "2001-01-03", "2001-01-04", "2001-01-05"));
  EXPECT_THAT(numbers_of(outcome.out, "water_deficit"), ElementsAre(2, 0, 3, 7, 0));
  EXPECT_THAT(numbers_of(outcome.out, "recharge"), ElementsAre(0, 1, 0, 0, 12));
}

TEST(Storage, WritesTheTablesOfASite) {
  const TinyBasin basin;
  std::string csv = "date,precipitation_mm,evaporation_mm\n";
  for (int year = 2001; year <= 2003; ++year)
    for (int month = 1; month <= 12; ++month)
      for (int day = 1; day <= 28; ++day)  // deficits of 2 mm/d in July, year − 2000 days long
        csv += std::to_string(year) + (month < 10 ? "-0" : "-") + std::to_string(month) +
               (day < 10 ? "-0" : "-") + std::to_string(day) +
               (month == 7 && day <= year - 2000 ? ",0,2\n" : ",9,0\n");
  write_text(basin / "site.csv", csv);
  const Outcome outcome =
      rootzone({"storage", (basin / "site.csv").string(), "--out", (basin / "site").string(), "--set",
                "minimum_years=2", "--set", "advised_years=2"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::string annual = bytes_of(basin / "site/annual_maximum_deficit.csv");
  EXPECT_THAT(column_of(annual, "year"), ElementsAre("2001", "2002", "2003"));
  EXPECT_THAT(numbers_of(annual, "annual_maximum_deficit"), ElementsAre(2, 4, 6));
  EXPECT_THAT(column_of(bytes_of(basin / "site/root_zone_storage_capacity.csv"), "return_period"),
              ElementsAre("2", "5", "10", "20", "40", "80"));
}

// s2 ← sw2 + (s2 − sw2)·e^(−a) + (1 − sw2)·b·max(s1 − sc1, 0), from s2 = sc1 = 0.5; porosity 0.5.
//   day 1: s1 = 0.8: 0.2 + 0.3·e^(−0.1) + 0.8·0.3·0.3 = 0.5434512
//   day 2: s1 = 0.4: 0.2 + 0.3434512·e^(−0.1)          = 0.5107677
TEST(Moisture, FollowsSmarByHand) {
  const TinyBasin basin;
  write_text(basin / "site.csv", "date,surface_soil_moisture\n2001-01-01,0.4\n2001-01-02,0.2\n");
  std::vector<std::string> arguments{"moisture", (basin / "site.csv").string(), "--stage", "smar"};
  for (const char* setting : {"parameters=constants", "sw2=0.2", "sc1=0.5", "a=0.1", "b=0.3",
                              "porosity_surface=0.5", "porosity_root_zone=0.5"})
    arguments.insert(arguments.end(), {"--set", setting});
  const Outcome outcome = rootzone(arguments);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto saturation = numbers_of(outcome.out, "root_zone_saturation");
  ASSERT_EQ(saturation.size(), 2U) << outcome.out;
  EXPECT_NEAR(saturation[0], 0.5434512, 1e-6);
  EXPECT_NEAR(saturation[1], 0.5107677, 1e-6);
  EXPECT_NEAR(numbers_of(outcome.out, "root_zone_soil_moisture")[0], 0.2717256, 1e-6);
  EXPECT_THAT(column_of(outcome.out, "flags")[0], HasSubstr("spinning_up"));
}

// K1 = 1, K2 = K1/(K1 + e^(−1/5)) = 0.5498340; the index goes from 0.4 to 0.4 + K2·(0.2 − 0.4) = 0.2900332.
TEST(Moisture, FollowsTheExponentialFilterByHand) {
  const TinyBasin basin;
  write_text(basin / "site.csv", "date,surface_soil_moisture\n2001-01-01,0.4\n2001-01-02,0.2\n");
  const Outcome outcome = rootzone(
      {"moisture", (basin / "site.csv").string(), "--stage", "exponential_filter", "--set", "time=5"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto index = numbers_of(outcome.out, "soil_water_index");
  ASSERT_EQ(index.size(), 2U) << outcome.out;
  EXPECT_NEAR(index[0], 0.4, 1e-6);
  EXPECT_NEAR(index[1], 0.2900332, 1e-6);
}

TEST(Site, NamesTheLineThatIsWrong) {
  const TinyBasin basin;
  write_text(basin / "site.csv", "date,surface_soil_moisture\n2001-01-01,0.4\n2001-01-01,0.2\n");
  const Outcome outcome =
      rootzone({"moisture", (basin / "site.csv").string(), "--stage", "exponential_filter"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("site.csv:3"));
  EXPECT_EQ(rootzone({"storage", (basin / "absent.csv").string()}).exit_code, 3);
}

}  // namespace
}  // namespace rootzone::app::test
