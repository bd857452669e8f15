#include "rootzone/stats/triple_collocation.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

namespace rootzone::stats {
namespace {

using Triplet = std::array<double, 3>;

std::vector<Triplet> centred_triplets(std::span<const double> x, std::span<const double> y,
                                      std::span<const double> z) {
  std::vector<Triplet> triplets;
  Triplet mean{};
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isfinite(x[i]) || !std::isfinite(y[i]) || !std::isfinite(z[i])) continue;
    triplets.push_back({x[i], y[i], z[i]});
    for (std::size_t k = 0; k < 3; ++k) mean[k] += triplets.back()[k];
  }
  for (Triplet& triplet : triplets)
    for (std::size_t k = 0; k < 3; ++k) triplet[k] -= mean[k] / static_cast<double>(triplets.size());
  return triplets;
}

double covariance(const std::vector<Triplet>& triplets, std::size_t a, std::size_t b) {
  double sum = 0.0;
  for (const Triplet& triplet : triplets) sum += triplet[a] * triplet[b];
  return sum / static_cast<double>(triplets.size() - 1);
}

}  // namespace

TripleCollocation collocate(std::span<const double> x, std::span<const double> y, std::span<const double> z,
                            std::int64_t min_triplets) {
  if (x.size() != y.size() || x.size() != z.size())
    throw std::invalid_argument("collocate: the three series differ in length");
  if (min_triplets < 3) throw std::invalid_argument("collocate: min_triplets must be at least 3");
  const std::vector<Triplet> triplets = centred_triplets(x, y, z);
  TripleCollocation result;
  result.n = static_cast<std::int64_t>(triplets.size());
  if (result.n < min_triplets) return result;
  result.status = CollocationStatus::ok;
  for (std::size_t k = 0; k < 3; ++k) {
    const std::size_t a = (k + 1) % 3;
    const std::size_t b = (k + 2) % 3;
    const double with_a = covariance(triplets, k, a);
    const double with_b = covariance(triplets, k, b);
    const double between = covariance(triplets, a, b);
    // A product may run against the others (dryness beside wetness), so only the product of the three counts.
    if (with_a == 0.0 || with_b == 0.0 || between == 0.0 || with_a * with_b / between <= 0.0) {
      result.status = CollocationStatus::not_collocated;
      result.products = {};
      return result;
    }
    const double signal = with_a * with_b / between;
    const double total = covariance(triplets, k, k);
    const double error = total - signal;
    if (error < 0.0) {
      result.status = CollocationStatus::negative_variance;
      continue;
    }
    result.products[k] = {std::sqrt(error), 10.0 * std::log10(signal / error), std::sqrt(signal / total)};
  }
  return result;
}

}  // namespace rootzone::stats
