#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rootzone/core/parallel.hpp"
#include "rootzone/study/sptf_network.hpp"
#include "rootzone/study/sptf_physics.hpp"

namespace rootzone::study {

/// Against what moisture at 5 cm is held.
enum class MoistureReference {
  truth,        ///< of twins, thawed days
  observations  ///< observed, thawed days
};

/// Agreement over many sites' days, all days alike. NaN = undefined.
struct MoistureScore {
  std::int64_t sites = 0;
  std::int64_t failed = 0;  ///< further sites with a reference but no moisture; in none of the other numbers
  std::int64_t days = 0;
  double nse =
      std::numeric_limits<double>::quiet_NaN();  ///< pooled: against the mean of all days of all sites
  double rmse = std::numeric_limits<double>::quiet_NaN();
  double slope = std::numeric_limits<double>::quiet_NaN();  ///< of simulated = intercept + slope · reference
  double intercept = std::numeric_limits<double>::quiet_NaN();
  double median_site_nse = std::numeric_limits<double>::quiet_NaN();
  double median_site_rmse = std::numeric_limits<double>::quiet_NaN();
};

/// One method's moisture of the second year at the sites, 365 values each; NaN where the column failed.
struct MethodMoisture {
  std::string name;
  std::vector<std::vector<float>> moisture;
};

/// Score some of the sites (indices into both spans). A site without reference does not count, one whose
/// column failed (or that has no parameters) only under `failed`. Pure.
MoistureScore score_moisture(std::span<const SptfSite* const> sites,
                             std::span<const std::vector<float>> moisture, std::span<const std::size_t> which,
                             MoistureReference reference);

/// Classes that scores are given by: texture (USDA), mean observed moisture of the second year's thawed days,
/// rain of a year. "unknown" for a texture outside the triangle and a year without such a day.
std::string texture_of(const SptfSite& site);
std::string moisture_class(const SptfSite& site);
std::string rain_class(const SptfSite& site);

/// Second-year moisture by unit parameters, after so many days of year one from −100 cm (all of it forgets
/// the start); NaN for a site whose parameters are NaN.
std::vector<std::vector<float>> second_year(const MoisturePhysics& physics,
                                            std::span<const SptfSite* const> sites,
                                            std::span<const SptfParameters> units,
                                            std::span<const double> ceilings,
                                            const core::ParallelFor& parallel_for,
                                            std::size_t spin_up_days = sptf_year_days);

/// θs ceilings from the first year's observations.
std::vector<double> first_year_ceilings(std::span<const SptfSite* const> sites);

/// Skill of a network that is given fewer days: mean over windows at random of the pooled scores.
struct LengthSkill {
  std::int64_t days = 0;
  double nse = 0.0;
  double rmse = 0.0;
};
std::vector<LengthSkill> skill_by_length(const WindowPredictor& predict, const MoisturePhysics& physics,
                                         std::span<const SptfSite* const> sites,
                                         std::span<const std::int64_t> lengths,
                                         std::int64_t windows_per_length, std::uint64_t seed,
                                         MoistureReference reference, const core::ParallelFor& parallel_for,
                                         const std::function<void()>& step);

/// Permutation importance (Breiman 2001): mean squared error with an input's values exchanged between sites
/// at random, over that with its own; mean of the shuffles and its standard deviation.
struct InputImportance {
  std::string input;
  double ratio = 0.0;
  double standard_deviation = 0.0;
};
std::vector<InputImportance> permutation_importance(
    const WindowPredictor& predict, const MoisturePhysics& physics, std::span<const SptfSite* const> sites,
    std::int64_t shuffles, std::uint64_t seed, MoistureReference reference,
    const core::ParallelFor& parallel_for, const std::function<void()>& step);

/// Unit parameters of the van Genuchten model by a pedotransfer function, θr and H50 that it does not give as
/// set here; nothing if its result was dropped or lacks α, n or Ks.
inline constexpr double pedotransfer_half_uptake_cm = -500.0;
std::optional<SptfParameters> pedotransfer_unit(const std::string& function, const SiteSoil& soil,
                                                double organic_carbon_percent, double ceiling);
/// Names of the functions that give all of a van Genuchten soil.
std::vector<std::string> pedotransfer_names();

}  // namespace rootzone::study
