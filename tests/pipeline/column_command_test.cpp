#include "rootzone/pipeline/column_command.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "rootzone/core/error.hpp"
#include "rootzone/io/series_csv.hpp"

namespace rootzone::pipeline {
namespace {

namespace fs = std::filesystem;

class ColumnCommand : public testing::Test {
 protected:
  ColumnCommand() : m_folder(fs::path(testing::TempDir()) / ("rootzone_column_" + std::to_string(getpid()))) {
    fs::create_directories(m_folder);
    std::ofstream series(m_folder / "site.csv");
    series << "date,precipitation_mm,potential_evapotranspiration_mm,leaf_area_index,soil_moisture_5cm\n";
    for (int day = 1; day <= 30; ++day)
      series << "2020-06-" << (day < 10 ? "0" : "") << day << ',' << (day % 5 == 0 ? 12.5 : 0)
             << ",3.5,2.0,0.2\n";
  }
  ~ColumnCommand() override { fs::remove_all(m_folder); }

  static std::string loam() {
    return "[[layer]]\nsaturated_water_content = 0.43\nresidual_water_content = 0.08\nalpha_per_cm = 0.04\nn "
           "= 1.6\n"
           "saturated_conductivity_cm_d = 50\n";
  }
  ColumnFileRequest request(const std::string& text) const {
    std::ofstream(m_folder / "case.toml") << "[forcing]\nseries = \"site.csv\"\n" << text;
    ColumnFileRequest made;
    made.file = m_folder / "case.toml";
    return made;
  }
  std::string refused(const std::string& text, const std::vector<std::string>& overrides = {}) const {
    ColumnFileRequest made = request(text);
    made.overrides = overrides;
    std::ostringstream out;
    try {
      run_column_file(made, out);
    } catch (const core::Error& error) {
      return error.what();
    }
    return "accepted";
  }

  fs::path m_folder;
};

double total(const io::SeriesTable& table, const char* name) {
  double sum = 0.0;
  for (const double value : table.column(name)) sum += value;
  return sum;
}

TEST_F(ColumnCommand, WritesABalanceThatCloses) {
  std::ostringstream out;
  run_column_file(request(loam() + "[output]\ndepths_cm = [5, 20]\nprofiles = true\ntangent = true\n"), out);
  const fs::path folder = m_folder / "out" / "case";
  EXPECT_EQ(out.str(), folder.string() + "\n");
  const auto daily = io::read_series_csv(folder / "daily.csv");
  ASSERT_EQ(daily.dates.size(), 30U);
  EXPECT_NEAR(total(daily, "precipitation_mm"), 75.0, 1e-9);
  // Storage from the first evening to the last against the fluxes between.
  double change = daily.column("storage_mm").back() - daily.column("storage_mm").front();
  for (std::size_t k = 1; k < 30; ++k)
    change -= daily.column("precipitation_mm")[k] - daily.column("runoff_mm")[k] -
              daily.column("evaporation_mm")[k] - daily.column("transpiration_mm")[k] -
              daily.column("drainage_mm")[k];
  EXPECT_NEAR(change, 0.0, 1e-3);
  for (const double theta : daily.column("soil_moisture_5cm")) EXPECT_TRUE(theta > 0.08 && theta < 0.43);
  EXPECT_TRUE(fs::exists(folder / "profile.csv"));
  std::ifstream tangent(folder / "tangent.csv");
  std::string header;
  std::getline(tangent, header);
  EXPECT_EQ(header,
            "date,depth_cm,saturated_water_content,residual_water_content,alpha_per_cm,n,"
            "saturated_conductivity_cm_d,half_uptake_pressure_head");
  std::stringstream page;
  page << std::ifstream(folder / "report.html").rdbuf();
  EXPECT_NE(page.str().find("Closure error"), std::string::npos);
  EXPECT_NE(page.str().find("5 cm, observed"), std::string::npos);
}

TEST_F(ColumnCommand, SinusoidalDaysKeepTheTotals) {
  ColumnFileRequest made = request(loam() + "[column]\nbottom = \"no_flow\"\n");
  made.overrides = {"forcing.within_day=sinusoidal", "forcing.parts_per_day=12", "forcing.warm_up_days=5"};
  std::ostringstream out;
  run_column_file(made, out);
  const auto daily = io::read_series_csv(m_folder / "out" / "case" / "daily.csv");
  ASSERT_EQ(daily.dates.size(), 30U);
  EXPECT_NEAR(total(daily, "precipitation_mm"), 75.0, 1e-9);
  EXPECT_EQ(total(daily, "drainage_mm"), 0.0);
}

TEST_F(ColumnCommand, OtherModelsHaveTheirOwnKeys) {
  const std::string layers =
      "[[layer]]\nto_cm = 20\nsaturated_water_content = 0.4\nair_entry_head_cm = -20\nn = 0.4\n"
      "residual_water_content = 0.02\nsaturated_conductivity_cm_d = 20\n"
      "[[layer]]\nsaturated_water_content = 0.45\nair_entry_head_cm = -40\nn = 0.3\n"
      "residual_water_content = 0.05\nsaturated_conductivity_cm_d = 5\n";
  EXPECT_NE(refused(layers).find("needs the key 'alpha_per_cm'"), std::string::npos);
  EXPECT_EQ(refused(layers, {"model=brooks_corey"}), "accepted");
  const std::string fredlund =
      "[[layer]]\nsaturated_water_content = 0.4\nalpha_per_cm = 0.006\nn = 1.1\nm = 0.66\n"
      "saturated_conductivity_cm_d = 100\n";
  EXPECT_EQ(refused(fredlund, {"model=fredlund_xing", "column.grid=graded"}), "accepted");
}

TEST_F(ColumnCommand, NamesWhatIsWrong) {
  EXPECT_NE(refused(loam() + "[rots]\n").find("did you mean 'roots'"), std::string::npos);
  EXPECT_NE(refused(loam() + "[roots]\ndept_cm = 3\n").find("did you mean 'depth_cm'"), std::string::npos);
  EXPECT_NE(refused(loam() + "m = 0.4\n").find("no use for the key 'm'"), std::string::npos);
  EXPECT_NE(refused("[[layer]]\nsaturated_water_content = 0.4\nn = 1.5\nsaturated_conductivity_cm_d = 3\n")
                .find("needs the key 'residual_water_content'"),
            std::string::npos);
  EXPECT_NE(refused(loam(), {"layer.0.n=0.9"}).find("n must be at least 1.001"), std::string::npos);
  EXPECT_NE(refused(loam(), {"forcing.end=2020-07-02"}).find("2020-07-01 is missing"), std::string::npos);
  EXPECT_NE(refused(loam(), {"output.depths_cm=[500]"}).find("outside the column"), std::string::npos);
  EXPECT_NE(refused("").find("layer"), std::string::npos);
}

TEST_F(ColumnCommand, PageNamesEveryKey) {
  std::stringstream page;
  page << std::ifstream(fs::path(ROOTZONE_SOURCE_DIR) / "docs" / "column.md").rdbuf();
  for (const KeySpec& key : column_schema().keys) {
    EXPECT_FALSE(key.documentation.empty()) << key.name;
    if (key.table == nullptr) continue;
    for (const KeySpec& inner : key.table->keys)
      EXPECT_NE(page.str().find("`" + inner.name + "`"), std::string::npos) << key.name << "." << inner.name;
  }
}

}  // namespace
}  // namespace rootzone::pipeline
