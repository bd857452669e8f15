#include "record_intervals.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

using core::Calendar;
using core::Date;

constexpr double end_label_shift_days = 1e-3;  // beyond the tolerance: an end at 00:00 is the day before

/// First days of the period of `cadence` that holds a day, and of the next one.
RecordInterval period_around(std::int64_t day, Cadence cadence, Calendar calendar) {
  const Date date = core::date_of(day, calendar);
  const std::int64_t new_year = core::day_number({date.year, 1, 1}, calendar);
  const std::int64_t month = core::day_number({date.year, date.month, 1}, calendar);
  const std::int64_t next_month = core::day_number(
      date.month == 12 ? Date{date.year + 1, 1, 1} : Date{date.year, date.month + 1, 1}, calendar);
  RecordInterval period;
  if (cadence == Cadence::eight_day) {
    period.begin = new_year + (day - new_year) / 8 * 8;
    period.end = std::min(period.begin + 8, core::day_number({date.year + 1, 1, 1}, calendar));
  } else if (cadence == Cadence::dekadal) {
    const int dekad = std::min((date.day - 1) / 10, 2);
    period.begin = month + 10 * dekad;
    period.end = dekad == 2 ? next_month : period.begin + 10;
  } else {
    period = {month, next_month, 0.0};
  }
  period.length_days = static_cast<double>(period.end - period.begin);
  return period;
}

const char* cadence_word(Cadence cadence) {
  switch (cadence) {
    case Cadence::eight_day:
      return "eight_day";
    case Cadence::dekadal:
      return "dekadal";
    case Cadence::monthly:
      return "monthly";
    case Cadence::climatology_monthly:
      return "climatology_monthly";
    case Cadence::climatology_daily:
      return "climatology_daily";
    default:
      return "daily";
  }
}

RecordIntervals by_period(std::span<const RecordTime> times, Calendar calendar, Cadence cadence,
                          TimeLabel label) {
  RecordIntervals result;
  result.cadence = cadence_word(cadence);
  for (const RecordTime& time : times) {
    const double instant = time.stamp - (label == TimeLabel::end ? end_label_shift_days : 0.0);
    result.records.push_back(period_around(day_of(instant), cadence, calendar));
  }
  return result;
}

std::string spacing_text(double days) {
  std::array<char, 48> text{};
  if (days < 0.99)
    std::snprintf(text.data(), text.size(), "%.3g h", days * 24.0);
  else
    std::snprintf(text.data(), text.size(), "%.3g days", days);
  return text.data();
}

/// Records of a day or less. length: of each without bounds.
RecordIntervals by_instant(std::span<const RecordTime> times, double length_days, TimeLabel label) {
  RecordIntervals result;
  result.sub_daily = length_days < 0.99;
  result.cadence = result.sub_daily ? "sub-daily (" + spacing_text(length_days) + ")" : "daily";
  for (const RecordTime& time : times) {
    // The stamp's own date for `automatic` serves stamps at the start of a day and at noon alike.
    double instant = time.stamp;
    if (label == TimeLabel::start) instant += 0.5 * length_days;
    if (label == TimeLabel::end) instant -= 0.5 * length_days;
    const std::int64_t day = day_of(instant);
    result.records.push_back({day, day + 1, length_days});
  }
  return result;
}

RecordIntervals by_bounds(std::span<const RecordTime> times) {
  RecordIntervals result;
  double longest = 0.0;
  double shortest = 1e9;
  for (const RecordTime& time : times) {
    const double length = time.end - time.begin;
    longest = std::max(longest, length);
    shortest = std::min(shortest, length);
    if (length < 1.5) {
      const std::int64_t day = day_of(0.5 * (time.begin + time.end));
      result.records.push_back({day, day + 1, length});
    } else {
      // The days whose centre lies within: 06:00 … 06:00 a month later is that month.
      const std::int64_t begin = day_of(time.begin + 0.5 - 2 * midnight_tolerance_days);
      const std::int64_t end = day_of(time.end + 0.5 - 2 * midnight_tolerance_days);
      result.records.push_back({begin, end, static_cast<double>(end - begin)});
    }
  }
  result.sub_daily = longest < 0.99;
  if (result.sub_daily)
    result.cadence = "sub-daily (" + spacing_text(shortest) + ", from bounds)";
  else if (longest < 1.5)
    result.cadence = "daily (from bounds)";
  else if (shortest > 27.5 && longest < 31.5)
    result.cadence = "monthly (from bounds)";
  else
    result.cadence =
        "periods of " + spacing_text(shortest) + " to " + spacing_text(longest) + " (from bounds)";
  return result;
}

/// True if every record has a period of this cadence to itself and starts (or, with label end, ends) it.
bool follows(std::span<const RecordTime> times, Calendar calendar, Cadence cadence, TimeLabel label) {
  const RecordIntervals intervals = by_period(times, calendar, cadence, label);
  for (std::size_t i = 0; i < times.size(); ++i) {
    const RecordInterval& period = intervals.records[i];
    if (i > 0 && period.begin <= intervals.records[i - 1].begin) return false;
    if (cadence == Cadence::monthly)
      continue;  // stamped on the 1st, the 15th or the last: one a month is enough
    const std::int64_t expected = label == TimeLabel::end ? period.end : period.begin;
    const std::int64_t day = day_of(times[i].stamp);
    if (label != TimeLabel::centre && day != expected && !(label == TimeLabel::end && day == expected - 1))
      return false;
  }
  return true;
}

struct Spacing {
  double smallest = 1.0;
  double typical = 1.0;
  double largest = 1.0;
};

Spacing spacing_of(std::span<const RecordTime> times) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < times.size(); ++i) steps.push_back(times[i].stamp - times[i - 1].stamp);
  std::sort(steps.begin(), steps.end());
  return {steps.front(), steps[steps.size() / 2], steps.back()};
}

[[noreturn]] void ambiguous(std::span<const RecordTime> times, const Spacing& spacing,
                            const DayRules& rules) {
  throw core::Error(core::ErrorKind::data,
                    "[inputs." + rules.name + "] the cadence of its " + std::to_string(times.size()) +
                        " records is not clear (" + times.front().source + " … " + times.back().source +
                        ", " + spacing_text(spacing.smallest) + " to " + spacing_text(spacing.largest) +
                        " apart, without bounds); set `cadence` to daily, eight_day, dekadal, monthly, "
                        "climatology_monthly or climatology_daily");
}

/// The cadence that the dates themselves show.
RecordIntervals detect(std::span<const RecordTime> times, Calendar calendar, const DayRules& rules) {
  if (times.size() == 1) return by_instant(times, 1.0, rules.label);
  const Spacing spacing = spacing_of(times);
  if (spacing.typical < 0.9) return by_instant(times, spacing.typical, rules.label);
  // Satellites miss days; a series with a gap after every second day is still one of days.
  if (spacing.smallest < 3.5 && spacing.typical < 7.0) return by_instant(times, 1.0, rules.label);
  const bool calendar_periods = spacing.smallest > 4.5;
  if (calendar_periods && spacing.typical < 8.5 && follows(times, calendar, Cadence::eight_day, rules.label))
    return by_period(times, calendar, Cadence::eight_day, rules.label);
  if (calendar_periods && spacing.typical < 11.5 && follows(times, calendar, Cadence::dekadal, rules.label))
    return by_period(times, calendar, Cadence::dekadal, rules.label);
  if (spacing.smallest > 26.5 && spacing.typical < 32.5 &&
      follows(times, calendar, Cadence::monthly, rules.label))
    return by_period(times, calendar, Cadence::monthly, rules.label);
  ambiguous(times, spacing, rules);
}

}  // namespace

std::int64_t day_of(double instant) {
  return static_cast<std::int64_t>(std::floor(instant + midnight_tolerance_days));
}

RecordIntervals record_intervals(std::span<const RecordTime> times, Calendar calendar,
                                 const DayRules& rules) {
  if (std::all_of(times.begin(), times.end(),
                  [](const RecordTime& t) { return t.has_bounds && t.end > t.begin; }))
    return by_bounds(times);
  if (rules.cadence == Cadence::automatic) return detect(times, calendar, rules);
  if (rules.cadence != Cadence::daily) return by_period(times, calendar, rules.cadence, rules.label);
  const double typical = times.size() > 1 ? spacing_of(times).typical : 1.0;
  return by_instant(times, typical < 0.9 ? typical : 1.0, rules.label);
}

}  // namespace rootzone::io
