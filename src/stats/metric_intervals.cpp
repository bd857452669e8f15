#include "metric_intervals.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <stdexcept>
#include <string>

namespace rootzone::stats {
namespace {

/// A record of some weeks, or of a very slow soil, may hold fewer than three independent values: nothing
/// sound can be said of its spread then, and Student's quantile for one degree of freedom would give bounds
/// of tens of m3 m-3. Such a record is taken to hold three, at four degrees of freedom.
constexpr double least_effective_n = 3.0;
constexpr double least_degrees_of_freedom = 4.0;

/// Two-sided Student quantile; degrees of freedom may be fractional.
double student(double degrees_of_freedom, double confidence) {
  const boost::math::students_t distribution(std::max(least_degrees_of_freedom, degrees_of_freedom));
  return boost::math::quantile(distribution, 0.5 + 0.5 * confidence);
}

/// Half width of the interval of a mean: the sample variance, itself too small by 1/n_eff because the mean is
/// estimated, over n_eff.
double half_width_of_mean(std::span<const double> values, double inflation, double confidence) {
  const auto n = static_cast<double>(values.size());
  double mean = 0.0;
  for (double value : values) mean += value;
  mean /= n;
  double variance = 0.0;
  for (double value : values) variance += (value - mean) * (value - mean);
  variance /= n;
  const double effective_n = std::max(least_effective_n, n / inflation);
  return student(effective_n - 1.0, confidence) * std::sqrt(variance / (effective_n - 1.0));
}

bool constant(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return values.empty() || *low == *high;
}

std::vector<std::int64_t> common_days(std::span<const double> estimate, std::span<const double> observation) {
  if (estimate.size() != observation.size())
    throw std::invalid_argument("paired series differ in length: " + std::to_string(estimate.size()) +
                                " and " + std::to_string(observation.size()));
  std::vector<std::int64_t> days;
  for (std::size_t i = 0; i < estimate.size(); ++i)
    if (std::isfinite(estimate[i]) && std::isfinite(observation[i]))
      days.push_back(static_cast<std::int64_t>(i));
  return days;
}

}  // namespace

PairedSample::PairedSample(std::span<const double> all_estimate, std::span<const double> all_observation)
    : pattern(common_days(all_estimate, all_observation)) {
  for (std::int64_t day : pattern.days()) {
    estimate.push_back(all_estimate[static_cast<std::size_t>(day)]);
    observation.push_back(all_observation[static_cast<std::size_t>(day)]);
  }
  if (estimate.empty()) return;
  const auto n = static_cast<double>(size());
  for (std::size_t i = 0; i < size(); ++i) {
    mean_estimate += estimate[i];
    mean_observation += observation[i];
  }
  mean_estimate /= n;
  mean_observation /= n;
  for (std::size_t i = 0; i < size(); ++i) {
    const double e = estimate[i] - mean_estimate;
    const double o = observation[i] - mean_observation;
    variance_estimate += e * e;
    variance_observation += o * o;
    covariance += e * o;
  }
  variance_estimate /= n;
  variance_observation /= n;
  covariance /= n;
  // Rounding leaves a constant series a tiny variance that would make r a quotient of noise.
  if (constant(estimate)) variance_estimate = covariance = 0.0;
  if (constant(observation)) variance_observation = covariance = 0.0;
}

MetricValue correlation_interval(double r, double effective_n, double variance_factor, double confidence) {
  if (!std::isfinite(r)) return {};
  if (std::abs(r) >= 1.0) return {r, r, r};
  if (effective_n <= 3.0) return {r, -1.0, 1.0};
  const double quantile = boost::math::quantile(boost::math::normal(), 0.5 + 0.5 * confidence);
  const double half = quantile * std::sqrt(variance_factor / (effective_n - 3.0));
  const double z = std::atanh(r);
  return {r, std::tanh(z - half), std::tanh(z + half)};
}

MetricValue additive_interval(double value, std::span<const double> influence, const DayPattern& pattern,
                              double confidence) {
  const double half = half_width_of_mean(influence, sampled_inflation(influence, pattern), confidence);
  return {value, value - half, value + half};
}

MetricValue positive_interval(double size, const LogInfluence& influence, const DayPattern& pattern,
                              double confidence) {
  if (size == 0.0) return {0.0, 0.0, 0.0};
  const double inflation = std::max(influence.least_inflation, sampled_inflation(influence.values, pattern));
  const double half = half_width_of_mean(influence.values, inflation, confidence);
  // Beyond a factor of e the interval of the logarithm exaggerates: from there it goes on linearly, along the
  // tangent. The interval keeps the value it belongs to.
  const auto stretch = [](double x) { return x > 1.0 ? std::exp(1.0) * x : std::exp(x); };
  return {size, std::min(size, size * std::exp(-influence.offset - half)),
          std::max(size, size * stretch(half - influence.offset))};
}

void line_intervals(const PairedSample& sample, double confidence, MetricValue& slope,
                    MetricValue& intercept) {
  if (sample.variance_observation == 0.0) return;
  slope.value = sample.covariance / sample.variance_observation;
  intercept.value = sample.mean_estimate - slope.value * sample.mean_observation;
  std::vector<double> residual(sample.size());
  double variance = 0.0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    residual[i] = sample.estimate[i] - intercept.value - slope.value * sample.observation[i];
    variance += residual[i] * residual[i];
  }
  variance /= static_cast<double>(sample.size());
  if (sample.variance_estimate == 0.0) variance = 0.0;
  const double n_slope =
      std::max(least_effective_n + 1.0, effective_pairs(sample.observation, residual, sample.pattern));
  const double n_mean = std::max(least_effective_n + 1.0, static_cast<double>(sample.size()) /
                                                              sampled_inflation(residual, sample.pattern));
  const double slope_variance = variance / sample.variance_observation / (n_slope - 2.0);
  const double slope_half = student(n_slope - 2.0, confidence) * std::sqrt(slope_variance);
  slope.low = slope.value - slope_half;
  slope.high = slope.value + slope_half;
  const double mean = sample.mean_observation;
  const double intercept_half = student(std::min(n_slope, n_mean) - 2.0, confidence) *
                                std::sqrt(variance / (n_mean - 2.0) + mean * mean * slope_variance);
  intercept.low = intercept.value - intercept_half;
  intercept.high = intercept.value + intercept_half;
}

}  // namespace rootzone::stats
