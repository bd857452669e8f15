#pragma once
#include <map>
#include <string>
#include <vector>

#include "rootzone/core/calendar.hpp"
#include "rootzone/core/grid.hpp"

namespace rootzone::io {

struct StacAsset {
  std::string key;         ///< unique in the item: "root_zone_soil_moisture"
  std::string href;        ///< relative to the item's own file
  std::string media_type;  ///< see `media_type_of`
  std::string title;
  std::vector<std::string> roles;  ///< "data", "metadata", "overview", …
  std::string sha256;              ///< hexadecimal; written as `file:checksum`, a multihash; empty: left out
};

/// What a run tells a catalogue.
struct StacItem {
  std::string id;
  std::string title;
  std::string description;
  core::Grid grid;
  core::Date first;  ///< days of the run, both included
  core::Date last;
  std::map<std::string, std::string> properties;  ///< further ones, "rootzone:…"
  std::vector<StacAsset> assets;
};

/// The media type by the file's ending: NetCDF, COG, GeoPackage, CSV, JSON, HTML, QML; octet-stream else.
std::string media_type_of(const std::string& file_name);

/// A STAC 1.0.0 item as JSON text with the projection and file extensions: geometry and bbox in WGS 84 (see
/// `footprint_of`), `datetime` null between start_datetime and end_datetime (the last second of the last
/// day), proj:epsg or, without a code, proj:wkt2. Keys sorted, no wall clock: the text depends on the item
/// alone. Throws Error(usage) if the grid has no place on the globe, Error(internal) for an asset key used
/// twice.
std::string stac_item_json(const StacItem& item);

}  // namespace rootzone::io
