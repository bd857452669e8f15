#pragma once
#include <filesystem>

namespace rootzone::io {

/// Read the header of a classic NetCDF file (CDF-1, -2, -5; "NetCDF Classic Format Specification", Unidata)
/// and refuse the file if its parts contradict each other or if it ends before its last value. netCDF-C reads
/// past the end without an error and gives zeros, and may crash on a spoiled header. Does nothing for other
/// formats. Throws Error(data) that names the file and what is wrong.
void check_classic_header(const std::filesystem::path& path);

}  // namespace rootzone::io
