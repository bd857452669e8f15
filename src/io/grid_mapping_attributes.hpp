#pragma once
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "rootzone/core/grid.hpp"

namespace rootzone::io {

using CfValue = std::variant<std::string, double, std::vector<double>>;

/// What a CF file says of its CRS and of its two horizontal coordinates (CF-1.8, section 5.6, appendix F).
struct CfGridMapping {
  std::vector<std::pair<std::string, CfValue>> attributes;  ///< of the `crs` variable; empty: no CRS known
  std::vector<std::pair<std::string, CfValue>> x;           ///< of the coordinate variables
  std::vector<std::pair<std::string, CfValue>> y;
};

/// The CRS in CF's words (grid_mapping_name and parameters, where CF has them for the projection), as
/// `crs_wkt` (WKT 2), and as `spatial_ref` and `GeoTransform`, by which GDAL and QGIS find the EPSG code
/// and the exact corner. Throws Error(usage) for a CRS that PROJ does not understand.
CfGridMapping cf_grid_mapping(const core::Grid& grid);

}  // namespace rootzone::io
