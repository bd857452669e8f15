#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "netcdf_file.hpp"
#include "rootzone/core/grid.hpp"
#include "rootzone/io/input_spec.hpp"

namespace rootzone::io {

enum class DimensionRole { other, record, row, col };

/// Which dimension of a variable is which, and which way rows and columns run in the file. Dimensions of
/// role `other` have length 1. Any order of the dimensions is allowed.
struct VariableLayout {
  int record_dim = -1;  ///< position among the variable's dimensions, −1 for a static variable
  int row_dim = -1;
  int col_dim = -1;
  bool rows_run_north = false;  ///< south-up: file row 0 is the southernmost
  bool cols_run_west = false;
  std::int64_t records = 1;
  std::int64_t rows = 0;
  std::int64_t cols = 0;
};

struct GridReading {
  VariableLayout layout;
  core::Grid grid;  ///< north-up, edges
  std::string crs_note;
};

/// The variable an input means: by name, or the only one with a grid. Throws Error(data) that lists what
/// there is.
const NetcdfVariable& choose_variable(const NetcdfFile& file, const std::string& name);

/// What a coordinate variable says it is, by axis, standard_name, units and name.
DimensionRole role_of(const NetcdfFile& file, const NetcdfVariable& coordinate);

/// The 1-D variable named like a dimension of `variable`, or nullptr.
const NetcdfVariable* coordinate_of(const NetcdfFile& file, const NetcdfVariable& variable, int dimension);

/// Georeference a variable: coordinates from 1-D variables or separable 2-D longitudes and latitudes
/// (`use_latlon`), centres or upper-left corners (`coordinates`), bounds where there are any, longitudes
/// unwrapped, the CRS by `choose_crs`. A single row or column takes its size from bounds or from the other
/// axis. Throws Error(data) for coordinates that are missing, irregular or curvilinear, for a further
/// dimension longer than 1, and for what `choose_crs` refuses.
GridReading read_grid(const NetcdfFile& file, const NetcdfVariable& variable, const InputSpec& spec,
                      std::vector<std::string>& warnings);

}  // namespace rootzone::io
