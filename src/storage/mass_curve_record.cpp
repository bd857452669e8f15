#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "mass_curve_pixel.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"
#include "rootzone/storage/mass_curve.hpp"

namespace rootzone::storage {
namespace {

using core::Error;
using core::ErrorKind;
using core::Flag;
using Field = MassCurveField;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double days_per_year = 365.25;
constexpr double last_year_days = 365.0;  // a maximum younger than this may still grow

template <class Enum>
Enum parse_choice(std::string_view word, std::string_view setting, const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == word) return static_cast<Enum>(i);
  throw Error(ErrorKind::usage, std::string(setting) + ": \"" + std::string(word) + "\" is not a choice." +
                                    core::did_you_mean(word, names));
}

template <class Number>
void require_range(bool good, const char* setting, Number value, const char* expected) {
  if (!good)
    throw Error(ErrorKind::usage, std::string("mass curve setting ") + setting + " = " +
                                      std::to_string(value) + ": expected " + expected);
}

/// A copy of one pixel's state, to conclude on without changing it.
struct PixelCopy {
  PixelCopy(const MassCurveState& state, std::size_t pixel) {
    for (std::size_t f = 0; f < mass_curve_scalars; ++f) values[f] = state.scalars[f][pixel];
    for (const auto& year : state.annual_maximum) annual.push_back(year[pixel]);
    for (double& year : annual) annual_spans.emplace_back(&year, 1);
    for (std::size_t f = 0; f < mass_curve_scalars; ++f) view.scalars[f] = std::span(&values[f], 1);
    view.annual_maximum = annual_spans;
  }
  PixelCopy(const PixelCopy&) = delete;
  PixelCopy& operator=(const PixelCopy&) = delete;

  std::array<double, mass_curve_scalars> values{};
  std::vector<double> annual;
  std::vector<std::span<double>> annual_spans;
  MassCurveState view;
};

template <class T>
std::span<const T> only(std::span<const T> values, std::size_t pixel) {
  return values.empty() ? values : values.subspan(pixel, 1);
}

core::FlagBits flags_of(const MassCurveSettings& settings, const MassCurveSummary& summary,
                        bool in_last_year) {
  core::FlagBits flags = 0;
  if (summary.valid_years < settings.minimum_years) core::raise(flags, Flag::too_few_years);
  if (summary.closure_ratio > settings.closure_limit ||
      summary.years_since_zero > settings.max_years_above_zero)
    core::raise(flags, Flag::non_closing_balance);
  if (in_last_year) core::raise(flags, Flag::maximum_in_last_year);
  if (summary.filled_days > 0) core::raise(flags, Flag::gap_filled);
  return flags;
}

}  // namespace

YearReset parse_year_reset(std::string_view word) {
  return parse_choice<YearReset>(word, "reset", {"none", "yearly"});
}

AnnualStatistic parse_annual_statistic(std::string_view word) {
  return parse_choice<AnnualStatistic>(word, "annual_statistic", {"maximum", "rise"});
}

ClosurePolicy parse_closure_policy(std::string_view word) {
  return parse_choice<ClosurePolicy>(word, "closure_policy",
                                     {"flag", "reset_yearly", "scale_outflow", "mask"});
}

void MassCurveSettings::validate() const {
  require_range(year_start_month >= 1 && year_start_month <= 12, "year_start_month", year_start_month,
                "1 to 12");
  require_range(minimum_valid_days >= 1 && minimum_valid_days <= 366, "minimum_valid_days",
                minimum_valid_days, "1 to 366");
  require_range(minimum_years >= 1, "minimum_years", minimum_years, "at least 1");
  // A gap that is filled must not span two first days of years.
  require_range(max_gap_days >= 0 && max_gap_days <= 180, "max_gap_days", max_gap_days, "0 to 180");
  require_range(closure_limit > 0.0, "closure_limit", closure_limit, "a ratio above 0");
  require_range(max_years_above_zero > 0.0, "max_years_above_zero", max_years_above_zero, "a number above 0");
}

int MassCurveRecord::year_of(const core::Date& date, int year_start_month) {
  return date.month >= year_start_month ? date.year : date.year - 1;
}

MassCurveRecord::MassCurveRecord(const core::Date& first, const core::Date& last, core::Calendar calendar,
                                 const MassCurveSettings& settings, bool own_year_starts)
    : m_calendar(calendar), m_first_day(core::day_number(first, calendar)) {
  settings.validate();
  if (core::day_number(last, calendar) < m_first_day)
    throw Error(ErrorKind::usage, "mass curve: the record ends on " + core::iso_date(last) +
                                      ", before it begins on " + core::iso_date(first));
  // A start month after the record's first month puts that month into the year before.
  m_first_year = year_of(first, own_year_starts ? 12 : settings.year_start_month);
  m_years = year_of(last, own_year_starts ? 1 : settings.year_start_month) - m_first_year + 1;
}

std::vector<core::KernelStateField> mass_curve_state_fields(std::int64_t years) {
  return {
      {"deficit", "D, mm", 0.0},
      {"last_net_flux", "F_out - F_in of the last observed day, mm/d; NaN = none yet", not_a_number},
      {"pending_days", "days of the gap that is open", 0.0},
      {"inflow_sum", "observed inflow so far, mm", 0.0},
      {"outflow_sum", "observed outflow so far, mm", 0.0},
      {"year_maximum", "largest D of the running year, mm; -1 = none yet", -1.0},
      {"year_maximum_day", "its day, days since 1970-01-01", 0.0},
      {"last_zero_day", "last day with D = 0, days since 1970-01-01", not_a_number},
      {"year_minimum", "smallest D of the running year and of the day before it, mm", 0.0},
      {"year_rise", "largest rise of D above its minimum in the running year, mm", 0.0},
      {"year_missing_days", "days of the running year without observation", 0.0},
      {"year_void", "1 if a gap longer than max_gap_days lies in the running year", 0.0},
      {"filled_days", "days filled by interpolation so far", 0.0},
      {"filled_net", "their net flux, mm", 0.0},
      {"missing_days", "days without observation so far, filled ones included", 0.0},
      {"negative_input_days", "days with negative precipitation or irrigation so far", 0.0},
      {"discarded", "deficit dropped by yearly resets, mm", 0.0},
      {"record_maximum", "largest D of the closed years, mm; -1 = none yet", -1.0},
      {"record_maximum_day", "its day, days since 1970-01-01", not_a_number},
      {"annual_maximum", "annual statistic, mm; NaN = year not valid or not closed", not_a_number, years}};
}

MassCurveSummary conclude_mass_curve(const MassCurveSettings& settings, const MassCurveRecord& record,
                                     const MassCurvePixels& pixels, const MassCurveState& state,
                                     std::size_t pixel, std::int64_t last_day,
                                     std::span<double> annual_maxima) {
  PixelCopy copy(state, pixel);
  if (annual_maxima.size() != copy.annual.size())
    throw Error(ErrorKind::internal, "conclude_mass_curve: " + std::to_string(annual_maxima.size()) +
                                         " annual values asked for, the record has " +
                                         std::to_string(copy.annual.size()));
  std::fill(annual_maxima.begin(), annual_maxima.end(), not_a_number);
  const MassCurvePixels own{only(pixels.year_start_month, pixel), only(pixels.reset, pixel),
                            only(pixels.outflow_scale, pixel)};
  const PixelDay day{settings, record, own, copy.view, last_day, core::date_of(last_day, record.calendar())};
  const double days = static_cast<double>(last_day - record.first_day() + 1);
  if (std::isnan(day.at(Field::last_net_flux, 0))) {
    const auto all = static_cast<std::int64_t>(days);
    const auto flags =
        static_cast<core::FlagBits>(core::bits(Flag::input_missing) | core::bits(Flag::too_few_years));
    return {not_a_number,
            not_a_number,
            not_a_number,
            not_a_number,
            not_a_number,
            0,
            0,
            all,
            static_cast<std::int64_t>(day.at(Field::negative_input_days, 0)),
            flags};
  }
  const double deficit = day.at(Field::deficit, 0);
  const double discarded = day.at(Field::discarded, 0);
  // A gap open at the end has no end to interpolate to: its days are missing.
  const double pending = day.at(Field::pending_days, 0);
  if (pending > 0.0 && pending <= settings.max_gap_days) give_up_gap(day, 0, false);
  const std::int64_t next = last_day + 1;
  close_year(day, 0, next, core::date_of(next, record.calendar()));

  MassCurveSummary summary{};
  summary.record_maximum_mm = day.at(Field::record_maximum, 0);
  summary.record_maximum_day = day.at(Field::record_maximum_day, 0);
  const double in = day.at(Field::inflow_sum, 0);
  const double out = day.at(Field::outflow_sum, 0);
  summary.closure_ratio = in > 0.0 ? out / in : out > 0.0 ? std::numeric_limits<double>::infinity() : 0.0;
  const double held = deficit + discarded;
  // The books: D = Σ net + Σ overflow − what resets dropped.
  const double overflow = held + in - out - day.at(Field::filled_net, 0);
  const double missing = day.at(Field::missing_days, 0);
  const double used_days = days - missing + day.at(Field::filled_days, 0);
  summary.mean_overflow_mm_per_day = overflow / used_days;
  summary.mean_growth_mm_per_day = held / used_days;
  summary.mean_inflow_mm_per_day = in / (days - missing);
  summary.mean_outflow_mm_per_day = out / (days - missing);
  summary.years_since_zero =
      (static_cast<double>(last_day) - day.at(Field::last_zero_day, 0)) / days_per_year;
  summary.filled_days = static_cast<std::int64_t>(day.at(Field::filled_days, 0));
  summary.missing_days = static_cast<std::int64_t>(missing);
  summary.negative_input_days = static_cast<std::int64_t>(day.at(Field::negative_input_days, 0));
  std::copy(copy.annual.begin(), copy.annual.end(), annual_maxima.begin());
  summary.valid_years = static_cast<int>(
      std::count_if(annual_maxima.begin(), annual_maxima.end(), [](double x) { return !std::isnan(x); }));
  const bool in_last_year = summary.record_maximum_day > static_cast<double>(last_day) - last_year_days;
  summary.flags = flags_of(settings, summary, in_last_year);
  if (settings.closure_policy == ClosurePolicy::mask && core::has(summary.flags, Flag::non_closing_balance)) {
    std::fill(annual_maxima.begin(), annual_maxima.end(), not_a_number);
    summary.record_maximum_mm = summary.record_maximum_day = not_a_number;
  }
  return summary;
}

}  // namespace rootzone::storage
