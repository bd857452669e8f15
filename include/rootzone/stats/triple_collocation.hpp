#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <span>

namespace rootzone::stats {

/// What triple collocation says of one of the three products.
struct ProductError {
  /// Of the random error, in the product's own units; NaN if its variance came out negative.
  double error_standard_deviation = std::numeric_limits<double>::quiet_NaN();
  /// 10 log10(signal variance / error variance), dB; NaN with a negative variance.
  double snr_db = std::numeric_limits<double>::quiet_NaN();
  /// Correlation with the unknown truth; NaN with a negative variance.
  double correlation_with_truth = std::numeric_limits<double>::quiet_NaN();
};

enum class CollocationStatus {
  ok,
  not_enough_data,
  not_collocated,    ///< no common signal: the product of the three covariances is not positive
  negative_variance  ///< sampling noise or dependent errors made at least one error variance negative
};

struct TripleCollocation {
  std::int64_t n = 0;
  CollocationStatus status = CollocationStatus::not_enough_data;
  std::array<ProductError, 3> products;
};

/// Estimate the error of three products of the same quantity without a truth (Stoffelen 1998; covariance
/// notation of Gruber et al. 2016; McColl et al. 2014 for the correlation). Sound only if the
/// errors of the three are independent of each other and of the truth and each product is linear in it; units
/// may differ. x, y, z: the same days, NaN = missing; only days with all three count, at least min_triplets
/// (≥ 3) of them. Throws std::invalid_argument if the lengths differ or min_triplets < 3. Pure.
TripleCollocation collocate(std::span<const double> x, std::span<const double> y, std::span<const double> z,
                            std::int64_t min_triplets = 100);

}  // namespace rootzone::stats
