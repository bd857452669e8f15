#include "rootzone/storage/mass_curve_survey.hpp"

#include <cmath>

#include "rootzone/core/error.hpp"

namespace rootzone::storage {

std::vector<core::KernelStateField> mass_curve_survey_fields() {
  return {{"inflow_sum", "inflow of the reference period, mm", 0.0},
          {"outflow_sum", "outflow of the reference period, mm", 0.0},
          {"month_net", "F_in - F_out by calendar month, mm", 0.0, 12},
          {"month_days", "days behind month_net", 0.0, 12}};
}

bool counts_in_survey(float inflow, float outflow, float irrigation) {
  return inflow >= 0.0F && irrigation >= 0.0F && std::isfinite(inflow) && std::isfinite(irrigation) &&
         std::isfinite(outflow);
}

void survey_mass_curve(const MassCurveSurvey& survey, std::span<const float> inflow,
                       std::span<const float> outflow, std::span<const float> irrigation) {
  const std::size_t n = inflow.size();
  if (outflow.size() != n || (irrigation.size() != n && !irrigation.empty()) ||
      survey.inflow_sum.size() != n || survey.outflow_sum.size() != n || survey.month_net.size() != n ||
      survey.month_days.size() != n)
    throw core::Error(core::ErrorKind::internal,
                      "survey_mass_curve: every span must have as many pixels as the inflow");
  for (std::size_t i = 0; i < n; ++i) {
    const float irrigated = irrigation.empty() ? 0.0F : irrigation[i];
    if (!counts_in_survey(inflow[i], outflow[i], irrigated)) continue;
    const auto precipitation = static_cast<double>(inflow[i]);
    const auto evaporation = static_cast<double>(outflow[i]);
    const double in =
        precipitation + static_cast<double>(irrigated) - (evaporation < 0.0 ? evaporation : 0.0);
    const double out = evaporation < 0.0 ? 0.0 : evaporation;
    survey.inflow_sum[i] += in;
    survey.outflow_sum[i] += out;
    survey.month_net[i] += in - out;
    survey.month_days[i] += 1.0;
  }
}

int wettest_month(std::span<const double> month_net, std::span<const double> month_days) {
  int best = 0;
  double largest = 0.0;
  for (std::size_t m = 0; m < month_net.size(); ++m) {
    if (!(month_days[m] > 0.0)) continue;
    const double mean = month_net[m] / month_days[m];
    if (best == 0 || mean > largest) {
      best = static_cast<int>(m) + 1;
      largest = mean;
    }
  }
  return best;
}

ClosureTreatment closure_treatment(const MassCurveSettings& settings, double inflow_sum, double outflow_sum) {
  ClosureTreatment treatment;
  treatment.closes = !(outflow_sum > settings.closure_limit * inflow_sum);
  if (treatment.closes) return treatment;
  if (settings.closure_policy == ClosurePolicy::scale_outflow)
    treatment.outflow_scale = settings.closure_limit * inflow_sum / outflow_sum;
  treatment.reset = settings.closure_policy == ClosurePolicy::reset_yearly;
  return treatment;
}

}  // namespace rootzone::storage
