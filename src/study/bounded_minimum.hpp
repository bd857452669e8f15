#pragma once
#include <functional>
#include <span>
#include <vector>

namespace rootzone::study {

/// A function of a few variables; fills `gradient` where it is not empty.
using Objective = std::function<double(std::span<const double> x, std::span<double> gradient)>;

struct Minimum {
  std::vector<double> x;
  double value = 0.0;
};

enum class Descent {
  gradient,         ///< SLSQP: smooth functions with a gradient
  without_gradient  ///< Subplex: kinks allowed
};

/// Find a local minimum within bounds by NLopt, from `start` (moved within them). The best point seen is
/// returned even where the solver gives up for rounding. Throws core::Error(internal) for arguments NLopt
/// does not take.
Minimum bounded_minimum(const Objective& objective, std::span<const double> lower,
                        std::span<const double> upper, std::span<const double> start, Descent descent);

}  // namespace rootzone::study
