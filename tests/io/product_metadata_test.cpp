#include <gtest/gtest.h>

#include "io/product_fixture.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/product.hpp"

namespace rootzone::io {
namespace {

using namespace testing;

constexpr const char* name = "root_zone_soil_moisture";

/// 3 × 4 cells of an axis, all of it filled.
std::filesystem::path small_product(const OutputFolder& folder, ProductSpec spec) {
  write_product(spec, wavy_cube(spec), folder.path(), cut(spec, spec.axis.count(), spec.grid.rows()));
  return folder / (spec.variable + ".nc");
}

ProductSpec small_spec(const std::string& crs = "EPSG:4326",
                       const core::Extent& extent = {6.0, 45.0, 8.0, 46.5}) {
  return daily_spec(core::Grid(crs, extent, 3, 4), {2016, 2, 28}, {2016, 3, 1});
}

TEST(FieldPains, Case13DaysAreStampedByTheirDateWithBounds) {
  const OutputFolder folder;
  const NetcdfFile file(small_product(folder, small_spec()));
  // 16859 days lie between 1970-01-01 and 2016-02-28: 46 years of 365 days, 11 leap days, 58 days of 2016.
  const double first = 46 * 365 + 11 + 58;
  EXPECT_EQ(file.numbers("time"), (std::vector<double>{first, first + 1, first + 2}));
  EXPECT_EQ(file.numbers("time_bnds"),
            (std::vector<double>{first, first + 1, first + 1, first + 2, first + 2, first + 3}));
  EXPECT_EQ(file.text("time", "bounds"), "time_bnds");
  EXPECT_EQ(file.text("time", "units"), "days since 1970-01-01 00:00:00");
  EXPECT_EQ(file.text("time", "calendar"), "standard");
  EXPECT_EQ(file.text("", "time_coverage_start"), "2016-02-28T00:00:00Z");
  EXPECT_EQ(file.text("", "time_coverage_end"), "2016-03-02T00:00:00Z");
  EXPECT_EQ(file.text("", "time_coverage_duration"), "P3D");
}

TEST(Product, PeriodsHaveTheBoundsOfTheirDays) {
  const OutputFolder folder;
  ProductSpec spec = small_spec();
  spec.axis.time = core::TimeAxis({2016, 1, 31}, {2016, 3, 1});
  spec.axis.kind = StepAxis::Kind::periods;
  spec.axis.periods = core::periods_of(*spec.axis.time, core::PeriodKind::month);
  const NetcdfFile file(small_product(folder, spec));
  const double first = 46 * 365 + 11 + 30;
  EXPECT_EQ(file.numbers("time"), (std::vector<double>{first, first + 1, first + 30}));
  EXPECT_EQ(file.numbers("time_bnds"),
            (std::vector<double>{first, first + 1, first + 1, first + 30, first + 30, first + 31}));
}

TEST(Product, OtherCalendarsKeepTheirOwnDays) {
  const OutputFolder folder;
  ProductSpec spec = small_spec();
  spec.axis.time = core::TimeAxis({2016, 2, 28}, {2016, 3, 1}, core::Calendar::noleap);
  const NetcdfFile file(small_product(folder, spec));
  EXPECT_EQ(file.numbers("time"), (std::vector<double>{46 * 365 + 58, 46 * 365 + 59}));
  EXPECT_EQ(file.text("time", "calendar"), "noleap");
}

TEST(Product, CoordinatesLieAtTheCentresNorthFirst) {
  const OutputFolder folder;
  const NetcdfFile file(small_product(folder, small_spec("EPSG:3035", {4.0e6, 2.0e6, 4.02e6, 2.015e6})));
  EXPECT_EQ(file.numbers("x"), (std::vector<double>{4002500, 4007500, 4012500, 4017500}));
  EXPECT_EQ(file.numbers("y"), (std::vector<double>{2012500, 2007500, 2002500}));
  EXPECT_EQ(file.text("x", "standard_name"), "projection_x_coordinate");
  EXPECT_EQ(file.text("y", "units"), "m");
  EXPECT_EQ(file.text(name, "grid_mapping"), "crs");
  EXPECT_EQ(file.text("crs", "grid_mapping_name"), "lambert_azimuthal_equal_area");
  EXPECT_EQ(file.attribute("crs", "latitude_of_projection_origin"), (std::vector<double>{52}));
  EXPECT_EQ(file.attribute("crs", "false_easting"), (std::vector<double>{4321000}));
  EXPECT_NEAR(file.attribute("crs", "inverse_flattening").at(0), 298.257222101, 1e-9);
  EXPECT_EQ(file.text("crs", "GeoTransform"), "4e+06 5000 0 2015000 0 -5000");
  EXPECT_EQ(file.text("crs", "crs_wkt").substr(0, 7), "PROJCRS");
  EXPECT_EQ(file.text("crs", "spatial_ref").substr(0, 6), "PROJCS");
}

TEST(Product, DegreesAreNamedAsSuchAndTheBoundingBoxIsGiven) {
  const OutputFolder folder;
  const NetcdfFile file(small_product(folder, small_spec()));
  EXPECT_EQ(file.text("x", "units"), "degrees_east");
  EXPECT_EQ(file.text("y", "standard_name"), "latitude");
  EXPECT_EQ(file.attribute("", "geospatial_lon_min"), (std::vector<double>{6}));
  EXPECT_EQ(file.attribute("", "geospatial_lat_max"), (std::vector<double>{46.5}));
  EXPECT_EQ(file.text("", "Conventions"), "CF-1.8, ACDD-1.3");
}

TEST(Product, FlagsSayWhatTheyMean) {
  const OutputFolder folder;
  ProductSpec spec = small_spec();
  spec.attributes["rootzone_pipeline"] = "po";
  spec.attributes["title"] = "Po";
  const NetcdfFile file(small_product(folder, spec));
  const std::string flags = std::string(name) + "_flags";
  EXPECT_EQ(file.text(name, "ancillary_variables"), flags);
  EXPECT_EQ(file.attribute(flags, "flag_masks").size(), core::flag_meanings.size());
  EXPECT_EQ(file.attribute(flags, "flag_masks").back(), core::bits(core::flag_meanings.back().flag));
  EXPECT_EQ(file.text(flags, "flag_meanings").substr(0, 24), "input_missing gap_filled");
  EXPECT_EQ(file.text("", "title"), "Po");
  EXPECT_EQ(file.text("", "rootzone_pipeline"), "po");
}

TEST(Product, WithoutACrsThereIsNoGridMapping) {
  const OutputFolder folder;
  const NetcdfFile file(small_product(folder, small_spec("")));
  EXPECT_EQ(file.text(name, "grid_mapping"), "");
  EXPECT_EQ(file.text("x", "axis"), "X");
}

TEST(FieldPains, Case04GdalFindsTheEpsgCodeOfEveryProduct) {
  if (!has_program("gdalinfo")) GTEST_SKIP() << "gdalinfo is not installed";
  for (const auto& [epsg, extent] : {std::pair(3035, core::Extent{4.0e6, 2.0e6, 4.02e6, 2.015e6}),
                                     std::pair(4326, core::Extent{6, 45, 8, 46.5}),
                                     std::pair(32632, core::Extent{4e5, 5e6, 4.02e5, 5.015e6}),
                                     std::pair(6933, core::Extent{0, 0, 4000, 3000}),
                                     std::pair(2154, core::Extent{7e5, 6.6e6, 7.04e5, 6.603e6}),
                                     std::pair(5070, core::Extent{0, 1e6, 4e3, 1.003e6}),
                                     std::pair(3413, core::Extent{1e6, 1e6, 1.004e6, 1.003e6}),
                                     std::pair(2056, core::Extent{2.6e6, 1.2e6, 2.604e6, 1.203e6})}) {
    const OutputFolder folder;
    const auto path = small_product(folder, small_spec("EPSG:" + std::to_string(epsg), extent));
    for (const std::string& variable : {std::string(name), std::string(name) + "_flags"}) {
      const auto result = run_program("gdalinfo 'NETCDF:\"" + path.string() + "\":" + variable + "'");
      EXPECT_EQ(result.status, 0);
      EXPECT_NE(result.output.find("ID[\"EPSG\"," + std::to_string(epsg) + "]]\n"), std::string::npos)
          << result.output;
      EXPECT_NE(result.output.find("Size is 4, 3"), std::string::npos) << result.output;
      EXPECT_EQ(result.output.find("Warning"), std::string::npos) << result.output;
      EXPECT_EQ(result.output.find("ERROR"), std::string::npos) << result.output;
    }
  }
}

std::vector<ProductSpec> one_of_each_axis() {
  std::vector<ProductSpec> specs(4, small_spec());
  specs[1].axis.kind = StepAxis::Kind::periods;
  specs[1].axis.periods = core::periods_of(*specs[1].axis.time, core::PeriodKind::month);
  for (std::size_t i : {2U, 3U}) specs[i].axis.time.reset();
  specs[2].axis.kind = StepAxis::Kind::values;
  specs[2].axis.name = "return_period";
  specs[2].axis.long_name = "return period";
  specs[2].axis.units = "years";
  specs[2].axis.values = {2, 20};
  specs[3].axis.kind = StepAxis::Kind::labels;
  specs[3].axis.name = "statistic";
  specs[3].axis.labels = {"median", "standard deviation"};
  return specs;
}

TEST(Product, CdoReadsEveryAxisWithoutAWord) {
  if (!has_program("cdo")) GTEST_SKIP() << "cdo is not installed";
  for (ProductSpec& spec : one_of_each_axis())
    for (const Packing packing : {Packing::float32, Packing::int16}) {
      const OutputFolder folder;
      spec.packing = packing;
      const auto path = small_product(folder, spec);
      const auto quiet = run_program("cdo -s sinfo '" + path.string() + "' > /dev/null");
      EXPECT_EQ(quiet.status, 0) << spec.axis.name;
      EXPECT_EQ(quiet.output, "") << spec.axis.name;
      // 12 cells a step, all but the missing ones: the mean over the first step, by hand and by CDO.
      const Cube cube = wavy_cube(spec);
      double sum = 0.0;
      int count = 0;
      for (std::size_t i = 0; i < 12; ++i) {
        if (std::isnan(cube.values[i])) continue;
        sum += cube.values[i];
        ++count;
      }
      ASSERT_LT(count, 12);
      const auto mean = run_program("cdo -s outputf,%.9g,1 -sellevidx,1 -seltimestep,1 -selname," +
                                    std::string(name) + " -fldmean,weights=FALSE '" + path.string() + "'");
      EXPECT_NEAR(std::atof(mean.output.c_str()), sum / count, packing == Packing::int16 ? 5e-5 : 1e-6)
          << mean.output;
    }
}

TEST(Product, XarrayReadsDatesValuesAndMissingCells) {
  if (std::system("/usr/bin/python3 -c 'import xarray, netCDF4' > /dev/null 2>&1") != 0)
    GTEST_SKIP() << "python3-xarray with netCDF4 is not installed";
  const OutputFolder folder;
  ProductSpec spec = small_spec();
  spec.packing = Packing::int16;
  const auto path = small_product(folder, spec);
  const auto result =
      run_program("/usr/bin/python3 -W ignore -c \"import xarray; d = xarray.open_dataset('" + path.string() +
                  "'); v = d." + name +
                  "; print(str(v.time.values[1])[:10], int(v.isnull().sum()), v.units, '%.4f' % "
                  "float(v[0, 0, 1]), float(v.y[0]), d." +
                  name + "_flags.dtype)\"");
  const Cube cube = wavy_cube(spec);
  const auto missing =
      std::count_if(cube.values.begin(), cube.values.end(), [](float v) { return std::isnan(v); });
  char expected[128];
  std::snprintf(expected, sizeof(expected), "2016-02-29 %d m3 m-3 %.4f 46.25 int16\n",
                static_cast<int>(missing), static_cast<double>(cube.values[1]));
  EXPECT_EQ(result.output, expected);
}

TEST(Product, NcdumpShowsTheCheckListOfCf) {
  if (!has_program("ncdump")) GTEST_SKIP() << "ncdump is not installed";
  const OutputFolder folder;
  const auto result = run_program("ncdump -hs '" + small_product(folder, small_spec()).string() + "'");
  for (const std::string part :
       {"float root_zone_soil_moisture(time, y, x)", "short root_zone_soil_moisture_flags(time, y, x)",
        "double time_bnds(time, nv)", ":_Shuffle = \"true\"", ":_DeflateLevel = 1",
        ":cell_methods = \"time: mean\"", ":_FillValue = 9.96921e+36f", "flag_masks = 1s, 2s, 4s, 8s, 16s"})
    EXPECT_NE(result.output.find(part), std::string::npos) << part << "\n" << result.output;
  for (const std::string clock : {"date_created", "history"})
    EXPECT_EQ(result.output.find(clock), std::string::npos) << result.output;
}

TEST(StepAxis, NamesItsStepsForFilesAndForPeople) {
  const std::vector<ProductSpec> specs = one_of_each_axis();
  EXPECT_EQ(specs[0].axis.file_label(1), "20160229");
  EXPECT_EQ(specs[0].axis.description(1), "2016-02-29");
  EXPECT_EQ(specs[1].axis.file_label(1), "201603");
  EXPECT_EQ(specs[1].axis.description(1), "2016-03");
  EXPECT_EQ(specs[2].axis.file_label(1), "T20");
  EXPECT_EQ(specs[2].axis.description(1), "20 years");
  StepAxis periods = specs[2].axis;
  periods.units = "year";
  periods.values = {1.0, 20.0};
  EXPECT_EQ(periods.description(0), "1 year");
  EXPECT_EQ(periods.description(1), "20 years");
  EXPECT_EQ(specs[3].axis.file_label(1), "standard_deviation");
  EXPECT_EQ(specs[3].axis.description(1), "standard deviation");
  StepAxis years;
  years.kind = StepAxis::Kind::values;
  years.name = "year";
  years.units = "year";
  years.values = {2004, 2005};
  EXPECT_EQ(years.file_label(0), "2004");
  EXPECT_EQ(years.description(0), "2004");
  EXPECT_EQ(years.count(), 2);
  EXPECT_THROW(years.file_label(2), core::Error);
}

}  // namespace
}  // namespace rootzone::io
