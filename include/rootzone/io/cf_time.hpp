#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "rootzone/core/calendar.hpp"

namespace rootzone::io {

/// The reading of a CF time coordinate, "UNIT since EPOCH" (CF-1.8, section 4.4), in any CF calendar.
/// Days, hours, minutes, seconds (and their thousandths and millionths) and weeks are fixed lengths; months
/// and years are counted by the calendar: 1.5 months since 1 January is half-way through February. UDUNITS
/// would take a month as 30.4368 days and slip by days within years. A day of the month that the target
/// month lacks becomes its last day. Also reads CDO's absolute "day as %Y%m%d.%f". Pure values.
class CfTime {
 public:
  /// units: "Days since 1901-01-01", "hours since 1990-1-1T00:00:00Z", "days since 2000-01-01 12:00 +01:00",
  /// … An offset from UTC is taken off. Throws Error(data) for units it cannot read and for an epoch that the
  /// calendar does not have.
  CfTime(std::string_view units, core::Calendar calendar);

  /// Days since 1970-01-01 of the calendar. NaN stays NaN.
  double to_days(double value) const;
  /// Inverse of `to_days`, for writers. Not for the absolute form: throws Error(internal).
  double from_days(double days) const;
  core::Calendar calendar() const { return m_calendar; }

 private:
  enum class Kind { fixed, months, absolute };
  double month_position(double months) const;

  core::Calendar m_calendar;
  Kind m_kind = Kind::fixed;
  double m_units_per_day = 1.0;    ///< fixed
  double m_days_per_unit = 1.0;    ///< fixed, weeks and longer
  double m_months_per_unit = 1.0;  ///< months
  core::Date m_epoch_date;
  double m_epoch_fraction = 0.0;  ///< of a day, UTC
  double m_epoch_days = 0.0;
};

/// "2016-01-31" or, with a time of day, "2016-01-31T06:00:00": for messages and labels. "not a time" for NaN
/// and for what lies a million years away.
std::string iso_instant(double days, core::Calendar calendar);

}  // namespace rootzone::io
