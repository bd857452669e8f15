#pragma once
#include <mutex>

namespace rootzone::io {

/// The one lock around netCDF-C and around GDAL calls that may reach its netCDF driver. netCDF-C is not
/// thread-safe, and GDAL's driver guards itself with a private lock of its own: without this one the two
/// crash beside each other. Recursive, so that a locked function may call another.
std::recursive_mutex& netcdf_mutex();

/// Hold while calling nc_* or any GDAL function on a dataset that may be NetCDF.
using NetcdfLock = std::lock_guard<std::recursive_mutex>;

}  // namespace rootzone::io
