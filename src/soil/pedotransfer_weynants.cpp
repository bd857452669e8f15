#include <cmath>

#include "pedotransfer_members.hpp"

namespace rootzone::soil {

MualemParameters weynants_2009(const SoilSample& sample) {
  const double s = sample.sand_percent;
  const double c = sample.clay_percent;
  const double bd = sample.bulk_density_g_per_cm3;
  const double oc = sample.organic_carbon_percent;  // in percent; some codes feed a tenth of it
  MualemParameters p;
  p.retention.residual_water_content = 0.0;
  p.retention.saturated_water_content = 0.6355365504 + 0.0012807613 * c - 0.1630910071 * bd;
  p.retention.alpha_per_cm = std::exp(-4.3003420026 - 0.009685121 * c + 0.0137763939 * s - 0.0992391618 * oc);
  p.retention.n = 1.0 + std::exp(-1.084606919 - 0.0235654376 * c - 0.0085043044 * s + 0.0001369944 * s * s);
  p.conductivity_cm_per_day = std::exp(1.9581584626 + 0.0308449531 * s - 0.614161013 * bd - 0.15655571 * oc);
  return p;
}

SoilEstimate estimate_weynants(const SoilSample& sample) {
  return estimate_of(weynants_2009(sample));
}

}  // namespace rootzone::soil
