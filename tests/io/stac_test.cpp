#include "rootzone/io/stac.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "rootzone/core/error.hpp"
#include "rootzone/io/footprint.hpp"

namespace rootzone::io {
namespace {

using nlohmann::json;

double signed_area(const std::vector<LonLat>& ring) {
  double twice = 0.0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i)
    twice += ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
  return 0.5 * twice;
}

TEST(Footprint, OfAGeographicGridIsItsExtent) {
  const Footprint footprint = footprint_of(core::Grid("EPSG:4326", {5.0, 40.0, 15.0, 48.0}, 8, 10));
  EXPECT_DOUBLE_EQ(footprint.west, 5.0);
  EXPECT_DOUBLE_EQ(footprint.south, 40.0);
  EXPECT_DOUBLE_EQ(footprint.east, 15.0);
  EXPECT_DOUBLE_EQ(footprint.north, 48.0);
  ASSERT_EQ(footprint.rings.size(), 1U);
  EXPECT_EQ(footprint.rings[0].front(), footprint.rings[0].back());
  EXPECT_NEAR(signed_area(footprint.rings[0]), 80.0, 1e-9);
}

TEST(Footprint, OfAProjectedGridKeepsTheBendOfItsEdges) {
  // Northern edge of a Lambert grid centred on its meridian: the middle lies further north than the corners.
  const Footprint footprint =
      footprint_of(core::Grid("EPSG:3035", {3.321e6, 2.21e6, 5.321e6, 4.21e6}, 10, 10));
  ASSERT_EQ(footprint.rings.size(), 1U);
  double corner_north = -90.0;
  for (const LonLat& point : footprint.rings[0])
    if (point[0] < 0.0) corner_north = std::max(corner_north, point[1]);
  EXPECT_GT(footprint.north, corner_north + 0.3);
  EXPECT_GT(signed_area(footprint.rings[0]), 0.0);
}

// What is remembered of a grid must not be taken for another's.
TEST(Footprint, OfGridsByTurnsIsEachOnes) {
  const core::Grid a("EPSG:4326", {5.0, 40.0, 15.0, 48.0}, 8, 10);
  const core::Grid b("EPSG:4326", {6.0, 40.0, 15.0, 48.0}, 8, 9);
  const core::Extent zone{4.0e5, 5.0e6, 6.0e5, 5.2e6};
  const core::Grid c("EPSG:32632", zone, 10, 10), d("EPSG:32633", zone, 10, 10);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(footprint_of(a).west, 5.0);
    EXPECT_EQ(footprint_of(b).west, 6.0);
    const double west = footprint_of(c).west;
    EXPECT_NEAR(footprint_of(d).west - west, 6.0, 1e-6);  // the next zone
  }
}

TEST(Footprint, IsCutAtTheDateLine) {
  const Footprint footprint = footprint_of(core::Grid("EPSG:4326", {170.0, -20.0, 190.0, -10.0}, 10, 20));
  EXPECT_DOUBLE_EQ(footprint.west, 170.0);
  EXPECT_DOUBLE_EQ(footprint.east, -170.0);
  ASSERT_EQ(footprint.rings.size(), 2U);
  for (const auto& ring : footprint.rings) {
    EXPECT_NEAR(signed_area(ring), 100.0, 1e-9);
    for (const LonLat& point : ring) EXPECT_LE(std::abs(point[0]), 180.0);
  }
}

TEST(Footprint, AProjectedGridAcrossTheDateLineIsCutToo) {
  // UTM 60 S reaches 180° at its eastern edge; this grid goes beyond.
  const Footprint footprint = footprint_of(core::Grid("EPSG:32760", {6e5, 8.0e6, 1.0e6, 8.2e6}, 20, 40));
  ASSERT_EQ(footprint.rings.size(), 2U);
  EXPECT_GT(footprint.west, 177.0);
  EXPECT_LT(footprint.east, -177.0);
}

TEST(Footprint, AroundAPoleAndAroundTheGlobe) {
  const Footprint pole = footprint_of(core::Grid("EPSG:3413", {-1e6, -1e6, 1e6, 1e6}, 10, 10));
  EXPECT_DOUBLE_EQ(pole.north, 90.0);
  EXPECT_DOUBLE_EQ(pole.west, -180.0);
  EXPECT_NEAR(pole.south, 77.0, 1.0);
  const Footprint globe = footprint_of(core::Grid("EPSG:4326", {0.0, -60.0, 360.0, 80.0}, 140, 360));
  EXPECT_DOUBLE_EQ(globe.west, -180.0);
  EXPECT_DOUBLE_EQ(globe.east, 180.0);
  EXPECT_NEAR(signed_area(globe.rings.at(0)), 360.0 * 140.0, 1e-6);
}

TEST(Footprint, NeedsACrs) {
  EXPECT_THROW(footprint_of(core::Grid("", {0.0, 0.0, 1.0, 1.0}, 1, 1)), core::Error);
  EXPECT_THROW(footprint_of(core::Grid("not a CRS", {0.0, 0.0, 1.0, 1.0}, 1, 1)), core::Error);
}

StacItem item_of(const core::Grid& grid) {
  StacItem item;
  item.id = "po";
  item.title = "Po";
  item.description = "Root-zone soil moisture of the Po basin";
  item.grid = grid;
  item.first = {2016, 1, 1};
  item.last = {2016, 7, 1};
  item.properties["rootzone:version"] = "0.1.0";
  item.assets.push_back({"root_zone_soil_moisture",
                         "../root_zone_soil_moisture.nc",
                         media_type_of("a.nc"),
                         "Root-zone soil moisture",
                         {"data"},
                         std::string(64, 'a')});
  return item;
}

TEST(Stac, ItemHasWhatTheSpecificationAsksFor) {
  const StacItem item = item_of(core::Grid("EPSG:3035", {4.05e6, 2.33e6, 4.45e6, 2.615e6}, 57, 80));
  const json document = json::parse(stac_item_json(item));
  EXPECT_EQ(document["type"], "Feature");
  EXPECT_EQ(document["stac_version"], "1.0.0");
  EXPECT_EQ(document["id"], "po");
  EXPECT_EQ(document["geometry"]["type"], "Polygon");
  ASSERT_EQ(document["bbox"].size(), 4U);
  EXPECT_NEAR(document["bbox"][0].get<double>(), 6.5, 0.5);
  EXPECT_TRUE(document["properties"]["datetime"].is_null());
  EXPECT_EQ(document["properties"]["start_datetime"], "2016-01-01T00:00:00Z");
  EXPECT_EQ(document["properties"]["end_datetime"], "2016-07-01T23:59:59Z");
  EXPECT_EQ(document["properties"]["proj:epsg"], 3035);
  EXPECT_EQ(document["properties"]["proj:shape"], json({57, 80}));
  EXPECT_EQ(document["properties"]["proj:transform"], json({5000.0, 0.0, 4.05e6, 0.0, -5000.0, 2.615e6}));
  EXPECT_EQ(document["properties"]["rootzone:version"], "0.1.0");
  const json& asset = document["assets"]["root_zone_soil_moisture"];
  EXPECT_EQ(asset["href"], "../root_zone_soil_moisture.nc");
  EXPECT_EQ(asset["type"], "application/x-netcdf");
  EXPECT_EQ(asset["roles"], json({"data"}));
  EXPECT_EQ(asset["file:checksum"], "1220" + std::string(64, 'a'));
  EXPECT_TRUE(document["links"].is_array());
  EXPECT_EQ(document["stac_extensions"].size(), 2U);
}

TEST(Stac, AGridAcrossTheDateLineIsAMultiPolygon) {
  const StacItem item = item_of(core::Grid("EPSG:4326", {170.0, -20.0, 190.0, -10.0}, 10, 20));
  const json document = json::parse(stac_item_json(item));
  EXPECT_EQ(document["geometry"]["type"], "MultiPolygon");
  EXPECT_EQ(document["geometry"]["coordinates"].size(), 2U);
  EXPECT_EQ(document["bbox"], json({170.0, -20.0, -170.0, -10.0}));
}

TEST(Stac, ACrsWithoutACodeIsGivenAsWkt) {
  const StacItem item = item_of(
      core::Grid("+proj=laea +lat_0=45 +lon_0=8 +datum=WGS84 +units=m", {-1e5, -1e5, 1e5, 1e5}, 20, 20));
  const json properties = json::parse(stac_item_json(item))["properties"];
  EXPECT_TRUE(properties["proj:epsg"].is_null());
  EXPECT_NE(properties["proj:wkt2"].get<std::string>().find("Lambert Azimuthal Equal Area"),
            std::string::npos);
}

TEST(Stac, RefusesTwoAssetsOfOneName) {
  StacItem item = item_of(core::Grid("EPSG:4326", {5.0, 40.0, 15.0, 48.0}, 8, 10));
  item.assets.push_back(item.assets.front());
  EXPECT_THROW(stac_item_json(item), core::Error);
}

}  // namespace
}  // namespace rootzone::io
