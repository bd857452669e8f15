#include "rootzone/io/station_csv.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "rootzone/core/calendar.hpp"
#include "rootzone/core/error.hpp"
#include "station_fixture.hpp"

namespace rootzone::io {
namespace {

using testing::first_with;
using testing::ScratchFolder;

CsvStationsSpec two_stations(const ScratchFolder& folder, const std::string& data) {
  CsvStationsSpec spec;
  spec.stations_table =
      folder.write("stations.csv", "id,latitude,longitude,elevation\nA,45.0,9.0,100\nB,46.0,10.0,\n");
  spec.data = folder.write("data.csv", data);
  return spec;
}

std::string refusal(const CsvStationsSpec& spec) {
  try {
    read_station_csv(spec);
  } catch (const core::Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(StationCsv, OneTableOfAllStationsIsRead) {
  const ScratchFolder folder;
  const auto archive =
      read_station_csv(two_stations(folder,
                                    "station,date,5,soil_moisture_20cm\nA,2016-01-01,0.2,0.3\nA,2016-01-03,,"
                                    "0.31\nB,2016-01-01,0.25,NA\nB,2016-01-02,0.26,0.4\n"));
  ASSERT_EQ(archive.stations.size(), 2u);
  EXPECT_TRUE(archive.warnings.empty());
  const StationRecord& a = archive.stations[0];
  EXPECT_EQ(a.name, "A");
  EXPECT_DOUBLE_EQ(a.elevation_m, 100.0);
  EXPECT_TRUE(std::isnan(archive.stations[1].elevation_m));
  ASSERT_EQ(a.sensors.size(), 2u);
  EXPECT_DOUBLE_EQ(a.sensors[1].depth_from_m, 0.20);
  EXPECT_EQ(a.sensors[0].values, (std::vector<float>{0.2F}));
  EXPECT_EQ(a.sensors[1].values, (std::vector<float>{0.3F, 0.31F}));
  EXPECT_EQ(a.sensors[1].step, RecordStep::daily);
  EXPECT_EQ(a.sensors[1].times_s[1], 86400 * core::day_number({2016, 1, 3}, core::Calendar::standard));
}

TEST(StationCsv, BrokenLinesAreReportedWithFileAndLineAndTheRestUsed) {
  const ScratchFolder folder;
  const auto archive = read_station_csv(
      two_stations(folder,
                   "station,date,5\nA,2016-01-01,0.2\nA,2016-01-32,0.2\nA,2016-01-03\nA,2016-01-04,zero\nC,"
                   "2016-01-04,0.1\nA,2016-01-05,0.5\nB,2016-01-05,0.5\n"));
  EXPECT_EQ(archive.stations[0].sensors[0].values, (std::vector<float>{0.2F, 0.5F}));
  EXPECT_NE(first_with(archive.warnings, "data.csv:3: expected a date"), "");
  EXPECT_NE(first_with(archive.warnings, "data.csv:4: expected 3 fields, found 2"), "");
  EXPECT_NE(first_with(archive.warnings, "data.csv:5: column 5: expected a number, found \"zero\""), "");
  EXPECT_NE(first_with(archive.warnings, "1 lines of station \"C\""), "");
  EXPECT_EQ(archive.warnings.size(), 4u);
}

TEST(StationCsv, ARepeatedDateIsReportedAndTheFirstUsed) {
  const ScratchFolder folder;
  const auto archive = read_station_csv(two_stations(
      folder, "station,date,5\nA,2016-01-02,0.3\nA,2016-01-01,0.2\nA,2016-01-02,0.9\nB,2016-01-02,0.4\n"));
  EXPECT_EQ(archive.stations[0].sensors[0].values, (std::vector<float>{0.2F, 0.3F}));
  EXPECT_NE(first_with(archive.warnings, "data.csv:4: station A has 2016-01-02 already in line 2"), "");
}

TEST(StationCsv, AFactorAndARangeApply) {
  const ScratchFolder folder;
  CsvStationsSpec spec = two_stations(
      folder, "station,date,5\nA,2016-01-01,20\nA,2016-01-02,120\nA,2016-01-03,-9999\nB,2016-01-01,30\n");
  spec.factor = 0.01;
  const auto archive = read_station_csv(spec);
  EXPECT_EQ(archive.stations[0].sensors[0].values, (std::vector<float>{0.2F}));
  EXPECT_NE(first_with(archive.warnings, "column 5: 2 values outside 0 … 1"), "");
}

TEST(StationCsv, FlagTableLeavesOutSensors) {
  const ScratchFolder folder;
  CsvStationsSpec spec =
      two_stations(folder, "station,date,5,20\nA,2016-01-01,0.2,0.3\nB,2016-01-01,0.25,0.4\n");
  spec.flag_table = folder.write("flags.csv", "100,106\n100,100\n");
  EXPECT_NE(refusal(spec).find("codes that are good"), std::string::npos);
  spec.good_codes = {"100"};
  const auto archive = read_station_csv(spec);
  EXPECT_EQ(archive.stations[0].sensors.size(), 1u);
  EXPECT_EQ(archive.stations[1].sensors.size(), 2u);
  EXPECT_NE(first_with(archive.warnings, "station A, 20 cm: flagged 106"), "");
  spec.flag_table = folder.write("flags.csv", "100,106\n");
  EXPECT_NE(refusal(spec).find("expected a line for each of the 2 stations"), std::string::npos);
  spec.flag_table = folder.write("flags.csv", "100\n100\n");
  EXPECT_NE(refusal(spec).find("flags.csv:1: expected a code for each of the 2 depths"), std::string::npos);
}

TEST(StationCsv, FlagRowsFollowTheTablesLinesEvenPastABrokenOne) {
  const ScratchFolder folder;
  CsvStationsSpec spec = two_stations(folder, "station,date,5\nA,2016-01-01,0.2\nB,2016-01-01,0.3\n");
  spec.stations_table = folder.write("stations.csv", "id,latitude,longitude\nX,north,9\nA,45,9\nB,46,10\n");
  spec.flag_table = folder.write("flags.csv", "100\n106\n100\n");
  spec.good_codes = {"100"};
  const auto archive = read_station_csv(spec);
  ASSERT_EQ(archive.stations.size(), 2u);
  EXPECT_TRUE(archive.stations[0].sensors.empty()) << "A stands on the second line: 106";
  EXPECT_EQ(archive.stations[1].sensors.size(), 1u);
  EXPECT_NE(first_with(archive.warnings, "stations.csv:2:"), "");
}

TEST(StationCsv, OneFilePerStationWithHoursAndOtherNames) {
  const ScratchFolder folder;
  CsvStationsSpec spec;
  spec.stations_table = folder.write("stations.csv", "45.0;9.0;A\n46.0;10.0;B\n");
  spec.stations_columns = {"lat", "lon", "name"};
  spec.id_column = "name";
  spec.latitude_column = "lat";
  spec.longitude_column = "lon";
  spec.separator = ';';
  spec.data = folder.path() / "sm_{station}.csv";
  folder.write("sm_A.csv", "time;shallow;deep\n2016-01-01 00:00;0.2;0.3\n2016-01-01T01:00:00Z;0.21;0.31\n");
  spec.date_column = "time";
  spec.depths = {{"deep", 40.0}, {"shallow", 5.0}};
  const auto archive = read_station_csv(spec);
  ASSERT_EQ(archive.stations.size(), 2u);
  EXPECT_EQ(archive.files_used, 1);
  ASSERT_EQ(archive.stations[0].sensors.size(), 2u);
  EXPECT_DOUBLE_EQ(archive.stations[0].sensors[0].depth_to_m, 0.05) << "by depth";
  EXPECT_EQ(archive.stations[0].sensors[0].step, RecordStep::hourly);
  EXPECT_EQ(archive.stations[0].sensors[0].times_s[1] % 86400, 3600);
  EXPECT_NE(first_with(archive.warnings, "sm_B.csv"), "") << "B's file is not there: said, A is used";
  EXPECT_TRUE(archive.stations[1].sensors.empty());
}

TEST(StationCsv, MissingColumnsAreNamedWithThoseThereAre) {
  const ScratchFolder folder;
  CsvStationsSpec spec = two_stations(folder, "station,day,5\nA,2016-01-01,0.2\n");
  EXPECT_NE(refusal(spec).find("no column \"date\"; the columns are station, day, 5"), std::string::npos);
  spec = two_stations(folder, "station,date,theta\nA,2016-01-01,0.2\n");
  EXPECT_NE(refusal(spec).find("no column is called a depth"), std::string::npos);
  spec = two_stations(folder, "station,date,5\nA,2016-01-01,0.2\n");
  spec.latitude_column = "lat";
  EXPECT_NE(refusal(spec).find("no column \"lat\""), std::string::npos);
  spec.data.clear();
  EXPECT_NE(refusal(spec).find("no data file"), std::string::npos);
}

TEST(StationCsv, HuscoIsReadAsItIs) {
  const auto husco = testing::shared_data() / "husco";
  if (!std::filesystem::exists(husco)) GTEST_SKIP() << "the HUSCO data are not here";
  CsvStationsSpec spec;
  spec.stations_table = husco / "metadata.csv";
  spec.stations_columns = {"id", "latitude", "longitude", "elevation"};
  spec.data = husco / "husco_daily.csv";
  spec.flag_table = husco / "stationflag.csv";
  spec.good_codes = {"100"};
  const auto archive = read_station_csv(spec);
  ASSERT_EQ(archive.stations.size(), 15u);
  EXPECT_EQ(archive.stations[3].name, "4");
  EXPECT_EQ(archive.stations[3].sensors.size(), 5u);
  EXPECT_EQ(archive.stations[0].sensors.size(), 2u) << "flags 100,106,100,101,101";
  EXPECT_DOUBLE_EQ(archive.stations[0].sensors[1].depth_from_m, 0.40);
  EXPECT_NE(first_with(archive.warnings, "values outside 0 … 1"), "");
  for (const StationRecord& station : archive.stations)
    for (const SensorRecord& sensor : station.sensors) {
      ASSERT_FALSE(sensor.values.empty());
      for (float value : sensor.values) ASSERT_TRUE(value >= 0.0F && value <= 1.0F);
    }
}

}  // namespace
}  // namespace rootzone::io
