#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "rootzone/core/grid.hpp"

namespace rootzone::io {

/// Share of each cell, 0 … 1, that lies inside the polygons of a vector file (any OGR format); rows × cols.
/// layer: by name, empty = the first. Edges are cut into pieces of at most 1/200 of the outline's larger side
/// before they are brought to the grid's CRS, then the area in each cell is exact (signed areas under the
/// edges); polygons that overlap count once. In degrees the share is of the cell in the plane of degrees. A
/// grid across 180° gets the polygons of both sides. Throws Error(data) naming the file: it cannot be opened,
/// has no polygons, no CRS, or none within the grid.
std::vector<float> rasterize_outline(const std::filesystem::path& path, const std::string& layer,
                                     const core::Grid& grid);

struct Zones {
  std::vector<std::int32_t> index;  ///< rows × cols: position in `names`, −1 = in no zone
  std::vector<std::string> names;   ///< values of the attribute, in order of first appearance
};
/// The zone with the largest share of each cell, where zones together cover at least half of it; ties go to
/// the zone that comes first. Polygons with one value of `attribute` are one zone. Throws as
/// `rasterize_outline`, and if the attribute is not there. layer: by name, empty = the first.
Zones rasterize_zones(const std::filesystem::path& path, const std::string& layer,
                      const std::string& attribute, const core::Grid& grid);

/// Rings of the outline as lines of (x, y) in the grid's CRS, for drawing; the same dissolved polygons as
/// `rasterize_outline`. Points the CRS has no place for are left out. Throws likewise.
std::vector<std::vector<std::array<double, 2>>> outline_polylines(const std::filesystem::path& path,
                                                                  const std::string& layer,
                                                                  const core::Grid& grid);

/// Area of each cell in km², rows × cols: on the CRS's ellipsoid for degrees (Snyder 1987, Map projections,
/// eq. 3-12), dx · dy for a projected CRS (true for equal-area ones). Throws Error(data) if the CRS is
/// unknown.
std::vector<double> cell_areas_km2(const core::Grid& grid);

}  // namespace rootzone::io
