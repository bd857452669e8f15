#pragma once
#include <array>
#include <string_view>

#include "rootzone/soil/hydraulic_point.hpp"

namespace rootzone::soil {

/// Soil hydraulic functions of van Genuchten (1980) with Mualem (1976), m = 1 − 1/n:
/// Se = (1 + (α|h|)^n)^−m, θ = θr + (θs − θr)·Se, K = Ks·Se^l·[1 − (1 − Se^(1/m))^m]², for h < 0 (cm).
/// With an air-entry head h_e < 0 (Vogel et al. 2000) the curve is cut at h_e: θ = θs and K = Ks for h ≥ h_e,
/// Se/Se(h_e) for Se and N(Se)/N(Se(h_e)) for K/Ks below. Below n of about 1.2 the plain form has a
/// conductivity that falls by half within the first millimetre of suction, and no solver is happy with it.
/// Units: cm, d, m³/m³. All functions are pure and finite for every finite h and every valid parameter set
/// (test VanGenuchten.RandomDrawsAreFiniteAndMonotone); derivatives equal finite differences to 1e-6.
struct VanGenuchten {
  double saturated_water_content = 0.43;      ///< θs
  double residual_water_content = 0.08;       ///< θr
  double alpha_per_cm = 0.04;                 ///< α > 0
  double n = 1.6;                             ///< > 1
  double saturated_conductivity_cm_d = 50.0;  ///< Ks > 0
  double tortuosity = 0.5;                    ///< l
  double air_entry_head_cm = 0.0;             ///< h_e ≤ 0; 0 = the plain form

  static constexpr std::size_t parameter_count = 5;
  /// What `derivatives` are taken with respect to, in this order.
  static constexpr std::array<std::string_view, parameter_count> parameter_names{
      "saturated_water_content", "residual_water_content", "alpha_per_cm", "n",
      "saturated_conductivity_cm_d"};

  /// Throws core::Error(usage) naming the parameter, its range and what was found.
  void validate() const;

  double water_content(double head_cm) const { return at(head_cm).water_content; }
  double conductivity_cm_d(double head_cm) const { return at(head_cm).conductivity_cm_d; }
  double capacity_per_cm(double head_cm) const { return at(head_cm).capacity_per_cm; }
  HydraulicPoint at(double head_cm) const;
  ParameterDerivatives<parameter_count> derivatives(double head_cm) const;
  /// h(θ), cm: 0 (or h_e) at and above θs; −1e8 at and below θr.
  double pressure_head_cm(double water_content) const;
};

/// The same soil, with air entry at −2 cm where n < 1.2, as HYDRUS recommends it.
VanGenuchten with_air_entry_if_fine(VanGenuchten soil);

}  // namespace rootzone::soil
