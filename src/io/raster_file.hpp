#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gdal_handles.hpp"
#include "rootzone/core/grid.hpp"
#include "rootzone/io/input_spec.hpp"

namespace rootzone::io {

/// A raster's place on earth, north-up, as the file and the overrides of an input say.
struct RasterPlace {
  core::Grid grid;
  std::string crs_note;
  bool south_up = false;  ///< the file's first row is its southernmost
  std::vector<std::string> warnings;
};

/// Throws Error(data) for a raster without georeference, rotated, or running east to west; Error(usage) for a
/// `crs` that PROJ does not know. An unknown CRS stays empty, unless the edges look like degrees (WGS 84,
/// with a warning).
RasterPlace place_of(GDALDatasetH dataset, const InputSpec& spec, const std::filesystem::path& path);

/// How stored numbers of one band become values.
struct BandRules {
  std::vector<double> nodata;     ///< stored numbers that mean missing
  bool single_precision = false;  ///< compare them as float: the file's numbers are floats
  bool signed_byte = false;       ///< GDAL before 3.7 hands 8-bit signed numbers over as unsigned
  double scale = 1.0;
  double offset = 0.0;
  bool has_mask = false;  ///< a mask or alpha band of its own, 0 = missing
};
BandRules rules_of(GDALRasterBandH band, const InputSpec& spec, const std::filesystem::path& path);

/// In place: nodata, ±infinity and NaN become NaN, then scale and offset, once.
void apply_rules(const BandRules& rules, std::span<const double> stored, std::span<float> values);

/// Cells of a band, north-up, as the file stores them; mask: empty or 0 = missing.
struct StoredCells {
  std::vector<double> numbers;
  std::vector<unsigned char> mask;
};
struct CellRectangle {
  std::int64_t first_row = 0;  ///< north-up
  std::int64_t rows = 0;
  std::int64_t first_col = 0;
  std::int64_t cols = 0;
};
/// Throws Error(data) naming the file where the bytes are missing or damaged.
void read_cells(GDALRasterBandH band, const BandRules& rules, const CellRectangle& cells, bool south_up,
                const std::filesystem::path& path, StoredCells& out);

/// The band that an input means: by number or, if `variable` is given, by description or number. Throws
/// Error(data).
int band_of(GDALDatasetH dataset, const std::string& variable, int band, const std::filesystem::path& path);

}  // namespace rootzone::io
