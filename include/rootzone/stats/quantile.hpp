#pragma once
#include <span>

namespace rootzone::stats {

/// Quantiles of type 7 (Hyndman and Fan 1996; the default of R and NumPy): linear between the order
/// statistics at position (n − 1) · p. values: reordered in place; NaN anywhere = missing, ignored.
/// probabilities: in [0, 1], any order. results: one per probability; NaN if no value is left. By selection:
/// no full sort for few probabilities. Throws std::invalid_argument for a probability outside [0, 1] or
/// lengths that differ. Pure.
void quantiles_in_place(std::span<float> values, std::span<const double> probabilities,
                        std::span<double> results);
void quantiles_in_place(std::span<double> values, std::span<const double> probabilities,
                        std::span<double> results);

/// One quantile of values left as they are.
double quantile(std::span<const float> values, double probability);
double quantile(std::span<const double> values, double probability);

}  // namespace rootzone::stats
