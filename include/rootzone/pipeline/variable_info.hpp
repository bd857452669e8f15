#pragma once
#include <optional>
#include <string>

#include "rootzone/io/product.hpp"

namespace rootzone::pipeline {

/// What a product says of its quantity.
struct VariableInfo {
  std::string variable;
  std::string long_name;
  std::string standard_name;
  std::string units;
  std::string cell_methods;
  std::optional<double> packing_scale;  ///< int16 step that keeps the quantity's precision; nothing: float32
  double packing_offset = 0.0;
  std::optional<io::StepAxis> axis;  ///< nothing: the days of the run
  std::string validates_as;          ///< product name in metrics.csv; empty: not compared with stations
  bool fitted_at_station = false;    ///< compared after a linear map fitted on the calibration part
};

}  // namespace rootzone::pipeline
