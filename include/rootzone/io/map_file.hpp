#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "rootzone/core/grid.hpp"

namespace rootzone::io {

enum class MapType { uint8, int16, int32, float32 };

/// How a map lies in its file.
struct MapSpec {
  core::Grid grid;
  MapType type = MapType::float32;
  std::optional<double> nodata;  ///< stored number that means missing
  double scale = 1.0;            ///< value = stored · scale + offset; written to the file's own tags
  double offset = 0.0;
  std::string description;  ///< of the band
  std::string units;
  std::map<std::string, std::string> metadata;
};

/// Write one map as a plain, deflated GeoTIFF (predictor 2 or 3). values: rows × cols, row 0 north, NaN =
/// missing; integers are rounded to nearest. The bytes depend on the arguments alone. An existing file is
/// replaced. Throws Error(usage) if a value is missing and there is no nodata, or does not fit the type or
/// equals nodata once stored; Error(environment) if the file cannot be written.
/// Safe from several threads on different files.
void write_map(const std::filesystem::path& path, const MapSpec& spec, std::span<const float> values);

}  // namespace rootzone::io
