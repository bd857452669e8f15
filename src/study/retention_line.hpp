#pragma once
#include <span>

namespace rootzone::study {

/// θr and θs that fit θ ≈ θr + (θs − θr)·Se best.
struct RetentionLine {
  double residual = 0.0;
  double saturated = 0.0;
  double mean_square = 0.0;
};

/// Solve min Σ(θr·(1 − Se) + θs·Se − θ)² with 0 ≤ θr ≤ largest_residual and θr ≤ θs ≤ largest_saturated,
/// exactly: the free solution if it lies within, else the best on the edges (the problem is convex). Pure.
RetentionLine fit_retention_line(std::span<const double> effective_saturation,
                                 std::span<const double> water_content, double largest_residual,
                                 double largest_saturated);

}  // namespace rootzone::study
