#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "program.hpp"

namespace rootzone::app::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

nlohmann::json loam(const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"pedotransfer", "--sand",         "40",  "--clay",
                                     "20",           "--bulk-density", "1.4", "--organic-carbon",
                                     "1.2",          "--format",       "json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Outcome outcome = rootzone(arguments);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  return nlohmann::json::parse(outcome.out);
}

TEST(PedotransferCommand, GivesEveryFunctionAndTheEnsemble) {
  const nlohmann::json rows = loam();
  ASSERT_EQ(rows.size(), 9U);
  EXPECT_EQ(rows[0].at("function"), "cosby");
  EXPECT_NEAR(rows[0].at("saturated_water_content").get<double>(), 0.4386, 5e-5);
  EXPECT_TRUE(rows[0].at("van_genuchten_n").is_null());
  EXPECT_NEAR(rows[3].at("van_genuchten_n").get<double>(), 1.198039, 5e-7);  // wosten
  EXPECT_EQ(rows[7].at("function"), "median");
  EXPECT_NEAR(rows[7].at("van_genuchten_n").get<double>(), 1.198039, 5e-7);  // of 1.187, 1.198, 1.321
  EXPECT_EQ(rows[8].at("function"), "standard_deviation");
  EXPECT_GT(rows[8].at("water_content_33kpa").get<double>(), 0.0);
}

TEST(PedotransferCommand, SaysWhyAFunctionHasNothingToSay) {
  const Outcome outcome =
      rootzone({"pedotransfer", "--sand", "80", "--clay", "5", "--functions", "rawls_brakensiek,cosby"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("function,saturated_water_content,"));
  EXPECT_THAT(outcome.out, HasSubstr("rawls_brakensiek,,,,,,,,,false,an input is missing"));
  EXPECT_THAT(outcome.out, HasSubstr("\ncosby,0.3882,"));
}

TEST(PedotransferCommand, RefusesWhatItCannotUse) {
  const auto refused = [](const std::vector<std::string>& arguments, const std::string& words) {
    const Outcome outcome = rootzone(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(words));
    EXPECT_EQ(outcome.out, "");
  };
  refused({"pedotransfer"}, "--sand");
  refused({"pedotransfer", "--sand", "40", "--clay", "20", "--functions", "woesten"}, "wosten");
  refused({"pedotransfer", "--sand", "80", "--clay", "40"},
          "sand and clay must not exceed 100 % together, found 80 + 40 = 120");
  refused({"pedotransfer", "--sand", "40", "--clay", "20", "--silt", "60"},
          "sand, silt and clay must add up to 100 %, found 40 + 60 + 20 = 120");
  refused({"pedotransfer", "--sand", "40", "--clay", "20", "--format", "xml"}, "--format");
  refused({"pedotransfer", "--model", "van_genuchten"}, "--fit");
}

TEST(PedotransferCommand, FitsMeasuredPoints) {
  const fs::path folder = fs::path(::testing::TempDir()) / ("rootzone_fit_" + std::to_string(::getpid()));
  fs::create_directories(folder);
  std::ofstream file(folder / "points.csv");
  file << "sample,suction_kpa,water_content\n";
  for (const char* sample : {"a", "b"})
    for (double kpa = 0.1; kpa < 2000.0; kpa *= 1.6)
      file << sample << ',' << kpa << ','
           << 0.05 + 0.4 * std::pow(1.0 + std::pow(0.02 * 10.197 * kpa, 1.5), 1.0 / 1.5 - 1.0) << '\n';
  file.close();
  const Outcome outcome = rootzone({"pedotransfer", "--fit", (folder / "points.csv").string(), "--model",
                                    "van_genuchten", "--format", "json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json rows = nlohmann::json::parse(outcome.out);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].at("sample"), "b");
  EXPECT_NEAR(rows[0].at("alpha_per_cm").get<double>(), 0.02, 1e-4);
  EXPECT_NEAR(rows[0].at("n").get<double>(), 1.5, 1e-3);
  EXPECT_NEAR(rows[0].at("residual_water_content").get<double>(), 0.05, 1e-3);

  std::ofstream(folder / "short.csv") << "suction_cm,water_content\n1,0.4\n10,0.3\n";
  const Outcome few = rootzone({"pedotransfer", "--fit", (folder / "short.csv").string()});
  EXPECT_EQ(few.exit_code, 3);
  EXPECT_THAT(few.err, HasSubstr("short.csv"));
  EXPECT_THAT(few.err, HasSubstr("at least 4"));
  std::ofstream(folder / "heads.csv") << "h,water_content\n1,0.4\n";
  const Outcome unnamed = rootzone({"pedotransfer", "--fit", (folder / "heads.csv").string()});
  EXPECT_EQ(unnamed.exit_code, 3);
  EXPECT_THAT(unnamed.err, HasSubstr("suction_cm"));
  fs::remove_all(folder);
}

}  // namespace
}  // namespace rootzone::app::test
