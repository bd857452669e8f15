#pragma once
#include <ogr_spatialref.h>

#include <string>

#include "rootzone/core/grid.hpp"

namespace rootzone::io {

/// The grid's CRS for GDAL, axes in the order x, y (longitude, latitude); empty if the grid names none.
/// Throws Error(usage) with the text that PROJ does not understand.
OGRSpatialReference crs_of(const core::Grid& grid);

/// WGS 84, longitude before latitude.
OGRSpatialReference wgs84();

/// The EPSG code of the whole CRS, or 0 if it has none.
int epsg_code(const OGRSpatialReference& crs);

/// WKT in one line; format as GDAL's FORMAT option ("WKT2_2018", "WKT1_GDAL").
std::string wkt_of(const OGRSpatialReference& crs, const char* format);

}  // namespace rootzone::io
