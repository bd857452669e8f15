#pragma once
#include <filesystem>
#include <vector>

#include "rootzone/core/calendar.hpp"

namespace rootzone::io {

/// Daily discharge of a gauge, m³ s⁻¹, NaN = missing, in order of date.
struct DischargeSeries {
  std::vector<core::Date> dates;
  std::vector<double> m3_per_s;
};

/// Read a gauge file: CSV with the columns `date` (ISO) and `discharge_m3s`, or the mHM text format (five
/// header lines with `nodata`, `n`, `start`, `end`, then YYYY MM DD HH MM value). Which one is told by the
/// first line. Throws Error(data) with file and line for what cannot be read, for a date that does not
/// follow the one before, and for measurements other than daily.
DischargeSeries read_discharge(const std::filesystem::path& path);

}  // namespace rootzone::io
