#pragma once
#include <array>
#include <span>
#include <string>
#include <vector>

#include "rootzone/io/input_spec.hpp"

namespace rootzone::io {

struct DepthWeights {
  std::vector<double> weights;  ///< one per layer, sum 1
  std::string warning;          ///< where the layers do not reach the depths asked for
};

/// Weights that average layers over [top, bottom] (cm below the surface). Horizons (top < bottom): by
/// overlap; what they do not cover is left out, with a warning. Points (top = bottom): the integral of the
/// straight lines between them (trapezoid), flat beyond the first and the last, with a warning. Throws
/// Error(usage) for a mixture or inverted depths, Error(data) if no layer reaches the range or horizons
/// overlap each other.
DepthWeights depth_weights(std::span<const DepthLayer> layers, const std::array<double, 2>& depth_cm,
                           const std::string& name);

}  // namespace rootzone::io
