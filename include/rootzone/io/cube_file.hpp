#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "rootzone/core/calendar.hpp"
#include "rootzone/core/grid.hpp"
#include "rootzone/io/native_stack.hpp"

namespace rootzone::io {

enum class RowOrder { north_up, south_up };
enum class TimeUnit { days, hours };

/// How a cube of maps lies in a NetCDF-4 file.
struct CubeSpec {
  std::string variable;
  std::string long_name;
  std::string standard_name;
  std::string units;
  std::string cell_methods;
  core::Grid grid;  ///< a geographic CRS gives lat/lon, any other y/x
  RowOrder rows = RowOrder::north_up;
  bool with_grid_mapping = true;  ///< false: the file does not say its CRS
  bool with_bounds = true;        ///< `time_bnds`
  bool packed = false;  ///< int16 with scale_factor and add_offset, _FillValue −32768; else float32
  double scale = 1.0;
  double offset = 0.0;
  TimeUnit time_unit = TimeUnit::days;
  core::Date time_reference{1970, 1, 1};
  core::Calendar calendar = core::Calendar::standard;
  std::int64_t chunk_records = 1;
  std::int64_t chunk_rows = 0;  ///< 0: all rows
  std::int64_t chunk_cols = 0;
  int deflate_level = 1;
  std::map<std::string, std::string> attributes;  ///< global
};

/// A NetCDF-4 file written map by map, for inputs of any shape: the plain way through netCDF-C (about 60
/// MB/s), where `create_netcdf_product` is the way of results. Conventions CF-1.8. Not thread-safe; takes the
/// netCDF lock itself.
class CubeFile {
 public:
  /// Creates or replaces the file. Throws Error(environment) if it cannot, Error(usage) for a chunk below 0
  /// or a scale of 0.
  CubeFile(const std::filesystem::path& path, const CubeSpec& spec);
  CubeFile(CubeFile&&) noexcept;
  CubeFile& operator=(CubeFile&&) noexcept;
  ~CubeFile();

  /// Add one map: rows × cols, row 0 north, NaN = missing. time in days since 1970-01-01 of the calendar.
  /// Throws Error(usage) if a value does not fit the packing.
  void append(const RecordTime& time, std::span<const float> values);
  /// Write what is buffered and close. Without it the file is incomplete.
  void finish();

 private:
  class Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace rootzone::io
