#include "rootzone/core/calendar.hpp"

#include <array>
#include <charconv>
#include <cstdio>

#include "rootzone/core/error.hpp"

namespace rootzone::core {
namespace {

// Julian day number of 1970-01-01 (Gregorian) and of the first Gregorian day, 1582-10-15.
constexpr std::int64_t unix_epoch_jdn = 2440588;
constexpr std::int64_t gregorian_start_jdn = 2299161;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
}

// Civil date ↔ Julian day number after Richards (2013), Explanatory Supplement to the Astronomical
// Almanac, ch. 15; floor division makes it hold for negative years too.
std::int64_t julian_day(const Date& date, bool gregorian) {
  const std::int64_t a = (14 - date.month) / 12;
  const std::int64_t y = date.year + 4800LL - a;
  const std::int64_t m = date.month + 12 * a - 3;
  const std::int64_t base = date.day + (153 * m + 2) / 5 + 365 * y + floor_div(y, 4);
  return gregorian ? base - floor_div(y, 100) + floor_div(y, 400) - 32045 : base - 32083;
}

Date civil_date(std::int64_t jdn, bool gregorian) {
  std::int64_t c = jdn + 32082;
  std::int64_t century = 0;
  if (gregorian) {
    const std::int64_t a = jdn + 32044;
    century = floor_div(4 * a + 3, 146097);
    c = a - floor_div(146097 * century, 4);
  }
  const std::int64_t d = floor_div(4 * c + 3, 1461);
  const std::int64_t e = c - floor_div(1461 * d, 4);
  const std::int64_t m = (5 * e + 2) / 153;
  return {static_cast<int>(100 * century + d - 4800 + m / 10), static_cast<int>(m + 3 - 12 * (m / 10)),
          static_cast<int>(e - (153 * m + 2) / 5 + 1)};
}

constexpr std::array<int, 12> common_month_days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

bool gregorian_leap(int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

// Days since 1970-01-01 in a calendar whose years all have the same length.
std::int64_t fixed_year_day_number(const Date& date, Calendar calendar) {
  return static_cast<std::int64_t>(date.year - 1970) * days_in_year(1970, calendar) +
         day_of_year(date, calendar) - 1;
}

}  // namespace

std::optional<Calendar> parse_calendar(std::string_view name) {
  std::string lower;
  for (char c : name) lower += (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
  if (lower == "standard" || lower == "gregorian" || lower.empty()) return Calendar::standard;
  if (lower == "proleptic_gregorian") return Calendar::proleptic_gregorian;
  if (lower == "julian") return Calendar::julian;
  if (lower == "noleap" || lower == "365_day") return Calendar::noleap;
  if (lower == "all_leap" || lower == "366_day") return Calendar::all_leap;
  if (lower == "360_day") return Calendar::day_360;
  return std::nullopt;
}

std::string_view calendar_name(Calendar calendar) {
  switch (calendar) {
    case Calendar::standard:
      return "standard";
    case Calendar::proleptic_gregorian:
      return "proleptic_gregorian";
    case Calendar::julian:
      return "julian";
    case Calendar::noleap:
      return "noleap";
    case Calendar::all_leap:
      return "all_leap";
    case Calendar::day_360:
      return "360_day";
  }
  throw Error(ErrorKind::internal, "unknown calendar");
}

bool is_leap_year(int year, Calendar calendar) {
  switch (calendar) {
    case Calendar::standard:
      return year < 1583 ? year % 4 == 0 : gregorian_leap(year);
    case Calendar::proleptic_gregorian:
      return gregorian_leap(year);
    case Calendar::julian:
      return year % 4 == 0;
    case Calendar::noleap:
      return false;
    case Calendar::all_leap:
      return true;
    case Calendar::day_360:
      return false;
  }
  throw Error(ErrorKind::internal, "unknown calendar");
}

int days_in_month(int year, int month, Calendar calendar) {
  if (month < 1 || month > 12)
    throw Error(ErrorKind::data, "month " + std::to_string(month) + " is outside 1 … 12");
  if (calendar == Calendar::day_360) return 30;
  return common_month_days[static_cast<std::size_t>(month - 1)] +
         (month == 2 && is_leap_year(year, calendar) ? 1 : 0);
}

int days_in_year(int year, Calendar calendar) {
  if (calendar == Calendar::day_360) return 360;
  const int cutover = (calendar == Calendar::standard && year == 1582) ? 10 : 0;  // 5 … 14 October 1582
  return (is_leap_year(year, calendar) ? 366 : 365) - cutover;
}

int day_of_year(const Date& date, Calendar calendar) {
  if (calendar == Calendar::standard)
    return static_cast<int>(day_number(date, calendar) - day_number({date.year, 1, 1}, calendar)) + 1;
  int days = date.day;
  for (int month = 1; month < date.month; ++month) days += days_in_month(date.year, month, calendar);
  return days;
}

bool is_valid(const Date& date, Calendar calendar) {
  if (date.month < 1 || date.month > 12 || date.day < 1) return false;
  if (calendar == Calendar::standard && date > Date{1582, 10, 4} && date < Date{1582, 10, 15}) return false;
  return date.day <= days_in_month(date.year, date.month, calendar);
}

std::int64_t day_number(const Date& date, Calendar calendar) {
  if (!is_valid(date, calendar))
    throw Error(ErrorKind::data, "the date " + iso_date(date) + " does not exist in the calendar '" +
                                     std::string(calendar_name(calendar)) + "'");
  switch (calendar) {
    case Calendar::standard:
      return julian_day(date, date >= Date{1582, 10, 15}) - unix_epoch_jdn;
    case Calendar::proleptic_gregorian:
      return julian_day(date, true) - unix_epoch_jdn;
    case Calendar::julian:
      return julian_day(date, false) - julian_day({1970, 1, 1}, false);
    default:
      return fixed_year_day_number(date, calendar);
  }
}

Date date_of(std::int64_t day_number, Calendar calendar) {
  switch (calendar) {
    case Calendar::standard: {
      const std::int64_t jdn = day_number + unix_epoch_jdn;
      return civil_date(jdn, jdn >= gregorian_start_jdn);
    }
    case Calendar::proleptic_gregorian:
      return civil_date(day_number + unix_epoch_jdn, true);
    case Calendar::julian:
      return civil_date(day_number + julian_day({1970, 1, 1}, false), false);
    default:
      break;
  }
  const int year_length = days_in_year(1970, calendar);
  const std::int64_t years = floor_div(day_number, year_length);
  Date date{static_cast<int>(1970 + years), 1, 1};
  int rest = static_cast<int>(day_number - years * year_length);
  while (rest >= days_in_month(date.year, date.month, calendar)) {
    rest -= days_in_month(date.year, date.month, calendar);
    ++date.month;
  }
  date.day += rest;
  return date;
}

std::string iso_date(const Date& date) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", date.year, date.month, date.day);
  return text.data();
}

std::string compact_date(const Date& date) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d%02d%02d", date.year, date.month, date.day);
  return text.data();
}

std::optional<Date> parse_iso_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  auto number = [&](std::size_t from, std::size_t length) -> std::optional<int> {
    int value = 0;
    const char* end = text.data() + from + length;
    const auto [stop, error] = std::from_chars(text.data() + from, end, value);
    if (error != std::errc{} || stop != end || text[from] == '-') return std::nullopt;
    return value;
  };
  const auto year = number(0, 4);
  const auto month = number(5, 2);
  const auto day = number(8, 2);
  if (!year || !month || !day || *month < 1 || *month > 12 || *day < 1 || *day > 31) return std::nullopt;
  return Date{*year, *month, *day};
}

}  // namespace rootzone::core
