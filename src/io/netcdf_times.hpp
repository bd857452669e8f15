#pragma once
#include <string>
#include <vector>

#include "netcdf_file.hpp"
#include "netcdf_layout.hpp"
#include "rootzone/core/calendar.hpp"
#include "rootzone/io/input_spec.hpp"
#include "rootzone/io/native_stack.hpp"

namespace rootzone::io {

struct TimeReading {
  core::Calendar calendar = core::Calendar::standard;
  std::vector<RecordTime> times;  ///< in the file's order; empty if the variable has no time
};

/// The times of a variable's records, with their bounds (`bounds` or `climatology`) if the file has any; a
/// static variable takes those of a scalar `time`. A climatology (`cadence`) of 12, 365 or 366 records whose
/// time coordinate is no date stands for the months or days of one year. Throws Error(data) if the records
/// have no readable time.
TimeReading read_times(const NetcdfFile& file, const NetcdfVariable& variable, const VariableLayout& layout,
                       const InputSpec& spec, std::vector<std::string>& warnings);

}  // namespace rootzone::io
