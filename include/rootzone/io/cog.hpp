#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "rootzone/core/grid.hpp"

namespace rootzone::io {

enum class CogType { float32, int16, uint16, byte };
/// How overviews gather cells: means for quantities, the nearest or the most frequent for classes and flags.
enum class CogOverviews { average, nearest, mode };

/// What a map says of itself.
struct CogMetadata {
  std::string description;  ///< of the band: an ISO date or a statistic
  std::string units;        ///< UDUNITS spelling
  CogType type = CogType::float32;
  /// What stands for missing in the file; float32 defaults to NaN, the integer types to none.
  std::optional<double> nodata;
  CogOverviews overviews = CogOverviews::average;
  std::map<std::string, std::string> tags;  ///< of the dataset; no wall clock
  int threads = 1;                          ///< the bytes do not depend on it
};

/// Write one map as a cloud-optimised GeoTIFF: DEFLATE with predictor, tiles of 512 cells, overviews that
/// leave missing cells out, the exact minimum, maximum, mean and (population) standard deviation over the
/// cells that are there, the CRS by its EPSG code where it has one. values[rows × cols], row 0 north, NaN =
/// missing; a map without any value is written without statistics. Made in memory, then written under a
/// hidden name, synced and renamed; no .aux.xml.
/// Throws Error(environment) for disk and permission, Error(internal) for a value its type cannot hold (not
/// whole, out of range, equal to nodata) or for NaN without a nodata. Safe from any thread.
void write_cog(const std::filesystem::path& path, const core::Grid& grid, std::span<const float> values,
               const CogMetadata& metadata);

}  // namespace rootzone::io
