#include "rootzone/io/discharge.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

std::filesystem::path written(const std::string& name, const std::string& text) {
  const auto path = std::filesystem::path(::testing::TempDir()) / ("discharge_" + name);
  std::ofstream(path) << text;
  return path;
}

constexpr const char* mhm_header =
    "00001: a gauge\nnodata -9999\nn 1 per day\nstart 1990 01 01 00 00\nend 1990 01 03 00 00\n";

TEST(Discharge, MhmTextIsReadWithItsNodata) {
  const auto series = read_discharge(written(
      "mhm.txt",
      std::string(mhm_header) + "1990 01 01 00 00 157.5\n1990 01 02 00 00 -9999\n1990 01 03 00 00 3\n"));
  ASSERT_EQ(series.dates.size(), 3U);
  EXPECT_EQ(series.dates[2], (core::Date{1990, 1, 3}));
  EXPECT_DOUBLE_EQ(series.m3_per_s[0], 157.5);
  EXPECT_TRUE(std::isnan(series.m3_per_s[1]));
}

TEST(Discharge, CsvIsTheOtherForm) {
  const auto series = read_discharge(written("a.csv", "date,discharge_m3s\n2001-02-27,1.5\n2001-02-28,\n"));
  ASSERT_EQ(series.dates.size(), 2U);
  EXPECT_TRUE(std::isnan(series.m3_per_s[1]));
}

TEST(Discharge, FaultsAreNamedWithTheirLine) {
  const auto message = [](const std::filesystem::path& path) {
    try {
      read_discharge(path);
    } catch (const core::Error& error) {
      EXPECT_EQ(error.kind(), core::ErrorKind::data);
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_NE(message(written("b.txt", std::string(mhm_header) + "1990 01 02 00 00 1\n1990 01 01 00 00 1\n"))
                .find(":7: dates must ascend"),
            std::string::npos);
  EXPECT_NE(
      message(written("c.txt", std::string(mhm_header) + "1990 01 01 00 00 -3\n")).find("negative discharge"),
      std::string::npos);
  EXPECT_NE(message(written("d.txt", std::string(mhm_header) + "1990 01 01 oops\n")).find("YYYY MM DD"),
            std::string::npos);
  EXPECT_NE(message(written("e.csv", "date,discharge_m3s\n")).find("holds no discharge"), std::string::npos);
  EXPECT_NE(message("/nonexistent/q.txt").find("cannot be read"), std::string::npos);
}

TEST(Discharge, TheMoselleGaugeHasItsPublishedMean) {
  const std::filesystem::path path = ROOTZONE_SOURCE_DIR "/../shared/data/moselle/discharge_00398.txt";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the Moselle data are not here";
  const auto series = read_discharge(path);
  EXPECT_EQ(series.dates.size(), 1461U);
  const double mean = std::accumulate(series.m3_per_s.begin(), series.m3_per_s.end(), 0.0) / 1461.0;
  EXPECT_NEAR(mean, 121.55, 0.01);
}

}  // namespace
}  // namespace rootzone::io
