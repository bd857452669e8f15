#include "rootzone/storage/mass_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mass_curve_pixel.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/core/select.hpp"
#include "rootzone/core/vector_clones.hpp"

namespace rootzone::storage {
namespace {

using core::Error;
using core::ErrorKind;
using core::keep;
using core::lane_mask;
using core::LaneMask;
using core::select;
using Field = MassCurveField;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t chunk = 256;

struct Columns {
  const float *inflow, *outflow, *irrigation;
  const double* scale;
  double *deficit, *last_net, *pending, *inflow_sum, *outflow_sum, *year_maximum, *year_maximum_day,
      *last_zero;
  double *year_minimum, *year_rise;
};

struct Scratch {
  double deficit[chunk];
  double overflow[chunk];
  LaneMask slow[chunk];
};

/// The ordinary day: input there, no gap open, no year's first day. Pixels for which that is not so are
/// marked in scratch.slow and left as they were. Returns whether there is any.
ROOTZONE_VECTOR_CLONES
bool advance_ordinary(const Columns& columns, double day, bool with_rise, std::size_t n, Scratch& scratch) {
  const Columns c = columns;
  double* out_deficit = scratch.deficit;
  double* out_overflow = scratch.overflow;
  LaneMask* out_slow = scratch.slow;
  LaneMask any_slow = 0;
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) {
    const double precipitation = static_cast<double>(c.inflow[i]);
    const double irrigation = static_cast<double>(c.irrigation[i]);
    const double evaporation = static_cast<double>(c.outflow[i]);
    const double last_net = c.last_net[i];
    // x − x is 0 unless x is NaN or infinite.
    const LaneMask finite =
        lane_mask((precipitation - precipitation) + (irrigation - irrigation) + (evaporation - evaporation) +
                      (last_net - last_net) + (c.scale[i] - c.scale[i]) ==
                  0.0);
    const LaneMask ordinary = finite & lane_mask(precipitation >= 0.0) & lane_mask(irrigation >= 0.0) &
                              lane_mask(c.pending[i] == 0.0);
    const LaneMask condenses = lane_mask(evaporation < 0.0);
    const double in = precipitation + irrigation - keep(condenses, evaporation);
    const double out = keep(~condenses, evaporation) * c.scale[i];
    const double before = c.deficit[i];
    const double raw = before + (out - in);
    const double after = keep(lane_mask(raw > 0.0), raw);
    const double year_maximum = c.year_maximum[i];
    const LaneMask larger = ordinary & lane_mask(after > year_maximum);
    const LaneMask full = ordinary & lane_mask(after == 0.0);
    c.deficit[i] = select(ordinary, after, before);
    c.last_net[i] = select(ordinary, out - in, last_net);
    c.inflow_sum[i] += keep(ordinary, in);
    c.outflow_sum[i] += keep(ordinary, out);
    c.year_maximum[i] = select(larger, after, year_maximum);
    c.year_maximum_day[i] = select(larger, day, c.year_maximum_day[i]);
    c.last_zero[i] = select(full, day, c.last_zero[i]);
    out_deficit[i] = select(ordinary, after, not_a_number);
    out_overflow[i] = select(ordinary, after - raw, not_a_number);
    out_slow[i] = ~ordinary;
    any_slow |= ~ordinary;
  }
  if (with_rise) {
#pragma GCC ivdep
    for (std::size_t i = 0; i < n; ++i) {
      const LaneMask ordinary = ~out_slow[i];
      const double after = c.deficit[i];
      const double least = select(ordinary & lane_mask(after < c.year_minimum[i]), after, c.year_minimum[i]);
      const double rise = after - least;
      c.year_minimum[i] = least;
      c.year_rise[i] = select(ordinary & lane_mask(rise > c.year_rise[i]), rise, c.year_rise[i]);
    }
  }
  return any_slow != 0;
}

void require_lengths(const MassCurvePixels& pixels, const MassCurveState& state, const MassCurveDay& day,
                     std::int64_t years) {
  const std::size_t n = day.inflow.size();
  const auto optional = [n](std::size_t size) { return size == n || size == 0; };
  bool good = day.outflow.size() == n && optional(day.irrigation.size()) && optional(day.deficit.size()) &&
              optional(day.overflow.size()) && optional(day.flags.size()) &&
              optional(pixels.year_start_month.size()) && optional(pixels.reset.size()) &&
              optional(pixels.outflow_scale.size());
  for (const auto& field : state.scalars) good = good && field.size() == n;
  for (const auto& year : state.annual_maximum) good = good && year.size() == n;
  if (!good)
    throw Error(ErrorKind::internal, "advance_mass_curve: every span must have as many pixels as the inflow");
  if (static_cast<std::int64_t>(state.annual_maximum.size()) != years)
    throw Error(ErrorKind::internal, "advance_mass_curve: the state holds " +
                                         std::to_string(state.annual_maximum.size()) +
                                         " years, the record has " + std::to_string(years));
}

/// Whether some pixel's year begins on this day.
bool begins_a_year(const core::Date& date, const MassCurveSettings& settings, const MassCurvePixels& pixels) {
  return date.day == 1 && (!pixels.year_start_month.empty() || date.month == settings.year_start_month);
}

template <class T>
const T* from(std::span<const T> values, std::size_t first, const T* otherwise) {
  return values.empty() ? otherwise : values.data() + first;
}

constexpr std::array<float, chunk> zeros{};
constexpr std::array<double, chunk> ones = [] {
  std::array<double, chunk> values{};
  for (double& value : values) value = 1.0;
  return values;
}();

}  // namespace

void advance_mass_curve(const MassCurveSettings& settings, const MassCurveRecord& record,
                        const MassCurvePixels& pixels, const MassCurveState& state, std::int64_t day_number,
                        const MassCurveDay& day) {
  require_lengths(pixels, state, day, record.years());
  const core::Date date = core::date_of(day_number, record.calendar());
  const PixelDay context{settings, record, pixels, state, day_number, date};
  context.require_slot();
  const bool year_begins = begins_a_year(date, settings, pixels);
  const bool with_rise = settings.statistic == AnnualStatistic::rise;
  alignas(64) Scratch scratch;
  const auto field = [&](Field f, std::size_t first) {
    return state.scalars[static_cast<std::size_t>(f)].data() + first;
  };

  for (std::size_t first = 0; first < day.inflow.size(); first += chunk) {
    const std::size_t n = std::min(chunk, day.inflow.size() - first);
    bool any_slow = year_begins;
    if (year_begins) {
      std::fill_n(scratch.slow, n, ~LaneMask{0});
    } else {
      const Columns columns{day.inflow.data() + first,
                            day.outflow.data() + first,
                            from(day.irrigation, first, zeros.data()),
                            from(pixels.outflow_scale, first, ones.data()),
                            field(Field::deficit, first),
                            field(Field::last_net_flux, first),
                            field(Field::pending_days, first),
                            field(Field::inflow_sum, first),
                            field(Field::outflow_sum, first),
                            field(Field::year_maximum, first),
                            field(Field::year_maximum_day, first),
                            field(Field::last_zero_day, first),
                            field(Field::year_minimum, first),
                            field(Field::year_rise, first)};
      any_slow = advance_ordinary(columns, static_cast<double>(day_number), with_rise, n, scratch);
    }
    if (!day.flags.empty()) std::fill_n(day.flags.data() + first, n, core::FlagBits{0});
    if (any_slow)
      for (std::size_t i = 0; i < n; ++i) {
        if (scratch.slow[i] == 0) continue;
        const std::size_t pixel = first + i;
        const PixelInput input{day.inflow[pixel], day.outflow[pixel],
                               day.irrigation.empty() ? 0.0F : day.irrigation[pixel]};
        const PixelOutput output = advance_pixel(context, pixel, input);
        scratch.deficit[i] = output.deficit;
        scratch.overflow[i] = output.overflow;
        if (!day.flags.empty()) day.flags[pixel] = output.flags;
      }
    if (!day.deficit.empty())
      for (std::size_t i = 0; i < n; ++i) day.deficit[first + i] = static_cast<float>(scratch.deficit[i]);
    if (!day.overflow.empty())
      for (std::size_t i = 0; i < n; ++i) day.overflow[first + i] = static_cast<float>(scratch.overflow[i]);
  }
}

}  // namespace rootzone::storage
