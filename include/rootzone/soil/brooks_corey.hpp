#pragma once
#include <array>
#include <string_view>

#include "rootzone/soil/hydraulic_point.hpp"

namespace rootzone::soil {

/// Soil hydraulic functions of Brooks & Corey (1964): for h < h_e, Se = (h_e/h)^n, θ = θr + (θs − θr)·Se,
/// K = Ks·Se^η; θ = θs and K = Ks for h ≥ h_e. n is the pore-size index (often λ); η = 2/n + 3 unless given.
/// Units: cm, d, m³/m³. Pure, finite for every finite h; derivatives equal finite differences to 1e-6.
struct BrooksCorey {
  double saturated_water_content = 0.35;            ///< θs
  double residual_water_content = 0.01;             ///< θr
  double air_entry_head_cm = -19.3;                 ///< h_e < 0
  double n = 0.22;                                  ///< > 0
  double saturated_conductivity_cm_d = 1.06;        ///< Ks > 0
  double conductivity_exponent = 2.0 / 0.22 + 3.0;  ///< η > 0

  static constexpr std::size_t parameter_count = 6;
  /// What `derivatives` are taken with respect to, in this order; n and η are independent.
  static constexpr std::array<std::string_view, parameter_count> parameter_names{
      "saturated_water_content",     "residual_water_content", "air_entry_head_cm", "n",
      "saturated_conductivity_cm_d", "conductivity_exponent"};

  /// η that goes with n.
  static constexpr double exponent_of(double n) { return 2.0 / n + 3.0; }

  /// Throws core::Error(usage) naming the parameter, its range and what was found.
  void validate() const;

  double water_content(double head_cm) const { return at(head_cm).water_content; }
  double conductivity_cm_d(double head_cm) const { return at(head_cm).conductivity_cm_d; }
  double capacity_per_cm(double head_cm) const { return at(head_cm).capacity_per_cm; }
  HydraulicPoint at(double head_cm) const;
  ParameterDerivatives<parameter_count> derivatives(double head_cm) const;
  /// h(θ), cm: h_e at and above θs; −1e8 at and below θr.
  double pressure_head_cm(double water_content) const;
};

}  // namespace rootzone::soil
