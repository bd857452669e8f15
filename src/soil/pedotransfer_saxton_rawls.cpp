#include <cmath>

#include "pedotransfer_members.hpp"

namespace rootzone::soil {

SaxtonRawlsWater saxton_rawls_2006(const SoilSample& sample) {
  const double s = sample.sand_percent / 100.0;
  const double c = sample.clay_percent / 100.0;
  const double om = organic_matter_per_carbon * sample.organic_carbon_percent;
  SaxtonRawlsWater water;
  const double dry =
      -0.024 * s + 0.487 * c + 0.006 * om + 0.005 * s * om - 0.013 * c * om + 0.068 * s * c + 0.031;
  water.water_content_1500kpa = 1.14 * dry - 0.02;
  const double moist =
      -0.251 * s + 0.195 * c + 0.011 * om + 0.006 * s * om - 0.027 * c * om + 0.452 * s * c + 0.299;
  // 1.283: the paper's Table 1; 1.238 in some codes.
  water.water_content_33kpa = moist + 1.283 * moist * moist - 0.374 * moist - 0.015;
  const double gravity =
      0.278 * s + 0.034 * c + 0.022 * om - 0.018 * s * om - 0.027 * c * om - 0.584 * s * c + 0.078;
  const double drained = 1.636 * gravity - 0.107;  // between saturation and 33 kPa
  water.saturated_water_content = water.water_content_33kpa + drained - 0.097 * s + 0.043;
  const double b =
      std::log(1500.0 / 33.0) / std::log(water.water_content_33kpa / water.water_content_1500kpa);
  constexpr double cm_per_day = 2.4;  // in 1 mm/h, the unit of Eq. 16
  water.saturated_conductivity_cm_per_day =
      cm_per_day * 1930.0 *
      std::pow(water.saturated_water_content - water.water_content_33kpa, 3.0 - 1.0 / b);
  return water;
}

SoilEstimate estimate_saxton_rawls(const SoilSample& sample) {
  const SaxtonRawlsWater water = saxton_rawls_2006(sample);
  SoilEstimate estimate;
  estimate[SoilProperty::saturated_water_content] = water.saturated_water_content;
  estimate[SoilProperty::saturated_hydraulic_conductivity] = water.saturated_conductivity_cm_per_day;
  estimate[SoilProperty::water_content_33kpa] = water.water_content_33kpa;
  estimate[SoilProperty::water_content_1500kpa] = water.water_content_1500kpa;
  return estimate;
}

}  // namespace rootzone::soil
