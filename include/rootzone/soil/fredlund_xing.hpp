#pragma once
#include <array>
#include <string_view>

#include "rootzone/soil/hydraulic_point.hpp"

namespace rootzone::soil {

/// Soil hydraulic functions FXW-M3: retention by Fredlund & Xing (1994), conductivity by Wang et al. (2023)
/// with capillary, film and soil-structure parts, in a form that stays finite. With s = −h ≥ 0 (cm), u = ln(1
/// + (αs)^n/e), Γ = (1 + u)^−m, F = 1 − (u/(1 + u))^(1−1/n):
///   θ = θs·[1 − ln(1 + s/hr)/ln(1 + h0/hr)]·Γ
///   K(ha) = min(Ks, θs·b·Γ(hm)·[(Γ(ha) − Γ(h0))/(Γ(hm) − Γ(h0))]^l·[F(ha)/F(hm)]²)
///   s > ha: K = K(ha)·[(Γ − Γ(h0))/(Γ(ha) − Γ(h0))]^l·[F/F(ha)]²
///   s ≤ ha: K = Ks·exp(ln(K(ha)/Ks)·ln(1 + u)/ln(1 + u(ha)))
/// h0 = 6.3e6, ha = 16, hm = 1e5 cm, l = 3.5, b = 2.693e-6 cm/d. As printed (Qi et al. 2026, Eqs. 6–8) the
/// same gives NaN for a fifth of the parameter sets of their Table 1. Units: cm, d, m³/m³. All functions are
/// pure and finite for every finite h and every valid parameter set (test
/// Fxw.RandomDrawsAreFiniteAndMonotone); derivatives equal finite differences to 1e-6.
struct FredlundXing {
  double saturated_water_content = 0.4;        ///< θs
  double alpha_per_cm = 0.006;                 ///< α > 0
  double n = 1.1;                              ///< > 1
  double m = 0.66;                             ///< > 0
  double saturated_conductivity_cm_d = 100.0;  ///< Ks > 0
  double residual_suction_cm = 1.5e4;          ///< hr; older work of the same authors: 1500

  static constexpr double dry_suction_cm = 6.3e6;       ///< h0, where θ = 0
  static constexpr double structure_suction_cm = 16.0;  ///< ha, where pores of the soil structure are empty
  static constexpr double film_suction_cm = 1e5;        ///< hm
  static constexpr double film_conductivity_cm_d = 2.693e-6;
  static constexpr double tortuosity = 3.5;

  static constexpr std::size_t parameter_count = 5;
  /// What `derivatives` are taken with respect to, in this order.
  static constexpr std::array<std::string_view, parameter_count> parameter_names{
      "saturated_water_content", "alpha_per_cm", "n", "m", "saturated_conductivity_cm_d"};

  /// Throws core::Error(usage) naming the parameter, its range and what was found.
  void validate() const;

  double water_content(double head_cm) const { return at(head_cm).water_content; }
  double conductivity_cm_d(double head_cm) const { return at(head_cm).conductivity_cm_d; }
  double capacity_per_cm(double head_cm) const { return at(head_cm).capacity_per_cm; }
  HydraulicPoint at(double head_cm) const;
  ParameterDerivatives<parameter_count> derivatives(double head_cm) const;
  /// h(θ), cm, by bisection and Newton in ln s to 1e-12 of ln s: 0 at and above θs, −h0 at and below 0.
  double pressure_head_cm(double water_content) const;
  /// Conductivity at ha, where the structural part ends; at most Ks.
  double matrix_conductivity_cm_d() const;
};

}  // namespace rootzone::soil
