#include "rootzone/io/ismn.hpp"

#include <cpl_vsi.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <thread>

#include "rootzone/core/error.hpp"
#include "station_fixture.hpp"

namespace rootzone::io {
namespace {

using testing::first_with;
using testing::ScratchFolder;

const std::string file_name = "NET_NET_STA_sm_0.050000_0.050000_Probe_20200101_20200102.stm";
const std::string header = "NET NET STA 45.5 9.25 120.0 0.05 0.05 Probe\n";

IsmnFile parse(const std::string& text, const std::string& name = file_name,
               const IsmnOptions& options = {}) {
  return parse_ismn_file(name, name, text, options);
}
const SensorRecord& sensor_of(const IsmnFile& file) {
  return file.station.sensors.at(0);
}

std::string ceop_row(const std::string& time, const std::string& rest) {
  return time + " " + time + " NET NET STA 45.5 9.25 120.0 0.05 0.05 " + rest;
}

TEST(Ismn, NamesAreSplitAroundASensorWithUnderscoresAndParentheses) {
  const auto name = parse_ismn_file_name(
      "SCAN_SCAN_AdamsRanch#1_sm_0.050800_0.101600_Hydraprobe-Analog-(2.5 Volt)_B_20200101_20201231.stm");
  ASSERT_TRUE(name.has_value());
  EXPECT_EQ(name->network, "SCAN");
  EXPECT_EQ(name->station, "AdamsRanch#1");
  EXPECT_EQ(name->variable, "sm");
  EXPECT_DOUBLE_EQ(name->depth_from_m, 0.0508);
  EXPECT_DOUBLE_EQ(name->depth_to_m, 0.1016);
  EXPECT_EQ(name->sensor, "Hydraprobe-Analog-(2.5 Volt)_B");
  EXPECT_FALSE(parse_ismn_file_name("NET_NET_STA_sm_x_0.05_P_1_2.stm").has_value());
  EXPECT_FALSE(parse_ismn_file_name("notes.stm").has_value());
  EXPECT_FALSE(parse_ismn_file_name("NET_NET_STA_static_variables.csv").has_value());
}

TEST(Ismn, HeaderAndValuesAreRead) {
  const IsmnFile file = parse(header + "2020/01/01 00:00 0.2140 G M\n2020/01/01 01:00 0.2150 U M\n");
  EXPECT_EQ(file.station.network, "NET");
  EXPECT_EQ(file.station.name, "STA");
  EXPECT_DOUBLE_EQ(file.station.latitude, 45.5);
  EXPECT_DOUBLE_EQ(file.station.longitude, 9.25);
  EXPECT_DOUBLE_EQ(file.station.elevation_m, 120.0);
  EXPECT_EQ(sensor_of(file).sensor, "Probe");
  EXPECT_EQ(sensor_of(file).variable, "sm");
  EXPECT_EQ(sensor_of(file).times_s, (std::vector<std::int64_t>{1577836800, 1577840400}));
  EXPECT_EQ(sensor_of(file).values, (std::vector<float>{0.214F, 0.215F}));
  EXPECT_TRUE(file.warnings.empty());
}

TEST(Ismn, CeopIsToldByItsFirstTokenNotByCountingThem) {
  const IsmnFile file = parse(ceop_row("2020/01/01 00:00", "0.2140 G M") + "\n" +
                              ceop_row("2020/01/01 01:00", "0.3 G M") + "\n");
  EXPECT_EQ(file.station.name, "STA");
  EXPECT_EQ(sensor_of(file).sensor, "Probe") << "from the name: CEOP rows have none";
  EXPECT_EQ(sensor_of(file).values, (std::vector<float>{0.214F, 0.3F}));
  // A header whose sensor has seven words makes 15 tokens, as a CEOP row has.
  const IsmnFile long_header =
      parse("NET NET STA 45.5 9.25 120.0 0.05 0.05 a b c d e f g\n2020/01/01 00:00 0.2 G M\n");
  EXPECT_EQ(sensor_of(long_header).sensor, "a b c d e f g");
  EXPECT_EQ(sensor_of(long_header).rows, 1);
}

TEST(Ismn, CeopUsesTheNominalTime) {
  const IsmnFile file =
      parse("2020/01/01 03:00 2020/01/01 02:47 NET NET STA 45.5 9.25 120.0 0.05 0.05 0.2140 G M\n");
  EXPECT_EQ(sensor_of(file).times_s[0], 1577836800 + 3 * 3600);
}

TEST(Ismn, EveryLineEndingGivesTheSame) {
  for (const std::string& end : {std::string("\n"), std::string("\r\n"), std::string("\r"),
                                 std::string("\n\r"), std::string("\r\n\r\n")}) {
    const IsmnFile file =
        parse("NET NET STA 45.5 9.25 120.0 0.05 0.05 Probe  " + end + "2020/01/01 00:00   0.2140 G M " + end +
              "2020/01/01 01:00   0.2150 G M\t" + end);
    EXPECT_EQ(sensor_of(file).values.size(), 2u);
    EXPECT_TRUE(file.warnings.empty());
  }
  // as in the COSMOS files: the header ends with LF CR, the rows with CR LF
  const IsmnFile mixed = parse(
      "NET NET STA 45.5 9.25 120.0 0.05 0.05 Probe\n\r2020/01/01 00:00 0.2 G M\r\n2020/01/01 01:00 0.3 G "
      "M\r\n");
  EXPECT_EQ(sensor_of(mixed).values.size(), 2u);
}

TEST(Ismn, AMissingProviderFlagIsNoFault) {
  const IsmnFile values = parse(header + "2020/01/01 00:00 0.2140 G\n2020/01/01 01:00 0.2150 G M\n");
  EXPECT_EQ(sensor_of(values).values.size(), 2u);
  EXPECT_TRUE(values.warnings.empty());
  const IsmnFile ceop =
      parse(ceop_row("2020/01/01 00:00", "0.2140 G") + "\n" + ceop_row("2020/01/01 01:00", "0.3 G M") + "\n");
  EXPECT_EQ(sensor_of(ceop).values.size(), 2u);
  EXPECT_TRUE(ceop.warnings.empty());
}

TEST(Ismn, FlagsDecideAndAreCounted) {
  const std::string text =
      header +
      "2020/01/01 00:00 0.20 G M\n2020/01/01 01:00 0.70 C02 M\n2020/01/01 02:00 0.21 D08,D03,D05 M\n"
      "2020/01/01 03:00 0.22 U M\n2020/01/01 04:00 0.23 D05 M\n";
  const IsmnFile standard = parse(text);
  EXPECT_EQ(sensor_of(standard).values, (std::vector<float>{0.20F, 0.22F}));
  EXPECT_EQ(sensor_of(standard).rows, 5);
  EXPECT_EQ(sensor_of(standard).flag_counts.at("D05"), 2);
  EXPECT_EQ(sensor_of(standard).flag_counts.at("D08"), 1);
  EXPECT_EQ(sensor_of(standard).flag_counts.at("G"), 1);
  IsmnOptions wider;
  wider.kept_flags = {"G", "U", "D05"};
  EXPECT_EQ(sensor_of(parse(text, file_name, wider)).values, (std::vector<float>{0.20F, 0.22F, 0.23F}))
      << "a row with one flag that is not kept is not kept";
}

TEST(Ismn, ABrokenLineIsReportedWithItsNumberAndTheRestUsed) {
  const IsmnFile file =
      parse(header +
            "2020/01/01 00:00 0.20 G M\n2020/01/01 0x:00 0.21 G M\n2020/13/01 02:00 0.21 G M\n"
            "2020/01/01 03:00 0.2.1 G M\n2020/01/01 04:00\n2020/01/01 05:00 0.25 G M\n");
  EXPECT_EQ(sensor_of(file).values, (std::vector<float>{0.20F, 0.25F}));
  ASSERT_EQ(file.warnings.size(), 4u);
  EXPECT_NE(file.warnings[0].find(file_name + ":3: expected a time"), std::string::npos) << file.warnings[0];
  EXPECT_NE(file.warnings[1].find(":4:"), std::string::npos);
  EXPECT_NE(file.warnings[2].find("\"0.2.1\""), std::string::npos);
  EXPECT_NE(file.warnings[3].find(":6: expected 4 words or more, found 2"), std::string::npos);
}

TEST(Ismn, ManyBrokenLinesAreSummedUp) {
  std::string text = header + "2020/01/01 00:00 0.20 G M\n";
  for (int i = 0; i < 1000; ++i) text += "rubbish\n";
  const IsmnFile file = parse(text);
  EXPECT_EQ(file.warnings.size(), 6u);
  EXPECT_NE(file.warnings.back().find("995 more"), std::string::npos) << file.warnings.back();
}

TEST(Ismn, AHeaderWithoutSensorTakesTheNames) {
  const IsmnFile file = parse("NET NET STA 45.5 9.25 120.0 0.05 0.05\n2020/01/01 00:00 0.2 G M\n");
  EXPECT_EQ(sensor_of(file).sensor, "Probe");
}

TEST(Ismn, DepthOfTheNameIsFinerThanTheHeaders) {
  const std::string name = "NET_NET_STA_sm_0.050800_0.203200_Probe_20200101_20200102.stm";
  const IsmnFile rounded =
      parse("NET NET STA 45.5 9.25 120.0 0.05 0.20 Probe\n2020/01/01 00:00 0.2 G M\n", name);
  EXPECT_DOUBLE_EQ(sensor_of(rounded).depth_from_m, 0.0508);
  EXPECT_DOUBLE_EQ(sensor_of(rounded).depth_to_m, 0.2032);
  EXPECT_TRUE(rounded.warnings.empty());
  const IsmnFile other =
      parse("NET NET STA 45.5 9.25 120.0 0.50 0.50 Probe\n2020/01/01 00:00 0.2 G M\n", name);
  ASSERT_EQ(other.warnings.size(), 1u);
  EXPECT_NE(other.warnings[0].find("0.0508–0.2032 m in the name"), std::string::npos);
}

TEST(Ismn, RowsOutOfOrderAreSortedAndRepeatsDropped) {
  const IsmnFile file =
      parse(header + "2020/01/01 02:00 0.3 G M\n2020/01/01 01:00 0.2 G M\n2020/01/01 02:00 0.9 G M\n");
  EXPECT_EQ(sensor_of(file).values, (std::vector<float>{0.2F, 0.3F}));
  ASSERT_EQ(file.warnings.size(), 1u);
  EXPECT_NE(file.warnings[0].find("1 rows repeat"), std::string::npos);
}

TEST(Ismn, ValuesThatAreNoNumberAreMissingNotBroken) {
  const IsmnFile file = parse(header + "2020/01/01 00:00 NaN G M\n2020/01/01 01:00 0.2 G M\n");
  EXPECT_EQ(sensor_of(file).values, (std::vector<float>{0.2F}));
  EXPECT_EQ(sensor_of(file).rows, 2);
  EXPECT_TRUE(file.warnings.empty());
}

TEST(Ismn, AForeignRowInCeopIsReported) {
  const IsmnFile file =
      parse(ceop_row("2020/01/01 00:00", "0.2 G M") +
            "\n2020/01/01 01:00 2020/01/01 01:00 NET NET OTHER 45.5 9.25 120.0 0.05 0.05 0.3 G M\n" +
            "2020/01/01 02:00 2020/01/01 02:00 NET NET STA 45.5 9.25 120.0 0.20 0.20 0.3 G M\n");
  EXPECT_EQ(sensor_of(file).values.size(), 1u);
  ASSERT_EQ(file.warnings.size(), 2u);
  EXPECT_NE(file.warnings[0].find(":2: a row of station \"OTHER\""), std::string::npos);
  EXPECT_NE(file.warnings[1].find(":3: a row of depth"), std::string::npos);
}

TEST(Ismn, HopelessFilesSayWhy) {
  const auto message = [](const std::string& text, const std::string& name = file_name) {
    try {
      parse(text, name);
    } catch (const core::Error& error) {
      EXPECT_EQ(error.kind(), core::ErrorKind::data);
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_NE(message("").find("empty"), std::string::npos);
  EXPECT_NE(message("\r\n \r\n").find("empty"), std::string::npos);
  EXPECT_NE(message("NET NET STA\n2020/01/01 00:00 0.2 G M\n").find("expected 8 or more words"),
            std::string::npos);
  EXPECT_NE(message("NET NET STA north east 120 0.05 0.05 P\n2020/01/01 00:00 0.2 G\n").find("latitude"),
            std::string::npos);
  EXPECT_NE(message(header).find("no row"), std::string::npos);
  EXPECT_NE(message(header, "renamed.stm").find("renamed"), std::string::npos);
  EXPECT_NE(message(std::string("\0\x01\xff\r\x00", 5)).find(file_name), std::string::npos);
}

TEST(Ismn, RandomDamageIsAnErrorOrAWarningNeverACrash) {
  const std::string sound = header + "2020/01/01 00:00 0.20 G M\r\n2020/01/01 01:00 0.21 D03,D05 M\r\n" +
                            ceop_row("2020/01/01 02:00", "0.2140 G M") + "\n";
  std::mt19937 engine(99);
  int read = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text = round % 2 == 0 ? sound : sound.substr(header.size());
    for (int hit = 0; hit < 1 + round % 8; ++hit)
      text[engine() % text.size()] = static_cast<char>(engine() % 256);
    text.resize(1 + engine() % text.size());
    try {
      const SensorRecord sensor = parse(text).station.sensors.at(0);
      ASSERT_EQ(sensor.times_s.size(), sensor.values.size());
      ASSERT_TRUE(std::is_sorted(sensor.times_s.begin(), sensor.times_s.end()));
      ++read;
    } catch (const core::Error& error) {
      ASSERT_EQ(error.kind(), core::ErrorKind::data);
    }
  }
  EXPECT_GT(read, 100) << "most damage leaves something to use";
}

TEST(Ismn, BoxAndTimeLimitWhatIsRead) {
  IsmnOptions options;
  options.box = GeographicBox{10.0, 40.0, 20.0, 50.0};
  EXPECT_TRUE(parse(header + "2020/01/01 00:00 0.2 G M\n", file_name, options).outside);
  options.box = GeographicBox{9.0, 40.0, 20.0, 50.0};
  options.first_time_s = 1577836800 + 3600;
  options.end_time_s = 1577836800 + 7200;
  const IsmnFile file =
      parse(header + "2020/01/01 00:00 0.2 G M\n2020/01/01 01:00 0.3 G M\n2020/01/01 02:00 0.4 G M\n",
            file_name, options);
  EXPECT_EQ(sensor_of(file).values, (std::vector<float>{0.3F}));
  EXPECT_TRUE((GeographicBox{170.0, -10.0, 190.0, 10.0}).contains(0.0, -175.0)) << "a box across 180°";
}

TEST(IsmnStatic, InchMarksDoNotQuoteAndInsituDepthsAreNone) {
  std::vector<std::string> warnings;
  const auto variables = parse_ismn_static_variables(
      "static.csv",
      "quantity_name;unit;depth_from[m];depth_to[m];value;description;quantity_source_name;resolution;\r\n"
      "clay fraction;% weight;0.00;0.30;23.00;;HWSD;30\";\r\n"
      "sand fraction;% weight;0.30;1.00;29.00;;HWSD;30\";\r\n"
      "organic carbon;% weight;-99.90;-99.90;0.59;;insitu;;\r\n"
      "climate classification;;;;Cfa;Temperate;koeppen_geiger_2007;0.1°;\r\n",
      warnings);
  ASSERT_EQ(variables.size(), 4u);
  EXPECT_TRUE(warnings.empty());
  EXPECT_EQ(variables[0].quantity, "clay fraction");
  EXPECT_DOUBLE_EQ(variables[0].value, 23.0);
  EXPECT_EQ(variables[0].source, "HWSD");
  EXPECT_DOUBLE_EQ(variables[1].depth_from_m, 0.30);
  EXPECT_TRUE(std::isnan(variables[2].depth_from_m));
  EXPECT_EQ(variables[3].text, "Cfa");
  EXPECT_TRUE(std::isnan(variables[3].value));
}

TEST(IsmnStatic, WithoutHeaderColumnsGoByPosition) {
  std::vector<std::string> warnings;
  const auto variables =
      parse_ismn_static_variables("static.csv",
                                  "clay fraction;% weight;0.00;0.30;23.00;;HWSD;\r\nbroken "
                                  "line\r\nsaturation;m^3*m^-3;0.00;0.30;0.46;;HWSD;\r\n",
                                  warnings);
  ASSERT_EQ(variables.size(), 2u);
  EXPECT_DOUBLE_EQ(variables[1].value, 0.46);
  EXPECT_EQ(variables[1].source, "HWSD");
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_NE(warnings[0].find("static.csv:2:"), std::string::npos);
}

/// Folder `FR_Aqui` with files `FR-Aqui`, three depths, one above ground, one broken, clutter beside.
void write_archive(const ScratchFolder& folder, const std::string& top) {
  const std::string station = top + "FR_Aqui/fraye_S_/";
  const auto series = [&](const std::string& variable, const std::string& depth, const std::string& value) {
    folder.write(station + "FR-Aqui_FR-Aqui_fraye_" + variable + "_" + depth + "_" + depth +
                     "_Probe_20200101_20200102.stm",
                 "FR_Aqui FR_Aqui fraye_S. 44.46 -0.73 80.0 " + depth + " " + depth +
                     " Probe\r\n2020/01/01 00:00 " + value + " G M\r\n");
  };
  series("sm", "0.300000", "0.30");
  series("sm", "0.050000", "0.05");
  series("sm", "-1.000000", "0.01");
  series("ts", "0.050000", "12.5");
  folder.write(station + "FR-Aqui_FR-Aqui_fraye_sm_0.200000_0.200000_Probe_20200101_20200102.stm", "rubbish");
  folder.write(station + "FR-Aqui_FR-Aqui_fraye_static_variables.csv",
               "saturation;m^3*m^-3;0.00;0.30;0.46;;HWSD;\r\n");
  folder.write(top + "python_metadata/NET_NET_STA_sm_0.05_0.05_P_1_2.stm", "rubbish");
  folder.write(top + "Readme.txt", "hello");
}

void expect_the_archive(const StationArchive& archive) {
  ASSERT_EQ(archive.stations.size(), 1u);
  const StationRecord& station = archive.stations[0];
  EXPECT_EQ(station.network, "FR_Aqui");
  EXPECT_EQ(station.name, "fraye_S.");
  ASSERT_EQ(station.sensors.size(), 2u) << "above ground is not asked for, the broken one is not used";
  EXPECT_FLOAT_EQ(station.sensors[0].values.at(0), 0.05F) << "by depth";
  EXPECT_FLOAT_EQ(station.sensors[1].values.at(0), 0.30F);
  ASSERT_EQ(station.static_variables.size(), 1u);
  EXPECT_DOUBLE_EQ(station.static_variables[0].value, 0.46);
  EXPECT_EQ(archive.files_found, 5);
  EXPECT_EQ(archive.files_used, 2);
  ASSERT_EQ(archive.warnings.size(), 1u);
  EXPECT_NE(archive.warnings[0].find("_0.200000_"), std::string::npos) << archive.warnings[0];
  EXPECT_NE(archive.warnings[0].find("file not used"), std::string::npos);
}

TEST(Ismn, AFolderIsReadWithABrokenFileInIt) {
  const ScratchFolder folder;
  write_archive(folder, "");
  expect_the_archive(read_ismn(folder.path()));
}

TEST(Ismn, AnExtraFolderOnTopChangesNothing) {
  const ScratchFolder folder;
  write_archive(folder, "Data_separate_files_20200101/");
  expect_the_archive(read_ismn(folder.path()));
}

TEST(Ismn, AZipIsReadInPlaceFromAnyThreads) {
  const ScratchFolder folder;
  write_archive(folder, "in/");
  const std::string zip = (folder.path() / "my archive (1).zip").string();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path() / "in")) {
    if (!entry.is_regular_file()) continue;
    const std::string inside = std::filesystem::relative(entry.path(), folder.path() / "in").string();
    std::ifstream source(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(source)), std::istreambuf_iterator<char>());
    VSILFILE* target = VSIFOpenL(("/vsizip/{" + zip + "}/" + inside).c_str(), "wb");
    ASSERT_NE(target, nullptr);
    VSIFWriteL(bytes.data(), 1, bytes.size(), target);
    VSIFCloseL(target);
  }
  std::filesystem::remove_all(folder.path() / "in");
  expect_the_archive(read_ismn(zip));
  const core::ParallelFor threads = [](std::int64_t count, const std::function<void(std::int64_t)>& body) {
    std::vector<std::jthread> workers;
    for (std::int64_t i = 0; i < count; ++i) workers.emplace_back([&body, i] { body(i); });
  };
  expect_the_archive(read_ismn(zip, {}, threads));
}

TEST(Ismn, DepthRangeIsJudgedToAMillimetre) {
  const ScratchFolder folder;
  write_archive(folder, "");
  IsmnOptions options;
  options.depth_from_m = 0.3005;
  options.depth_to_m = 0.5;
  const StationArchive archive = read_ismn(folder.path(), options);
  ASSERT_EQ(archive.stations.size(), 1u);
  EXPECT_EQ(archive.stations[0].sensors.size(), 1u);
  options.depth_from_m = 0.31;
  EXPECT_TRUE(read_ismn(folder.path(), options).stations.empty());
}

TEST(Ismn, WhatIsNotThereIsSaid) {
  const ScratchFolder folder;
  EXPECT_THROW(read_ismn(folder.path()), core::Error) << "an empty folder";
  EXPECT_THROW(read_ismn(folder.path() / "absent.zip"), core::Error);
  const auto no_zip = folder.write("broken.zip", "PK\x03\x04 no more");
  EXPECT_THROW(read_ismn(no_zip), core::Error);
  write_archive(folder, "");
  IsmnOptions precipitation;
  precipitation.variable = "p";
  const StationArchive archive = read_ismn(folder.path(), precipitation);
  EXPECT_TRUE(archive.stations.empty());
  EXPECT_NE(first_with(archive.warnings, "also holds sm ts"), "") << archive.warnings.at(0);
}

TEST(IsmnSamples, FolderAndZipOfTheCosmosSampleAgree) {
  const auto samples = testing::shared_data() / "ismn-samples";
  if (!std::filesystem::exists(samples)) GTEST_SKIP() << "the ISMN samples are not here";
  const StationArchive folder = read_ismn(samples / "Data_seperate_files_header_20170810_20180809");
  const StationArchive zip =
      read_ismn(samples / "zip_archives/header/Data_seperate_files_header_20170810_20180809.zip");
  ASSERT_EQ(folder.stations.size(), 2u);
  ASSERT_EQ(zip.stations.size(), 2u);
  EXPECT_EQ(folder.stations[0].name, "ARM-1");
  EXPECT_DOUBLE_EQ(folder.stations[0].latitude, 36.6054);
  const SensorRecord& sensor = folder.stations[0].sensors.at(0);
  EXPECT_EQ(sensor.rows, 6865);  // awk counts 6514 G and the rest D03, D05, D08
  EXPECT_EQ(sensor.flag_counts.at("G"), 6514);
  EXPECT_EQ(sensor.flag_counts.at("D05"), 17 + 196 + 1);
  EXPECT_EQ(sensor.values.size(), 6514u);
  EXPECT_EQ(folder.stations[0].static_variables.size(), 15u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(folder.stations[i].sensors.at(0).values, zip.stations[i].sensors.at(0).values);
    EXPECT_EQ(folder.stations[i].sensors.at(0).times_s, zip.stations[i].sensors.at(0).times_s);
    EXPECT_EQ(folder.stations[i].static_variables.size(), zip.stations[i].static_variables.size());
  }
  EXPECT_TRUE(folder.warnings.empty()) << folder.warnings[0];
}

TEST(IsmnSamples, BothFormatsOfNarbonneHoldTheSame) {
  const auto samples = testing::shared_data() / "ismn-samples";
  if (!std::filesystem::exists(samples)) GTEST_SKIP() << "the ISMN samples are not here";
  const StationArchive values = read_ismn(samples / "format_header_values");
  const StationArchive ceop = read_ismn(samples / "format_ceop_sep");
  ASSERT_EQ(values.stations.size(), 1u);
  ASSERT_EQ(ceop.stations.size(), 1u);
  EXPECT_EQ(values.stations[0].name, "Narbonne");
  EXPECT_DOUBLE_EQ(ceop.stations[0].longitude, 2.9567);
  EXPECT_EQ(values.stations[0].sensors[0].values.size(), 736u) << "741 rows, 5 of them flagged";
  EXPECT_EQ(values.stations[0].sensors[0].values, ceop.stations[0].sensors[0].values);
  EXPECT_EQ(values.stations[0].sensors[0].times_s, ceop.stations[0].sensors[0].times_s);
  EXPECT_EQ(values.stations[0].sensors[0].sensor, ceop.stations[0].sensors[0].sensor);
}

}  // namespace
}  // namespace rootzone::io
