#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace rootzone::stats {

/// How metrics are computed.
struct MetricOptions {
  std::int64_t min_pairs = 30;  ///< fewer pairs give "not enough data"; at least 4
  double confidence = 0.95;     ///< of the intervals, in (0, 1)
  /// Throws std::invalid_argument naming the setting.
  void validate() const;
};

/// A metric and its confidence interval; NaN = undefined (for example r of a constant series).
struct MetricValue {
  double value = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};

enum class MetricStatus { ok, not_enough_data };

/// Agreement of an estimate with an observation. Every metric is NaN unless status is ok.
struct Metrics {
  std::int64_t n = 0;  ///< pairs in which both are there
  MetricStatus status = MetricStatus::not_enough_data;
  MetricValue rmse;          ///< √mean(d²), d = estimate − observation
  MetricValue bias;          ///< mean(d)
  MetricValue ubrmse;        ///< √mean((d − mean d)²): rmse² = bias² + ubrmse²
  MetricValue pearson_r;     ///< NaN if either series is constant
  MetricValue spearman_rho;  ///< Pearson's r of the ranks, ties sharing their mean rank
  MetricValue nse;  ///< 1 − Σd²/Σ(obs − mean obs)² (Nash and Sutcliffe 1970); NaN for constant observations
  MetricValue r2;           ///< pearson_r²
  MetricValue r2_adjusted;  ///< 1 − (1−R²)(n−1)/(n−2): one predictor
  MetricValue kge;          ///< 1 − √((r−1)² + (σe/σo−1)² + (μe/μo−1)²) (Gupta et al. 2009)
  MetricValue kge_2012;     ///< the same with the ratio of the coefficients of variation (Kling et al. 2012)
  MetricValue slope;        ///< of the least-squares line estimate = intercept + slope · observation
  MetricValue intercept;
};

/// A metric's name in tables (`metrics.csv`) and where it stands.
struct MetricField {
  std::string_view name;
  MetricValue Metrics::*member;
};
/// In the order of `metrics.csv`.
inline constexpr std::array<MetricField, 12> metric_fields{{
    {"rmse", &Metrics::rmse},
    {"bias", &Metrics::bias},
    {"ubrmse", &Metrics::ubrmse},
    {"pearson_r", &Metrics::pearson_r},
    {"spearman_rho", &Metrics::spearman_rho},
    {"nse", &Metrics::nse},
    {"r2", &Metrics::r2},
    {"r2_adjusted", &Metrics::r2_adjusted},
    {"kge", &Metrics::kge},
    {"slope", &Metrics::slope},
    {"intercept", &Metrics::intercept},
    {"kge_2012", &Metrics::kge_2012},
}};

/// Compare a daily estimate with a daily observation (in this order), with intervals that hold under
/// autocorrelation.
/// estimate, observation: the same consecutive days, the same unit; NaN = missing, and a day on which either
/// is missing is dropped from both, yet keeps its place in time. Other units: rmse, bias, ubrmse and
/// intercept carry the unit of the input, the rest none.
///
/// Intervals. Each counts the pairs as fewer independent ones, by a rule that suits the metric:
/// - pearson_r: Fisher's z with n_eff = n(1−r1r2)/(1+r1r2), r1 and r2 the lag-1 autocorrelations; r2 and
///   r2_adjusted are its image. spearman_rho: the same on ranks, variance (1+ρ²/2)/(n_eff−3) (Bonett and
///   Wright 2000).
/// - bias: Student's t, the variance of mean(d) inflated by d's own autocorrelation.
/// - rmse, ubrmse, nse, kge, kge_2012: the delta method. The metric's influence series (for rmse d²/mse − 1)
///   has a mean whose variance is inflated by that series' autocorrelation; Student's t on the logarithm of
///   rmse, of 1 − nse, of 1 − kge, which are positive and skewed. It assumes no distribution.
/// - slope, intercept: least squares with autocorrelated residuals, n_eff from observation and residual.
///   A squared influence also has at least the inflation its underlying series implies for squares.
/// A record that holds fewer than three independent values is taken to hold three: its interval is wide and
/// only indicative (correlations then go from −1 to 1).
/// A block bootstrap was not taken: a year of days at φ = 0.9 holds some twenty independent ones, too few
/// blocks for its quantiles, and these formulas need no random draws. A perfect score has an interval of zero
/// width. Throws std::invalid_argument if the lengths differ or the options are invalid. Pure. Accuracy:
/// MetricCoverage.* and MetricCoverageLong.* (AR(1), n = 365, gaps of 40 % or none): nominal 95 % intervals
/// hold the truth in 92–97 % of cases up to φ = 0.9; at φ = 0.97, with eleven independent days a year, in
/// 87–98 %.
Metrics compute_metrics(std::span<const double> estimate, std::span<const double> observation,
                        const MetricOptions& options = {});

/// Ranks 1 … n, ties sharing their mean rank. values must hold no NaN; ranks has the same length.
void mean_ranks(std::span<const double> values, std::span<double> ranks);

}  // namespace rootzone::stats
