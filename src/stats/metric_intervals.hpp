#pragma once
#include <span>

#include "rootzone/stats/autocorrelation.hpp"
#include "rootzone/stats/metrics.hpp"

namespace rootzone::stats {

/// The pairs of one comparison, gaps squeezed out, with the sums every metric needs.
struct PairedSample {
  PairedSample(std::span<const double> estimate, std::span<const double> observation);

  std::vector<double> estimate;
  std::vector<double> observation;
  DayPattern pattern;
  double mean_estimate = 0.0;
  double mean_observation = 0.0;
  double variance_estimate = 0.0;  ///< over n; exactly 0 for a constant series
  double variance_observation = 0.0;
  double covariance = 0.0;

  std::size_t size() const { return estimate.size(); }
};

/// Fisher's z. variance_factor: 1 for Pearson, 1 + ρ²/2 for Spearman.
MetricValue correlation_interval(double r, double effective_n, double variance_factor, double confidence);
/// value ± t · sd(influence)/√n_eff.
MetricValue additive_interval(double value, std::span<const double> influence, const DayPattern& pattern,
                              double confidence);
/// What is known of a logarithm's influence series beside its values.
struct LogInfluence {
  std::span<const double> values;
  double least_inflation = 1.0;  ///< from the series whose squares it is made of
  /// How far the logarithm is expected to stand off its truth because means are estimated; taken off the
  /// interval.
  double offset = 0.0;
};
/// size · exp(−offset ± …) for a positive quantity; 0 stays 0.
MetricValue positive_interval(double size, const LogInfluence& influence, const DayPattern& pattern,
                              double confidence);
/// slope and intercept of the least-squares line of the sample.
void line_intervals(const PairedSample& sample, double confidence, MetricValue& slope,
                    MetricValue& intercept);

}  // namespace rootzone::stats
