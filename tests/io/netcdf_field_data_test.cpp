#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "netcdf_fixture.hpp"
#include "netcdf_stack.hpp"
#include "rootzone/core/calendar.hpp"
#include "rootzone/io/cf_time.hpp"
#include "rootzone/io/units.hpp"

namespace rootzone::io {
namespace {

using test::error_of;
using test::input;
using test::read_all;
using ::testing::Contains;
using ::testing::HasSubstr;

/// The real files with their traps; skipped where they are not.
class NetcdfFieldData : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(m_folder)) GTEST_SKIP() << m_folder << " is not there";
  }
  std::filesystem::path m_folder = std::filesystem::path(ROOTZONE_SOURCE_DIR) / ".." / "shared" / "data";
};

std::string first_time(const NativeStack& stack) {
  return iso_instant(stack.description().times.front().stamp, stack.description().calendar);
}

TEST_F(NetcdfFieldData, PoSoilMoisture) {
  InputSpec spec = input(m_folder / "po" / "surface_soil_moisture.nc");
  spec.units = "m3 m-3";
  NetcdfStack stack(spec);
  const NativeDescription& described = stack.description();
  EXPECT_EQ(described.grid.extent(), (core::Extent{4050000, 2330000, 4450000, 2615000}));
  EXPECT_THAT(described.crs_note, HasSubstr("EPSG:3035"));
  EXPECT_EQ(described.units, "m3 m-3");
  EXPECT_EQ(described.times.size(), 183U);
  EXPECT_EQ(first_time(stack), "2016-01-02T06:00:00");
  EXPECT_EQ(described.chunk_rows, 57);
  const auto values = read_all(stack);
  EXPECT_EQ(stack.chunks_decoded(), 183);
  NetcdfStack plain(spec, ReadPath::netcdf);
  const auto slow = read_all(plain);
  std::size_t valid = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    ASSERT_TRUE(values[i] == slow[i] || (std::isnan(values[i]) && std::isnan(slow[i])));
    if (std::isnan(values[i])) continue;
    ++valid;
    ASSERT_GT(values[i], 0.0F);
    ASSERT_LT(values[i], 0.7F);
  }
  EXPECT_GT(valid, values.size() / 4);
  EXPECT_LT(valid, values.size());
}

TEST_F(NetcdfFieldData, PoSoilMapsNameAMappingTheyDoNotHave) {
  const auto stack = open_netcdf_stack(input(m_folder / "po" / "soil" / "genua1_f.nc"));
  EXPECT_THAT(stack->description().crs_note, HasSubstr("EPSG:3035"));
  EXPECT_THAT(stack->description().warnings, Contains(HasSubstr("lambert_azimuthal_equal_area")));
  EXPECT_TRUE(stack->description().times.empty());
  EXPECT_EQ(stack->description().grid.cells(), 80 * 57);
}

TEST_F(NetcdfFieldData, RhineMeuseRainIsClassicAndWithoutUnits) {
  const auto stack = open_netcdf_stack(input(m_folder / "rhine-meuse" / "precipitation_2001to2010.nc"));
  const NativeDescription& described = stack->description();
  EXPECT_EQ(described.times.size(), 3652U);
  EXPECT_EQ(first_time(*stack), "2001-01-01");
  EXPECT_EQ(iso_instant(described.times.back().stamp, described.calendar), "2010-12-31");
  EXPECT_EQ(described.grid.extent(), (core::Extent{3.5, 46.0, 12.0, 52.5}));
  EXPECT_THAT(described.crs_note, HasSubstr("EPSG:4326"));
  EXPECT_THAT(error_of([&] { make_converter(described.units, "mm d-1"); }).second, HasSubstr("set `units"));
  for (const float value : test::read_window(*stack, {0, 30, 0, 13, 0, 17}))
    ASSERT_TRUE(std::isnan(value) || (value >= 0.0F && value < 0.2F)) << value;
}

TEST_F(NetcdfFieldData, RhineMeuseSoilHasSeveralVariables) {
  const auto path = m_folder / "rhine-meuse" / "soilPropertiesRhineMeuse30min.nc";
  EXPECT_THAT(error_of([&] { open_netcdf_stack(input(path)); }).second, HasSubstr("set `variable`"));
  EXPECT_TRUE(open_netcdf_stack(input(path, "firstStorDepth"))->description().times.empty());
}

TEST_F(NetcdfFieldData, RhineMeuseClimatologyIsALeapYear) {
  const auto stack = open_netcdf_stack(input(m_folder / "rhine-meuse" / "cropKC_forest_daily366.nc"));
  EXPECT_EQ(stack->description().times.size(), 366U);
  EXPECT_EQ(first_time(*stack), "2004-01-01");
}

TEST_F(NetcdfFieldData, MoselleDailyFilesHoldCorners) {
  InputSpec spec = input(m_folder / "moselle" / "pre.nc");
  EXPECT_THAT(error_of([&] { open_netcdf_stack(spec); }).second, HasSubstr("ambiguous CRS"));
  spec.crs = "EPSG:3035";
  spec.coordinates = CoordinateMeaning::corner;
  const auto stack = open_netcdf_stack(spec);
  EXPECT_EQ(stack->description().grid.extent(), (core::Extent{3973369, 2735847, 4117369, 2951847}));
  EXPECT_EQ(first_time(*stack), "1989-01-01");
  InputSpec monthly = input(m_folder / "moselle" / "et_monthly.nc");
  monthly.crs = "EPSG:3035";
  const auto centres = open_netcdf_stack(monthly);
  EXPECT_TRUE(centres->description().grid.same_cells(stack->description().grid))
      << "the same grid by its centres";
  EXPECT_EQ(centres->description().units, "mm month-1") << "from an attribute called `unit`";
  EXPECT_EQ(first_time(*centres), "1990-01-31T23:00:00");
}

TEST_F(NetcdfFieldData, MoselleSoilMoistureLeftItsAxesOnOtherDimensions) {
  InputSpec spec = input(m_folder / "moselle" / "sm_monthly.nc", "sm");
  spec.crs = "EPSG:3035";
  const auto stack = open_netcdf_stack(spec);
  EXPECT_EQ(stack->description().grid.extent(), (core::Extent{3956369, 2722347, 4100369, 2938347}));
  EXPECT_THAT(stack->description().warnings, Contains(HasSubstr("easting")));
  for (const float value : read_all(*stack))
    ASSERT_TRUE(std::isnan(value) || (value >= 0.0F && value <= 1.0F)) << value;
}

}  // namespace
}  // namespace rootzone::io
