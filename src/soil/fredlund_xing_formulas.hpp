#pragma once
#include "formula_point.hpp"
#include "lanes.hpp"
#include "real.hpp"

namespace rootzone::soil {

/// The FXW-M3 functions for double or lanes; coefficients by `fredlund_xing_coefficients`.
struct FredlundXingFormulas {
  enum Coefficient {
    saturated,
    log_alpha,
    n,
    m,
    exponent /* 1 − 1/n */,
    saturated_conductivity,
    residual_suction,
    per_log_range,        ///< 1/ln(1 + h0/hr)
    dry_gamma,            ///< Γ(h0)
    matrix_conductivity,  ///< K(ha)
    per_gamma_range,      ///< 1/(Γ(ha) − Γ(h0))
    per_structure_film,   ///< 1/F(ha)
    structure_exponent,   ///< ln(K(ha)/Ks)/ln(1 + u(ha))
    value_count,
    // ∂ ln[K(ha)·(Γ(ha) − Γ(h0))^−l·F(ha)^−2], ∂Γ(h0) and ∂(structure_exponent) by the parameters, for
    // derivatives.
    inverse_alpha = value_count,
    scale_by,
    dry_gamma_by = scale_by + 5,
    structure_by = dry_gamma_by + 5,
    count = structure_by + 5
  };
  static constexpr int parameters = 5;
  static constexpr int floor_parameter = -1;  ///< the parameter that is the least water content (0 here)
  static constexpr double structure_suction = 16.0;
  static constexpr double dry_suction = 6.3e6 * (1.0 - 1e-9);
  static constexpr double l = 3.5;
  static constexpr double per_e = 0.36787944117144233;  // 1/e

  template <class R>
  struct Shared {
    R suction, log_scaled, rho, u, G, gamma, M, F, g, dryness;
  };

  template <class R>
  static ROOTZONE_INLINE Shared<R> shared(const R* c, R head) {
    using namespace real;
    Shared<R> v;
    v.suction = smaller(larger(-head, R{} + least_suction_cm), R{} + dry_suction);
    v.log_scaled = c[log_alpha] + logarithm(v.suction);
    const R x = per_e * exponential(smaller(c[n] * v.log_scaled, R{} + 600.0));
    v.rho = x / (1.0 + x);
    v.u = larger(log1p_positive(x), R{} + 1e-300);
    v.G = log1p_positive(v.u);
    v.gamma = exponential(-(c[m] * v.G));
    v.M = v.G - logarithm(v.u);
    const R e = expm1_of(-(c[exponent] * v.M));
    v.F = -e;
    v.g = 1.0 + e;
    v.dryness = 1.0 - log1p_positive(v.suction / c[residual_suction]) * c[per_log_range];
    return v;
  }

  template <class R>
  static ROOTZONE_INLINE FormulaPoint<R> point(const R* c, R head) {
    using namespace real;
    const Shared<R> v = shared(c, head);
    const auto full = head >= 0.0;
    const auto structural = v.suction <= structure_suction;
    const R zero = R{};
    const R u_slope = c[n] * v.rho / (v.suction * (1.0 + v.u));  // du/ds/(1 + u)
    const R gamma_slope = c[m] * v.gamma * u_slope;              // −dΓ/ds
    const R D = larger((v.gamma - c[dry_gamma]) * c[per_gamma_range], zero);
    const R f = v.F * c[per_structure_film];
    const R D25 = D * D * square_root(D);
    const R base = c[matrix_conductivity] * D25 * f;
    const R matrix = base * D * f;
    const R matrix_slope = base * (l * c[per_gamma_range] * gamma_slope * f +
                                   2.0 * D * c[per_structure_film] * c[exponent] * v.g * u_slope / v.u);
    const R structure = c[saturated_conductivity] * exponential(c[structure_exponent] * v.G);
    FormulaPoint<R> p;
    p.water_content = c[saturated] * select(full, zero + 1.0, v.dryness * v.gamma);
    p.capacity = select(full, zero,
                        c[saturated] * (v.dryness * gamma_slope +
                                        v.gamma * c[per_log_range] / (c[residual_suction] + v.suction)));
    p.conductivity = select(full, c[saturated_conductivity], select(structural, structure, matrix));
    p.conductivity_slope =
        select(full, zero, select(structural, -(structure * c[structure_exponent] * u_slope), matrix_slope));
    return p;
  }

  template <class R>
  static ROOTZONE_INLINE FormulaDerivatives<R, parameters> derivatives(const R* c, R head) {
    using namespace real;
    const Shared<R> v = shared(c, head);
    const FormulaPoint<R> at = point(c, head);
    const auto full = head >= 0.0;
    const auto structural = v.suction <= structure_suction;
    const R zero = R{};
    const R one = zero + 1.0;
    const R per_u1 = 1.0 / (1.0 + v.u);
    const R u_by[parameters] = {zero, c[n] * v.rho * c[inverse_alpha], v.rho * v.log_scaled, zero, zero};
    const R exponent_by_n = (1.0 - c[exponent]) * (1.0 - c[exponent]);
    const R per_D = 1.0 / larger(v.gamma - c[dry_gamma], zero + 1e-300);
    FormulaDerivatives<R, parameters> d;
    for (int p = 0; p < parameters; ++p) {
      const R g_by = u_by[p] * per_u1;
      const R gamma_by = -(v.gamma * (c[m] * g_by + (p == 3 ? v.G : zero)));
      const R f_by = v.g * ((p == 2 ? exponent_by_n * v.M : zero) - c[exponent] * g_by / v.u);
      const R matrix_by = at.conductivity *
                          (c[scale_by + p] + l * (gamma_by - c[dry_gamma_by + p]) * per_D + 2.0 * f_by / v.F);
      const R structure_by_p = at.conductivity * (c[structure_by + p] * v.G + c[structure_exponent] * g_by +
                                                  (p == 4 ? 1.0 / c[saturated_conductivity] : zero));
      d.water_content[p] = select(full, p == 0 ? one : zero,
                                  v.dryness * (c[saturated] * gamma_by + (p == 0 ? v.gamma : zero)));
      d.conductivity[p] = select(full, p == 4 ? one : zero, select(structural, structure_by_p, matrix_by));
    }
    return d;
  }
};

}  // namespace rootzone::soil
