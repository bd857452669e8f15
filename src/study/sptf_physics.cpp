#include "rootzone/study/sptf_physics.hpp"

#include <cmath>

namespace rootzone::study {

bool counts(const SptfSite& site, std::size_t day) {
  return site.thawed(day) && !std::isnan(site.surface_soil_moisture[day]);
}

MoistureLoss moisture_loss(const MoistureJob& job, std::span<const float> moisture) {
  MoistureLoss loss;
  for (std::size_t d = 0; d < job.days; ++d) {
    if (!counts(*job.site, job.first_day + d)) continue;
    const double error = static_cast<double>(moisture[d]) -
                         static_cast<double>(job.site->surface_soil_moisture[job.first_day + d]);
    loss.sum += error * error;
    ++loss.days;
  }
  if (std::isnan(loss.sum)) return {};
  return loss;
}

}  // namespace rootzone::study
