#include "rootzone/soil/brooks_corey.hpp"

#include <algorithm>
#include <cmath>

#include "coefficients.hpp"
#include "parameter_check.hpp"

namespace rootzone::soil {
namespace {

using F = BrooksCoreyFormulas;
constexpr double driest_head_cm = -1e8;

}  // namespace

void brooks_corey_coefficients(const BrooksCorey& soil, double* c) {
  c[F::residual] = soil.residual_water_content;
  c[F::range] = soil.saturated_water_content - soil.residual_water_content;
  c[F::entry_suction] = -soil.air_entry_head_cm;
  c[F::log_entry] = std::log(-soil.air_entry_head_cm);
  c[F::n] = soil.n;
  c[F::saturated_conductivity] = soil.saturated_conductivity_cm_d;
  c[F::exponent] = soil.conductivity_exponent;
}

void BrooksCorey::validate() const {
  const char* model = "Brooks–Corey soil";
  check_parameter(model, "saturated_water_content", saturated_water_content, {0.0, 1.0, true});
  check_parameter(model, "residual_water_content", residual_water_content, {0.0, saturated_water_content});
  check_parameter(model, "air_entry_head_cm", air_entry_head_cm, {-1e5, -1e-3});
  check_parameter(model, "n", n, {1e-3, 100.0});
  check_parameter(model, "saturated_conductivity_cm_d", saturated_conductivity_cm_d, {0.0, 1e7, true});
  check_parameter(model, "conductivity_exponent", conductivity_exponent, {0.0, 3000.0, true});
}

HydraulicPoint BrooksCorey::at(double head_cm) const {
  double c[F::count];
  brooks_corey_coefficients(*this, c);
  const auto p = F::point<double>(c, head_cm);
  return {p.water_content, p.capacity, p.conductivity, p.conductivity_slope};
}

ParameterDerivatives<BrooksCorey::parameter_count> BrooksCorey::derivatives(double head_cm) const {
  double c[F::count];
  brooks_corey_coefficients(*this, c);
  const auto d = F::derivatives<double>(c, head_cm);
  ParameterDerivatives<parameter_count> out;
  std::copy(d.water_content, d.water_content + parameter_count, out.water_content.begin());
  std::copy(d.conductivity, d.conductivity + parameter_count, out.conductivity.begin());
  return out;
}

double BrooksCorey::pressure_head_cm(double theta) const {
  if (theta >= saturated_water_content) return air_entry_head_cm;
  if (theta <= residual_water_content) return driest_head_cm;
  const double saturation =
      (theta - residual_water_content) / (saturated_water_content - residual_water_content);
  return std::max(air_entry_head_cm * std::pow(saturation, -1.0 / n), driest_head_cm);
}

}  // namespace rootzone::soil
