#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "rootzone/study/sptf_parameters.hpp"
#include "rootzone/study/sptf_site.hpp"

namespace rootzone::study {

/// Soil of a twin site and the parameters that are its truth.
struct TwinSoil {
  SiteSoil soil;
  SptfModel model = SptfModel::van_genuchten;
  SptfParameters parameters{};
};

/// Highest true θs of a twin; the ranges of training end at the largest observation instead.
inline constexpr double twin_saturation_ceiling = 0.5;

/// Draw a twin's soil and true parameters.
/// Clay 3 … 58 %, more often little; sand 8 … 94 % of the rest; bulk density 1.15 … 1.65 g/cm³, heavier in
/// sand. Every parameter is spread evenly over its range of Table 1 (in the range's own scale; θs to 0.5),
/// and tied to the soil through a Gaussian copula of correlation `texture_correlation`: α, n and Ks rise with
/// (sand − clay), θr with clay, θs falls with bulk density; m and H50 are free. Table 1 itself knows no such
/// tie (correlation 0), and then no pedotransfer function could know anything; soils of the field do have
/// one, a loose one at this scale. texture_correlation in [0, 1). Uses the streams stream … stream + 1 of the
/// seed. Pure.
TwinSoil draw_twin_soil(SptfModel model, double texture_correlation, std::uint64_t seed,
                        std::uint64_t stream);

/// What a satellite would have reported.
struct TwinObserving {
  double noise = 0.04;          ///< standard deviation, m3 m-3, white
  double observed_share = 0.6;  ///< of days outside outages, mean over sites; a site has ±0.2
  double outages_per_year = 1.5;
  double outage_days = 20.0;  ///< mean length of an outage

  /// Throws Error(usage) naming the setting.
  void validate() const;
};

/// Noisy, gappy observations of a true series: NaN on days without overpass, in outages and where not thawed;
/// never below 0. Uses the streams stream … stream + 3 of the seed. Pure.
std::vector<float> observe_twin(std::span<const float> truth,
                                std::span<const float> land_surface_temperature_c,
                                const TwinObserving& observing, std::uint64_t seed, std::uint64_t stream);

}  // namespace rootzone::study
