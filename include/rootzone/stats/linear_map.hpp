#pragma once
#include <cstdint>
#include <optional>
#include <span>

namespace rootzone::stats {

/// The line y = intercept + slope · x.
struct LinearMap {
  double intercept = 0.0;
  double slope = 1.0;

  double operator()(double x) const { return intercept + slope * x; }
  /// Map every value in place; NaN stays NaN.
  void apply(std::span<double> values) const;
};

/// Fit y on x by least squares. Pairs with a NaN or infinity are dropped. Nothing if fewer than min_pairs
/// (at least 2) are left or x is constant. Throws std::invalid_argument if the lengths differ. Pure.
std::optional<LinearMap> fit_linear_map(std::span<const double> x, std::span<const double> y,
                                        std::int64_t min_pairs = 2);

}  // namespace rootzone::stats
