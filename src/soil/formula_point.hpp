#pragma once

namespace rootzone::soil {

/// θ, C = dθ/dh, K and dK/dh in one go; R is double or a register of lanes.
template <class R>
struct FormulaPoint {
  R water_content;
  R capacity;
  R conductivity;
  R conductivity_slope;
};

/// ∂θ/∂p and ∂K/∂p at fixed head.
template <class R, int parameters>
struct FormulaDerivatives {
  R water_content[parameters];
  R conductivity[parameters];
};

#if defined(__GNUC__)
#define ROOTZONE_INLINE inline __attribute__((always_inline))
#else
#define ROOTZONE_INLINE inline
#endif

/// No suction is taken smaller than this (cm) where a formula divides by it.
inline constexpr double least_suction_cm = 1e-9;

}  // namespace rootzone::soil
