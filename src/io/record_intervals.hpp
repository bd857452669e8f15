#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "rootzone/io/day_mapping.hpp"

namespace rootzone::io {

/// Stamps within this of midnight are midnight: single-precision and "hours since" times are a little off.
inline constexpr double midnight_tolerance_days = 5e-4;
/// Date (days since 1970-01-01) of an instant.
std::int64_t day_of(double instant);

/// The whole days [begin, end) of the file's calendar that a record stands for, and for records shorter than
/// a day its length.
struct RecordInterval {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  double length_days = 1.0;
};

struct RecordIntervals {
  std::vector<RecordInterval> records;
  std::string cadence;
  bool sub_daily = false;
};

/// Every cadence but the climatologies. Throws Error(data) if ambiguous.
RecordIntervals record_intervals(std::span<const RecordTime> times, core::Calendar calendar,
                                 const DayRules& rules);

}  // namespace rootzone::io
