#pragma once
#include <array>
#include <span>

#include "rootzone/core/kernel_state.hpp"

namespace rootzone::storage {

inline constexpr std::array<core::KernelStateField, 1> interception_state_fields{
    {{"canopy", "water on the canopy, mm", 0.0}}};

/// One day of a strip, mm/d.
struct InterceptionDay {
  std::span<const float> precipitation;
  std::span<const float> potential_evapotranspiration;
  std::span<float> effective_precipitation;        ///< Pe: what passes the canopy
  std::span<float> interception_evaporation = {};  ///< Ei; may be empty
};

/// Advance the one-bucket canopy by one day (as in Gao et al. 2014): S += P; Pe = max(0, S − Imax); S −= Pe;
/// Ei = min(S, PET); S −= Ei. maximum_mm: Imax ≥ 0, typically 2.0–2.5; 0 = off: Pe = P, Ei = 0. store (mm),
/// in place. A missing input gives missing output and leaves the store; a negative precipitation is passed on
/// as it is, so that the mass curve counts it; a negative PET evaporates nothing. Throws Error(usage) for a
/// negative Imax, Error(internal) if lengths differ. Pure.
void advance_interception(double maximum_mm, const InterceptionDay& day, std::span<double> store);

}  // namespace rootzone::storage
