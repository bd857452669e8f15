#include "rootzone/io/day_mapping.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <utility>

#include "record_intervals.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

using core::Calendar;
using core::Date;
using core::Error;
using core::ErrorKind;
using core::TimeAxis;

constexpr std::size_t dates_listed = 20;
constexpr double shortest_overpass_days = 1.0 / 24.0;

/// Shares of each step while records are placed.
struct Draft {
  std::vector<std::vector<DayShare>> days;
  std::vector<double> covered;  ///< part of each day that its sub-daily records cover
  std::vector<std::string> warnings;
};

std::string prefix(const DayRules& rules) {
  return "[inputs." + rules.name + "] ";
}

std::string plural(std::size_t count, const std::string& word) {
  return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

/// The date a file's calendar offers for a civil date: itself, or the one before that stands in for it.
std::optional<Date> stand_in(const Date& date, Calendar file, LeapDay leap_day) {
  if (core::is_valid(date, file)) return date;
  if (date.month == 2 && date.day == 29 && leap_day == LeapDay::missing) return {};
  Date earlier = date;
  for (int back = 0; back < 3 && earlier.day > 1; ++back) {
    --earlier.day;
    if (core::is_valid(earlier, file)) return earlier;
  }
  return {};
}

/// First axis day (days since 1970-01-01 of the axis' calendar, perhaps outside the axis) at or after a date.
std::int64_t axis_day_at(const Date& date, Calendar calendar) {
  if (core::is_valid(date, calendar)) return core::day_number(date, calendar);
  const Date next = date.month == 12 ? Date{date.year + 1, 1, 1} : Date{date.year, date.month + 1, 1};
  return core::day_number(next, calendar);
}

[[noreturn]] void claimed_twice(const RecordTime& first, const RecordTime& second, const std::string& what,
                                const DayRules& rules) {
  throw Error(ErrorKind::data, prefix(rules) + "two records claim " + what + ": " + first.source + " and " +
                                   second.source + "; remove one, or set `label` or `cadence`");
}

using DaysOfRecords = std::vector<std::pair<std::int64_t, std::size_t>>;

/// Two daily records on one date: an error, unless they are overpasses hours apart, which are averaged.
void refuse_doubles(const DaysOfRecords& by_day, std::span<const RecordTime> times, Calendar calendar,
                    const DayRules& rules, std::vector<std::string>& warnings) {
  std::size_t doubles = 0;
  std::string example;
  for (std::size_t k = 1; k < by_day.size(); ++k) {
    if (by_day[k].first != by_day[k - 1].first) continue;
    const RecordTime& before = times[by_day[k - 1].second];
    const RecordTime& after = times[by_day[k].second];
    const std::string date = core::iso_date(core::date_of(by_day[k].first, calendar));
    if (rules.is_total || std::abs(after.stamp - before.stamp) < shortest_overpass_days)
      claimed_twice(before, after, date, rules);
    if (doubles++ == 0) example = date;
  }
  if (doubles > 0)
    warnings.push_back(plural(doubles, "record") + " on a date that has another (" + example +
                       (doubles > 1 ? ", …" : "") + "): averaged");
}

/// Records of a day or less: looked up by the date that an axis day finds in the file's calendar.
void place_days(const RecordIntervals& intervals, std::span<const RecordTime> times, Calendar calendar,
                const DayRules& rules, const TimeAxis& axis, Draft& draft) {
  DaysOfRecords by_day;
  for (std::size_t i = 0; i < times.size(); ++i) by_day.emplace_back(intervals.records[i].begin, i);
  std::sort(by_day.begin(), by_day.end());
  if (!intervals.sub_daily) refuse_doubles(by_day, times, calendar, rules, draft.warnings);
  for (std::int64_t step = 0; step < axis.count(); ++step) {
    const auto date = stand_in(axis.date(step), calendar, rules.leap_day);
    if (!date) continue;
    const std::int64_t day = core::day_number(*date, calendar);
    auto at = std::lower_bound(by_day.begin(), by_day.end(), std::pair{day, std::size_t{0}});
    const auto index = static_cast<std::size_t>(step);
    for (; at != by_day.end() && at->first == day; ++at) {
      draft.days[index].push_back({static_cast<std::int64_t>(at->second), 1.0});
      draft.covered[index] += intervals.records[at->second].length_days;
    }
  }
}

/// Records of several days: each covers the axis days of its civil interval.
void place_periods(const RecordIntervals& intervals, std::span<const RecordTime> times, Calendar calendar,
                   const DayRules& rules, const TimeAxis& axis, Draft& draft) {
  for (std::size_t i = 0; i < times.size(); ++i) {
    const RecordInterval& interval = intervals.records[i];
    const std::int64_t begin = axis_day_at(core::date_of(interval.begin, calendar), axis.calendar());
    const std::int64_t end = axis_day_at(core::date_of(interval.end, calendar), axis.calendar());
    const double weight =
        rules.is_total ? 1.0 / static_cast<double>(std::max<std::int64_t>(end - begin, 1)) : 1.0;
    const std::int64_t first = std::max<std::int64_t>(begin - axis.day_number_at(0), 0);
    const std::int64_t stop = std::min(end - axis.day_number_at(0), axis.count());
    for (std::int64_t step = first; step < stop; ++step) {
      auto& day = draft.days[static_cast<std::size_t>(step)];
      if (!day.empty())
        claimed_twice(times[static_cast<std::size_t>(day.front().record)], times[i],
                      core::iso_date(axis.date(step)), rules);
      day.push_back({static_cast<std::int64_t>(i), weight});
      draft.covered[static_cast<std::size_t>(step)] = 1.0;
    }
  }
}

void place_monthly_climatology(std::span<const RecordTime> times, Calendar calendar, const DayRules& rules,
                               const TimeAxis& axis, Draft& draft) {
  std::array<std::optional<std::size_t>, 13> record_of_month;
  if (times.size() != 12)
    throw Error(ErrorKind::data, prefix(rules) + "cadence climatology_monthly needs 12 records, found " +
                                     std::to_string(times.size()));
  for (std::size_t i = 0; i < times.size(); ++i) {
    const RecordTime& time = times[i];
    // Climatological bounds may span decades: the stamp tells the month, bounds only where they are a month
    // long.
    const bool use_bounds = time.has_bounds && time.end - time.begin < 32.0;
    const double shift = rules.label == TimeLabel::end ? 1e-3 : 0.0;
    const double instant = use_bounds ? 0.5 * (time.begin + time.end) : time.stamp - shift;
    const int month = core::date_of(day_of(instant), calendar).month;
    auto& slot = record_of_month[static_cast<std::size_t>(month)];
    if (slot) claimed_twice(times[*slot], time, "month " + std::to_string(month), rules);
    slot = i;
  }
  for (std::int64_t step = 0; step < axis.count(); ++step) {
    const Date date = axis.date(step);
    const double days = core::days_in_month(date.year, date.month, axis.calendar());
    draft.days[static_cast<std::size_t>(step)].push_back(
        {static_cast<std::int64_t>(*record_of_month[static_cast<std::size_t>(date.month)]),
         rules.is_total ? 1.0 / days : 1.0});
    draft.covered[static_cast<std::size_t>(step)] = 1.0;
  }
}

void place_daily_climatology(std::span<const RecordTime> times, const DayRules& rules, const TimeAxis& axis,
                             Draft& draft) {
  if (times.size() != 365 && times.size() != 366)
    throw Error(ErrorKind::data, prefix(rules) +
                                     "cadence climatology_daily needs 365 or 366 records, found " +
                                     std::to_string(times.size()));
  const Calendar record_calendar = times.size() == 366 ? Calendar::all_leap : Calendar::noleap;
  for (std::int64_t step = 0; step < axis.count(); ++step) {
    const auto date = stand_in(axis.date(step), record_calendar, rules.leap_day);
    if (!date) continue;
    const auto index = static_cast<std::size_t>(step);
    draft.days[index].push_back({core::day_of_year(*date, record_calendar) - 1, 1.0});
    draft.covered[index] = 1.0;
  }
}

/// A day of sub-daily totals that is not wholly covered is no day's total.
void drop_partial_days(Draft& draft, DayMapping& mapping, const TimeAxis& axis) {
  std::size_t dropped = 0;
  std::string example;
  for (std::size_t i = 0; i < draft.days.size(); ++i) {
    if (draft.days[i].empty() || draft.covered[i] > 0.99) continue;
    if (dropped++ == 0) example = core::iso_date(axis.date(static_cast<std::int64_t>(i)));
    draft.days[i].clear();
  }
  if (dropped > 0)
    mapping.warnings.push_back(plural(dropped, "day") + " with only part of the day's totals (" + example +
                               (dropped > 1 ? ", …" : "") + ") set to missing");
}

void warn_of_foreign_dates(const RecordIntervals& intervals, Calendar calendar, const TimeAxis& axis,
                           DayMapping& mapping) {
  if (calendar == axis.calendar()) return;
  std::size_t dropped = 0;
  std::string example;
  for (const RecordInterval& interval : intervals.records) {
    const Date date = core::date_of(interval.begin, calendar);
    if (interval.end - interval.begin != 1 || core::is_valid(date, axis.calendar())) continue;
    if (dropped++ == 0) example = core::iso_date(date);
  }
  if (dropped > 0)
    mapping.warnings.push_back(plural(dropped, "record") + " dropped: the calendar '" +
                               std::string(core::calendar_name(axis.calendar())) + "' has no " + example +
                               (dropped > 1 ? " and the like" : ""));
}

void finish(Draft& draft, const TimeAxis& axis, DayMapping& mapping) {
  mapping.first_share.push_back(0);
  for (std::size_t i = 0; i < draft.days.size(); ++i) {
    mapping.shares.insert(mapping.shares.end(), draft.days[i].begin(), draft.days[i].end());
    mapping.first_share.push_back(static_cast<std::uint32_t>(mapping.shares.size()));
    if (!draft.days[i].empty()) continue;
    ++mapping.missing_days;
    if (mapping.missing_dates.size() < dates_listed)
      mapping.missing_dates.push_back(core::iso_date(axis.date(static_cast<std::int64_t>(i))));
  }
}

}  // namespace

core::Date last_date_by(core::Date date, core::Calendar calendar) {
  while (!core::is_valid(date, calendar)) --date.day;
  return date;
}

DayMapping map_days(std::span<const RecordTime> times, Calendar calendar, const DayRules& rules,
                    const TimeAxis& axis) {
  if (times.empty())
    throw Error(ErrorKind::data,
                prefix(rules) +
                    "its records have no dates; use a {date} pattern in `path`, ISO dates as band "
                    "descriptions, or a NetCDF file with a time coordinate");
  DayMapping mapping;
  mapping.is_total = rules.is_total;
  Draft draft{std::vector<std::vector<DayShare>>(static_cast<std::size_t>(axis.count())),
              std::vector<double>(static_cast<std::size_t>(axis.count()), 0.0),
              {}};
  mapping.first_date = core::iso_date(core::date_of(day_of(times.front().stamp), calendar));
  mapping.last_date = core::iso_date(core::date_of(day_of(times.back().stamp), calendar));
  if (rules.cadence == Cadence::climatology_monthly) {
    mapping.cadence = "climatology_monthly";
    place_monthly_climatology(times, calendar, rules, axis, draft);
  } else if (rules.cadence == Cadence::climatology_daily) {
    mapping.cadence = "climatology_daily";
    place_daily_climatology(times, rules, axis, draft);
  } else {
    const RecordIntervals intervals = record_intervals(times, calendar, rules);
    mapping.cadence = intervals.cadence;
    mapping.sub_daily = intervals.sub_daily;
    mapping.first_date = core::iso_date(core::date_of(intervals.records.front().begin, calendar));
    mapping.last_date = core::iso_date(core::date_of(intervals.records.back().end - 1, calendar));
    const bool days_only = std::all_of(intervals.records.begin(), intervals.records.end(),
                                       [](const RecordInterval& r) { return r.end - r.begin == 1; });
    if (days_only)
      place_days(intervals, times, calendar, rules, axis, draft);
    else
      place_periods(intervals, times, calendar, rules, axis, draft);
    warn_of_foreign_dates(intervals, calendar, axis, mapping);
    if (mapping.sub_daily && rules.is_total) drop_partial_days(draft, mapping, axis);
  }
  mapping.warnings.insert(mapping.warnings.end(), draft.warnings.begin(), draft.warnings.end());
  finish(draft, axis, mapping);
  if (mapping.missing_days == axis.count() && !rules.may_have_no_day)
    throw Error(ErrorKind::data, prefix(rules) + "none of its records falls on the axis: the records cover " +
                                     mapping.first_date + " … " + mapping.last_date + ", [time] asks for " +
                                     core::iso_date(axis.first()) + " … " + core::iso_date(axis.last()) +
                                     "; change [time] or give files of those dates (a climatology needs "
                                     "`cadence = \"climatology_…\"`)");
  return mapping;
}

}  // namespace rootzone::io
