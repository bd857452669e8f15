#include "rootzone/storage/budyko.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rootzone::storage {

double fu_evaporation(double precipitation, double potential, double omega) {
  if (!(precipitation >= 0.0) || !(potential >= 0.0) || !(omega > 1.0))
    return std::numeric_limits<double>::quiet_NaN();
  if (precipitation == 0.0) return 0.0;
  const double aridity = potential / precipitation;
  if (std::isinf(aridity)) return precipitation;
  // For large aridity both big terms cancel: take the aridity out of the root.
  const double ratio = aridity <= 1.0
                           ? 1.0 + aridity - std::pow(1.0 + std::pow(aridity, omega), 1.0 / omega)
                           : 1.0 - aridity * std::expm1(std::log1p(std::pow(aridity, -omega)) / omega);
  return precipitation * std::clamp(ratio, 0.0, std::min(1.0, aridity));
}

double closing_evaporation_factor(double mean_effective_precipitation, double mean_discharge,
                                  double mean_potential) {
  if (!(mean_potential > 0.0)) return std::numeric_limits<double>::quiet_NaN();
  const double evaporation = mean_effective_precipitation - mean_discharge;
  return std::isnan(evaporation) ? evaporation : std::max(0.0, evaporation) / mean_potential;
}

}  // namespace rootzone::storage
