#pragma once
#include "formula_point.hpp"
#include "lanes.hpp"
#include "real.hpp"

namespace rootzone::soil {

/// The van Genuchten–Mualem functions for double or lanes. Coefficients are plain numbers prepared by
/// `van_genuchten_coefficients`, one R each.
struct VanGenuchtenFormulas {
  enum Coefficient {
    residual,
    range,
    log_alpha,
    n,
    m,
    l,
    saturated_conductivity,
    entry_suction,
    scaled_range,         ///< (θs − θr)/Se(h_e)
    scaled_conductivity,  ///< Ks/N(Se(h_e))
    value_count,
    // The rest only for derivatives.
    inverse_alpha = value_count,
    inverse_entry_saturation,
    entry_saturation_by_alpha,
    entry_saturation_by_n,  ///< ∂ ln Se(h_e)
    entry_conductivity_by_alpha,
    entry_conductivity_by_n,  ///< ∂ ln N(Se(h_e))
    count
  };
  static constexpr int parameters = 5;
  static constexpr int floor_parameter = 1;  ///< the parameter that is the least water content

  /// What value and derivatives share.
  template <class R>
  struct Shared {
    R suction, log_scaled, L, M, X, Z, saturation, power, Y, g;
  };

  /// L = ln(1 + x), M = ln(1 + 1/x), X = x/(1 + x), Z = 1/(1 + x): each without cancellation for any x.
  template <class R>
  static ROOTZONE_INLINE Shared<R> shared(const R* c, R head) {
    using namespace real;
    Shared<R> v;
    v.suction = larger(-head, R{} + least_suction_cm);
    v.log_scaled = c[log_alpha] + logarithm(v.suction);
    const R log_x = c[n] * v.log_scaled;
    const auto wet = log_x < 0.0;
    const R y = exponential(-magnitude(log_x));
    const R q = log1p_unit(y);
    v.L = select(wet, q, q + log_x);
    v.M = select(wet, q - log_x, q);
    const R r = 1.0 / (1.0 + y);
    v.X = select(wet, y * r, r);
    v.Z = select(wet, r, y * r);
    v.saturation = exponential(-(c[m] * v.L));
    v.power = exponential(-(c[l] * c[m] * v.L));
    const R e = expm1_of(-(c[m] * v.M));
    v.Y = -e;
    v.g = 1.0 + e;
    return v;
  }

  template <class R>
  static ROOTZONE_INLINE FormulaPoint<R> point(const R* c, R head) {
    using namespace real;
    const Shared<R> v = shared(c, head);
    const R slope = c[m] * c[n] / v.suction;
    const R k = c[scaled_conductivity] * v.power * v.Y;
    const auto saturated = -head <= c[entry_suction];
    const R zero = R{};
    FormulaPoint<R> p;
    p.water_content = c[residual] + select(saturated, c[range], c[scaled_range] * v.saturation);
    p.capacity = select(saturated, zero, c[scaled_range] * v.saturation * v.X * slope);
    p.conductivity = select(saturated, c[saturated_conductivity], k * v.Y);
    p.conductivity_slope = select(saturated, zero, slope * k * (c[l] * v.X * v.Y + 2.0 * v.g * v.Z));
    return p;
  }

  template <class R>
  static ROOTZONE_INLINE FormulaDerivatives<R, parameters> derivatives(const R* c, R head) {
    using namespace real;
    const Shared<R> v = shared(c, head);
    const auto saturated = -head <= c[entry_suction];
    const R zero = R{};
    const R k = c[scaled_conductivity] * v.power * v.Y;
    const R amount = c[scaled_range] * v.saturation;
    const R relative = select(saturated, zero + 1.0, v.saturation * c[inverse_entry_saturation]);
    const R m_by_n = (1.0 - c[m]) * (1.0 - c[m]);  // 1/n²
    const R n_alpha = c[n] * c[inverse_alpha];
    const R saturation_by_n = -(m_by_n * v.L + c[m] * v.X * v.log_scaled);
    const R y_by_n = v.g * (m_by_n * v.M - c[m] * v.Z * v.log_scaled);
    const R by_alpha = c[m] * n_alpha;
    FormulaDerivatives<R, parameters> d;
    d.water_content[0] = relative;
    d.water_content[1] = 1.0 - relative;
    d.water_content[2] = select(saturated, zero, -amount * (by_alpha * v.X + c[entry_saturation_by_alpha]));
    d.water_content[3] = select(saturated, zero, amount * (saturation_by_n - c[entry_saturation_by_n]));
    d.water_content[4] = zero;
    d.conductivity[0] = zero;
    d.conductivity[1] = zero;
    d.conductivity[2] = select(
        saturated, zero,
        -k * (v.Y * (c[l] * by_alpha * v.X + c[entry_conductivity_by_alpha]) + 2.0 * v.g * by_alpha * v.Z));
    d.conductivity[3] = select(
        saturated, zero, k * (v.Y * (c[l] * saturation_by_n - c[entry_conductivity_by_n]) + 2.0 * y_by_n));
    d.conductivity[4] = select(saturated, zero + 1.0, k * v.Y / c[saturated_conductivity]);
    return d;
  }
};

}  // namespace rootzone::soil
