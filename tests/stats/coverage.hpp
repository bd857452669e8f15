#pragma once
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "rootzone/stats/metrics.hpp"

namespace rootzone::stats::testing {

/// Standard normal deviates by Box and Muller: the same numbers on every machine, unlike
/// std::normal_distribution.
class Normal {
 public:
  explicit Normal(std::uint64_t seed) : m_engine(seed) {}
  double operator()() {
    const double radius = std::sqrt(-2.0 * std::log(uniform()));
    return radius * std::cos(6.283185307179586 * uniform());
  }
  /// In (0, 1].
  double uniform() { return (static_cast<double>(m_engine() >> 11) + 1.0) * 0x1p-53; }

 private:
  std::mt19937_64 m_engine;
};

/// Unit-variance AR(1).
inline std::vector<double> autoregressive(Normal& normal, double phi, std::size_t n) {
  std::vector<double> series(n);
  double state = normal();
  for (double& value : series) {
    value = state;
    state = phi * state + std::sqrt(1.0 - phi * phi) * normal();
  }
  return series;
}

/// A soil-moisture-like pair: observation 0.25 ± 0.06, estimate = 0.02 + 0.8·observation + error of 0.04.
/// Everything known in closed form.
struct Experiment {
  double phi = 0.5;
  double signal = 0.8;  ///< slope; 0 makes the two independent
  std::size_t days = 365;
  double kept_share = 1.0;  ///< the rest are gaps
  int repetitions = 300;
  std::uint64_t seed = 20161113;
};

inline std::map<std::string, double> truths(const Experiment& experiment) {
  const double sd_o = 0.06;
  const double sd_error = 0.04;
  const double b = experiment.signal;
  const double intercept = 0.02;
  const double mean_o = 0.25;
  const double mean_e = intercept + b * mean_o;
  const double sd_e = std::hypot(b * sd_o, sd_error);
  const double bias = mean_e - mean_o;
  const double ubrmse = std::hypot((b - 1.0) * sd_o, sd_error);
  const double r = b * sd_o / sd_e;
  const double mse = bias * bias + ubrmse * ubrmse;
  const double alpha = sd_e / sd_o;
  const double beta = mean_e / mean_o;
  return {{"rmse", std::sqrt(mse)},
          {"bias", bias},
          {"ubrmse", ubrmse},
          {"pearson_r", r},
          {"spearman_rho", 6.0 / 3.141592653589793 * std::asin(r / 2.0)},
          {"nse", 1.0 - mse / (sd_o * sd_o)},
          {"kge", 1.0 - std::hypot(r - 1.0, alpha - 1.0, beta - 1.0)},
          {"kge_2012", 1.0 - std::hypot(r - 1.0, alpha / beta - 1.0, beta - 1.0)},
          {"slope", b},
          {"intercept", intercept}};
}

/// The share of repetitions whose 95 % interval holds the truth, per metric.
inline std::map<std::string, double> coverage(const Experiment& experiment) {
  Normal normal(experiment.seed);
  const auto truth = truths(experiment);
  std::map<std::string, double> held;
  for (int repetition = 0; repetition < experiment.repetitions; ++repetition) {
    const auto o = autoregressive(normal, experiment.phi, experiment.days);
    const auto error = autoregressive(normal, experiment.phi, experiment.days);
    std::vector<double> observation(o.size());
    std::vector<double> estimate(o.size());
    for (std::size_t i = 0; i < o.size(); ++i) {
      observation[i] = 0.25 + 0.06 * o[i];
      estimate[i] = 0.02 + experiment.signal * observation[i] + 0.04 * error[i];
      if (experiment.kept_share < 1.0 && normal.uniform() > experiment.kept_share)
        observation[i] = std::numeric_limits<double>::quiet_NaN();
    }
    const Metrics metrics = compute_metrics(estimate, observation);
    for (const MetricField& field : metric_fields) {
      const auto found = truth.find(std::string(field.name));
      if (found == truth.end()) continue;
      const MetricValue& value = metrics.*field.member;
      if (value.low <= found->second && found->second <= value.high) held[found->first] += 1.0;
    }
  }
  for (auto& [name, share] : held) share /= experiment.repetitions;
  return held;
}

}  // namespace rootzone::stats::testing
