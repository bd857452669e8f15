#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "rootzone/core/kernel_state.hpp"
#include "rootzone/storage/mass_curve.hpp"

namespace rootzone::storage {

/// What the first pass over the reference period gathers per pixel: inflow_sum, outflow_sum (mm), then
/// month_net (mm, F_in − F_out) and month_days, 12 values each.
std::vector<core::KernelStateField> mass_curve_survey_fields();

struct MassCurveSurvey {
  std::span<double> inflow_sum;
  std::span<double> outflow_sum;
  std::span<double> month_net;   ///< of the day's month
  std::span<double> month_days;  ///< of the day's month
};

/// Whether a day of one pixel counts: inflow and irrigation not negative, all three finite. irrigation: 0
/// where there is none. Pure.
bool counts_in_survey(float inflow, float outflow, float irrigation);

/// Add one day of a strip; a day that does not count is left out. Same rules and units as
/// advance_mass_curve. Pure.
void survey_mass_curve(const MassCurveSurvey& survey, std::span<const float> inflow,
                       std::span<const float> outflow, std::span<const float> irrigation);

/// The month (1 … 12) with the largest mean F_in − F_out, the earliest of equals; 0 if nothing was observed.
int wettest_month(std::span<const double> month_net, std::span<const double> month_days);

/// What the policy does to one pixel.
struct ClosureTreatment {
  double outflow_scale = 1.0;  ///< scale_outflow: limit · ΣF_in/ΣF_out where that is below 1
  bool reset = false;          ///< reset_yearly
  bool closes = true;
};
ClosureTreatment closure_treatment(const MassCurveSettings& settings, double inflow_sum, double outflow_sum);

}  // namespace rootzone::storage
