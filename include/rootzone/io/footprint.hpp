#pragma once
#include <array>
#include <vector>

#include "rootzone/core/grid.hpp"

namespace rootzone::io {

/// (longitude, latitude) in degrees of WGS 84.
using LonLat = std::array<double, 2>;

/// A grid's outline on the globe, in the rules of GeoJSON (RFC 7946): longitudes within ±180, rings closed,
/// counter-clockwise, cut in two at 180° where the grid crosses it.
struct Footprint {
  double west = 0.0;  ///< greater than `east` where the grid crosses 180°
  double south = 0.0;
  double east = 0.0;
  double north = 0.0;
  std::vector<std::vector<LonLat>> rings;  ///< one polygon each
};

/// Outline of the outer edges, each edge in 20 steps, so that the bend of a projection is kept. A grid around
/// a pole gets the whole width of the globe down to its lowest latitude. Throws Error(usage) if the grid has
/// no CRS or lies where its projection has no inverse.
Footprint footprint_of(const core::Grid& grid);

}  // namespace rootzone::io
