#include "rootzone/io/stac.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "grid_crs.hpp"
#include "memory_dataset.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/footprint.hpp"

namespace rootzone::io {
namespace {

using nlohmann::json;

json geometry_of(const Footprint& footprint) {
  if (footprint.rings.size() == 1)
    return {{"type", "Polygon"}, {"coordinates", json::array({footprint.rings.front()})}};
  json polygons = json::array();
  for (const auto& ring : footprint.rings) polygons.push_back(json::array({ring}));
  return {{"type", "MultiPolygon"}, {"coordinates", polygons}};
}

void add_projection(json& properties, const core::Grid& grid) {
  const OGRSpatialReference crs = crs_of(grid);
  const int epsg = epsg_code(crs);
  properties["proj:epsg"] = epsg != 0 ? json(epsg) : json(nullptr);
  if (epsg == 0) properties["proj:wkt2"] = wkt_of(crs, "WKT2_2018");
  properties["proj:shape"] = {grid.rows(), grid.cols()};
  properties["proj:transform"] = {grid.dx(), 0.0, grid.extent().xmin, 0.0, -grid.dy(), grid.extent().ymax};
  properties["proj:bbox"] = {grid.extent().xmin, grid.extent().ymin, grid.extent().xmax, grid.extent().ymax};
}

json asset_of(const StacAsset& asset) {
  json result{{"href", asset.href}, {"type", asset.media_type}, {"roles", asset.roles}};
  if (!asset.title.empty()) result["title"] = asset.title;
  // Multihash: 12 is SHA-256, 20 its length in bytes, both hexadecimal.
  if (!asset.sha256.empty()) result["file:checksum"] = "1220" + asset.sha256;
  return result;
}

}  // namespace

std::string media_type_of(const std::string& file_name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> types{{
      {".nc", "application/x-netcdf"},
      {".tif", "image/tiff; application=geotiff; profile=cloud-optimized"},
      {".gpkg", "application/geopackage+sqlite3"},
      {".csv", "text/csv"},
      {".json", "application/json"},
      {".html", "text/html"},
      {".qml", "application/xml"},
      {".png", "image/png"},
  }};
  for (const auto& [ending, type] : types)
    if (file_name.ends_with(ending)) return std::string(type);
  return "application/octet-stream";
}

std::string stac_item_json(const StacItem& item) {
  const GdalScope scope;
  const Footprint footprint = footprint_of(item.grid);
  json properties = json::object();
  for (const auto& [key, value] : item.properties) properties[key] = value;
  properties["title"] = item.title;
  properties["description"] = item.description;
  properties["datetime"] = nullptr;
  properties["start_datetime"] = core::iso_date(item.first) + "T00:00:00Z";
  properties["end_datetime"] = core::iso_date(item.last) + "T23:59:59Z";
  add_projection(properties, item.grid);

  json assets = json::object();
  for (const StacAsset& asset : item.assets) {
    if (assets.contains(asset.key))
      throw core::Error(core::ErrorKind::internal,
                        "STAC item " + item.id + ": the asset \"" + asset.key + "\" is there twice");
    assets[asset.key] = asset_of(asset);
  }
  const json document{{"type", "Feature"},
                      {"stac_version", "1.0.0"},
                      {"stac_extensions",
                       {"https://stac-extensions.github.io/projection/v1.0.0/schema.json",
                        "https://stac-extensions.github.io/file/v2.1.0/schema.json"}},
                      {"id", item.id},
                      {"bbox", {footprint.west, footprint.south, footprint.east, footprint.north}},
                      {"geometry", geometry_of(footprint)},
                      {"properties", properties},
                      {"links", json::array()},
                      {"assets", assets}};
  return document.dump(2) + "\n";
}

}  // namespace rootzone::io
