#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "rootzone/stats/linear_map.hpp"

namespace rootzone::stats {

/// Give a series the mean and standard deviation of a reference: the line through both means with the ratio
/// of the standard deviations as slope. Pairs with a NaN are dropped first, so that both are measured on the
/// same days. Nothing if fewer than min_pairs (at least 2) are left or the source is constant. Throws
/// std::invalid_argument if the lengths differ. Pure.
std::optional<LinearMap> fit_mean_std(std::span<const double> source, std::span<const double> reference,
                                      std::int64_t min_pairs = 30);

/// A monotone, piecewise linear map between the percentiles of two series (CDF matching; Reichle and Koster
/// 2004, in the piecewise form of Liu et al. 2011).
class CdfMatch {
 public:
  /// The percentiles used unless others are given.
  static std::vector<double> default_percentiles() {
    return {0, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 100};
  }

  /// Fit on the pairs in which both are there. Nothing if fewer than min_pairs (at least 2) are left or the
  /// source is constant. percentiles: increasing, in [0, 100], two or more; throws std::invalid_argument
  /// otherwise or if the lengths differ.
  static std::optional<CdfMatch> fit(std::span<const double> source, std::span<const double> reference,
                                     std::int64_t min_pairs = 30,
                                     const std::vector<double>& percentiles = default_percentiles());

  /// Beyond the fitted range the outermost piece goes on. NaN stays NaN.
  double operator()(double value) const;
  void apply(std::span<double> values) const;

 private:
  std::vector<double> m_source;  ///< strictly increasing
  std::vector<double> m_reference;
};

}  // namespace rootzone::stats
