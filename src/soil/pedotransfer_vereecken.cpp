#include <cmath>

#include "pedotransfer_members.hpp"

namespace rootzone::soil {

RetentionParameters vereecken_1989(const SoilSample& sample) {
  const double s = sample.sand_percent;
  const double c = sample.clay_percent;
  const double oc = sample.organic_carbon_percent;
  const double density = sample.bulk_density_g_per_cm3;
  RetentionParameters curve;
  curve.residual_water_content = 0.015 + 0.005 * c + 0.014 * oc;
  curve.saturated_water_content = 0.81 - 0.283 * density + 0.001 * c;
  curve.alpha_per_cm = std::exp(-2.486 + 0.025 * s - 0.351 * oc - 2.617 * density - 0.023 * c);
  curve.n = std::exp(0.053 - 0.009 * s - 0.013 * c + 0.00015 * s * s);
  return curve;
}

double water_content_m1(const RetentionParameters& curve, double suction_cm) {
  const double range = curve.saturated_water_content - curve.residual_water_content;
  return curve.residual_water_content + range / (1.0 + std::pow(curve.alpha_per_cm * suction_cm, curve.n));
}

// α and n belong to m = 1: they are no van Genuchten–Mualem parameters and are not given as such.
SoilEstimate estimate_vereecken(const SoilSample& sample) {
  const RetentionParameters curve = vereecken_1989(sample);
  SoilEstimate estimate;
  estimate[SoilProperty::saturated_water_content] = curve.saturated_water_content;
  estimate[SoilProperty::residual_water_content] = curve.residual_water_content;
  estimate[SoilProperty::water_content_33kpa] = water_content_m1(curve, head_33kpa_cm);
  estimate[SoilProperty::water_content_1500kpa] = water_content_m1(curve, head_1500kpa_cm);
  return estimate;
}

}  // namespace rootzone::soil
