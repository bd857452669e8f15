#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rootzone/core/calendar.hpp"

namespace rootzone::core {

/// The model's time: consecutive whole UTC days of one calendar, each named by the date that holds its
/// centre.
class TimeAxis {
 public:
  /// Days first … last, both included. Throws Error(usage) if last is before first or a date does not exist.
  TimeAxis(const Date& first, const Date& last, Calendar calendar = Calendar::standard);

  Calendar calendar() const { return m_calendar; }
  std::int64_t count() const { return m_count; }
  Date first() const { return date(0); }
  Date last() const { return date(m_count - 1); }
  Date date(std::int64_t step) const { return date_of(m_first_day + step, m_calendar); }
  /// Days since 1970-01-01 of the calendar.
  std::int64_t day_number_at(std::int64_t step) const { return m_first_day + step; }
  /// Position of a date, or nothing outside the axis or the calendar.
  std::optional<std::int64_t> index(const Date& date) const;

  bool operator==(const TimeAxis&) const = default;

 private:
  Calendar m_calendar;
  std::int64_t m_first_day;
  std::int64_t m_count;
};

/// A run of days with a name: a month, season, year, or the whole record.
struct Period {
  std::string label;            ///< "201601", "2016DJF", "2016", "all"
  std::int64_t first_step = 0;  ///< position on the axis
  std::int64_t steps = 0;       ///< days of it that lie on the axis
  std::int64_t full_steps = 0;  ///< days it has in the calendar
};

enum class PeriodKind { month, season, year, all };

/// Cut the axis into periods, in order. Seasons are DJF, MAM, JJA, SON; a DJF is named after its January.
/// Years begin on the first day of `year_start_month` and are named after the calendar year they begin in.
std::vector<Period> periods_of(const TimeAxis& axis, PeriodKind kind, int year_start_month = 1);

}  // namespace rootzone::core
