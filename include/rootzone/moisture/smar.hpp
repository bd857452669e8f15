#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "rootzone/core/flags.hpp"
#include "rootzone/core/kernel_state.hpp"
#include "rootzone/moisture/smar_parameters.hpp"

namespace rootzone::moisture {

/// What SMAR carries per pixel, in this order.
inline constexpr std::array<core::KernelStateField, 5> smar_state_fields{{
    {"saturation", "relative saturation of the root zone, 1", 0.0},
    {"age", "days since the last surface observation; -1 = none yet", -1.0},
    {"spin_left", "days still flagged spinning_up after the start", 0.0},
    {"respin", "observed days still needed after a long gap", 0.0},
    {"capped_mm", "water cut off above saturation so far, mm", 0.0},
}};

struct SmarState {
  std::span<double> saturation;
  std::span<double> age;
  std::span<double> spin_left;
  std::span<double> respin;
  std::span<double> capped_mm;
};

/// One step of a strip of pixels. An output that is not wanted is an empty span.
struct SmarStep {
  std::span<const float> surface;       ///< in SmarSettings::surface_units, NaN = not observed
  std::span<float> saturation = {};     ///< s2, [0, 1]
  std::span<float> water_content = {};  ///< θ2 = s2·n2, m³ m⁻³
  std::span<core::FlagBits> flags = {};
};

/// Advance the root-zone saturation by one step (SMAR, Manfreda et al. 2014, Eq. 9; Liu et al. 2023):
/// s2 ← sw2 + (s2 − sw2)·e^(−aΔt) + (1 − sw2)·b·y·Δt, y = max(s1 − sc1, 0), capped to [0, 1] in the state.
/// A pixel begins with its first observation, from its initial saturation; before it, and where parameters
/// are unusable, the output is missing. Gaps: SmarGapPolicy; past max_gap_days the output is missing until
/// respin_days observed days have passed. Surface values are cut to [0, 1] (flag capped above 1).
/// Flags: input_missing, gap_filled (a value on a day without observation), spinning_up, capped,
/// clipped_parameter, not_applicable. Throws Error(internal) if lengths differ. Pure: safe from any thread
/// on disjoint pixels; the result of a pixel does not depend on its neighbours.
void advance_smar(const SmarCoefficientView& coefficients, const SmarSettings& settings,
                  const SmarState& state, const SmarStep& step);

struct SmarSeries {
  std::vector<float> saturation;
  std::vector<float> water_content;
  std::vector<core::FlagBits> flags;
  double capped_mm = 0.0;
};

/// Parameters of one site.
struct SmarSite {
  double sw2 = 0.0;
  double sc1 = 0.0;
  double a = 0.0;
  double b = 0.0;
  double surface_porosity = 1.0;
  double root_zone_porosity = 1.0;
  double root_zone_thickness_mm = 0.0;
  double initial_saturation = 0.0;
};

/// Run one site over a whole series of equal steps, with the kernel of the maps.
SmarSeries smar_series(const SmarSite& site, const SmarSettings& settings, std::span<const float> surface);

}  // namespace rootzone::moisture
