#include <cmath>

#include "pedotransfer_members.hpp"

namespace rootzone::soil {

RawlsBrakensiekParameters rawls_brakensiek_1985(const SoilSample& sample) {
  const double s = sample.sand_percent;
  const double c = sample.clay_percent;
  const double p = 1.0 - sample.bulk_density_g_per_cm3 / particle_density_g_per_cm3;
  const double s2 = s * s;
  const double c2 = c * c;
  const double p2 = p * p;
  const double ln_bubbling = 5.3396738 + 0.1845038 * c - 2.48394546 * p - 0.00213853 * c2 -
                             0.04356349 * s * p - 0.61745089 * c * p + 0.00143598 * s2 * p2 -
                             0.00855375 * c2 * p2 - 0.00001282 * s2 * c + 0.00895359 * c2 * p -
                             0.00072472 * s2 * p + 0.0000054 * c2 * s + 0.5002806 * c * p2;
  const double ln_lambda = -0.7842831 + 0.0177544 * s - 1.062498 * p - 0.00005304 * s2 - 0.00273493 * c2 +
                           1.11134946 * p2 - 0.03088295 * s * p + 0.00026587 * s2 * p2 -
                           0.00610522 * c2 * p2 - 0.00000235 * s2 * c + 0.00798746 * c2 * p -
                           0.00674491 * c * p2;
  const double ln_conductivity = 19.52348 * p - 8.96847 - 0.028212 * c + 0.00018107 * s2 - 0.0094125 * c2 -
                                 8.395215 * p2 + 0.077718 * s * p - 0.00298 * s2 * p2 - 0.019492 * c2 * p2 +
                                 0.0000173 * s2 * c + 0.02733 * c2 * p + 0.001434 * s2 * p -
                                 0.0000035 * c2 * s;
  RawlsBrakensiekParameters result;
  result.porosity = p;
  result.residual_water_content = -0.0182482 + 0.00087269 * s + 0.00513488 * c + 0.02939286 * p -
                                  0.00015395 * c2 - 0.0010827 * s * p - 0.00018233 * c2 * p2 +
                                  0.00030703 * c2 * p - 0.0023584 * c * p2;
  result.bubbling_head_cm = std::exp(ln_bubbling);
  result.pore_size_index = std::exp(ln_lambda);
  result.saturated_conductivity_cm_per_day = 24.0 * std::exp(ln_conductivity);  // the regression: cm/h
  return result;
}

SoilEstimate estimate_rawls_brakensiek(const SoilSample& sample) {
  const RawlsBrakensiekParameters p = rawls_brakensiek_1985(sample);
  const auto brooks_corey = [&](double head_cm) {
    return water_content_brooks_corey(p.residual_water_content, p.porosity, p.bubbling_head_cm,
                                      p.pore_size_index, head_cm);
  };
  SoilEstimate estimate;
  estimate[SoilProperty::saturated_water_content] = p.porosity;
  estimate[SoilProperty::residual_water_content] = p.residual_water_content;
  // van Genuchten's curve with the same asymptote.
  estimate[SoilProperty::van_genuchten_alpha] = 1.0 / p.bubbling_head_cm;
  estimate[SoilProperty::van_genuchten_n] = 1.0 + p.pore_size_index;
  estimate[SoilProperty::saturated_hydraulic_conductivity] = p.saturated_conductivity_cm_per_day;
  estimate[SoilProperty::water_content_33kpa] = brooks_corey(head_33kpa_cm);
  estimate[SoilProperty::water_content_1500kpa] = brooks_corey(head_1500kpa_cm);
  return estimate;
}

}  // namespace rootzone::soil
