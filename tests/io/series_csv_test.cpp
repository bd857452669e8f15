#include "rootzone/io/series_csv.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "rootzone/core/error.hpp"
#include "station_fixture.hpp"
#include "station_text.hpp"

namespace rootzone::io {
namespace {

using testing::ScratchFolder;

std::string refusal(const std::string& text) {
  try {
    parse_series_csv("site.csv", text);
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::data);
    return error.what();
  }
  return "accepted";
}

TEST(SeriesCsv, ColumnsAndGapsAreRead) {
  const SeriesTable table = parse_series_csv("site.csv",
                                             "date,precipitation_mm,soil_moisture_5cm\r\n2016-02-28,1.5,0."
                                             "25\r\n2016-02-29,,NaN\r\n2016-03-05,0,.3\r\n");
  EXPECT_EQ(table.columns, (std::vector<std::string>{"precipitation_mm", "soil_moisture_5cm"}));
  ASSERT_EQ(table.dates.size(), 3u);
  EXPECT_EQ(table.dates[1], (core::Date{2016, 2, 29}));
  EXPECT_EQ(table.column("precipitation_mm")[0], 1.5);
  EXPECT_TRUE(std::isnan(table.column("precipitation_mm")[1]));
  EXPECT_TRUE(std::isnan(table.column("soil_moisture_5cm")[1]));
  const core::TimeAxis axis({2016, 2, 29}, {2016, 3, 6});
  const auto moisture = series_on_axis(table, "soil_moisture_5cm", axis);
  ASSERT_EQ(moisture.size(), 7u);
  EXPECT_TRUE(std::isnan(moisture[0]) && std::isnan(moisture[4]) && std::isnan(moisture[6]));
  EXPECT_EQ(moisture[5], 0.3);
}

TEST(SeriesCsv, FaultsAreNamedWithTheirLine) {
  EXPECT_NE(
      refusal("date,a\n2016-01-02,1\n2016-01-01,1\n").find("site.csv:3: 2016-01-01 comes after 2016-01-02"),
      std::string::npos);
  EXPECT_NE(refusal("date,a\n2016-01-02,1\n\n2016-01-02,1\n").find("site.csv:4: 2016-01-02 stands twice"),
            std::string::npos);
  EXPECT_NE(refusal("date,a\n2016-02-30,1\n").find("site.csv:2: expected a date"), std::string::npos);
  EXPECT_NE(refusal("date,a\n2016-02-20,1,2\n").find("expected 2 fields, found 3"), std::string::npos);
  EXPECT_NE(refusal("date,a\n2016-02-20,1.2.3\n").find("column a: expected a number, found \"1.2.3\""),
            std::string::npos);
  EXPECT_NE(refusal("date,a\n2016-02-20,inf\n").find("expected a number"), std::string::npos);
  EXPECT_NE(refusal("day,a\n").find("\"date\""), std::string::npos);
  EXPECT_NE(refusal("date,a,a\n").find("stands twice"), std::string::npos);
  EXPECT_NE(refusal("").find("empty"), std::string::npos);
}

TEST(SeriesCsv, AMissingColumnIsAnsweredWithTheNearest) {
  const SeriesTable table = parse_series_csv("site.csv", "date,precipitation_mm\n2016-01-01,1\n");
  try {
    table.column("precipitaton_mm");
    FAIL();
  } catch (const core::Error& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean precipitation_mm?"), std::string::npos)
        << error.what();
  }
  EXPECT_TRUE(table.has("precipitation_mm"));
  EXPECT_FALSE(table.has("date"));
}

TEST(SeriesCsv, WhatIsWrittenReadsBackTheSame) {
  const ScratchFolder folder;
  SeriesTable table;
  table.dates = {{1999, 12, 31}, {2000, 1, 1}, {2000, 1, 4}};
  table.columns = {"precipitation_mm", "odd, \"name\""};
  table.values = {{0.1, std::numeric_limits<double>::quiet_NaN(), 1e-7}, {1.0 / 3.0, -5.0, 123456789.0}};
  write_series_csv(folder.path() / "out.csv", table);
  const SeriesTable back = read_series_csv(folder.path() / "out.csv");
  EXPECT_EQ(back.dates, table.dates);
  EXPECT_EQ(back.columns, table.columns);
  EXPECT_EQ(back.values[1], table.values[1]);
  EXPECT_EQ(back.values[0][0], 0.1);
  EXPECT_TRUE(std::isnan(back.values[0][1]));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "out.csv.tmp"));
}

TEST(SeriesCsv, WritingTouchesNoOtherFile) {
  const ScratchFolder folder;
  std::ofstream(folder.path() / "out.csv.tmp") << "mine";
  SeriesTable table;
  table.dates = {{2000, 1, 1}, {2000, 1, 2}};
  table.columns = {"a", "odd, \"b\""};
  table.values = {{0.1, std::numeric_limits<double>::quiet_NaN()}, {1e-7, 2.0}};
  write_series_csv(folder.path() / "out.csv", table);
  EXPECT_EQ(read_text((folder.path() / "out.csv").string()),
            "date,a,\"odd, \"\"b\"\"\"\n2000-01-01,0.1,1e-07\n2000-01-02,,2\n");
  EXPECT_EQ(read_text((folder.path() / "out.csv.tmp").string()), "mine");
}

TEST(SeriesCsv, WritingFailuresAreTheEnvironments) {
  const ScratchFolder folder;
  SeriesTable table;
  table.columns = {"a"};
  table.values = {{}};
  try {
    write_series_csv(folder.path() / "no such folder" / "out.csv", table);
    FAIL();
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::environment);
  }
  table.values = {{1.0}};
  EXPECT_THROW(write_series_csv(folder.path() / "out.csv", table), core::Error);
  EXPECT_THROW(read_series_csv(folder.path() / "absent.csv"), core::Error);
  EXPECT_THROW(read_series_csv(folder.path()), core::Error);
}

}  // namespace
}  // namespace rootzone::io
