#pragma once
#include <string>

#include "netcdf_file.hpp"

class OGRSpatialReference;

namespace rootzone::io {

/// Build a CRS from the parameters of a CF grid mapping (CF-1.8, appendix F): latitude_longitude,
/// rotated_latitude_longitude, albers_conical_equal_area, azimuthal_equidistant,
/// lambert_azimuthal_equal_area, lambert_conformal_conic, lambert_cylindrical_equal_area, mercator,
/// polar_stereographic, sinusoidal, stereographic, transverse_mercator; with the ellipsoid or datum the
/// mapping names, WGS 84 if it names none. Returns an empty text, or why it cannot.
std::string crs_from_cf_parameters(const NetcdfFile& file, const NetcdfVariable& mapping,
                                   OGRSpatialReference& crs);

}  // namespace rootzone::io
