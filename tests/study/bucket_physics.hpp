#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "rootzone/study/random_field.hpp"
#include "rootzone/study/sptf_physics.hpp"

namespace rootzone::study {

/// A physics for tests: a leaky bucket whose capacity is θs, filling rate goes with unit parameter 1 and
/// emptying rate with unit parameter 2; the others have no influence. Its gradient is the exact tangent.
class BucketPhysics : public MoisturePhysics {
 public:
  SptfModel model() const override { return SptfModel::van_genuchten; }

  void simulate(std::span<const MoistureJob> jobs, std::span<std::vector<float>> moisture,
                const core::ParallelFor&) const override {
    for (std::size_t i = 0; i < jobs.size(); ++i) moisture[i] = run(jobs[i], nullptr);
  }
  std::vector<MoistureLoss> losses(std::span<const MoistureJob> jobs,
                                   const core::ParallelFor&) const override {
    std::vector<MoistureLoss> result;
    for (const MoistureJob& job : jobs) {
      MoistureLoss loss;
      run(job, &loss);
      result.push_back(loss);
    }
    return result;
  }

 private:
  static std::vector<float> run(const MoistureJob& job, MoistureLoss* loss) {
    const double saturated = 0.32 + job.unit[0] * (job.ceiling - 0.32);
    const double fill = 0.05 * job.unit[1];
    const double drain = 0.02 + 0.2 * job.unit[2];
    double theta = 0.2;
    SptfParameters slope{};
    std::vector<float> moisture;
    const std::size_t spin_up = std::min(job.spin_up_days, job.first_day);
    for (std::size_t d = job.first_day - spin_up; d < job.first_day + job.days; ++d) {
      const double rain = static_cast<double>(job.site->precipitation_mm[d]);
      const double room = saturated - theta;
      const double wet = 1.0 - std::exp(-fill * rain);
      const SptfParameters before = slope;
      for (std::size_t k = 0; k < slope.size(); ++k) slope[k] = before[k] * (1.0 - drain - wet);
      slope[0] += (job.ceiling - 0.32) * wet;
      slope[1] += room * 0.05 * rain * std::exp(-fill * rain);
      slope[2] -= 0.2 * theta;
      theta += room * wet - drain * theta;
      if (d < job.first_day) continue;
      moisture.push_back(static_cast<float>(theta));
      if (loss == nullptr || !counts(*job.site, d)) continue;
      const double error = theta - static_cast<double>(job.site->surface_soil_moisture[d]);
      loss->sum += error * error;
      ++loss->days;
      for (std::size_t k = 0; k < slope.size(); ++k) loss->gradient[k] += 2.0 * error * slope[k];
    }
    return moisture;
  }
};

/// Sites whose truth the bucket makes, with parameters that go with sand; noise 0.02, every third day not
/// observed.
inline std::vector<SptfSite> bucket_sites(std::size_t count, std::uint64_t seed) {
  std::vector<SptfSite> sites(count);
  for (std::size_t i = 0; i < count; ++i) {
    SptfSite& site = sites[i];
    const RandomStream random{seed, 50 + i};
    site.name = "site_" + std::to_string(i);
    site.first_day = {2001, 1, 1};
    site.soil.sand = uniform_deviate(random, 0) * 0.8;
    site.soil.clay = 0.1;
    site.soil.silt = 0.9 - site.soil.sand;
    for (std::size_t d = 0; d < 2 * sptf_year_days; ++d) {
      const double u = uniform_deviate(random, 1000 + 3 * d);
      site.precipitation_mm.push_back(u > 0.7 ? static_cast<float>(40.0 * (u - 0.7)) : 0.0F);
      site.potential_evapotranspiration_mm.push_back(2.0F);
      site.leaf_area_index.push_back(1.0F);
      site.land_surface_temperature_c.push_back(d % sptf_year_days < 20 ? -3.0F : 10.0F);
    }
    MoistureJob job;
    job.site = &site;
    job.days = 2 * sptf_year_days;
    job.unit = {0.5, 0.1 + 0.9 * site.soil.sand, 0.2 + 0.8 * uniform_deviate(random, 1), 0.5, 0.5, 0.5};
    std::vector<std::vector<float>> truth(1);
    BucketPhysics().simulate({&job, 1}, truth, core::serial_for);
    site.true_moisture_5cm = truth[0];
    for (std::size_t d = 0; d < 2 * sptf_year_days; ++d) {
      const double seen = static_cast<double>(truth[0][d]) + 0.02 * normal_deviate(random, 5000 + d);
      const bool missing = d % 3 == 1 || !site.thawed(d);
      site.surface_soil_moisture.push_back(missing ? std::nanf("") : static_cast<float>(seen));
    }
  }
  return sites;
}

inline std::vector<std::string> names_of(const std::vector<SptfSite>& sites) {
  std::vector<std::string> names;
  for (const SptfSite& site : sites) names.push_back(site.name);
  return names;
}

}  // namespace rootzone::study
