#include "rootzone/io/crs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "raster_fixture.hpp"

namespace rootzone::io {
namespace {

using core::ErrorKind;
using testing::HasSubstr;
using namespace test;

const std::string esri_laea =
    "PROJCS[\"ETRS_1989_LAEA\",GEOGCS[\"GCS_ETRS_1989\",DATUM[\"D_ETRS_1989\",SPHEROID[\"GRS_1980\",6378137."
    "0,298."
    "257222101]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Lambert_"
    "Azimuthal_Equal_"
    "Area\"],PARAMETER[\"false_easting\",4321000.0],PARAMETER[\"false_northing\",3210000.0],PARAMETER["
    "\"central_"
    "meridian\",10.0],PARAMETER[\"latitude_of_origin\",52.0],UNIT[\"Meter\",1.0]]";

TEST(Crs, ReadsWhatProjUnderstandsAndNothingElse) {
  EXPECT_EQ(epsg_code(parse_crs("EPSG:3035")), 3035);
  EXPECT_EQ(epsg_code(parse_crs("epsg:4326")), 4326);
  EXPECT_TRUE(is_geographic(parse_crs("+proj=longlat +datum=WGS84")));
  EXPECT_FALSE(is_geographic(parse_crs("EPSG:3035")));
  for (const std::string text : {"", "EPSG:999999", "mars", "/etc/hostname", "http://example.org/crs"})
    EXPECT_THAT(message_of(ErrorKind::usage, [&] { parse_crs(text); }), HasSubstr("EPSG:3035")) << text;
}

TEST(Crs, SpellingsOfOneCrsAreTheSame) {
  EXPECT_TRUE(same_crs("", ""));
  EXPECT_FALSE(same_crs("", parse_crs("EPSG:4326")));
  EXPECT_TRUE(same_crs(parse_crs("EPSG:4326"), parse_crs("OGC:CRS84")));  // the other axis order
  EXPECT_TRUE(same_crs(parse_crs("EPSG:3035"), parse_crs(esri_laea)));
  EXPECT_FALSE(same_crs(parse_crs("EPSG:3035"), parse_crs("EPSG:32632")));
  EXPECT_EQ(crs_label(parse_crs("EPSG:3035")), "EPSG:3035");
}

TEST(Crs, PointsGoXBeforeY) {
  // EPSG:3035's own origin: 52° N, 10° E is (4321000, 3210000).
  const PointTransform transform(parse_crs("EPSG:4326"), parse_crs("EPSG:3035"));
  std::vector<double> x{10.0, 9.0};
  std::vector<double> y{52.0, 100.0};
  transform.apply(x, y);
  EXPECT_NEAR(x[0], 4321000.0, 1e-3);
  EXPECT_NEAR(y[0], 3210000.0, 1e-3);
  EXPECT_TRUE(std::isnan(x[1]));
  EXPECT_THAT(message_of(ErrorKind::data, [] { PointTransform("", parse_crs("EPSG:3035")); }),
              HasSubstr("set `crs"));
}

TEST(Crs, StationsFindTheirCells) {
  const auto grid = make_grid("EPSG:3035", {4.32e6, 3.209e6, 4.322e6, 3.211e6}, 2, 2);
  const std::vector<LonLat> stations{{10.0005, 52.0003}, {-349.9995, 52.0003}, {20.0, 52.0}};
  const auto cells = locate(grid, stations);
  ASSERT_TRUE(cells[0].has_value());
  EXPECT_EQ(cells[0]->row, 0);
  EXPECT_EQ(cells[0]->col, 1);
  EXPECT_NEAR(cells[0]->fractional_row, 1.0 - 0.0334, 1e-3);
  ASSERT_TRUE(cells[1].has_value());
  EXPECT_FALSE(cells[2].has_value());
  const auto pacific = make_grid("EPSG:4326", {170, -10, 190, 10}, 20, 20);
  EXPECT_EQ(locate(pacific, std::vector<LonLat>{{-175.5, 0.5}})[0]->col, 14);
}

TEST(Crs, GridLikeAFile) {
  ScratchFolder folder;
  write_tiff(folder / "g.tif", "EPSG:3035", {4.0e6, 2.0e6, 4.003e6, 2.002e6}, 2, 3,
             {std::vector<double>(6, 1)});
  const core::Grid grid = grid_like(folder / "g.tif");
  EXPECT_TRUE(grid.same_cells(make_grid("EPSG:3035", {4.0e6, 2.0e6, 4.003e6, 2.002e6}, 2, 3)));
  EXPECT_EQ(epsg_code(grid.crs_wkt()), 3035);
  EXPECT_THAT(message_of(ErrorKind::data, [&] { grid_like(folder / "none.tif"); }), HasSubstr("none.tif"));
}

}  // namespace
}  // namespace rootzone::io
