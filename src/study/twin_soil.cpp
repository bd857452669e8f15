#include "rootzone/study/twin_soil.hpp"

#include <algorithm>
#include <array>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>

#include "rootzone/core/error.hpp"
#include "rootzone/study/random_field.hpp"

namespace rootzone::study {
namespace {

enum SoilStream : std::uint64_t { texture_numbers, parameter_numbers };
enum ObservingStream : std::uint64_t { noise_numbers, overpass_numbers, outage_numbers, trait_numbers };

SiteSoil draw_soil(const RandomStream& random) {
  SiteSoil soil;
  soil.clay = 0.03 + 0.55 * std::pow(uniform_deviate(random, 0), 1.6);
  soil.sand = (1.0 - soil.clay) * (0.08 + 0.86 * uniform_deviate(random, 1));
  soil.silt = 1.0 - soil.clay - soil.sand;
  soil.bulk_density =
      std::clamp(1.30 + 0.22 * soil.sand + 0.08 * normal_deviate(random, 2) - 0.1 * soil.clay, 1.15, 1.65);
  return soil;
}

/// Standard scores of what the parameters are tied to. Mean and spread are those of draw_soil.
struct SoilScores {
  double coarse;
  double clay;
  double light;
};

SoilScores scores_of(const SiteSoil& soil) {
  return {(soil.sand - soil.clay - 0.16) / 0.345, (soil.clay - 0.2415) / 0.167,
          -(soil.bulk_density - 1.365) / 0.10};
}

}  // namespace

TwinSoil draw_twin_soil(SptfModel model, double texture_correlation, std::uint64_t seed,
                        std::uint64_t stream) {
  if (!(texture_correlation >= 0.0 && texture_correlation < 1.0))
    throw core::Error(core::ErrorKind::usage, "texture correlation " + std::to_string(texture_correlation) +
                                                  " is outside 0 … 1 (1 excluded)");
  TwinSoil twin;
  twin.model = model;
  twin.soil = draw_soil({seed, stream + texture_numbers});
  const SoilScores scores = scores_of(twin.soil);
  // θs, α (unit 0 is the largest), n, Ks, m or θr, H50
  const double fifth = model == SptfModel::van_genuchten ? scores.clay : 0.0;
  const std::array<double, sptf_parameter_count> tie{scores.light,  -scores.coarse, scores.coarse,
                                                     scores.coarse, fifth,          0.0};
  const boost::math::normal standard;
  SptfParameters unit{};
  for (std::size_t k = 0; k < sptf_parameter_count; ++k) {
    const double own = normal_deviate({seed, stream + parameter_numbers}, k);
    const double correlation = tie[k] == 0.0 ? 0.0 : texture_correlation;
    const double score = correlation * tie[k] + std::sqrt(1.0 - correlation * correlation) * own;
    unit[k] = boost::math::cdf(standard, score);
  }
  twin.parameters = sptf_physical(model, unit, twin_saturation_ceiling);
  return twin;
}

void TwinObserving::validate() const {
  const auto require = [](bool holds, const char* what) {
    if (!holds) throw core::Error(core::ErrorKind::usage, std::string("twin observations: ") + what);
  };
  require(noise >= 0.0, "the noise must be 0 or more");
  require(observed_share > 0.0 && observed_share <= 1.0, "the observed share must be above 0 and at most 1");
  require(outages_per_year >= 0.0, "the outages per year must be 0 or more");
  require(outage_days > 0.0, "an outage must be longer than 0 days");
}

std::vector<float> observe_twin(std::span<const float> truth,
                                std::span<const float> land_surface_temperature_c,
                                const TwinObserving& observing, std::uint64_t seed, std::uint64_t stream) {
  observing.validate();
  const double site_share = std::clamp(
      observing.observed_share + 0.4 * (uniform_deviate({seed, stream + trait_numbers}, 0) - 0.5), 0.05, 1.0);
  const double share = observing.observed_share < 1.0 ? site_share : 1.0;
  std::vector<float> observed(truth.size(), std::numeric_limits<float>::quiet_NaN());
  double outage_left = 0.0;
  for (std::size_t d = 0; d < truth.size(); ++d) {
    if (outage_left <= 0.0 &&
        uniform_deviate({seed, stream + outage_numbers}, 2 * d) < observing.outages_per_year / 365.0)
      outage_left =
          -observing.outage_days * std::log(uniform_deviate({seed, stream + outage_numbers}, 2 * d + 1));
    const bool out = outage_left > 0.0;
    outage_left -= 1.0;
    if (out || land_surface_temperature_c[d] < 0.0F) continue;
    if (uniform_deviate({seed, stream + overpass_numbers}, d) >= share) continue;
    const double noise = observing.noise * normal_deviate({seed, stream + noise_numbers}, d);
    observed[d] = static_cast<float>(std::max(0.0, static_cast<double>(truth[d]) + noise));
  }
  return observed;
}

}  // namespace rootzone::study
