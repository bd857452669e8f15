#pragma once
#include <string>
#include <vector>

#include "netcdf_crs.hpp"
#include "netcdf_file.hpp"
#include "netcdf_layout.hpp"
#include "rootzone/core/grid.hpp"
#include "rootzone/io/input_spec.hpp"

namespace rootzone::io {

/// Coordinates along one dimension, in the file's order.
struct AxisCoordinates {
  std::string name;  ///< of the coordinate variable
  std::string units;
  std::vector<double> values;
  std::vector<double> bounds;  ///< two per value, or empty
};

struct GridAxes {
  AxisCoordinates x;
  AxisCoordinates y;
  CoordinateKind kind = CoordinateKind::unknown;
};

/// The coordinates of a variable's columns and rows, by the first that serves: 1-D variables of its own
/// dimensions; separable 2-D longitudes and latitudes (first and only with `use_latlon` = true, never with
/// false); 1-D axes of the same lengths on other dimensions (with a warning). Throws Error(data).
GridAxes find_axes(const NetcdfFile& file, const NetcdfVariable& variable, const VariableLayout& layout,
                   const InputSpec& spec, std::vector<std::string>& warnings);

struct RegularAxes {
  core::Extent extent;
  bool rows_run_north = false;
  bool cols_run_west = false;
};

/// Outer edges of evenly spaced coordinates (to a hundredth of a cell), in units of the CRS; longitudes
/// unwrapped. Throws Error(data) if the spacing is uneven or the size of a single cell is unknown.
RegularAxes regular_axes(const NetcdfFile& file, const GridAxes& axes, CoordinateMeaning meaning,
                         const CrsChoice& crs);

}  // namespace rootzone::io
