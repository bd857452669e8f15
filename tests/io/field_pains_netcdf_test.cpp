#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "netcdf_fixture.hpp"
#include "rootzone/core/parallel.hpp"
#include "rootzone/io/crs.hpp"
#include "rootzone/io/input.hpp"

// The pains that a NetCDF file brings, all the way from the file to the values on the model grid.

namespace rootzone::io {
namespace {

using test::CubeFile;
using test::FileWriter;
using test::ScratchFolder;

std::vector<float> values_on(const InputSpec& spec, const core::Grid& grid, const core::TimeAxis& axis) {
  const OpenedInput opened = open_input(spec, grid, axis);
  std::vector<float> values(static_cast<std::size_t>(grid.cells() * axis.count()));
  opened.source->fetch({0, axis.count(), 0, grid.rows()})->decode(values, core::serial_for);
  return values;
}

core::Grid degrees(double west, double south, double east, double north) {
  return core::Grid(parse_crs("EPSG:4326"), {west, south, east, north},
                    static_cast<std::int64_t>(north - south), static_cast<std::int64_t>(east - west));
}

InputSpec spec_of(const std::filesystem::path& path) {
  InputSpec spec = test::input(path, "v");
  spec.resampling = Resampling::nearest;
  spec.target_units = "1";
  return spec;
}

TEST(FieldPains, Case05NorthUpAndSouthUpCubesGiveTheSameMap) {
  const ScratchFolder folder;
  for (const bool south_up : {false, true}) {
    SCOPED_TRACE(south_up);
    const auto path = folder / (south_up ? "south.nc" : "north.nc");
    {
      CubeFile file(path, 2, 3, 4, NC_NETCDF4, south_up);
      const int v = file.cube("v", NC_FLOAT);
      file.writer.chunks(v, {1, 2, 3});
      file.writer.deflate(v, true, 1);
      file.put_coordinates();
      std::vector<double> values;
      for (double time : file.times)
        for (double latitude : file.latitudes)
          for (double longitude : file.longitudes)
            values.push_back(100 * time + 10 * (50 - latitude) + longitude);
      file.writer.put(v, values);
    }
    // Rows 1 and 2 of the file's three: by coordinate, row 0 of the model is 48.5° N.
    const auto found =
        values_on(spec_of(path), degrees(10, 47, 14, 49), core::TimeAxis({2000, 1, 1}, {2000, 1, 2}));
    for (std::size_t step = 0; step < 2; ++step)
      for (std::size_t row = 0; row < 2; ++row)
        for (std::size_t col = 0; col < 4; ++col)
          EXPECT_FLOAT_EQ(
              found[step * 8 + row * 4 + col],
              static_cast<float>(100.0 * static_cast<double>(step) + 10.0 * (1.5 + static_cast<double>(row)) +
                                 10.5 + static_cast<double>(col)));
  }
}

/// One day, 0.5 … 359.5° E, value = the longitude of the cell.
void write_globe(const std::filesystem::path& path) {
  FileWriter file(path);
  const int time_dimension = file.dimension("time", 1);
  const int rows = file.dimension("lat", 4);
  const int cols = file.dimension("lon", 360);
  const int time = file.variable("time", NC_DOUBLE, {time_dimension});
  file.text(time, "units", "days since 2000-01-01");
  const int lat = file.variable("lat", NC_DOUBLE, {rows});
  file.text(lat, "units", "degrees_north");
  const int lon = file.variable("lon", NC_DOUBLE, {cols});
  file.text(lon, "units", "degrees_east");
  const int v = file.variable("v", NC_FLOAT, {time_dimension, rows, cols});
  file.text(v, "units", "1");
  file.chunks(v, {1, 2, 50});
  file.deflate(v, true, 1);
  std::vector<double> longitudes, values;
  for (int i = 0; i < 360; ++i) longitudes.push_back(i + 0.5);
  for (int row = 0; row < 4; ++row) values.insert(values.end(), longitudes.begin(), longitudes.end());
  file.put(time, {0.0});
  file.put(lat, {1.5, 0.5, -0.5, -1.5});
  file.put(lon, longitudes);
  file.put(v, values);
}

TEST(FieldPains, Case06BasinsAcrossGreenwichAndTheDateLineFromAFileOf0To360Degrees) {
  const ScratchFolder folder;
  write_globe(folder / "globe.nc");
  const core::TimeAxis day({2000, 1, 1}, {2000, 1, 1});
  const auto greenwich = values_on(spec_of(folder / "globe.nc"), degrees(-10, -1, 10, 1), day);
  const auto date_line = values_on(spec_of(folder / "globe.nc"), degrees(170, -1, 190, 1), day);
  for (std::size_t col = 0; col < 20; ++col) {
    const double east = -9.5 + static_cast<double>(col);
    EXPECT_FLOAT_EQ(greenwich[20 + col], static_cast<float>(east < 0 ? east + 360.0 : east));
    EXPECT_FLOAT_EQ(date_line[20 + col], static_cast<float>(170.5 + static_cast<double>(col)));
  }
}

/// `records` days from 2000-01-01 in a calendar of its own; value = number of the record.
void write_calendar(const std::filesystem::path& path, const std::string& calendar, int records) {
  CubeFile file(path, static_cast<std::size_t>(records), 2, 2);
  if (!calendar.empty()) file.writer.text(file.time, "calendar", calendar);
  const int v = file.cube("v", NC_FLOAT);
  file.put_coordinates();
  std::vector<double> values;
  for (int record = 0; record < records; ++record) values.insert(values.end(), 4, record);
  file.writer.put(v, values);
}

TEST(FieldPains, Case12EveryCfCalendarMeetsTheDaysOfTheRunByDate) {
  const ScratchFolder folder;
  // Around the leap day of 2000, which noleap, 360_day and the others see differently.
  const core::TimeAxis axis({2000, 2, 28}, {2000, 3, 1});
  const std::vector<std::pair<std::string, std::vector<float>>> cases{
      {"standard", {58, 59, 60}}, {"gregorian", {58, 59, 60}}, {"proleptic_gregorian", {58, 59, 60}},
      {"julian", {58, 59, 60}},   {"noleap", {58, 58, 59}},    {"365_day", {58, 58, 59}},
      {"all_leap", {58, 59, 60}}, {"366_day", {58, 59, 60}},   {"360_day", {57, 58, 60}}};
  for (const auto& [calendar, expected] : cases) {
    SCOPED_TRACE(calendar);
    const auto path = folder / (calendar + ".nc");
    write_calendar(path, calendar, 75);
    const auto found = values_on(spec_of(path), degrees(10, 48, 12, 50), axis);
    for (std::size_t step = 0; step < 3; ++step)
      EXPECT_EQ(found[step * 4], expected[step]) << "step " << step;
  }
  // A 29 February that the file's calendar lacks repeats the day before, or is missing where that is wished.
  InputSpec strict = spec_of(folder / "noleap.nc");
  strict.leap_day = LeapDay::missing;
  const auto found = values_on(strict, degrees(10, 48, 12, 50), axis);
  EXPECT_EQ(found[0], 58.0F);
  EXPECT_TRUE(std::isnan(found[4])) << found[4];
  EXPECT_EQ(found[8], 59.0F);
}

}  // namespace
}  // namespace rootzone::io
