#include "rootzone/core/time_axis.hpp"

#include <array>

#include "rootzone/core/error.hpp"

namespace rootzone::core {
namespace {

struct Named {
  std::string label;
  Date begin;
  Date end;  ///< first day after it
};

Date month_shifted(int year, int month, int by) {
  const int index = year * 12 + (month - 1) + by;
  return {index / 12, index % 12 + 1, 1};
}

Named period_at(const Date& date, PeriodKind kind, int year_start_month) {
  switch (kind) {
    case PeriodKind::month:
      return {compact_date(date).substr(0, 6),
              {date.year, date.month, 1},
              month_shifted(date.year, date.month, 1)};
    case PeriodKind::season: {
      static constexpr std::array<const char*, 4> names{"DJF", "MAM", "JJA", "SON"};
      const int season = (date.month % 12) / 3;
      const Date begin = month_shifted(date.year, date.month, -(date.month % 3));
      const int label_year = season == 0 ? month_shifted(begin.year, begin.month, 1).year : begin.year;
      return {std::to_string(label_year) + names[static_cast<std::size_t>(season)], begin,
              month_shifted(begin.year, begin.month, 3)};
    }
    case PeriodKind::year: {
      const int year = date.month >= year_start_month ? date.year : date.year - 1;
      return {std::to_string(year), {year, year_start_month, 1}, {year + 1, year_start_month, 1}};
    }
    case PeriodKind::all:
      break;
  }
  throw Error(ErrorKind::internal, "period_at has no use for the whole record");
}

}  // namespace

TimeAxis::TimeAxis(const Date& first, const Date& last, Calendar calendar)
    : m_calendar(calendar), m_first_day(0), m_count(0) {
  for (const Date& date : {first, last})
    if (!is_valid(date, calendar))
      throw Error(ErrorKind::usage, "[time] " + iso_date(date) + " does not exist in the calendar '" +
                                        std::string(calendar_name(calendar)) + "'");
  m_first_day = day_number(first, calendar);
  m_count = day_number(last, calendar) - m_first_day + 1;
  if (m_count < 1)
    throw Error(ErrorKind::usage, "[time] start " + iso_date(first) + " is after end " + iso_date(last) +
                                      "; give start ≤ end, both days are included");
}

std::optional<std::int64_t> TimeAxis::index(const Date& date) const {
  if (!is_valid(date, m_calendar)) return std::nullopt;
  const std::int64_t step = day_number(date, m_calendar) - m_first_day;
  if (step < 0 || step >= m_count) return std::nullopt;
  return step;
}

std::vector<Period> periods_of(const TimeAxis& axis, PeriodKind kind, int year_start_month) {
  if (kind == PeriodKind::all) return {{"all", 0, axis.count(), axis.count()}};
  std::vector<Period> periods;
  for (std::int64_t step = 0; step < axis.count();) {
    const Named named = period_at(axis.date(step), kind, year_start_month);
    const std::int64_t end = day_number(named.end, axis.calendar()) - axis.day_number_at(0);
    const std::int64_t stop = end < axis.count() ? end : axis.count();
    periods.push_back({named.label, step, stop - step,
                       day_number(named.end, axis.calendar()) - day_number(named.begin, axis.calendar())});
    step = stop;
  }
  return periods;
}

}  // namespace rootzone::core
