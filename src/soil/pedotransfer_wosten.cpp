#include <cmath>

#include "pedotransfer_members.hpp"

namespace rootzone::soil {
namespace {

// The one residual content behind all of HYPRES' continuous functions.
constexpr double fixed_residual_water_content = 0.01;

}  // namespace

MualemParameters wosten_1999(const SoilSample& sample) {
  const double si = sample.silt_percent;
  const double c = sample.clay_percent;
  const double bd = sample.bulk_density_g_per_cm3;
  const double om = organic_matter_per_carbon * sample.organic_carbon_percent;
  const double t = sample.topsoil ? 1.0 : 0.0;
  const double ln_si = std::log(si);
  const double ln_om = std::log(om);
  MualemParameters p;
  p.retention.residual_water_content = fixed_residual_water_content;
  // 1.491e-6: 1.419e-6 in some codes.
  p.retention.saturated_water_content = 0.7919 + 0.001691 * c - 0.29619 * bd - 1.491e-6 * si * si +
                                        8.21e-5 * om * om + 0.02427 / c + 0.01113 / si + 0.01472 * ln_si -
                                        7.33e-5 * om * c - 0.000619 * bd * c - 0.001183 * bd * om -
                                        0.0001664 * t * si;
  p.retention.alpha_per_cm =
      std::exp(-14.96 + 0.03135 * c + 0.0351 * si + 0.646 * om + 15.29 * bd - 0.192 * t - 4.671 * bd * bd -
               0.000781 * c * c - 0.00687 * om * om + 0.0449 / om + 0.0663 * ln_si + 0.1482 * ln_om -
               0.04546 * bd * si - 0.4852 * bd * om + 0.00673 * t * c);
  p.retention.n = 1.0 + std::exp(-25.23 - 0.02195 * c + 0.0074 * si - 0.194 * om + 45.5 * bd -
                                 7.24 * bd * bd + 0.0003658 * c * c + 0.002885 * om * om - 12.81 / bd -
                                 0.1524 / si - 0.01958 / om - 0.2876 * ln_si - 0.0709 * ln_om -
                                 44.6 * std::log(bd) - 0.02264 * bd * c + 0.0896 * bd * om + 0.00718 * t * c);
  p.conductivity_cm_per_day = std::exp(
      7.755 + 0.0352 * si + 0.93 * t - 0.967 * bd * bd - 0.000484 * c * c - 0.000322 * si * si + 0.001 / si -
      0.0748 / om - 0.643 * ln_si - 0.01398 * bd * c - 0.1673 * bd * om + 0.02986 * t * c - 0.03305 * t * si);
  return p;
}

SoilEstimate estimate_wosten(const SoilSample& sample) {
  return estimate_of(wosten_1999(sample));
}

}  // namespace rootzone::soil
