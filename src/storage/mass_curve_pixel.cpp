#include "mass_curve_pixel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "rootzone/core/error.hpp"

namespace rootzone::storage {
namespace {

using Field = MassCurveField;
using core::Flag;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

bool begins_year(const PixelDay& day, std::size_t pixel, const core::Date& date) {
  return date.day == 1 && date.month == day.year_start(pixel);
}

/// First day of the year of `pixel` that holds `date`, but not before the record.
std::int64_t year_begin(const PixelDay& day, std::size_t pixel, const core::Date& date) {
  const int month = day.year_start(pixel);
  const core::Date begin{MassCurveRecord::year_of(date, month), month, 1};
  return std::max(day.record.first_day(), core::day_number(begin, day.record.calendar()));
}

/// D ← max(0, D + net) with all that hangs on it; returns the overflow.
double apply(const PixelDay& day, std::size_t pixel, double net, std::int64_t day_number) {
  double& deficit = day.at(Field::deficit, pixel);
  const double raw = deficit + net;
  deficit = raw > 0.0 ? raw : 0.0;
  if (deficit > day.at(Field::year_maximum, pixel)) {
    day.at(Field::year_maximum, pixel) = deficit;
    day.at(Field::year_maximum_day, pixel) = static_cast<double>(day_number);
  }
  if (deficit == 0.0) day.at(Field::last_zero_day, pixel) = static_cast<double>(day_number);
  if (day.settings.statistic == AnnualStatistic::rise) {
    double& least = day.at(Field::year_minimum, pixel);
    least = std::min(least, deficit);
    double& rise = day.at(Field::year_rise, pixel);
    rise = std::max(rise, deficit - least);
  }
  return deficit - raw;
}

void count_missing(const PixelDay& day, std::size_t pixel) {
  day.at(Field::year_missing_days, pixel) += 1.0;
  day.at(Field::missing_days, pixel) += 1.0;
}

/// The year closes before this day if the day begins one (and is not the record's first).
void close_year_before(const PixelDay& day, std::size_t pixel, std::int64_t day_number) {
  if (day_number == day.record.first_day()) return;
  const core::Date date = core::date_of(day_number, day.record.calendar());
  if (begins_year(day, pixel, date)) close_year(day, pixel, day_number, date);
}

/// The first day with input: what lies before it in the record is missing, what lies before it in its year
/// counts against the year.
void start(const PixelDay& day, std::size_t pixel) {
  const auto since_record = static_cast<double>(day.day_number - day.record.first_day());
  const auto since_year = static_cast<double>(day.day_number - year_begin(day, pixel, day.date));
  day.at(Field::missing_days, pixel) = since_record;
  day.at(Field::year_missing_days, pixel) = since_year;
  day.at(Field::year_void, pixel) = since_year > day.settings.max_gap_days ? 1.0 : 0.0;
  day.at(Field::last_zero_day, pixel) = static_cast<double>(day.day_number - 1);  // D_0 = 0
}

/// The gap ends today: its days get the net flux interpolated between its ends. Returns their overflow.
double fill_gap(const PixelDay& day, std::size_t pixel, double net_today) {
  const double net_before = day.at(Field::last_net_flux, pixel);
  const auto days = static_cast<std::int64_t>(day.at(Field::pending_days, pixel));
  double overflow = 0.0;
  for (std::int64_t j = 1; j <= days; ++j) {
    const std::int64_t number = day.day_number - days + j - 1;
    close_year_before(day, pixel, number);
    const double weight = static_cast<double>(j) / static_cast<double>(days + 1);
    const double net = net_before + (net_today - net_before) * weight;
    overflow += apply(day, pixel, net, number);
    count_missing(day, pixel);
    day.at(Field::filled_days, pixel) += 1.0;
    day.at(Field::filled_net, pixel) += net;
  }
  return overflow;
}

PixelOutput missing_day(const PixelDay& day, std::size_t pixel) {
  const PixelOutput output{not_a_number, not_a_number, core::bits(Flag::input_missing)};
  if (std::isnan(day.at(Field::last_net_flux, pixel))) return output;  // not started: nothing to keep
  double& pending = day.at(Field::pending_days, pixel);
  pending += 1.0;
  const double longest = day.settings.max_gap_days;
  if (pending == longest + 1.0) {
    give_up_gap(day, pixel, true);
  } else if (pending > longest) {
    close_year_before(day, pixel, day.day_number);
    count_missing(day, pixel);
    day.at(Field::year_void, pixel) = 1.0;
  }
  return output;
}

}  // namespace

void PixelDay::require_slot() const {
  const int month = pixels.year_start_month.empty() ? settings.year_start_month : 1;
  const std::int64_t slot = MassCurveRecord::year_of(date, month) - record.first_year();
  if (day_number >= record.first_day() && slot < record.years()) return;
  throw core::Error(core::ErrorKind::state, "mass curve: " + core::iso_date(date) +
                                                " lies outside the record its state was made for (" +
                                                std::to_string(record.years()) + " years from " +
                                                std::to_string(record.first_year()) +
                                                "); begin the state anew with a longer record");
}

int PixelDay::year_start(std::size_t pixel) const {
  return pixels.year_start_month.empty() ? settings.year_start_month : pixels.year_start_month[pixel];
}

bool PixelDay::resets(std::size_t pixel) const {
  return settings.reset == YearReset::yearly || (!pixels.reset.empty() && pixels.reset[pixel] != 0);
}

void close_year(const PixelDay& day, std::size_t pixel, std::int64_t next_day, const core::Date& next_date) {
  const int month = day.year_start(pixel);
  const bool on_boundary = next_date.day == 1 && next_date.month == month;
  const int year = MassCurveRecord::year_of(next_date, month) - (on_boundary ? 1 : 0);
  const std::int64_t begin =
      std::max(day.record.first_day(), core::day_number({year, month, 1}, day.record.calendar()));
  const double observed = static_cast<double>(next_day - begin) - day.at(Field::year_missing_days, pixel);
  const double maximum = day.at(Field::year_maximum, pixel);
  const bool valid = observed >= day.settings.minimum_valid_days && day.at(Field::year_void, pixel) == 0.0;
  const double statistic =
      day.settings.statistic == AnnualStatistic::rise ? day.at(Field::year_rise, pixel) : maximum;
  const auto slot = static_cast<std::size_t>(year - day.record.first_year());
  if (slot < day.state.annual_maximum.size())
    day.state.annual_maximum[slot][pixel] = valid ? statistic : not_a_number;
  if (maximum > day.at(Field::record_maximum, pixel)) {
    day.at(Field::record_maximum, pixel) = maximum;
    day.at(Field::record_maximum_day, pixel) = day.at(Field::year_maximum_day, pixel);
  }
  double& deficit = day.at(Field::deficit, pixel);
  if (day.resets(pixel)) {
    day.at(Field::discarded, pixel) += deficit;
    deficit = 0.0;
  }
  day.at(Field::year_maximum, pixel) = -1.0;  // below any deficit
  day.at(Field::year_minimum, pixel) = deficit;
  day.at(Field::year_rise, pixel) = 0.0;
  day.at(Field::year_missing_days, pixel) = 0.0;
  day.at(Field::year_void, pixel) = 0.0;
}

void give_up_gap(const PixelDay& day, std::size_t pixel, bool void_years) {
  const auto days = static_cast<std::int64_t>(day.at(Field::pending_days, pixel));
  for (std::int64_t number = day.day_number - days + 1; number <= day.day_number; ++number) {
    close_year_before(day, pixel, number);
    count_missing(day, pixel);
    if (void_years) day.at(Field::year_void, pixel) = 1.0;
  }
}

PixelOutput advance_pixel(const PixelDay& day, std::size_t pixel, const PixelInput& input) {
  const auto precipitation = static_cast<double>(input.inflow);
  const auto irrigation = static_cast<double>(input.irrigation);
  const auto evaporation = static_cast<double>(input.outflow);
  const bool negative = precipitation < 0.0 || irrigation < 0.0;
  if (negative) day.at(Field::negative_input_days, pixel) += 1.0;
  const double scale = day.pixels.outflow_scale.empty() ? 1.0 : day.pixels.outflow_scale[pixel];
  const bool finite = std::isfinite(precipitation) && std::isfinite(irrigation) &&
                      std::isfinite(evaporation) && std::isfinite(scale);
  if (negative || !finite) return missing_day(day, pixel);

  const double in = precipitation + irrigation - (evaporation < 0.0 ? evaporation : 0.0);
  const double out = (evaporation < 0.0 ? 0.0 : evaporation) * scale;
  const double net = out - in;
  double& pending = day.at(Field::pending_days, pixel);
  const bool fills = pending > 0.0 && pending <= day.settings.max_gap_days;
  double overflow = fills ? fill_gap(day, pixel, net) : 0.0;
  pending = 0.0;
  if (std::isnan(day.at(Field::last_net_flux, pixel)))
    start(day, pixel);
  else
    close_year_before(day, pixel, day.day_number);
  overflow += apply(day, pixel, net, day.day_number);
  day.at(Field::last_net_flux, pixel) = net;
  day.at(Field::inflow_sum, pixel) += in;
  day.at(Field::outflow_sum, pixel) += out;
  return {day.at(Field::deficit, pixel), overflow, fills ? core::bits(Flag::gap_filled) : core::FlagBits{0}};
}

}  // namespace rootzone::storage
