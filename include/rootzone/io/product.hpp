#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rootzone/core/block.hpp"
#include "rootzone/core/grid.hpp"
#include "rootzone/core/time_axis.hpp"

namespace rootzone::io {

/// The first dimension of a product.
struct StepAxis {
  enum class Kind {
    days,     ///< every day of `time`
    periods,  ///< `periods` of `time`: a time coordinate with bounds
    values,   ///< numbers: return periods, years, T of a filter
    labels    ///< names: statistics
  };
  Kind kind = Kind::days;
  std::optional<core::TimeAxis> time;  ///< for days and periods
  std::vector<core::Period> periods;
  std::string name = "time";  ///< dimension: "time", "return_period", "year", "statistic"
  std::string long_name;
  std::string units;
  std::vector<double> values;
  std::vector<std::string> labels;

  std::int64_t count() const;
  /// Part of a file name: "20160131", "201601", "2016DJF", "T20", "2004", "median".
  std::string file_label(std::int64_t step) const;
  /// For people and band descriptions: "2016-01-31", "20 years", …
  std::string description(std::int64_t step) const;
};

enum class Packing { float32, int16 };
enum class Split { all, year, month, day };

struct ProductSpec {
  std::string variable;  ///< file name and NetCDF variable
  std::string long_name;
  std::string standard_name;  ///< CF standard name or empty
  std::string units;          ///< UDUNITS spelling
  std::string cell_methods;
  core::Grid grid;
  StepAxis axis;
  bool with_flags = true;  ///< `<variable>_flags` as ancillary variable
  Packing packing = Packing::float32;
  double scale = 1e-4;  ///< of int16; values outside its range are an error of the product's definition
  double offset = 0.0;
  /// Of `days` and `periods` axes; the others are never split. A period goes by the leading digits of its
  /// label: "2016DJF" lies in 2016 by year and by month, "all" in no year.
  Split split = Split::all;
  std::string ending = ".nc";  ///< of the files' names; another while they wait for their place
  std::map<std::string, std::string> attributes;  ///< global: title, source, rootzone_pipeline, …
  /// Memory for parts of chunks that wait for the rest; beyond it they wait in scratch_dir. Does not
  /// change the bytes of the product.
  std::int64_t buffer_bytes = std::int64_t{256} << 20;
};

/// What the files hold: CF-1.8 and ACDD-1.3. A day d is stamped d 00:00 with `time_bnds` [d, d + 1), a period
/// by its first day on the axis with bounds around its days: every tool shows the date the day is named by.
/// Labels are the numbers 0 … n − 1 with `flag_values`/`flag_meanings` (NC_STRING stops CDO 2.1, char arrays
/// make it and GDAL warn). Missing is 9.96921e+36 in float32 (netCDF's default; NCO compares by ==, which a
/// NaN never meets, while CDO, GDAL, QGIS and xarray read either) and −32768 in int16. Deflate 1 + shuffle;
/// the chunk depends on the grid and the number of steps alone. Chunks without any value are not stored.
///
/// The NetCDF product(s) of one variable: out_dir/<variable>.nc, or split into out_dir/<variable>/….
/// scratch_dir holds what cannot yet be placed; it must exist. Nothing appears under its final name before
/// finish(). Throws Error(environment) for a folder not writable (here already) and a full disk,
/// Error(internal) for a value that int16 cannot hold, a cell written twice or, at finish(), never, and
/// Error(usage) for an axis without steps. Needs no lock of the caller.
std::unique_ptr<core::BlockSink> create_netcdf_product(const ProductSpec& spec,
                                                       const std::filesystem::path& out_dir,
                                                       const std::filesystem::path& scratch_dir);
/// The files finish() leaves behind, in order of time.
std::vector<std::filesystem::path> netcdf_product_files(const ProductSpec& spec,
                                                        const std::filesystem::path& out_dir);
/// For each step the position of its file in that list.
std::vector<std::int64_t> netcdf_file_of_step(const ProductSpec& spec);

/// Reads a finished product back, unpacked, NaN = missing: for COGs, reports, area means and validation.
/// Steps read in order, and neighbouring cells' series, decode each stored chunk once: the reader holds the
/// chunks of one run of steps (at most 256 MiB or one step) and of one column of chunks. One thread at a
/// time. Without flags in the product, read_flags gives zeros. Throws Error(data) if a file is absent or is
/// not what the specification says, Error(internal) for a step or cell outside.
class ProductReader {
 public:
  virtual ~ProductReader() = default;
  virtual std::vector<float> read_step(std::int64_t step) = 0;
  virtual std::vector<core::FlagBits> read_flags(std::int64_t step) = 0;
  /// All steps of one cell.
  virtual std::vector<float> read_series(std::int64_t row, std::int64_t col) = 0;
  virtual std::vector<core::FlagBits> read_flags_series(std::int64_t row, std::int64_t col) = 0;
};
std::unique_ptr<ProductReader> open_product(const ProductSpec& spec, const std::filesystem::path& out_dir);

}  // namespace rootzone::io
