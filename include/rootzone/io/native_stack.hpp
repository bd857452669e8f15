#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "rootzone/core/calendar.hpp"
#include "rootzone/core/grid.hpp"
#include "rootzone/core/parallel.hpp"
#include "rootzone/io/input_spec.hpp"

namespace rootzone::io {

/// When a stored record holds: days since 1970-01-01 of the calendar, with fractions; end exclusive.
/// `stamp` is the file's time value, begin/end its bounds if it has any (else begin = end = stamp).
struct RecordTime {
  double stamp = 0.0;
  double begin = 0.0;
  double end = 0.0;
  bool has_bounds = false;
  std::string source;  ///< file (and band or index) it comes from, for messages
};

/// What a stack of 2-D records says of itself, normalised: north-up, longitudes unwrapped.
struct NativeDescription {
  core::Grid grid;
  std::string crs_note;  ///< "EPSG:3035 (from the file)", "WGS 84 (assumed: …)", …
  core::Calendar calendar = core::Calendar::standard;
  std::vector<RecordTime> times;  ///< sorted, unique; empty for a static stack of one record
  std::string units;              ///< as declared by the file or overridden
  std::vector<std::filesystem::path> files;
  std::vector<std::string> warnings;
  std::int64_t chunk_records = 1;  ///< stored chunk, in records, rows, cols
  std::int64_t chunk_rows = 1;
  std::int64_t chunk_cols = 1;
  /// At most, on the mean over the stack, as they come off the disk: doubles unless the stack knows better.
  double stored_bytes_per_cell = 8.0;
  std::int64_t first_chunk_record = 0;  ///< where a chunk edge falls, in north-up rows
  std::int64_t first_chunk_row = 0;
  std::int64_t first_chunk_col = 0;
};

struct NativeWindow {
  std::int64_t first_record = 0;
  std::int64_t records = 0;
  std::int64_t first_row = 0;
  std::int64_t rows = 0;
  std::int64_t first_col = 0;
  std::int64_t cols = 0;
};

/// Stored bytes of one window, on their way to numbers.
class NativeFetch {
 public:
  virtual ~NativeFetch() = default;
  /// Fill values[records × rows × cols], north-up: scale and offset applied once, every kind of missing
  /// value (fill, nodata, missing_value, valid range, masks) as NaN, units still the file's.
  virtual void decode(std::span<float> values, const core::ParallelFor& parallel_for) = 0;
};

/// Files of one variable as they lie on disk.
class NativeStack {
 public:
  virtual ~NativeStack() = default;
  virtual const NativeDescription& description() const = 0;
  /// One thread at a time. Takes every lock the file libraries need (see library_lock.hpp).
  virtual std::unique_ptr<NativeFetch> fetch(const NativeWindow& window) = 0;
};

/// NetCDF (classic or 4): one file or several of the same variable and grid. Throws Error(data).
std::unique_ptr<NativeStack> open_netcdf_stack(const InputSpec& spec);
/// Any GDAL raster: one file (static, or bands with dates), or one file per date by pattern. Throws
/// Error(data).
std::unique_ptr<NativeStack> open_raster_stack(const InputSpec& spec);
/// Chooses by content of the first file; expands globs and patterns. Throws Error(data) if nothing is there.
std::unique_ptr<NativeStack> open_stack(const InputSpec& spec);

}  // namespace rootzone::io
