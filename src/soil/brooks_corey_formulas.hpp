#pragma once
#include "formula_point.hpp"
#include "lanes.hpp"
#include "real.hpp"

namespace rootzone::soil {

/// The Brooks–Corey functions for double or lanes; coefficients by `brooks_corey_coefficients`.
struct BrooksCoreyFormulas {
  enum Coefficient {
    residual,
    range,
    entry_suction,
    log_entry,
    n,
    saturated_conductivity,
    exponent,
    value_count,
    count = value_count
  };
  static constexpr int parameters = 6;
  static constexpr int floor_parameter = 1;  ///< the parameter that is the least water content

  template <class R>
  static ROOTZONE_INLINE FormulaPoint<R> point(const R* c, R head) {
    using namespace real;
    const R suction = larger(-head, c[entry_suction]);
    const R log_ratio = logarithm(suction) - c[log_entry];
    const R saturation = exponential(-(c[n] * log_ratio));
    const R k = c[saturated_conductivity] * exponential(-(c[n] * c[exponent] * log_ratio));
    const auto saturated = -head <= c[entry_suction];
    const R zero = R{};
    const R slope = c[n] / suction;
    FormulaPoint<R> p;
    p.water_content = c[residual] + select(saturated, c[range], c[range] * saturation);
    p.capacity = select(saturated, zero, c[range] * saturation * slope);
    p.conductivity = select(saturated, c[saturated_conductivity], k);
    p.conductivity_slope = select(saturated, zero, k * c[exponent] * slope);
    return p;
  }

  template <class R>
  static ROOTZONE_INLINE FormulaDerivatives<R, parameters> derivatives(const R* c, R head) {
    using namespace real;
    const R suction = larger(-head, c[entry_suction]);
    const R log_ratio = logarithm(suction) - c[log_entry];
    const auto saturated = -head <= c[entry_suction];
    const R zero = R{};
    const R saturation = select(saturated, zero + 1.0, exponential(-(c[n] * log_ratio)));
    const R relative = select(saturated, zero + 1.0, exponential(-(c[n] * c[exponent] * log_ratio)));
    const R amount = select(saturated, zero, c[range] * saturation);
    const R k = select(saturated, zero, c[saturated_conductivity] * relative);
    FormulaDerivatives<R, parameters> d;
    d.water_content[0] = saturation;
    d.water_content[1] = 1.0 - saturation;
    d.water_content[2] = -(amount * c[n] / c[entry_suction]);
    d.water_content[3] = -(amount * log_ratio);
    d.water_content[4] = zero;
    d.water_content[5] = zero;
    d.conductivity[0] = zero;
    d.conductivity[1] = zero;
    d.conductivity[2] = -(k * c[n] * c[exponent] / c[entry_suction]);
    d.conductivity[3] = -(k * c[exponent] * log_ratio);
    d.conductivity[4] = relative;
    d.conductivity[5] = -(k * c[n] * log_ratio);
    return d;
  }
};

}  // namespace rootzone::soil
