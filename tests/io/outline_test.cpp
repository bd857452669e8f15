#include "rootzone/io/outline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "raster_fixture.hpp"

namespace rootzone::io {
namespace {

using core::ErrorKind;
using testing::HasSubstr;
using namespace test;

/// GeoJSON with rings as text; the CRS is longitude and latitude unless named.
void write_geojson(const std::filesystem::path& path,
                   const std::vector<std::pair<std::string, std::string>>& polygons,
                   const std::string& crs = "") {
  std::ofstream file(path);
  file << R"({"type":"FeatureCollection",)";
  if (!crs.empty()) file << R"("crs":{"type":"name","properties":{"name":")" << crs << R"("}},)";
  file << R"("features":[)";
  for (std::size_t i = 0; i < polygons.size(); ++i)
    file << (i > 0 ? "," : "") << R"({"type":"Feature","properties":{"name":")" << polygons[i].first
         << R"("},"geometry":{"type":"Polygon","coordinates":)" << polygons[i].second << "}}";
  file << "]}";
}

const std::string laea = "urn:ogc:def:crs:EPSG::3035";

TEST(Outline, SharesAreExactAreas) {
  ScratchFolder folder;
  // A rectangle of 1.5 × 2 cells, and a triangle that cuts cells along their diagonal.
  write_geojson(folder / "r.json", {{"a", "[[[1000,1000],[2500,1000],[2500,3000],[1000,3000],[1000,1000]]]"}},
                laea);
  const auto grid = make_grid("EPSG:3035", {0, 0, 4000, 4000}, 4, 4);
  expect_same(rasterize_outline(folder / "r.json", "", grid),
              {0, 0, 0, 0, 0, 1, 0.5F, 0, 0, 1, 0.5F, 0, 0, 0, 0, 0}, 1e-6);
  write_geojson(folder / "t.json", {{"a", "[[[0,0],[4000,4000],[0,4000],[0,0]]]"}}, laea);
  expect_same(rasterize_outline(folder / "t.json", "", grid),
              {1, 1, 1, 0.5F, 1, 1, 0.5F, 0, 1, 0.5F, 0, 0, 0.5F, 0, 0, 0}, 1e-6);
}

TEST(Outline, HolesRingDirectionsAndOverlapsCountOnce) {
  ScratchFolder folder;
  const auto grid = make_grid("EPSG:3035", {0, 0, 4000, 4000}, 4, 4);
  const std::string outer = "[[-500,-500],[4500,-500],[4500,4500],[-500,4500],[-500,-500]]";
  const std::string reversed = "[[-500,-500],[-500,4500],[4500,4500],[4500,-500],[-500,-500]]";
  const std::string hole = "[[1000,1000],[3000,1000],[3000,3000],[1000,3000],[1000,1000]]";
  const std::vector<float> ring{1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 1};
  for (const std::string& edge : {outer, reversed}) {
    write_geojson(folder / "h.json", {{"a", "[" + edge + "," + hole + "]"}}, laea);
    expect_same(rasterize_outline(folder / "h.json", "", grid), ring, 1e-6);
  }
  write_geojson(folder / "o.json",
                {{"a", "[[[0,0],[2500,0],[2500,4000],[0,4000],[0,0]]]"},
                 {"b", "[[[1500,0],[3000,0],[3000,4000],[1500,4000],[1500,0]]]"}},
                laea);
  const auto overlap = rasterize_outline(folder / "o.json", "", grid);
  for (std::size_t i = 0; i < 16; ++i) EXPECT_NEAR(overlap[i], i % 4 < 3 ? 1.0 : 0.0, 1e-6);
}

TEST(Outline, ComesFromItsOwnCrsWithItsArea) {
  ScratchFolder folder;
  // One degree by one degree near Milan: its area on the ellipsoid is that of the covered equal-area cells.
  write_geojson(folder / "d.json", {{"a", "[[[9,45],[10,45],[10,46],[9,46],[9,45]]]"}});
  const auto grid = make_grid("EPSG:3035", {4.2e6, 2.4e6, 4.4e6, 2.6e6}, 40, 40);
  const auto shares = rasterize_outline(folder / "d.json", "", grid);
  const double area = std::accumulate(shares.begin(), shares.end(), 0.0) * 25.0;
  const auto degrees = make_grid("EPSG:4326", {9, 45, 10, 46}, 10, 10);
  const auto cells = cell_areas_km2(degrees);
  EXPECT_NEAR(area, std::accumulate(cells.begin(), cells.end(), 0.0), 1.0);
}

TEST(Outline, BasinsAcrossTheAntimeridianAreWhole) {
  ScratchFolder folder;
  // Fiji in two parts, as GeoJSON wants it, on a grid that runs on beyond 180°.
  write_geojson(folder / "f.json", {{"w", "[[[178,-18],[180,-18],[180,-16],[178,-16],[178,-18]]]"},
                                    {"e", "[[[-180,-18],[-179,-18],[-179,-16],[-180,-16],[-180,-18]]]"}});
  const auto grid = make_grid("EPSG:4326", {176, -18, 184, -16}, 2, 8);
  expect_same(rasterize_outline(folder / "f.json", "", grid),
              {0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0}, 1e-6);
}

TEST(Outline, ZonesTakeTheLargestShare) {
  ScratchFolder folder;
  write_geojson(folder / "z.json",
                {{"upper", "[[[0,2400],[4000,2400],[4000,4000],[0,4000],[0,2400]]]"},
                 {"lower", "[[[0,600],[4000,600],[4000,2400],[0,2400],[0,600]]]"}},
                laea);
  const auto grid = make_grid("EPSG:3035", {0, 0, 4000, 4000}, 4, 1);
  const Zones zones = rasterize_zones(folder / "z.json", "", "name", grid);
  EXPECT_EQ(zones.names, (std::vector<std::string>{"upper", "lower"}));
  // From the north: all upper; 60 % upper; all lower; 40 % lower and nothing else.
  EXPECT_EQ(zones.index, (std::vector<std::int32_t>{0, 0, 1, -1}));
  EXPECT_THAT(message_of(ErrorKind::data, [&] { rasterize_zones(folder / "z.json", "", "basin", grid); }),
              HasSubstr("basin"));
}

TEST(Outline, FilesThatHoldNothingAreNamed) {
  ScratchFolder folder;
  const auto grid = make_grid("EPSG:3035", {0, 0, 4000, 4000}, 4, 4);
  EXPECT_THAT(message_of(ErrorKind::data, [&] { rasterize_outline(folder / "none.gpkg", "", grid); }),
              HasSubstr("none.gpkg"));
  write_geojson(folder / "far.json", {{"a", "[[[9000,9000],[9900,9000],[9900,9900],[9000,9000]]]"}}, laea);
  EXPECT_THAT(message_of(ErrorKind::data, [&] { rasterize_outline(folder / "far.json", "", grid); }),
              HasSubstr("outside the model grid"));
  EXPECT_THAT(message_of(ErrorKind::data, [&] { rasterize_outline(folder / "far.json", "basins", grid); }),
              HasSubstr("no layer \"basins\""));
  write_geojson(folder / "empty.json", {}, laea);
  EXPECT_THAT(message_of(ErrorKind::data, [&] { rasterize_outline(folder / "empty.json", "", grid); }),
              HasSubstr("no polygons"));
}

TEST(Outline, CellAreasCloseOnTheEarth) {
  const auto earth = make_grid("EPSG:4326", {-180, -90, 180, 90}, 180, 360);
  const auto areas = cell_areas_km2(earth);
  // Surface of the WGS 84 ellipsoid: 510 065 621.724 km².
  EXPECT_NEAR(std::accumulate(areas.begin(), areas.end(), 0.0), 510065621.724, 0.5);
  const auto planar = cell_areas_km2(make_grid("EPSG:3035", {0, 0, 1000, 2000}, 2, 4));
  EXPECT_DOUBLE_EQ(planar[0], 0.25);
  EXPECT_THAT(message_of(ErrorKind::data,
                         [] {
                           cell_areas_km2(core::Grid("", {0, 0, 1, 1}, 1, 1));
                         }),
              HasSubstr("[grid] crs"));
}

}  // namespace
}  // namespace rootzone::io
