#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rootzone::core {

/// The calendars of the CF conventions (CF-1.8, section 4.4.1).
enum class Calendar { standard, proleptic_gregorian, julian, noleap, all_leap, day_360 };

/// A civil date; which dates exist depends on the calendar.
struct Date {
  int year = 1970;
  int month = 1;  ///< 1 … 12
  int day = 1;    ///< 1 …
  auto operator<=>(const Date&) const = default;
};

/// CF spelling ("gregorian", "365_day", … included), or nothing if the name is not a CF calendar.
std::optional<Calendar> parse_calendar(std::string_view name);
std::string_view calendar_name(Calendar calendar);

bool is_leap_year(int year, Calendar calendar);
int days_in_month(int year, int month, Calendar calendar);
int days_in_year(int year, Calendar calendar);
/// 1 for 1 January.
int day_of_year(const Date& date, Calendar calendar);
/// False for 30 February in most calendars, for 29 February in `noleap`, for 10 October 1582 in `standard`.
bool is_valid(const Date& date, Calendar calendar);

/// Days since 1970-01-01 of the same calendar; negative before it. Throws Error(data) for a date the
/// calendar does not have.
std::int64_t day_number(const Date& date, Calendar calendar);
/// Inverse of `day_number`.
Date date_of(std::int64_t day_number, Calendar calendar);

/// "2016-01-31"
std::string iso_date(const Date& date);
/// "20160131"
std::string compact_date(const Date& date);
/// Accepts "YYYY-MM-DD" and nothing else; does not check that the calendar has the date.
std::optional<Date> parse_iso_date(std::string_view text);

}  // namespace rootzone::core
