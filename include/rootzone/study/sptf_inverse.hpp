#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "rootzone/stats/sce_ua.hpp"
#include "rootzone/study/sptf_physics.hpp"

namespace rootzone::study {

/// How a site's parameters are searched.
struct InverseSettings {
  stats::SceUaOptions search{.complexes = 5, .max_evaluations = 3000, .peps = 1e-3};
  std::int64_t spin_up_days = 30;  ///< first days of year one that are simulated and not compared

  /// Throws Error(usage) naming the setting.
  void validate() const;
};

struct InverseResult {
  SptfParameters unit{};
  double ceiling = 0.41;
  double first_year_rmse = 0.0;   ///< of the fit, against the observations
  double second_year_rmse = 0.0;  ///< of the same parameters, against the observations
  std::int64_t evaluations = 0;
  stats::SceUaStop stop = stats::SceUaStop::max_evaluations;
};

/// Fit sites one by one: the unit parameters that minimise the mean squared difference to the observed,
/// thawed days of year one, by SCE-UA over the unit box (Qi et al. 2026, section 2.3; theirs on a surrogate,
/// this on the physics given), each with the seed settings.search.seed + its index in `sites`. A parameter
/// set whose column fails is the worst there is. Groups of sites are searched side by side so that their
/// columns share vector lanes, groups in parallel; `done` hears of each site, from any thread, and may throw
/// to stop. A site's result does not depend on the others or on parallel_for.
std::vector<InverseResult> invert_sites(std::span<const SptfSite> sites, std::span<const std::size_t> which,
                                        const MoisturePhysics& physics, const InverseSettings& settings,
                                        const core::ParallelFor& parallel_for,
                                        const std::function<void()>& done);

}  // namespace rootzone::study
