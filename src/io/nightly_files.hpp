#pragma once
#include <filesystem>

#include "rootzone/core/time_axis.hpp"
#include "rootzone/io/day_mapping.hpp"
#include "rootzone/io/input.hpp"
#include "rootzone/io/input_spec.hpp"

namespace rootzone::io {

/// By the first bytes: classic NetCDF (1, 2, 5) or HDF5.
bool is_netcdf(const std::filesystem::path& path);

/// For a few days out of a long record: the same input, of the NetCDF files whose names place them near the
/// days, so that a night does not open the files of all nights before. Files without a year in their names,
/// and rasters (whose dates stand in their names), stay as they are. How near: enough records for their
/// cadence to be seen, or two periods where `cadence` names it.
InputSpec near_days(const InputSpec& spec, const core::TimeAxis& days);

/// Leave in the report those files alone whose records make the days.
void keep_used_files(const NativeDescription& native, const DayMapping& mapping, InputReport& report);

}  // namespace rootzone::io
