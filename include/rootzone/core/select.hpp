#pragma once
#include <bit>
#include <cstdint>

namespace rootzone::core {

/// All bits set where a condition holds, else none: one lane wide as a double, so that a loop over pixels
/// can be vectorised. Chains of `?:` on the same conditions are turned into branches by the compiler
/// (jump threading), after which the loop stays scalar.
using LaneMask = std::uint64_t;

inline LaneMask lane_mask(bool condition) {
  return condition ? ~LaneMask{0} : LaneMask{0};
}

/// a where the mask is set, else b.
inline double select(LaneMask mask, double a, double b) {
  return std::bit_cast<double>((std::bit_cast<std::uint64_t>(a) & mask) |
                               (std::bit_cast<std::uint64_t>(b) & ~mask));
}

/// a where the mask is set, else +0.
inline double keep(LaneMask mask, double a) {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(a) & mask);
}

}  // namespace rootzone::core
