#include "rootzone/soil/van_genuchten.hpp"

#include <algorithm>
#include <cmath>

#include "coefficients.hpp"
#include "parameter_check.hpp"

namespace rootzone::soil {
namespace {

using F = VanGenuchtenFormulas;
constexpr double driest_head_cm = -1e8;

}  // namespace

void van_genuchten_coefficients(const VanGenuchten& soil, double* c) {
  c[F::residual] = soil.residual_water_content;
  c[F::range] = soil.saturated_water_content - soil.residual_water_content;
  c[F::log_alpha] = std::log(soil.alpha_per_cm);
  c[F::n] = soil.n;
  c[F::m] = 1.0 - 1.0 / soil.n;
  c[F::l] = soil.tortuosity;
  c[F::saturated_conductivity] = soil.saturated_conductivity_cm_d;
  c[F::entry_suction] = 0.0;
  c[F::scaled_range] = c[F::range];
  c[F::scaled_conductivity] = soil.saturated_conductivity_cm_d;
  c[F::inverse_alpha] = 1.0 / soil.alpha_per_cm;
  c[F::inverse_entry_saturation] = 1.0;
  c[F::entry_saturation_by_alpha] = c[F::entry_saturation_by_n] = 0.0;
  c[F::entry_conductivity_by_alpha] = c[F::entry_conductivity_by_n] = 0.0;
  if (soil.air_entry_head_cm >= 0.0) return;
  const double head = soil.air_entry_head_cm;
  const auto entry = F::shared<double>(c, head);
  const auto plain = F::derivatives<double>(c, head);
  const double conductivity = entry.power * entry.Y * entry.Y;
  c[F::entry_suction] = -head;
  c[F::scaled_range] = c[F::range] / entry.saturation;
  c[F::scaled_conductivity] = soil.saturated_conductivity_cm_d / conductivity;
  c[F::inverse_entry_saturation] = 1.0 / entry.saturation;
  c[F::entry_saturation_by_alpha] = plain.water_content[2] / (c[F::range] * entry.saturation);
  c[F::entry_saturation_by_n] = plain.water_content[3] / (c[F::range] * entry.saturation);
  const double plain_conductivity = soil.saturated_conductivity_cm_d * conductivity;
  c[F::entry_conductivity_by_alpha] = plain.conductivity[2] / plain_conductivity;
  c[F::entry_conductivity_by_n] = plain.conductivity[3] / plain_conductivity;
}

void VanGenuchten::validate() const {
  const char* model = "van Genuchten soil";
  check_parameter(model, "saturated_water_content", saturated_water_content, {0.0, 1.0, true});
  check_parameter(model, "residual_water_content", residual_water_content, {0.0, saturated_water_content});
  check_parameter(model, "alpha_per_cm", alpha_per_cm, {1e-6, 100.0});
  check_parameter(model, "n", n, {1.001, 100.0});
  check_parameter(model, "saturated_conductivity_cm_d", saturated_conductivity_cm_d, {0.0, 1e7, true});
  check_parameter(model, "tortuosity", tortuosity, {-20.0, 20.0});
  check_parameter(model, "air_entry_head_cm", air_entry_head_cm, {-100.0, 0.0});
}

HydraulicPoint VanGenuchten::at(double head_cm) const {
  double c[F::count];
  van_genuchten_coefficients(*this, c);
  const auto p = F::point<double>(c, head_cm);
  return {p.water_content, p.capacity, p.conductivity, p.conductivity_slope};
}

ParameterDerivatives<VanGenuchten::parameter_count> VanGenuchten::derivatives(double head_cm) const {
  double c[F::count];
  van_genuchten_coefficients(*this, c);
  const auto d = F::derivatives<double>(c, head_cm);
  ParameterDerivatives<parameter_count> out;
  std::copy(d.water_content, d.water_content + parameter_count, out.water_content.begin());
  std::copy(d.conductivity, d.conductivity + parameter_count, out.conductivity.begin());
  return out;
}

double VanGenuchten::pressure_head_cm(double theta) const {
  if (theta >= saturated_water_content) return air_entry_head_cm;
  if (theta <= residual_water_content) return driest_head_cm;
  double c[F::count];
  van_genuchten_coefficients(*this, c);
  // Se^(−1/m) − 1 = x, by expm1 so that the wet end keeps its digits.
  const double x = std::expm1(-std::log((theta - residual_water_content) / c[F::scaled_range]) / c[F::m]);
  return std::clamp(-std::pow(x, 1.0 / n) / alpha_per_cm, driest_head_cm, air_entry_head_cm);
}

VanGenuchten with_air_entry_if_fine(VanGenuchten soil) {
  if (soil.n < 1.2) soil.air_entry_head_cm = -2.0;
  return soil;
}

}  // namespace rootzone::soil
