#include <algorithm>
#include <cmath>
#include <vector>

#include "rootzone/soil/pedotransfer.hpp"

namespace rootzone::soil {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

double median_of_sorted(std::span<const double> values) {
  const std::size_t middle = values.size() / 2;
  if (values.empty()) return not_a_number;
  return values.size() % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
}

double spread_of(std::span<const double> values) {
  if (values.size() < 2) return not_a_number;
  double mean = 0.0;
  for (double value : values) mean += value;
  mean /= static_cast<double>(values.size());
  double squares = 0.0;
  for (double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

}  // namespace

SoilEnsemble combine(std::span<const SoilEstimate> estimates) {
  SoilEnsemble ensemble;
  std::vector<double> given;
  given.reserve(estimates.size());
  for (std::size_t property = 0; property < soil_property_count; ++property) {
    given.clear();
    for (const SoilEstimate& estimate : estimates)
      if (!std::isnan(estimate.values[property])) given.push_back(estimate.values[property]);
    std::sort(given.begin(),
              given.end());  // the sum's order is then that of the values, not of the functions
    ensemble.median[property] = median_of_sorted(given);
    ensemble.standard_deviation[property] = spread_of(given);
    ensemble.members[property] = static_cast<int>(given.size());
  }
  for (const SoilEstimate& estimate : estimates)
    ensemble.outside_validity =
        ensemble.outside_validity || (estimate.outside_validity && estimate.rejection == Rejection::none);
  return ensemble;
}

}  // namespace rootzone::soil
