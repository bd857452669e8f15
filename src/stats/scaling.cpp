#include "rootzone/stats/scaling.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "metric_intervals.hpp"
#include "rootzone/stats/quantile.hpp"

namespace rootzone::stats {
namespace {

bool enough(const PairedSample& sample, std::int64_t min_pairs) {
  return static_cast<std::int64_t>(sample.size()) >= std::max<std::int64_t>(2, min_pairs) &&
         sample.variance_estimate > 0.0;
}

void require_same_length(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size()) throw std::invalid_argument("scaling: source and reference differ in length");
}

std::vector<double> probabilities_of(const std::vector<double>& percentiles) {
  std::vector<double> probabilities;
  for (double percentile : percentiles) {
    if (!(percentile >= 0.0 && percentile <= 100.0) ||
        (!probabilities.empty() && percentile / 100.0 <= probabilities.back()))
      throw std::invalid_argument("CdfMatch: percentiles must increase within 0 … 100");
    probabilities.push_back(percentile / 100.0);
  }
  if (probabilities.size() < 2) throw std::invalid_argument("CdfMatch: two percentiles or more expected");
  return probabilities;
}

}  // namespace

std::optional<LinearMap> fit_mean_std(std::span<const double> source, std::span<const double> reference,
                                      std::int64_t min_pairs) {
  require_same_length(source, reference);
  const PairedSample sample(source, reference);
  if (!enough(sample, min_pairs)) return std::nullopt;
  const double slope = std::sqrt(sample.variance_observation / sample.variance_estimate);
  return LinearMap{sample.mean_observation - slope * sample.mean_estimate, slope};
}

std::optional<CdfMatch> CdfMatch::fit(std::span<const double> source, std::span<const double> reference,
                                      std::int64_t min_pairs, const std::vector<double>& percentiles) {
  require_same_length(source, reference);
  const std::vector<double> probabilities = probabilities_of(percentiles);
  PairedSample sample(source, reference);
  if (!enough(sample, min_pairs)) return std::nullopt;
  std::vector<double> from(probabilities.size());
  std::vector<double> to(probabilities.size());
  quantiles_in_place(std::span<double>(sample.estimate), probabilities, from);
  quantiles_in_place(std::span<double>(sample.observation), probabilities, to);
  CdfMatch match;
  // Equal source percentiles (a series with many ties) become one point at the mean of their images.
  for (std::size_t first = 0; first < from.size();) {
    std::size_t end = first;
    double sum = 0.0;
    while (end < from.size() && from[end] == from[first]) sum += to[end++];
    match.m_source.push_back(from[first]);
    match.m_reference.push_back(sum / static_cast<double>(end - first));
    first = end;
  }
  if (match.m_source.size() < 2) return std::nullopt;
  return match;
}

double CdfMatch::operator()(double value) const {
  if (std::isnan(value)) return value;
  const auto above = std::upper_bound(m_source.begin() + 1, m_source.end() - 1, value);
  const auto i = static_cast<std::size_t>(above - m_source.begin());
  const double share = (value - m_source[i - 1]) / (m_source[i] - m_source[i - 1]);
  return m_reference[i - 1] + share * (m_reference[i] - m_reference[i - 1]);
}

void CdfMatch::apply(std::span<double> values) const {
  for (double& value : values) value = (*this)(value);
}

}  // namespace rootzone::stats
