#include "rootzone/stats/quantile.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace rootzone::stats {
namespace {

template <typename Value>
void select_quantiles(std::span<Value> all, std::span<const double> probabilities,
                      std::span<double> results) {
  if (probabilities.size() != results.size())
    throw std::invalid_argument("quantiles: one result per probability expected");
  for (double p : probabilities)
    if (!(p >= 0.0 && p <= 1.0))
      throw std::invalid_argument("quantiles: a probability lies in [0, 1], found " + std::to_string(p));
  const auto end = std::partition(all.begin(), all.end(), [](Value v) { return !std::isnan(v); });
  const std::span<Value> values(all.begin(), end);
  if (values.empty()) {
    std::fill(results.begin(), results.end(), std::numeric_limits<double>::quiet_NaN());
    return;
  }
  std::vector<std::size_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return probabilities[a] < probabilities[b]; });
  // Going up, everything below the last selected position is in place and smaller: select in the rest.
  auto sorted_to = values.begin();
  for (std::size_t which : order) {
    const double position = static_cast<double>(values.size() - 1) * probabilities[which];
    const double below = std::floor(position);
    const auto nth = values.begin() + static_cast<std::ptrdiff_t>(below);
    if (nth >= sorted_to) std::nth_element(sorted_to, nth, values.end());
    sorted_to = std::max(sorted_to, nth);
    const auto lower = static_cast<double>(*nth);
    const double fraction = position - below;
    if (fraction == 0.0) {
      results[which] = lower;
      continue;
    }
    const auto upper = static_cast<double>(*std::min_element(nth + 1, values.end()));
    results[which] = lower + fraction * (upper - lower);
  }
}

template <typename Value>
double copied_quantile(std::span<const Value> values, double probability) {
  std::vector<Value> copy(values.begin(), values.end());
  double result = 0.0;
  select_quantiles<Value>(copy, std::span<const double>(&probability, 1), std::span<double>(&result, 1));
  return result;
}

}  // namespace

void quantiles_in_place(std::span<float> values, std::span<const double> probabilities,
                        std::span<double> results) {
  select_quantiles(values, probabilities, results);
}
void quantiles_in_place(std::span<double> values, std::span<const double> probabilities,
                        std::span<double> results) {
  select_quantiles(values, probabilities, results);
}
double quantile(std::span<const float> values, double probability) {
  return copied_quantile(values, probability);
}
double quantile(std::span<const double> values, double probability) {
  return copied_quantile(values, probability);
}

}  // namespace rootzone::stats
