#include "rootzone/io/cf_time.hpp"

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>
#include <utility>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

using core::Calendar;
using core::Date;

[[noreturn]] void refuse(std::string_view units, const std::string& why) {
  throw core::Error(core::ErrorKind::data,
                    "time units \"" + std::string(units) + "\": " + why +
                        "; expected \"days since 2000-01-01\" or the like (hours, minutes, "
                        "seconds, months, years)");
}

/// Reads an epoch from left to right.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : m_text(text) {}

  void skip_space() {
    while (!m_text.empty() && std::isspace(static_cast<unsigned char>(m_text.front())))
      m_text.remove_prefix(1);
  }
  bool take(char c) {
    if (m_text.empty() || m_text.front() != c) return false;
    m_text.remove_prefix(1);
    return true;
  }
  bool at_digit() const {
    return !m_text.empty() && std::isdigit(static_cast<unsigned char>(m_text.front()));
  }
  bool at_end() const { return m_text.empty(); }
  std::string_view rest() const { return m_text; }
  std::size_t digits_ahead() const {
    std::size_t count = 0;
    while (count < m_text.size() && std::isdigit(static_cast<unsigned char>(m_text[count]))) ++count;
    return count;
  }
  std::optional<int> integer(std::size_t most_digits = 9) {
    const std::size_t count = std::min(digits_ahead(), most_digits);
    int value = 0;
    if (count == 0 || std::from_chars(m_text.data(), m_text.data() + count, value).ec != std::errc{})
      return {};
    m_text.remove_prefix(count);
    return value;
  }
  std::optional<double> decimal() {
    double value = 0.0;
    const auto [stop, error] =
        std::from_chars(m_text.data(), m_text.data() + m_text.size(), value, std::chars_format::fixed);
    if (error != std::errc{} || !at_digit()) return {};
    m_text.remove_prefix(static_cast<std::size_t>(stop - m_text.data()));
    return value;
  }

 private:
  std::string_view m_text;
};

std::string lowered(std::string_view text) {
  std::string lower;
  for (const char c : text) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

std::optional<Date> scan_date(Scanner& scan) {
  if (scan.digits_ahead() == 8) {  // 20000101
    const auto year = scan.integer(4);
    const auto month = scan.integer(2);
    const auto day = scan.integer(2);
    return Date{*year, *month, *day};
  }
  const bool before_christ = scan.take('-');
  const auto year = scan.integer();
  if (!year) return {};
  Date date{before_christ ? -*year : *year, 1, 1};
  if (!scan.take('-') && !scan.take('/')) return date;  // "years since 2000"
  const auto month = scan.integer();
  if (!month) return {};
  date.month = *month;
  if (!scan.take('-') && !scan.take('/')) return date;
  const auto day = scan.integer();
  if (!day) return {};
  date.day = *day;
  return date;
}

/// hh[:mm[:ss.s]] as seconds.
std::optional<double> scan_clock(Scanner& scan) {
  const auto hours = scan.integer(2);
  if (!hours) return {};
  double seconds = *hours * 3600.0;
  if (scan.take(':') || scan.at_digit()) {
    const auto minutes = scan.integer(2);
    if (!minutes || *minutes > 59) return {};
    seconds += *minutes * 60.0;
    if (scan.take(':')) {
      const auto rest = scan.decimal();
      if (!rest || *rest > 60.0) return {};
      seconds += *rest;
    }
  }
  return seconds;
}

/// "Z", "UTC", "GMT", "+01:00", "-6", or nothing: seconds east of Greenwich.
std::optional<double> scan_offset(Scanner& scan) {
  scan.skip_space();
  const std::string word = lowered(scan.rest());
  if (word.empty() || word == "z" || word == "utc" || word == "gmt") return 0.0;
  const bool west = scan.take('-');
  if (!west) scan.take('+');
  const auto seconds = scan_clock(scan);
  scan.skip_space();
  if (!seconds || !scan.at_end()) return {};
  return west ? -*seconds : *seconds;
}

struct Epoch {
  Date date;
  double seconds = 0.0;
};

Epoch parse_epoch(std::string_view text, std::string_view units) {
  Scanner scan(text);
  scan.skip_space();
  const auto date = scan_date(scan);
  if (!date) refuse(units, "no date after \"since\"");
  Epoch epoch{*date, 0.0};
  if (!scan.take('T') && !scan.take('t')) scan.skip_space();
  if (scan.at_digit()) {
    const auto seconds = scan_clock(scan);
    if (!seconds) refuse(units, "the time of day of the epoch is unreadable");
    epoch.seconds = *seconds;
  }
  const auto offset = scan_offset(scan);
  if (!offset) refuse(units, "\"" + std::string(scan.rest()) + "\" after the epoch is no offset from UTC");
  epoch.seconds -= *offset;
  return epoch;
}

struct UnitLength {
  double per_day = 0.0;  ///< units in a day, or 0
  double days = 0.0;     ///< days in a unit, or 0
  double months = 0.0;   ///< months in a unit, or 0
};

std::optional<UnitLength> unit_length(const std::string& name) {
  static constexpr std::array<std::pair<std::string_view, UnitLength>, 38> known{{
      {"day", {1, 0, 0}},
      {"days", {1, 0, 0}},
      {"d", {1, 0, 0}},
      {"hour", {24, 0, 0}},
      {"hours", {24, 0, 0}},
      {"hr", {24, 0, 0}},
      {"hrs", {24, 0, 0}},
      {"h", {24, 0, 0}},
      {"minute", {1440, 0, 0}},
      {"minutes", {1440, 0, 0}},
      {"min", {1440, 0, 0}},
      {"mins", {1440, 0, 0}},
      {"second", {86400, 0, 0}},
      {"seconds", {86400, 0, 0}},
      {"sec", {86400, 0, 0}},
      {"secs", {86400, 0, 0}},
      {"s", {86400, 0, 0}},
      {"millisecond", {86400e3, 0, 0}},
      {"milliseconds", {86400e3, 0, 0}},
      {"msec", {86400e3, 0, 0}},
      {"msecs", {86400e3, 0, 0}},
      {"ms", {86400e3, 0, 0}},
      {"microsecond", {86400e6, 0, 0}},
      {"microseconds", {86400e6, 0, 0}},
      {"us", {86400e6, 0, 0}},
      {"nanoseconds", {86400e9, 0, 0}},
      {"ns", {86400e9, 0, 0}},
      {"week", {0, 7, 0}},
      {"weeks", {0, 7, 0}},
      {"common_year", {0, 365, 0}},
      {"common_years", {0, 365, 0}},
      {"month", {0, 0, 1}},
      {"months", {0, 0, 1}},
      {"mon", {0, 0, 1}},
      {"year", {0, 0, 12}},
      {"years", {0, 0, 12}},
      {"yr", {0, 0, 12}},
      {"yrs", {0, 0, 12}},
  }};
  for (const auto& [spelling, length] : known)
    if (spelling == name) return length;
  return {};
}

/// Splits "UNIT since EPOCH"; also "after", "from" and "ref", which UDUNITS knows.
std::optional<std::pair<std::string, std::string_view>> split_reference(std::string_view units) {
  const std::string lower = lowered(units);
  for (const std::string_view word : {" since ", " after ", " from ", " ref "}) {
    const std::size_t at = lower.find(word);
    if (at == std::string::npos) continue;
    std::string unit = lower.substr(0, at);
    std::erase_if(unit, [](char c) { return std::isspace(static_cast<unsigned char>(c)); });
    return std::pair{unit, units.substr(at + word.size())};
  }
  return {};
}

Date month_shifted(const Date& date, std::int64_t months, Calendar calendar) {
  const std::int64_t index = date.year * 12LL + (date.month - 1) + months;
  const std::int64_t year = index >= 0 ? index / 12 : -((11 - index) / 12);
  Date shifted{static_cast<int>(year), static_cast<int>(index - year * 12) + 1, date.day};
  shifted.day = std::min(shifted.day, core::days_in_month(shifted.year, shifted.month, calendar));
  return shifted;
}

}  // namespace

CfTime::CfTime(std::string_view units, Calendar calendar) : m_calendar(calendar) {
  const std::string lower = lowered(units);
  if (lower.starts_with("day as %y%m%d")) {
    m_kind = Kind::absolute;
    return;
  }
  const auto parts = split_reference(units);
  if (!parts) refuse(units, "no \"since\"");
  const auto length = unit_length(parts->first);
  if (!length) refuse(units, "\"" + parts->first + "\" is no unit of time");
  const Epoch epoch = parse_epoch(parts->second, units);
  if (!core::is_valid(epoch.date, calendar))
    refuse(units, "the epoch " + core::iso_date(epoch.date) + " does not exist in the calendar '" +
                      std::string(core::calendar_name(calendar)) + "'");
  m_epoch_date = epoch.date;
  m_epoch_fraction = epoch.seconds / 86400.0;
  m_epoch_days = static_cast<double>(core::day_number(epoch.date, calendar)) + m_epoch_fraction;
  if (length->months > 0.0) {
    m_kind = Kind::months;
    m_months_per_unit = length->months;
  } else if (length->days > 0.0) {
    m_days_per_unit = length->days;
  } else {
    m_units_per_day = length->per_day;
  }
}

double CfTime::month_position(double months) const {
  const double whole = std::floor(months);
  const auto count = static_cast<std::int64_t>(whole);
  const auto at =
      static_cast<double>(core::day_number(month_shifted(m_epoch_date, count, m_calendar), m_calendar));
  const double part = months - whole;
  if (part == 0.0) return at + m_epoch_fraction;
  const auto next =
      static_cast<double>(core::day_number(month_shifted(m_epoch_date, count + 1, m_calendar), m_calendar));
  return at + m_epoch_fraction + part * (next - at);
}

double CfTime::to_days(double value) const {
  if (!std::isfinite(value)) return std::nan("");
  switch (m_kind) {
    case Kind::fixed:
      return m_epoch_days + value * m_days_per_unit / m_units_per_day;
    case Kind::months:
      if (std::abs(value) > 1e6)
        throw core::Error(core::ErrorKind::data,
                          "time value " + std::to_string(value) + " months or years is out of range");
      return month_position(value * m_months_per_unit);
    case Kind::absolute:
      break;
  }
  const double whole = std::floor(value);
  if (std::abs(whole) > 1e9)
    throw core::Error(core::ErrorKind::data,
                      "time value " + std::to_string(value) + " is no date of the form YYYYMMDD");
  const auto packed = static_cast<std::int64_t>(whole);
  const Date date{static_cast<int>(packed / 10000), static_cast<int>(packed / 100 % 100),
                  static_cast<int>(packed % 100)};
  return static_cast<double>(core::day_number(date, m_calendar)) + (value - whole);
}

double CfTime::from_days(double days) const {
  if (m_kind == Kind::fixed) return (days - m_epoch_days) / m_days_per_unit * m_units_per_day;
  if (m_kind == Kind::absolute) throw core::Error(core::ErrorKind::internal, "no encoding of absolute times");
  // The whole months before `days`: start from the mean length and step to the bracket.
  double whole = std::floor((days - m_epoch_days) / 30.4);
  while (month_position(whole) > days) whole -= 1.0;
  while (month_position(whole + 1.0) <= days) whole += 1.0;
  const double at = month_position(whole);
  return (whole + (days - at) / (month_position(whole + 1.0) - at)) / m_months_per_unit;
}

std::string iso_instant(double days, Calendar calendar) {
  constexpr double longest_days = 3.6525e8;  // a million years: a fill value or damage is beyond it
  if (!(std::abs(days) <= longest_days)) return "not a time";
  auto seconds = static_cast<std::int64_t>(std::llround((days - std::floor(days)) * 86400.0));
  auto day = static_cast<std::int64_t>(std::floor(days));
  if (seconds == 86400) {
    seconds = 0;
    ++day;
  }
  std::string date = core::iso_date(core::date_of(day, calendar));
  if (seconds == 0) return date;
  std::array<char, 40> clock{};
  std::snprintf(clock.data(), clock.size(), "T%02d:%02d:%02d", static_cast<int>(seconds / 3600),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  return date + clock.data();
}

}  // namespace rootzone::io
