#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "program.hpp"

namespace rootzone::app::test {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

/// A folder with a network of two hidden units as plain matrices, and a site's series.
class SptfFolder {
 public:
  SptfFolder() {
    std::string name = (std::filesystem::path(::testing::TempDir()) / "rootzone-sptf-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    m_path = name;
    matrix("input_weights", 8, 9);
    matrix("recurrent_weights", 8, 2);
    matrix("gate_bias", 8, 1);
    matrix("output_weights", 6, 2);
    matrix("output_bias", 6, 1);
    series(365);
  }
  ~SptfFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
  }
  SptfFolder(const SptfFolder&) = delete;
  SptfFolder& operator=(const SptfFolder&) = delete;
  std::string operator/(const std::string& name) const { return (m_path / name).string(); }
  std::string path() const { return m_path.string(); }

  void matrix(const std::string& name, int rows, int cols) {
    std::ofstream file(m_path / (name + ".csv"));
    for (int r = 0; r < rows; ++r)
      for (int c = 0; c < cols; ++c)
        file << 0.3 * std::sin(1.0 + r * 1.7 + c * 0.9 + static_cast<double>(name.size()))
             << (c + 1 < cols ? ',' : '\n');
  }
  void series(int days) {
    std::ofstream file(m_path / "site.csv");
    file << "date,surface_soil_moisture,precipitation_mm,potential_evapotranspiration_mm,leaf_area_index,"
            "air_temperature_c\n";
    const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int day = 1, month = 1;
    for (int i = 0; i < days; ++i) {
      std::ostringstream date;
      date << "2019-" << (month < 10 ? "0" : "") << month << '-' << (day < 10 ? "0" : "") << day;
      file << date.str() << ',';
      if (i % 3 != 0) file << 0.2 + 0.1 * std::sin(i / 20.0);
      file << ',' << (i % 4 == 0 ? 6.0 : 0.0) << ",2.5,1.5," << 10.0 * std::sin(i / 58.0) << '\n';
      if (++day > lengths[month - 1]) {
        day = 1;
        ++month;
      }
    }
  }
  Outcome import() const { return rootzone({"sptf", "import", path(), "--out", *this / "w.nc"}); }
  std::vector<std::string> predict(const std::string& clay = "0.2") const {
    return {"sptf", "predict", "--weights", *this / "w.nc", "--series", *this / "site.csv", "--sand",
            "0.4",  "--silt",  "0.4",       "--clay",       clay,       "--bulk-density",   "1.4"};
  }

 private:
  std::filesystem::path m_path;
};

TEST(SptfCommands, ImportThenPredict) {
  const SptfFolder folder;
  const Outcome imported = folder.import();
  ASSERT_EQ(imported.exit_code, 0) << imported.err;
  EXPECT_THAT(imported.out, HasSubstr("2 hidden units, 5 daily and 4 constant inputs, 6 outputs"));
  const Outcome predicted = rootzone(folder.predict());
  ASSERT_EQ(predicted.exit_code, 0) << predicted.err;
  const json result = json::parse(predicted.out);
  EXPECT_EQ(result["observed_days"], 365 - 122);
  EXPECT_EQ(result["few_observed_days"], false);
  EXPECT_EQ(result["columns"]["land_surface_temperature"], "air_temperature_c");
  const json& p = result["parameters"];
  EXPECT_GT(p["saturated_water_content"], 0.32);
  EXPECT_LT(p["saturated_water_content"], 0.41);
  EXPECT_LT(p["water_content_1500kpa"], p["water_content_33kpa"]);
  EXPECT_NEAR(p["relative_wilting_point"].get<double>(),
              p["water_content_1500kpa"].get<double>() / p["saturated_water_content"].get<double>(), 1e-6);
  EXPECT_LT(p["half_uptake_pressure_head"], -50.0);
  EXPECT_EQ(result["units"]["van_genuchten_alpha"], "cm-1");
}

TEST(SptfCommands, FewObservedDaysAreSaidAndTooFewGiveNothing) {
  SptfFolder folder;
  ASSERT_EQ(folder.import().exit_code, 0);
  folder.series(45);
  json result = json::parse(rootzone(folder.predict()).out);
  EXPECT_EQ(result["observed_days"], 30);
  EXPECT_EQ(result["few_observed_days"], true);
  EXPECT_TRUE(result["parameters"]["van_genuchten_n"].is_number());
  folder.series(12);
  result = json::parse(rootzone(folder.predict()).out);
  EXPECT_EQ(result["observed_days"], 8);
  EXPECT_TRUE(result["parameters"]["van_genuchten_n"].is_null());
}

TEST(SptfCommands, InstructionSetsAgreeToFiveDigits) {
  const SptfFolder folder;
  ASSERT_EQ(folder.import().exit_code, 0);
  auto command = folder.predict();
  const json best = json::parse(rootzone(command).out);
  command.insert(command.end(), {"--isa", "sse"});
  const json sse = json::parse(rootzone(command).out);
  for (const auto& [name, value] : best["parameters"].items())
    EXPECT_NEAR(sse["parameters"][name].get<double>() / value.get<double>(), 1.0, 1e-5) << name;
}

void expect_failure(const Outcome& outcome, int code, const std::string& words) {
  EXPECT_EQ(outcome.exit_code, code) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr(words));
  EXPECT_EQ(outcome.out, "");
}

TEST(SptfCommands, NamesWhatIsWrong) {
  SptfFolder folder;
  ASSERT_EQ(folder.import().exit_code, 0);
  expect_failure(rootzone(folder.predict("20")), 2, "fractions that sum to 1");
  auto command = folder.predict();
  command.insert(command.end(), {"--isa", "neon"});
  expect_failure(rootzone(command), 2, "neon");
  command = folder.predict();
  command[3] = folder / "site.csv";
  expect_failure(rootzone(command), 3, "site.csv");
  command[3] = "shipped:none-such";
  expect_failure(rootzone(command), 2, "none-such");
  command = folder.predict();
  command.insert(command.end(), {"--start", "2018-01-01"});
  expect_failure(rootzone(command), 2, "2019-01-01");
  std::ofstream(folder / "site.csv") << "date,surface_soil_moisture\n2019-01-01,0.2\n";
  expect_failure(rootzone(folder.predict()), 3, "precipitation_mm");
  folder.matrix("input_weights", 8, 7);
  expect_failure(folder.import(), 3, "expected 8 × 9");
  expect_failure(rootzone({"sptf", "import", folder.path(), "--out", folder / "w.nc", "--model", "vmg"}), 2,
                 "vmg");
  expect_failure(rootzone({"sptf", "predikt"}), 2, "did you mean 'predict'");
}

}  // namespace
}  // namespace rootzone::app::test
