#include "pedotransfer_members.hpp"

namespace rootzone::soil {

TothWater toth_2015(const SoilSample& sample) {
  const double c = sample.clay_percent;
  const double si = sample.silt_percent;
  const double i = 1.0 / (sample.organic_carbon_percent + 1.0);
  TothWater water;
  water.water_content_330cm = 0.24492111 - 0.18865123 * i + 0.00452692 * c + 0.00153539 * si +
                              0.00144247 * si * i - 5.1105632e-5 * si * c + 0.00086762 * c * i;
  water.water_content_15849cm = 0.09877635 + 0.00212708 * c - 0.00083658 * si - 0.07669914 * i +
                                3.8528396e-5 * si * c + 0.00232952 * c * i + 0.00094979 * si * i;
  return water;
}

SoilEstimate estimate_toth(const SoilSample& sample) {
  const TothWater water = toth_2015(sample);
  SoilEstimate estimate;
  estimate[SoilProperty::water_content_33kpa] = water.water_content_330cm;
  estimate[SoilProperty::water_content_1500kpa] = water.water_content_15849cm;
  return estimate;
}

}  // namespace rootzone::soil
