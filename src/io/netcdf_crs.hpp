#pragma once
#include <optional>
#include <string>
#include <vector>

#include "netcdf_file.hpp"
#include "rootzone/io/input_spec.hpp"

namespace rootzone::io {

/// What the coordinates of a variable are, as far as their own attributes and numbers tell.
enum class CoordinateKind { unknown, geographic, projected, rotated };

struct CrsChoice {
  std::string wkt;   ///< WKT2:2019
  std::string note;  ///< "EPSG:3035 (esri_pe_string)", "WGS 84 (assumed: …)"
  bool geographic = false;
  double metres_per_unit = 1.0;  ///< of a projected CRS
};

/// The CRS of a variable: the override `crs`, else what its grid_mapping says (crs_wkt, spatial_ref, or the
/// parameters of a CF grid_mapping_name), else an esri_pe_string, else WGS 84 for longitudes and latitudes,
/// with a warning. For geographic coordinates beside a projected grid mapping its geographic base is taken.
/// Throws Error(data) for projected or unknown coordinates without a CRS (naming `crs =`), for a CRS that
/// contradicts the coordinates, and for a text that PROJ does not understand.
CrsChoice choose_crs(const NetcdfFile& file, const NetcdfVariable& variable, const InputSpec& spec,
                     CoordinateKind coordinates, std::vector<std::string>& warnings);

}  // namespace rootzone::io
