#include <cmath>

#include "pedotransfer_members.hpp"

namespace rootzone::soil {

CosbyParameters cosby_1984(const SoilSample& sample) {
  const double sand = sample.sand_percent;
  const double clay = sample.clay_percent;
  constexpr double cm_per_day_of_inch_per_hour = 2.54 * 24.0;
  CosbyParameters p;
  p.b = 2.91 + 0.159 * clay;
  p.air_entry_head_cm = std::pow(10.0, 1.88 - 0.0131 * sand);
  // + 0.0153: some codes print a minus here.
  p.saturated_conductivity_cm_per_day = cm_per_day_of_inch_per_hour * std::pow(10.0, -0.884 + 0.0153 * sand);
  p.saturated_water_content = 0.489 - 0.00126 * sand;
  return p;
}

CosbyScatter cosby_1984_scatter(const SoilSample& sample) {
  return {1.34 + 0.05 * sample.clay_percent, 0.459 + 0.00321 * sample.silt_percent,
          0.01 * (7.73 - 0.073 * sample.clay_percent)};
}

SoilEstimate estimate_cosby(const SoilSample& sample) {
  const CosbyParameters p = cosby_1984(sample);
  const auto campbell = [&](double head_cm) {
    return water_content_brooks_corey(0.0, p.saturated_water_content, p.air_entry_head_cm, 1.0 / p.b,
                                      head_cm);
  };
  SoilEstimate estimate;
  estimate[SoilProperty::saturated_water_content] = p.saturated_water_content;
  estimate[SoilProperty::saturated_hydraulic_conductivity] = p.saturated_conductivity_cm_per_day;
  estimate[SoilProperty::water_content_33kpa] = campbell(head_33kpa_cm);
  estimate[SoilProperty::water_content_1500kpa] = campbell(head_1500kpa_cm);
  return estimate;
}

}  // namespace rootzone::soil
