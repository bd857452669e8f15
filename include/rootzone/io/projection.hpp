#pragma once
#include <span>
#include <string>

namespace rootzone::io {

/// Spell a CRS as WKT 2:2019. definition: anything PROJ understands ("EPSG:32632", WKT, PROJ string).
/// Throws Error(usage) for one it does not.
std::string projection_wkt(const std::string& definition);

/// Carry points from one CRS to another in place; x is easting or longitude, y northing or latitude, in the
/// CRS's own units. A point that has no image becomes NaN. Throws Error(usage) for a CRS PROJ does not know,
/// or if x and y differ in length. Safe from any thread.
void project_points(const std::string& from, const std::string& to, std::span<double> x, std::span<double> y);

}  // namespace rootzone::io
