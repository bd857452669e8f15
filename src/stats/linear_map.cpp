#include "rootzone/stats/linear_map.hpp"

#include <algorithm>

#include "metric_intervals.hpp"

namespace rootzone::stats {

void LinearMap::apply(std::span<double> values) const {
  for (double& value : values) value = (*this)(value);
}

std::optional<LinearMap> fit_linear_map(std::span<const double> x, std::span<const double> y,
                                        std::int64_t min_pairs) {
  const PairedSample sample(y, x);
  if (static_cast<std::int64_t>(sample.size()) < std::max<std::int64_t>(2, min_pairs) ||
      sample.variance_observation == 0.0)
    return std::nullopt;
  const double slope = sample.covariance / sample.variance_observation;
  return LinearMap{sample.mean_estimate - slope * sample.mean_observation, slope};
}

}  // namespace rootzone::stats
