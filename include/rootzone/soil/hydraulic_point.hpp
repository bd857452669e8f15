#pragma once
#include <array>
#include <cstddef>

namespace rootzone::soil {

/// A hydraulic model at one pressure head.
struct HydraulicPoint {
  double water_content = 0.0;         ///< θ, m³/m³
  double capacity_per_cm = 0.0;       ///< C = dθ/dh, 1/cm
  double conductivity_cm_d = 0.0;     ///< K, cm/d
  double conductivity_slope_d = 0.0;  ///< dK/dh, 1/d
};

/// Derivatives of θ and K at fixed pressure head with respect to a model's parameters, in the order in which
/// the model declares them.
template <std::size_t parameters>
struct ParameterDerivatives {
  std::array<double, parameters> water_content{};
  std::array<double, parameters> conductivity{};
};

}  // namespace rootzone::soil
