#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "rootzone/core/time_axis.hpp"
#include "rootzone/io/input_spec.hpp"
#include "rootzone/io/native_stack.hpp"

namespace rootzone::io {

/// The date itself, or the last one before it in its month that the calendar has: 29 or 28 February for the
/// 30th of `360_day`. Pure.
core::Date last_date_by(core::Date date, core::Calendar calendar);

/// How the records of a stack are laid on the model's days.
struct DayRules {
  std::string name;  ///< of the input, for messages
  TimeLabel label = TimeLabel::automatic;
  Cadence cadence = Cadence::automatic;
  /// True: a record is the amount of its whole interval, to be shared out or summed up. False: it is a rate
  /// or a state that holds through it.
  bool is_total = false;
  LeapDay leap_day = LeapDay::repeat;
  bool may_have_no_day = false;  ///< records that all lie off the axis are no error
};

/// One record's part in a day: the day's value is Σ weight · record for totals; for means the mean of the
/// records that are there (weights are then 1).
struct DayShare {
  std::int64_t record = 0;
  double weight = 1.0;
  bool operator==(const DayShare&) const = default;
};

/// Which records make each day of the axis. Step by step, ready to be looked up from any thread.
struct DayMapping {
  std::vector<std::uint32_t> first_share;  ///< steps + 1 positions in `shares`
  std::vector<DayShare> shares;
  bool is_total = false;
  bool sub_daily = false;
  std::string cadence;     ///< what was found: "daily", "sub-daily (3 h)", "monthly (from bounds)", …
  std::string first_date;  ///< of the records themselves, in the file's calendar
  std::string last_date;
  std::int64_t missing_days = 0;
  std::vector<std::string> missing_dates;  ///< the first 20
  std::vector<std::string> warnings;

  std::int64_t steps() const { return static_cast<std::int64_t>(first_share.size()) - 1; }
  std::span<const DayShare> day(std::int64_t step) const {
    const auto at = static_cast<std::size_t>(step);
    return std::span(shares).subspan(first_share[at], first_share[at + 1] - first_share[at]);
  }
};

/// Place records on the days of `axis`.
///
/// An interval: `bounds` if the file has them; else the stamp and the label (automatic: the stamp's own civil
/// date, as for start; a stamp names its interval's end only if told). A record of a day or less belongs to
/// the date that holds the centre of its interval: a daily record stamped 2016-01-02 06:00 with the label
/// `end` covers 01-01 06:00 … 01-02 06:00, centre 01-01 18:00, and is 2016-01-01. A record of a longer period
/// covers every day of it: 8 days (counted anew from each 1 January, the last one 5 or 6 days), a dekad
/// (1–10, 11–20, 21–end), a month; without bounds it is the period that holds the stamp (label `end`: that
/// ends at it).
/// A mean holds on each day; a total is shared out evenly over the days the period has in the calendar of the
/// axis, so that the sum over them is the total in every calendar. Sub-daily means average the records that
/// are there, sub-daily totals add up and a day not wholly covered is missing.
/// A `climatology_monthly` has 12 records, one per month; a `climatology_daily` 365 (29 February by
/// `leap_day`) or 366 (29 February left out of common years), in order from 1 January.
/// `automatic` reads daily and shorter cadences off the spacing, longer ones off the pattern of dates, and
/// throws where that is ambiguous.
///
/// Calendars meet by civil date. A date that the axis lacks (30 February of `360_day`) is dropped with a
/// warning; an axis day that the file's calendar lacks repeats the last date before it that the calendar has
/// (the 31st repeats the 30th), 29 February only with LeapDay::repeat.
/// Throws Error(data) if two records claim one date or period, if no record falls on the axis, or if the
/// cadence is ambiguous or does not suit the records. Pure.
DayMapping map_days(std::span<const RecordTime> times, core::Calendar calendar, const DayRules& rules,
                    const core::TimeAxis& axis);

}  // namespace rootzone::io
