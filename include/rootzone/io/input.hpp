#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rootzone/core/block.hpp"
#include "rootzone/core/grid.hpp"
#include "rootzone/core/time_axis.hpp"
#include "rootzone/io/input_spec.hpp"

namespace rootzone::io {

/// What `rootzone check` prints of an input and the manifest keeps.
struct InputReport {
  std::string name;
  std::vector<std::filesystem::path> files;
  std::string native_grid;  ///< "80 × 57 cells of 5000 × 5000"
  std::string crs;
  std::string units;        ///< "mm (overridden: m3 m-3)"
  std::string file_units;   ///< of a day's value without conversion: "mm d-1" where mm are shared out
  std::string value_units;  ///< of the values that are handed out
  std::string resampling;   ///< "none (aligned)", "bilinear", …
  std::string first_date;   ///< empty for static layers
  std::string last_date;
  std::int64_t missing_days = 0;           ///< model days without a record
  std::vector<std::string> missing_dates;  ///< ISO, the first 20
  bool last_day_missing = false;           ///< the last model day has no record
  std::vector<std::string> warnings;
};

struct OpenedInput {
  std::unique_ptr<core::BlockSource> source;
  InputReport report;
};

struct StaticLayer {
  std::vector<float> values;  ///< rows × cols of the model grid, NaN = missing, target units
  InputReport report;
};

/// A time-varying input on the model grid and days: opened, its times placed on the axis, its warp weights
/// made; no values read. Throws Error(data) if files are missing, do not overlap the grid or the axis,
/// claim a date twice, or their units cannot be converted.
OpenedInput open_input(const InputSpec& spec, const core::Grid& grid, const core::TimeAxis& axis);

/// A static layer on the model grid, read whole: warped, depth-averaged, looked up, masked. Without values
/// where the input is optional and its file absent.
StaticLayer read_static_layer(const InputSpec& spec, const core::Grid& grid);
/// The same for several: all are opened, then decoded and warped side by side, then looked over. Of several
/// errors of one of these steps the first in their order is thrown. Holds every horizon of every profile at
/// once.
std::vector<StaticLayer> read_static_layers(std::span<const InputSpec> specs, const core::Grid& grid,
                                            const core::ParallelFor& parallel_for);

/// Mean, minimum, maximum and missing share over what `open_input` opened (reads everything once).
struct InputStatistics {
  double missing_percent = 0.0;
  double minimum = 0.0;
  double mean = 0.0;
  double maximum = 0.0;
};
InputStatistics survey_values(core::BlockSource& source, const core::Grid& grid, const core::TimeAxis& axis,
                              const core::ParallelFor& parallel_for);

}  // namespace rootzone::io
