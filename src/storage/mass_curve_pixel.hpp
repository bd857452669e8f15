#pragma once
#include "rootzone/storage/mass_curve.hpp"

namespace rootzone::storage {

/// A day, as the scalar path sees it.
struct PixelDay {
  const MassCurveSettings& settings;
  const MassCurveRecord& record;
  const MassCurvePixels& pixels;
  const MassCurveState& state;
  std::int64_t day_number;
  core::Date date;

  /// Throws Error(state) unless the year of this day has a slot.
  void require_slot() const;
  int year_start(std::size_t pixel) const;
  bool resets(std::size_t pixel) const;
  double& at(MassCurveField field, std::size_t pixel) const {
    return state.scalars[static_cast<std::size_t>(field)][pixel];
  }
};

struct PixelInput {
  float inflow;
  float outflow;
  float irrigation;
};

struct PixelOutput {
  double deficit;
  double overflow;
  core::FlagBits flags;
};

/// All rules of the mass curve for one pixel and day: gaps, first days of years, first observation. The
/// vector path is its restriction to ordinary days and must give the same bits.
PixelOutput advance_pixel(const PixelDay& day, std::size_t pixel, const PixelInput& input);

/// Take the days of the open gap, which ends with the day itself, as missing ones. void_years: the gap is
/// longer than max_gap_days, so that the years it touches do not count.
void give_up_gap(const PixelDay& day, std::size_t pixel, bool void_years);

/// Close the year that holds the days up to the one before next_day: write its statistic, fold its maximum
/// into the record's, begin the next.
void close_year(const PixelDay& day, std::size_t pixel, std::int64_t next_day, const core::Date& next_date);

}  // namespace rootzone::storage
