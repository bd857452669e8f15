#include "rootzone/stats/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "metric_intervals.hpp"

namespace rootzone::stats {
namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

/// One minus a positive distance, bounds swapped.
MetricValue one_minus(const MetricValue& distance) {
  return {1.0 - distance.value, 1.0 - distance.high, 1.0 - distance.low};
}

struct ErrorMoments {
  double mean = 0.0;
  double square = 0.0;
  double variance = 0.0;
};

/// A variance about an estimated mean is too small by the factor 1 − 1/n_eff.
double log_variance_offset(std::span<const double> values, const DayPattern& pattern) {
  const double share = sampled_inflation(values, pattern) / static_cast<double>(values.size());
  return std::log1p(-std::min(share, 0.5));
}

/// Half the influence on log(mse) is that on log(rmse). A bias makes it partly linear in d; the plain
/// sampled inflation sees that part, least_inflation the squared one.
MetricValue rmse_of(const PairedSample& sample, const std::vector<double>& difference,
                    const ErrorMoments& moments, double confidence) {
  std::vector<double> influence(sample.size(), 0.0);
  for (std::size_t i = 0; i < sample.size() && moments.square > 0.0; ++i)
    influence[i] = 0.5 * (difference[i] * difference[i] / moments.square - 1.0);
  const LogInfluence log_influence{influence, squares_inflation(difference, sample.pattern), 0.0};
  return positive_interval(std::sqrt(moments.square), log_influence, sample.pattern, confidence);
}

MetricValue ubrmse_of(const PairedSample& sample, const std::vector<double>& difference,
                      const ErrorMoments& moments, double confidence) {
  std::vector<double> influence(sample.size(), 0.0);
  for (std::size_t i = 0; i < sample.size() && moments.variance > 0.0; ++i) {
    const double d = difference[i] - moments.mean;
    influence[i] = 0.5 * (d * d / moments.variance - 1.0);
  }
  const LogInfluence log_influence{influence, squares_inflation(difference, sample.pattern),
                                   0.5 * log_variance_offset(difference, sample.pattern)};
  return positive_interval(std::sqrt(moments.variance), log_influence, sample.pattern, confidence);
}

MetricValue nse_of(const PairedSample& sample, const std::vector<double>& difference,
                   const ErrorMoments& moments, double confidence) {
  if (sample.variance_observation == 0.0) return {};
  std::vector<double> influence(sample.size(), 0.0);
  for (std::size_t i = 0; i < sample.size() && moments.square > 0.0; ++i) {
    const double o = sample.observation[i] - sample.mean_observation;
    influence[i] = difference[i] * difference[i] / moments.square - o * o / sample.variance_observation;
  }
  // Error and observation contribute about alike to the variance of the log-ratio.
  const double inflation = 0.5 * (squares_inflation(difference, sample.pattern) +
                                  squares_inflation(sample.observation, sample.pattern));
  const LogInfluence log_influence{influence, inflation,
                                   -log_variance_offset(sample.observation, sample.pattern)};
  return one_minus(positive_interval(moments.square / sample.variance_observation, log_influence,
                                     sample.pattern, confidence));
}

void error_metrics(const PairedSample& sample, double confidence, Metrics& metrics) {
  const auto n = static_cast<double>(sample.size());
  std::vector<double> difference(sample.size());
  double mean = 0.0;
  double square = 0.0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    difference[i] = sample.estimate[i] - sample.observation[i];
    mean += difference[i];
    square += difference[i] * difference[i];
  }
  mean /= n;
  square /= n;
  double variance = 0.0;
  for (double d : difference) variance += (d - mean) * (d - mean);
  variance /= n;
  metrics.bias = additive_interval(mean, difference, sample.pattern, confidence);
  const ErrorMoments moments{mean, square, variance};
  metrics.rmse = rmse_of(sample, difference, moments, confidence);
  metrics.ubrmse = ubrmse_of(sample, difference, moments, confidence);
  metrics.nse = nse_of(sample, difference, moments, confidence);
}

double correlation_of(const PairedSample& sample) {
  if (sample.variance_estimate == 0.0 || sample.variance_observation == 0.0) return nan_value;
  const double r = sample.covariance / std::sqrt(sample.variance_estimate * sample.variance_observation);
  // Rounding may leave an exact line a last digit away from 1; its distance from 1 is then not real.
  if (std::abs(r) > 1.0 - 1e-14) return r > 0.0 ? 1.0 : -1.0;
  return r;
}

MetricValue squared(const MetricValue& r) {
  const double low = r.low * r.low;
  const double high = r.high * r.high;
  const bool spans_zero = r.low <= 0.0 && r.high >= 0.0;
  return {r.value * r.value, spans_zero ? 0.0 : std::min(low, high), std::max(low, high)};
}

void correlation_metrics(const PairedSample& sample, double confidence, Metrics& metrics) {
  const double r = correlation_of(sample);
  if (std::isnan(r)) return;
  metrics.pearson_r = correlation_interval(
      r, effective_pairs(sample.estimate, sample.observation, sample.pattern), 1.0, confidence);
  metrics.r2 = squared(metrics.pearson_r);
  const auto n = static_cast<double>(sample.size());
  const auto adjust = [n](double r2) { return 1.0 - (1.0 - r2) * (n - 1.0) / (n - 2.0); };
  metrics.r2_adjusted = {adjust(metrics.r2.value), adjust(metrics.r2.low), adjust(metrics.r2.high)};

  std::vector<double> ranks_estimate(sample.size());
  std::vector<double> ranks_observation(sample.size());
  mean_ranks(sample.estimate, ranks_estimate);
  mean_ranks(sample.observation, ranks_observation);
  PairedSample ranks(ranks_estimate, ranks_observation);
  const double rho = correlation_of(ranks);
  metrics.spearman_rho =
      correlation_interval(rho, effective_pairs(ranks.estimate, ranks.observation, sample.pattern),
                           1.0 + 0.5 * rho * rho, confidence);
}

enum class KgeForm { standard_deviations, coefficients_of_variation };

/// The distance of KGE from 1 and its influence series: each term's own, weighted by term/distance.
MetricValue kge_of(const PairedSample& sample, double r, KgeForm form, double confidence) {
  const double mean_e = sample.mean_estimate;
  const double mean_o = sample.mean_observation;
  const bool by_cv = form == KgeForm::coefficients_of_variation;
  if (std::isnan(r) || mean_o == 0.0 || (by_cv && mean_e == 0.0)) return {};
  const double sd_e = std::sqrt(sample.variance_estimate);
  const double sd_o = std::sqrt(sample.variance_observation);
  const double beta = mean_e / mean_o;
  const double spread = by_cv ? (sd_e / mean_e) / (sd_o / mean_o) : sd_e / sd_o;
  const double distance = std::hypot(r - 1.0, spread - 1.0, beta - 1.0);
  std::vector<double> influence(sample.size(), 0.0);
  for (std::size_t i = 0; i < sample.size() && distance > 0.0; ++i) {
    const double e = sample.estimate[i] - mean_e;
    const double o = sample.observation[i] - mean_o;
    const double ze = e / sd_e;
    const double zo = o / sd_o;
    const double of_r = ze * zo - 0.5 * r * (ze * ze + zo * zo);
    double of_spread = 0.5 * (ze * ze - zo * zo);
    if (by_cv) of_spread += o / mean_o - e / mean_e;
    const double of_beta = e / mean_o - beta * o / mean_o;
    influence[i] = ((r - 1.0) * of_r + (spread - 1.0) * spread * of_spread + (beta - 1.0) * of_beta) /
                   (distance * distance);
  }
  const double inflation = 0.5 * (squares_inflation(sample.estimate, sample.pattern) +
                                  squares_inflation(sample.observation, sample.pattern));
  return one_minus(positive_interval(distance, {influence, inflation, 0.0}, sample.pattern, confidence));
}

}  // namespace

void MetricOptions::validate() const {
  if (min_pairs < 4)
    throw std::invalid_argument("min_pairs must be at least 4, found " + std::to_string(min_pairs));
  if (!(confidence > 0.0 && confidence < 1.0))
    throw std::invalid_argument("confidence must lie between 0 and 1, found " + std::to_string(confidence));
}

Metrics compute_metrics(std::span<const double> estimate, std::span<const double> observation,
                        const MetricOptions& options) {
  options.validate();
  if (estimate.size() != observation.size())
    throw std::invalid_argument("compute_metrics: estimate has " + std::to_string(estimate.size()) +
                                " days, observation " + std::to_string(observation.size()));
  const PairedSample sample(estimate, observation);
  Metrics metrics;
  metrics.n = static_cast<std::int64_t>(sample.size());
  if (metrics.n < options.min_pairs) return metrics;
  metrics.status = MetricStatus::ok;
  error_metrics(sample, options.confidence, metrics);
  correlation_metrics(sample, options.confidence, metrics);
  const double r = metrics.pearson_r.value;
  metrics.kge = kge_of(sample, r, KgeForm::standard_deviations, options.confidence);
  metrics.kge_2012 = kge_of(sample, r, KgeForm::coefficients_of_variation, options.confidence);
  line_intervals(sample, options.confidence, metrics.slope, metrics.intercept);
  return metrics;
}

void mean_ranks(std::span<const double> values, std::span<double> ranks) {
  if (values.size() != ranks.size()) throw std::invalid_argument("mean_ranks: lengths differ");
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [values](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    const double rank = 0.5 * static_cast<double>(first + end + 1);
    for (std::size_t i = first; i < end; ++i) ranks[order[i]] = rank;
    first = end;
  }
}

}  // namespace rootzone::stats
