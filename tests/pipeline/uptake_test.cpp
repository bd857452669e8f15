// The commands `rootzone uptake …`: what they write, how they refuse, and that their page names every
// setting.
#include "rootzone/pipeline/uptake.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "rootzone/core/error.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/pipeline/resolve.hpp"
#include "uptake_site.hpp"
#include "uptake_soil.hpp"
#include "uptake_tables.hpp"
#include "xml_checker.hpp"

namespace rootzone::pipeline {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class Uptake : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    m_folder = fs::temp_directory_path() / ("rootzone_uptake_" + std::string(test->name()));
    fs::remove_all(m_folder);
    fs::create_directories(m_folder);
  }
  void TearDown() override { fs::remove_all(m_folder); }

  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(m_folder / name, std::ios::binary) << text;
    return m_folder / name;
  }
  UptakeRequest request(std::vector<std::string> overrides, const fs::path& file = {}) const {
    return {file, std::move(overrides), m_folder / "out"};
  }
  /// What an invert with these settings says when it refuses.
  std::string refusal(const fs::path& file, const std::vector<std::string>& overrides) const {
    std::ostringstream out;
    try {
      run_uptake_invert(request(overrides, file), core::serial_for, out);
    } catch (const core::Error& error) {
      return error.what();
    }
    return "";
  }
  fs::path series() const {
    std::string text =
        "date,precipitation_mm,soil_evaporation_mm,soil_moisture_10cm,soil_moisture_30cm,note_mm\n";
    for (int day = 1; day <= 6; ++day)
      text += "2020-06-0" + std::to_string(day) + ",0,0.2," + std::to_string(0.20 - 0.004 * day) + "," +
              std::to_string(0.22 - 0.002 * day) + ",1\n";
    return write("site.csv", text);
  }
  fs::path m_folder;
};

const std::vector<std::string> clay_loam{"soil.pedotransfer=wosten", "soil.sand=30", "soil.clay=30",
                                         "soil.bulk_density=1.4", "soil.organic_carbon=1.5"};

std::vector<std::string> with(std::vector<std::string> settings, const std::vector<std::string>& more) {
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

TEST_F(Uptake, ExperimentWritesItsTableAndPage) {
  std::ostringstream out;
  run_uptake_experiment(request({}), core::serial_for, out);
  const io::CsvTable emd = io::CsvTable::read(m_folder / "out/emd.csv");
  EXPECT_EQ(emd.header(),
            (std::vector<std::string>{"profile", "wetness", "interval_days", "layers", "fluxes", "emd_m"}));
  ASSERT_EQ(emd.rows(), 48U);
  std::set<std::string> words;
  for (std::size_t row = 0; row < emd.rows(); ++row) {
    words.insert(emd.text(row, 0) + " " + emd.text(row, 1) + " " + emd.text(row, 4));
    if (emd.text(row, 4) == "exact") {
      EXPECT_LT(emd.number(row, 5), 1e-10);
    }
  }
  EXPECT_EQ(words.size(), 8U);
  EXPECT_TRUE(words.contains("shallow dry trapezoid"));
  EXPECT_TRUE(words.contains("deep wet exact"));
  EXPECT_NE(out.str().find("shallow  dry"), std::string::npos) << out.str();
  const std::string page = text_of(m_folder / "out/report.html");
  EXPECT_EQ(xml_problem(page), "");
  EXPECT_FALSE(has_printed_nan(page));
  EXPECT_FALSE(has_external_reference(page));
  EXPECT_NE(page.find("<svg"), std::string::npos);
  const auto settings = nlohmann::json::parse(text_of(m_folder / "out/settings.json"));
  EXPECT_EQ(settings["settings"]["column"]["root_scale"], 25);
}

TEST_F(Uptake, SensitivityWritesIndicesAndSuccess) {
  std::ostringstream out;
  run_uptake_sensitivity(request({"samples=256", "bootstrap=20"}), core::serial_for, out);
  const io::CsvTable sobol = io::CsvTable::read(m_folder / "out/sobol.csv");
  // Four experiments, four forms; 5 factors, 2 and 7 in the three cases, and the sums.
  EXPECT_EQ(sobol.rows(), 4U * 4U * (6U + 3U + 8U));
  const std::size_t factor = sobol.column("factor");
  EXPECT_EQ(sobol.text(0, factor), "saturated_water_content");
  EXPECT_EQ(sobol.text(5, factor), "sum");
  const io::CsvTable success = io::CsvTable::read(m_folder / "out/success.csv");
  ASSERT_EQ(success.rows(), 4U * 3U * 2U);
  for (std::size_t row = 0; row < success.rows(); ++row) {
    EXPECT_EQ(success.text(row, success.column("runs")), "512");
    const double rate = success.number(row, success.column("success_rate"));
    EXPECT_LE(success.number(row, success.column("low")), rate);
    EXPECT_GE(success.number(row, success.column("high")), rate);
  }
  const std::string page = text_of(m_folder / "out/report.html");
  EXPECT_EQ(xml_problem(page), "");
  EXPECT_FALSE(has_printed_nan(page));
  EXPECT_FALSE(has_external_reference(page));
}

TEST_F(Uptake, InvertReadsASeriesAndWritesEveryLayer) {
  std::ostringstream out;
  run_uptake_invert(request(with(clay_loam, {"samples=100"}), series()), core::serial_for, out);
  const io::CsvTable uptake = io::CsvTable::read(m_folder / "out/uptake.csv");
  ASSERT_EQ(uptake.rows(), 10U);  // five intervals, two layers: 0–20 and 20–40 cm
  EXPECT_EQ(uptake.text(0, uptake.column("first")), "2020-06-01");
  EXPECT_EQ(uptake.number(1, uptake.column("top_cm")), 20.0);
  EXPECT_EQ(uptake.number(1, uptake.column("bottom_cm")), 40.0);
  // R_1 = P − E − D_1 − ΔV_1, R_2 = D_1 − D_2 − ΔV_2
  const double d1 = uptake.number(0, uptake.column("drainage_mm"));
  const double d2 = uptake.number(1, uptake.column("drainage_mm"));
  EXPECT_NEAR(uptake.number(0, uptake.column("uptake_mm")), -0.2 - d1 + 0.8, 1e-9);
  EXPECT_NEAR(uptake.number(1, uptake.column("uptake_mm")), d1 - d2 + 0.4, 1e-9);
  const io::CsvTable intervals = io::CsvTable::read(m_folder / "out/intervals.csv");
  ASSERT_EQ(intervals.rows(), 5U);
  const std::set<std::string> verdicts{"usable", "qualitative only", "not identifiable"};
  for (std::size_t row = 0; row < 5; ++row)
    EXPECT_TRUE(verdicts.contains(intervals.text(row, intervals.column("verdict"))));
  EXPECT_NE(out.str().find("not identifiable: "), std::string::npos) << out.str();
  const std::string page = text_of(m_folder / "out/report.html");
  EXPECT_EQ(xml_problem(page), "");
  EXPECT_FALSE(has_printed_nan(page));
  EXPECT_FALSE(has_external_reference(page));
}

TEST_F(Uptake, LayersOfEqualOrGivenThicknessAreInterpolated) {
  const auto site = [&](const std::vector<std::string>& layers) {
    const auto file = nlohmann::json(series().string()).dump();
    return read_uptake_site(
        resolve_table(uptake_invert_table(), with(clay_loam, with({"profile.path=" + file}, layers))));
  };
  const UptakeSite equal = site({"layers.count=4", "layers.depth=40"});
  EXPECT_EQ(equal.series.thickness_cm, std::vector<double>(4, 10.0));
  // Day 1: 0.196 at 10 cm, 0.218 at 30 cm, linear between, constant outside; means of 1 cm cells.
  EXPECT_NEAR(equal.series.water_content[0][0], 0.196, 1e-9);
  EXPECT_NEAR(equal.series.water_content[1][0], 0.196 + 0.022 * 5.0 / 20.0, 1e-9);
  EXPECT_NEAR(equal.series.water_content[2][0], 0.196 + 0.022 * 15.0 / 20.0, 1e-9);
  EXPECT_NEAR(equal.series.water_content[3][0], 0.218, 1e-9);
  const UptakeSite given = site({"layers.bottoms=[15, 40]"});
  EXPECT_EQ(given.series.thickness_cm, (std::vector<double>{15.0, 25.0}));
  const UptakeSite sensors = site({});
  EXPECT_EQ(sensors.series.thickness_cm, (std::vector<double>{20.0, 20.0}));
}

TEST_F(Uptake, AnIsmnArchiveIsReadBySensorAndDay) {
  fs::create_directories(m_folder / "NET/STA");
  const auto sensor = [&](const std::string& depth, double first) {
    std::string text = "NET NET STA 45.5 9.25 120.0 " + depth + " " + depth + " Probe\n";
    for (int day = 1; day <= 3; ++day)
      for (int hour = 0; hour < 24; ++hour)
        text += "2020/01/0" + std::to_string(day) + (hour < 10 ? " 0" : " ") + std::to_string(hour) + ":00 " +
                std::to_string(first - 0.001 * day) + (day == 3 && hour > 5 ? " D05 M\n" : " G M\n");
    write("NET/STA/NET_NET_STA_sm_" + depth + "0000_" + depth + "0000_Probe_20200101_20200103.stm", text);
  };
  sensor("0.10", 0.2);
  sensor("0.40", 0.3);
  const UptakeSite site = read_uptake_site(resolve_table(
      uptake_invert_table(),
      with(clay_loam,
           {"profile.path=" + nlohmann::json((m_folder / "NET").string()).dump(), "profile.format=ismn",
            "forcing.precipitation=0", "forcing.soil_evaporation=0.4", "forcing.transpiration=2"})));
  EXPECT_EQ(site.station, "STA");
  EXPECT_EQ(site.sensor_depths_cm, (std::vector<double>{10.0, 40.0}));
  EXPECT_EQ(site.series.thickness_cm, (std::vector<double>{25.0, 30.0}));
  ASSERT_EQ(site.series.axis.count(), 3);
  EXPECT_NEAR(site.series.water_content[0][0], 0.199, 1e-6);
  EXPECT_NEAR(site.series.water_content[1][1], 0.298, 1e-6);
  EXPECT_TRUE(std::isnan(site.series.water_content[1][2]));  // too few good hours
  EXPECT_EQ(site.series.evaporation_mm, std::vector<double>(3, 0.4));
  EXPECT_EQ(site.series.transpiration_mm, std::vector<double>(3, 2.0));
}

TEST_F(Uptake, RefusalsSayWhatSettlesThem) {
  const fs::path file = series();
  EXPECT_NE(refusal(file, {}).find("neither [soil] nor [[horizon]]"), std::string::npos);
  EXPECT_NE(refusal(file, {"soil.pedotransfer=wosten"}).find("needs the number 'sand'"), std::string::npos);
  EXPECT_NE(refusal(file, {"soil.pedotransfer=wostn"}).find("did you mean 'wosten'"), std::string::npos);
  EXPECT_NE(refusal(file, with(clay_loam, {"soil.alpha=0.1"})).find("'alpha' belongs to 'model'"),
            std::string::npos);
  EXPECT_NE(refusal(file, with(clay_loam, {"soil.file=x.json"})).find("found 2"), std::string::npos);
  EXPECT_NE(refusal(file, with(clay_loam, {"layers.count=4"})).find("count and depth belong together"),
            std::string::npos);
  EXPECT_NE(refusal(file, with(clay_loam, {"layers.bottoms=[30, 90]"}))
                .find("below the reach of the sensors, 40 cm"),
            std::string::npos);
  EXPECT_NE(refusal(file, with(clay_loam, {"forcing.precipitation=rain"})).find("rain"), std::string::npos);
  EXPECT_NE(refusal(file, with(clay_loam, {"profile.depths=[10, 50]"})).find("no usable sensor at 50 cm"),
            std::string::npos);
  EXPECT_NE(
      refusal(file, with(clay_loam, {"time.start=2020-07-01", "time.end=2020-06-01"})).find("lies before"),
      std::string::npos);
  EXPECT_NE(refusal(file, with(clay_loam, {"limits.success=[0.2, 0.8]"})).find("no larger"),
            std::string::npos);
  EXPECT_NE(refusal(file, with(clay_loam, {"erors.soil=0.2"})).find("did you mean 'errors'"),
            std::string::npos);
  EXPECT_NE(refusal({}, {}).find("expected a file"), std::string::npos);
  EXPECT_FALSE(fs::exists(m_folder / "out"));
}

TEST_F(Uptake, SoilsComeFromModelsFilesTexturesAndHorizons) {
  const auto soil_of = [&](const std::vector<std::string>& overrides) {
    return uptake_soil(resolve_table(uptake_soil_table(), overrides), "[soil]");
  };
  const auto paper = std::get<soil::BrooksCorey>(
      soil_of({"model=brooks_corey", "saturated_water_content=0.35", "residual_water_content=0.01", "n=0.22",
               "air_entry_head=-19.3", "saturated_conductivity=1.06272"}));
  EXPECT_DOUBLE_EQ(paper.conductivity_exponent, 2.0 / 0.22 + 3.0);
  const auto film =
      std::get<soil::FredlundXing>(soil_of({"model=fredlund_xing", "saturated_water_content=0.4",
                                            "alpha=0.006", "n=1.3", "m=0.7", "saturated_conductivity=50"}));
  EXPECT_EQ(film.m, 0.7);
  const fs::path file = write("soil.json", R"({"parameters": {"saturated_water_content": 0.41,
    "van_genuchten_alpha": 0.02, "van_genuchten_n": 1.4, "fredlund_xing_m": 0.6,
    "saturated_hydraulic_conductivity": 33.0}})");
  EXPECT_EQ(std::get<soil::FredlundXing>(soil_of({"file=" + nlohmann::json(file.string()).dump()})).n, 1.4);
  // Campbell's curve by Cosby: θr = 0, n = 1/b
  const auto cosby = std::get<soil::BrooksCorey>(soil_of({"pedotransfer=cosby", "sand=40", "clay=20"}));
  EXPECT_EQ(cosby.residual_water_content, 0.0);
  EXPECT_NEAR(1.0 / cosby.n, 2.91 + 0.159 * 20.0, 1e-9);
  const auto settings =
      resolve_table(uptake_invert_table(),
                    {"profile.path=x.csv",
                     "horizon=[{bottom = 30, pedotransfer = \"cosby\", sand = 40, clay = 20}, {bottom = 90, "
                     "pedotransfer = \"cosby\", sand = 80, clay = 5}]"});
  const auto soils = uptake_layer_soils(settings, std::vector<double>{20.0, 20.0, 40.0});
  ASSERT_EQ(soils.size(), 3U);
  EXPECT_EQ(std::get<soil::BrooksCorey>(soils[0]).n, cosby.n);
  EXPECT_EQ(std::get<soil::BrooksCorey>(soils[1]).n, cosby.n);  // its middle, 30 cm, is still above
  EXPECT_NE(std::get<soil::BrooksCorey>(soils[2]).n, cosby.n);
}

TEST_F(Uptake, HuscoDrySpellSaysWhatItCanAndCannotTell) {
  const fs::path data = fs::path(ROOTZONE_SOURCE_DIR) / "../shared/data/husco/husco_daily.csv";
  if (!fs::exists(data)) GTEST_SKIP() << "no field data at " << data;
  std::ostringstream out;
  run_uptake_invert(request({"samples=400"}, fs::path(ROOTZONE_SOURCE_DIR) / "pipelines/uptake/husco.toml"),
                    core::serial_for, out);
  EXPECT_NE(out.str().find("station 9, 2016-05-03 … 2016-05-14, 3 layers"), std::string::npos) << out.str();
  const io::CsvTable intervals = io::CsvTable::read(m_folder / "out/intervals.csv");
  ASSERT_EQ(intervals.rows(), 11U);
  int rainless = 0;
  for (std::size_t row = 0; row < intervals.rows(); ++row) {
    // The sum over the layers can be told: some millimetres a day, its error well below them.
    const double uptake = intervals.number(row, intervals.column("uptake_mm"));
    EXPECT_GT(uptake, 1.0) << row;
    EXPECT_LT(uptake, 8.0) << row;
    EXPECT_LT(intervals.number(row, intervals.column("uptake_standard_deviation_mm")), 0.5 * uptake) << row;
    // Its profile cannot: not as numbers.
    EXPECT_NE(intervals.text(row, intervals.column("verdict")), "usable") << row;
    EXPECT_NE(intervals.text(row, intervals.column("reasons")).find("under the stated errors only"),
              std::string::npos)
        << row;
    rainless += intervals.number(row, intervals.column("precipitation_mm")) == 0.0 ? 1 : 0;
  }
  EXPECT_GE(rainless, 9);
  const std::string page = text_of(m_folder / "out/report.html");
  EXPECT_NE(page.find("The soil evaporation is taken as 0.5 mm on every day."), std::string::npos);
  EXPECT_NE(page.find("The transpiration is not known"), std::string::npos);
}

void names_of(const TableSpec& table, std::set<std::string>& names) {
  for (const KeySpec& key : table.keys) {
    names.insert(key.name);
    if (key.table) names_of(*key.table, names);
  }
}

TEST_F(Uptake, ThePageNamesEverySetting) {
  std::set<std::string> names;
  for (const TableSpec* table :
       {&uptake_experiment_table(), &uptake_sensitivity_table(), &uptake_invert_table()})
    names_of(*table, names);
  const std::string page = text_of(fs::path(ROOTZONE_SOURCE_DIR) / "docs/uptake.md");
  EXPECT_GE(names.size(), 60U);
  for (const std::string& name : names)
    EXPECT_NE(page.find("`" + name + "`"), std::string::npos) << "docs/uptake.md does not name " << name;
}

}  // namespace
}  // namespace rootzone::pipeline
