#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "netcdf_fixture.hpp"

namespace rootzone::io {
namespace {

using test::error_of;
using test::FileWriter;
using test::input;
using test::read_all;
using test::ScratchFolder;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A static map v(y, x) = 10 row + col in the file's own rows, with coordinates as given.
struct MapFile {
  std::vector<double> x{0.5, 1.5, 2.5};
  std::vector<double> y{1.5, 0.5};
  std::string x_name = "lon", y_name = "lat";
  std::string x_units = "degrees_east", y_units = "degrees_north";
  nc_type coordinate_type = NC_DOUBLE;
  std::function<void(FileWriter&, int v, int x, int y)> more = [](FileWriter&, int, int, int) {};

  std::filesystem::path write(const std::filesystem::path& path, int flags = NC_NETCDF4) const {
    FileWriter file(path, flags);
    const int rows = file.dimension(y_name, y.size());
    const int cols = file.dimension(x_name, x.size());
    const int y_variable = file.variable(y_name, coordinate_type, {rows});
    const int x_variable = file.variable(x_name, coordinate_type, {cols});
    if (!y_units.empty()) file.text(y_variable, "units", y_units);
    if (!x_units.empty()) file.text(x_variable, "units", x_units);
    const int v = file.variable("v", NC_FLOAT, {rows, cols});
    more(file, v, x_variable, y_variable);
    file.put(y_variable, y);
    file.put(x_variable, x);
    std::vector<double> values;
    for (std::size_t row = 0; row < y.size(); ++row)
      for (std::size_t col = 0; col < x.size(); ++col) values.push_back(static_cast<double>(10 * row + col));
    file.put(v, values);
    return path;
  }
};

MapFile projected() {
  MapFile map;
  map.x = {4052500, 4057500, 4062500};
  map.y = {2612500, 2607500};
  map.x_name = "x";
  map.y_name = "y";
  map.x_units = map.y_units = "Meter";
  return map;
}

core::Extent extent_of(const std::filesystem::path& path, InputSpec spec = {}) {
  spec.paths = {path};
  spec.variable = "v";
  return open_netcdf_stack(spec)->description().grid.extent();
}

TEST(NetcdfGrid, RowsComeNorthUpWhicheverWayTheyLie) {
  const ScratchFolder folder;
  MapFile map;
  const auto down = open_netcdf_stack(input(map.write(folder / "down.nc"), "v"));
  EXPECT_EQ(read_all(*down), (std::vector<float>{0, 1, 2, 10, 11, 12}));
  map.y = {0.5, 1.5};
  const auto up = open_netcdf_stack(input(map.write(folder / "up.nc"), "v"));
  EXPECT_EQ(read_all(*up), (std::vector<float>{10, 11, 12, 0, 1, 2}));
  EXPECT_EQ(up->description().grid.extent(), (core::Extent{0, 0, 3, 2}));
  EXPECT_EQ(down->description().grid.extent(), up->description().grid.extent());
  EXPECT_TRUE(up->description().times.empty());
}

TEST(NetcdfGrid, ALongitudeThatIsNoneIsNamed) {
  const ScratchFolder folder;
  for (const double wrong : {1e20, -1e20, std::numeric_limits<double>::infinity()}) {
    MapFile map;
    map.x[1] = wrong;
    const auto path = map.write(folder / "wrong.nc");
    const auto [kind, message] = error_of([&] { open_netcdf_stack(input(path, "v")); });
    EXPECT_EQ(kind, core::ErrorKind::data) << wrong;
    EXPECT_THAT(message, AllOf(HasSubstr("wrong.nc"), HasSubstr("lon"))) << wrong;
  }
}

TEST(NetcdfGrid, ColumnsThatRunWestAreTurned) {
  const ScratchFolder folder;
  MapFile map;
  map.x = {2.5, 1.5, 0.5};
  const auto stack = open_netcdf_stack(input(map.write(folder / "west.nc"), "v"));
  EXPECT_EQ(read_all(*stack), (std::vector<float>{2, 1, 0, 12, 11, 10}));
  EXPECT_EQ(test::read_window(*stack, {0, 1, 1, 1, 0, 2}), (std::vector<float>{12, 11}));
  EXPECT_EQ(stack->description().grid.extent(), (core::Extent{0, 0, 3, 2}));
}

TEST(NetcdfGrid, PackedCoordinatesAreUnpacked) {
  const ScratchFolder folder;
  MapFile map;
  map.coordinate_type = NC_SHORT;
  map.x = {0, 1, 2};
  map.y = {10, 9};
  map.more = [](FileWriter& file, int, int x, int y) {
    for (const int coordinate : {x, y}) {
      file.attribute(coordinate, "scale_factor", NC_DOUBLE, {0.25});
      file.attribute(coordinate, "add_offset", NC_DOUBLE, {40});
    }
  };
  EXPECT_EQ(extent_of(map.write(folder / "packed.nc")), (core::Extent{39.875, 42.125, 40.625, 42.625}));
}

TEST(NetcdfGrid, CentresAndCornersAreHalfACellApart) {
  const ScratchFolder folder;
  const auto path = projected().write(folder / "corners.nc");
  InputSpec spec;
  spec.crs = "EPSG:3035";
  EXPECT_EQ(extent_of(path, spec), (core::Extent{4050000, 2605000, 4065000, 2615000}));
  spec.coordinates = CoordinateMeaning::corner;
  EXPECT_EQ(extent_of(path, spec), (core::Extent{4052500, 2602500, 4067500, 2612500}))
      << "upper-left corners";
}

TEST(NetcdfGrid, BoundsSayWhereTheEdgesAre) {
  const ScratchFolder folder;
  MapFile map;
  map.y = {1.0};  // a single row: its size is in the bounds alone
  map.more = [](FileWriter& file, int, int x, int y) {
    const int two = file.dimension("nv", 2);
    const int x_bounds = file.variable("lon_bnds", NC_DOUBLE, {1, two});
    const int y_bounds = file.variable("lat_bnds", NC_DOUBLE, {0, two});
    file.text(x, "bounds", "lon_bnds");
    file.text(y, "bounds", "lat_bnds");
    file.put(x_bounds, {0.5, 1.5, 1.5, 2.5, 2.5, 3.5});  // the coordinates are western edges
    file.put(y_bounds, {0, 4});
  };
  const auto path = map.write(folder / "bounds.nc");
  EXPECT_EQ(extent_of(path), (core::Extent{0.5, 0, 3.5, 4}));
  InputSpec centre;
  centre.coordinates = CoordinateMeaning::centre;
  EXPECT_EQ(extent_of(path, centre), (core::Extent{0, 0, 3, 4})) << "said by the user, bounds or not";
}

TEST(NetcdfGrid, ASingleRowTakesTheSizeOfTheColumns) {
  const ScratchFolder folder;
  MapFile map;
  map.y = {5.0};
  EXPECT_EQ(extent_of(map.write(folder / "row.nc")), (core::Extent{0, 4.5, 3, 5.5}));
  map.x = {5.0};
  const auto path = map.write(folder / "cell.nc");
  EXPECT_THAT(error_of([&] { extent_of(path); }).second, HasSubstr("size of its cell"));
}

TEST(NetcdfGrid, LongitudesRunOnAcrossTheirSeam) {
  const ScratchFolder folder;
  MapFile map;
  map.x = {170, 175, -180, -175};
  map.y = {5, 0};
  EXPECT_EQ(extent_of(map.write(folder / "date_line.nc")), (core::Extent{167.5, -2.5, 187.5, 7.5}));
  map.x = {350, 355, 0, 5};
  EXPECT_EQ(extent_of(map.write(folder / "greenwich.nc")), (core::Extent{347.5, -2.5, 367.5, 7.5}));
  map.x.clear();
  for (int i = 0; i < 72; ++i) map.x.push_back(5.0 * i);
  EXPECT_EQ(extent_of(map.write(folder / "global.nc")), (core::Extent{-2.5, -2.5, 357.5, 7.5}));
}

TEST(NetcdfGrid, FloatCoordinatesAreEvenEnough) {
  const ScratchFolder folder;
  MapFile map;
  map.coordinate_type = NC_FLOAT;
  map.x.clear();
  for (int i = 0; i < 3600; ++i) map.x.push_back(0.05 + 0.1 * i);
  const core::Extent extent = extent_of(map.write(folder / "float.nc"));
  EXPECT_NEAR(extent.xmax, 360.0, 1e-4);
}

TEST(NetcdfGrid, UnevenCoordinatesAreRefused) {
  const ScratchFolder folder;
  MapFile map;
  map.x = {0.5, 1.5, 2.6};
  const auto path = map.write(folder / "uneven.nc");
  const auto [kind, message] = error_of([&] { extent_of(path); });
  EXPECT_EQ(kind, core::ErrorKind::data);
  EXPECT_THAT(message, AllOf(HasSubstr("uneven.nc"), HasSubstr("lon"), HasSubstr("uneven spacing"),
                             HasSubstr("regrid")));
  map.x = {0.5, 0.5, 0.5};
  const auto constant = map.write(folder / "constant.nc");
  EXPECT_THROW(extent_of(constant), core::Error);
}

TEST(NetcdfGrid, KilometresBecomeTheUnitsOfTheCrs) {
  const ScratchFolder folder;
  MapFile map = projected();
  for (auto* axis : {&map.x, &map.y})
    for (double& value : *axis) value /= 1000.0;
  map.x_units = map.y_units = "km";
  InputSpec spec;
  spec.crs = "EPSG:3035";
  const core::Extent extent = extent_of(map.write(folder / "km.nc"), spec);
  EXPECT_NEAR(extent.xmin, 4050000, 1e-6);
  EXPECT_NEAR(extent.ymax, 2615000, 1e-6);
}

TEST(NetcdfGrid, LongitudesWithoutCrsAreWgs84WithAWarning) {
  const ScratchFolder folder;
  const auto stack = open_netcdf_stack(input(MapFile{}.write(folder / "latlon.nc"), "v"));
  EXPECT_THAT(stack->description().crs_note, AllOf(HasSubstr("EPSG:4326"), HasSubstr("assumed")));
  EXPECT_THAT(stack->description().warnings, Contains(HasSubstr("WGS 84")));
  EXPECT_THAT(stack->description().grid.crs_wkt(), HasSubstr("WGS 84"));
}

TEST(NetcdfGrid, ProjectedCoordinatesWithoutCrsAreAmbiguous) {
  const ScratchFolder folder;
  MapFile map = projected();
  map.x_units = map.y_units = "";  // numbers alone show that they are no degrees
  const auto path = map.write(folder / "projected.nc");
  const auto [kind, message] = error_of([&] { open_netcdf_stack(input(path, "v")); });
  EXPECT_EQ(kind, core::ErrorKind::data);
  EXPECT_THAT(message, AllOf(HasSubstr("projected.nc"), HasSubstr("ambiguous CRS"), HasSubstr("crs =")));
  InputSpec spec = input(path, "v");
  spec.crs = "EPSG:3035";
  EXPECT_THAT(open_netcdf_stack(spec)->description().crs_note,
              AllOf(HasSubstr("EPSG:3035"), HasSubstr("overrides")));
}

TEST(NetcdfGrid, AGridMappingThatNamesNothingIsAWarning) {
  const ScratchFolder folder;
  MapFile map;
  map.more = [](FileWriter& file, int v, int, int) { file.text(v, "grid_mapping", "crs"); };
  const auto stack = open_netcdf_stack(input(map.write(folder / "dangling.nc"), "v"));
  EXPECT_THAT(stack->description().warnings, Contains(HasSubstr("grid_mapping names the variable 'crs'")));
  EXPECT_THAT(stack->description().crs_note, HasSubstr("EPSG:4326"));
}

std::string note_with_mapping(const std::filesystem::path& path, MapFile map,
                              const std::function<void(FileWriter&, int)>& attributes) {
  map.more = [&](FileWriter& file, int v, int, int) {
    file.text(v, "grid_mapping", "crs: x y");
    attributes(file, file.variable("crs", NC_INT, {}));
  };
  const auto stack = open_netcdf_stack(input(map.write(path), "v"));
  EXPECT_THAT(stack->description().warnings, IsEmpty());
  return stack->description().crs_note;
}

TEST(NetcdfGrid, GridMappingsGiveTheCrs) {
  const ScratchFolder folder;
  const auto path = folder / "mapping.nc";
  EXPECT_THAT(note_with_mapping(path, projected(),
                                [](FileWriter& file, int crs) { file.text(crs, "crs_wkt", "EPSG:3035"); }),
              HasSubstr("EPSG:3035 (crs_wkt"));
  EXPECT_THAT(
      note_with_mapping(path, projected(),
                        [](FileWriter& file, int crs) { file.text(crs, "spatial_ref", "EPSG:32632"); }),
      HasSubstr("EPSG:32632 (spatial_ref"));
  const auto laea = [](FileWriter& file, int crs) {
    file.text(crs, "grid_mapping_name", "lambert_azimuthal_equal_area");
    file.attribute(crs, "latitude_of_projection_origin", NC_DOUBLE, {52});
    file.attribute(crs, "longitude_of_projection_origin", NC_DOUBLE, {10});
    file.attribute(crs, "false_easting", NC_DOUBLE, {4321000});
    file.attribute(crs, "false_northing", NC_DOUBLE, {3210000});
    file.attribute(crs, "semi_major_axis", NC_DOUBLE, {6378137});
    file.attribute(crs, "inverse_flattening", NC_DOUBLE, {298.257222101});
  };
  EXPECT_THAT(note_with_mapping(path, projected(), laea), HasSubstr("grid_mapping crs"));
  const auto latlon = [](FileWriter& file, int crs) {
    file.text(crs, "grid_mapping_name", "latitude_longitude");
  };
  EXPECT_THAT(note_with_mapping(path, MapFile{}, latlon), HasSubstr("grid_mapping crs"));
  MapFile rotated;
  rotated.x_name = "rlon";
  rotated.y_name = "rlat";
  rotated.x_units = rotated.y_units = "degrees";
  const auto pole = [](FileWriter& file, int crs) {
    file.text(crs, "grid_mapping_name", "rotated_latitude_longitude");
    file.attribute(crs, "grid_north_pole_latitude", NC_DOUBLE, {39.25});
    file.attribute(crs, "grid_north_pole_longitude", NC_DOUBLE, {-162});
  };
  EXPECT_THAT(note_with_mapping(path, rotated, pole), HasSubstr("grid_mapping crs"));
}

TEST(NetcdfGrid, ACrsAgainstItsCoordinatesIsRefused) {
  const ScratchFolder folder;
  InputSpec spec = input(MapFile{}.write(folder / "degrees.nc"), "v");
  spec.crs = "EPSG:3035";
  EXPECT_THAT(error_of([&] { open_netcdf_stack(spec); }).second,
              HasSubstr("longitudes and latitudes, but the CRS EPSG:3035"));
  spec.crs = "EPSG:nonsense";
  EXPECT_EQ(error_of([&] { open_netcdf_stack(spec); }).first, core::ErrorKind::usage);
}

/// y, x counters without units beside 2-D longitudes and latitudes.
std::filesystem::path write_planar(const std::filesystem::path& path, bool curvilinear) {
  FileWriter file(path);
  const int rows = file.dimension("y", 2);
  const int cols = file.dimension("x", 3);
  const int lat = file.variable("lat", NC_DOUBLE, {rows, cols});
  file.text(lat, "units", "degrees_north");
  const int lon = file.variable("lon", NC_DOUBLE, {rows, cols});
  file.text(lon, "units", "degrees_east");
  const int v = file.variable("v", NC_FLOAT, {rows, cols});
  file.text(v, "coordinates", "lon lat");
  file.put(lat, {0.5, 0.5, curvilinear ? 0.7 : 0.5, 1.5, 1.5, 1.5});
  file.put(lon, {10.5, 11.5, 12.5, 10.5, 11.5, 12.5});
  file.put(v, {0, 1, 2, 10, 11, 12});
  return path;
}

TEST(NetcdfGrid, PlanarLongitudesServeIfTheyAreRowsAndColumns) {
  const ScratchFolder folder;
  const auto stack = open_netcdf_stack(input(write_planar(folder / "planar.nc", false)));
  EXPECT_EQ(stack->description().grid.extent(), (core::Extent{10, 0, 13, 2}));
  EXPECT_EQ(read_all(*stack), (std::vector<float>{10, 11, 12, 0, 1, 2}));
  const auto curved = write_planar(folder / "curved.nc", true);
  EXPECT_THAT(error_of([&] { open_netcdf_stack(input(curved)); }).second, HasSubstr("regridded"));
}

TEST(NetcdfGrid, UseLatlonChoosesBetweenTheTwo) {
  const ScratchFolder folder;
  MapFile map = projected();
  map.more = [](FileWriter& file, int v, int, int) {
    const int lat = file.variable("lat", NC_DOUBLE, {0, 1});
    file.text(lat, "units", "degrees_north");
    const int lon = file.variable("lon", NC_DOUBLE, {0, 1});
    file.text(lon, "units", "degrees_east");
    file.text(v, "coordinates", "lon lat");
    file.put(lat, {1.5, 1.5, 1.5, 0.5, 0.5, 0.5});
    file.put(lon, {10.5, 11.5, 12.5, 10.5, 11.5, 12.5});
  };
  InputSpec spec = input(map.write(folder / "both.nc"), "v");
  spec.use_latlon = true;
  EXPECT_EQ(open_netcdf_stack(spec)->description().grid.extent(), (core::Extent{10, 0, 13, 2}));
  spec.use_latlon = false;
  spec.crs = "EPSG:3035";
  EXPECT_EQ(open_netcdf_stack(spec)->description().grid.extent(),
            (core::Extent{4050000, 2605000, 4065000, 2615000}));
}

TEST(NetcdfGrid, AWrongVariableNameIsAnsweredWithTheRightOne) {
  const ScratchFolder folder;
  const auto path = MapFile{}.write(folder / "names.nc");
  const auto [kind, message] = error_of([&] { open_netcdf_stack(input(path, "lom")); });
  EXPECT_EQ(kind, core::ErrorKind::data);
  EXPECT_THAT(message, AllOf(HasSubstr("no variable 'lom'"), HasSubstr("did you mean 'lon'?"),
                             HasSubstr("lat, lon, v")));
}

TEST(NetcdfGrid, TheOnlyVariableWithAGridIsFound) {
  const ScratchFolder folder;
  MapFile map;
  EXPECT_EQ(open_netcdf_stack(input(map.write(folder / "one.nc")))->description().grid.cells(), 6);
  map.more = [](FileWriter& file, int, int, int) { file.variable("w", NC_FLOAT, {0, 1}); };
  const auto two = map.write(folder / "two.nc");
  EXPECT_THAT(error_of([&] { open_netcdf_stack(input(two)); }).second,
              AllOf(HasSubstr("(v, w)"), HasSubstr("set `variable`")));
}

TEST(NetcdfGrid, AFurtherDimensionMustHaveLengthOne) {
  const ScratchFolder folder;
  MapFile map;
  map.more = [](FileWriter& file, int, int, int) {
    const int one = file.dimension("height", 1);
    const int three = file.dimension("depth", 3);
    file.put(file.variable("thin", NC_FLOAT, {one, 0, 1}), {1, 2, 3, 4, 5, 6});
    file.variable("thick", NC_FLOAT, {three, 0, 1});
  };
  const auto path = map.write(folder / "deep.nc");
  EXPECT_EQ(read_all(*open_netcdf_stack(input(path, "thin"))), (std::vector<float>{1, 2, 3, 4, 5, 6}));
  EXPECT_THAT(error_of([&] { open_netcdf_stack(input(path, "thick")); }).second,
              AllOf(HasSubstr("'depth' of 3"), HasSubstr("ncks")));
}

TEST(NetcdfGrid, VariablesOfGroupsAreFoundByPath) {
  const ScratchFolder folder;
  const auto path = folder / "groups.nc";
  {
    FileWriter file(path);
    const int rows = file.dimension("lat", 2);
    const int cols = file.dimension("lon", 2);
    const int lat = file.variable("lat", NC_DOUBLE, {rows});
    const int lon = file.variable("lon", NC_DOUBLE, {cols});
    int group = 0;
    FileWriter::check(nc_def_grp(file.id(), "retrieval", &group));
    const int dimensions[2] = {rows, cols};
    int v = 0;
    FileWriter::check(nc_def_var(group, "sm", NC_FLOAT, 2, dimensions, &v));
    FileWriter::check(nc_def_var_deflate(group, v, 1, 1, 1));
    file.put(lat, {1, 0});
    file.put(lon, {0, 1});
    const float values[4] = {1, 2, 3, 4};
    FileWriter::check(nc_put_var_float(group, v, values));
  }
  EXPECT_EQ(read_all(*open_netcdf_stack(input(path, "retrieval/sm"))), (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(read_all(*open_netcdf_stack(input(path, "/retrieval/sm"))), (std::vector<float>{1, 2, 3, 4}));
}

}  // namespace
}  // namespace rootzone::io
