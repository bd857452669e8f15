#pragma once
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "rootzone/storage/mass_curve.hpp"

namespace rootzone::storage {

inline constexpr float nan_f = std::numeric_limits<float>::quiet_NaN();

/// A strip with its state, driven day by day.
struct Curve {
  Curve(const MassCurveSettings& chosen, const core::Date& first, const core::Date& last, std::size_t n = 1,
        MassCurvePixels own = {}, core::Calendar calendar = core::Calendar::standard)
      : settings(chosen),
        pixels(own),
        count(n),
        record(first, last, calendar, chosen, !own.year_start_month.empty()),
        next(record.first_day()) {
    for (const auto& field : mass_curve_state_fields(record.years()))
      values.emplace_back(static_cast<std::size_t>(field.values_per_pixel),
                          std::vector<double>(n, field.initial));
  }

  MassCurveState view(std::size_t first, std::size_t n) {
    MassCurveState state;
    for (std::size_t f = 0; f < mass_curve_scalars; ++f)
      state.scalars[f] = std::span(values[f][0]).subspan(first, n);
    annual.clear();
    for (auto& year : values[mass_curve_scalars]) annual.push_back(std::span(year).subspan(first, n));
    state.annual_maximum = annual;
    return state;
  }
  MassCurvePixels own(std::size_t first, std::size_t n) const {
    const auto part = [&](auto span) { return span.empty() ? span : span.subspan(first, n); };
    return {part(pixels.year_start_month), part(pixels.reset), part(pixels.outflow_scale)};
  }

  /// All pixels, cut into strips of at most `strip`.
  void day(const std::vector<float>& in, const std::vector<float>& out,
           const std::vector<float>& irrigation = {},
           std::size_t strip = std::numeric_limits<std::size_t>::max()) {
    deficit.assign(count, -1.0F);
    overflow.assign(count, -1.0F);
    flags.assign(count, 0xFFFF);
    for (std::size_t first = 0; first < count;) {
      const std::size_t n = std::min(strip, count - first);
      const auto part = [&](const std::vector<float>& v) {
        return v.empty() ? std::span<const float>() : std::span<const float>(v).subspan(first, n);
      };
      advance_mass_curve(settings, record, own(first, n), view(first, n), next,
                         {part(in), part(out), part(irrigation), std::span(deficit).subspan(first, n),
                          std::span(overflow).subspan(first, n), std::span(flags).subspan(first, n)});
      first += n;
    }
    ++next;
  }
  void one(float in, float out) { day({in}, {out}); }

  MassCurveSummary conclude(std::size_t pixel = 0) {
    maxima.assign(static_cast<std::size_t>(record.years()), -1.0);
    return conclude_mass_curve(settings, record, pixels, view(0, count), pixel, next - 1, maxima);
  }
  double& at(MassCurveField field, std::size_t pixel = 0) {
    return values[static_cast<std::size_t>(field)][0][pixel];
  }
  core::Date date() const { return core::date_of(next, record.calendar()); }

  MassCurveSettings settings;
  MassCurvePixels pixels;
  std::size_t count;
  MassCurveRecord record;
  std::int64_t next;
  std::vector<std::vector<std::vector<double>>> values;  ///< [field][value][pixel]
  std::vector<std::span<double>> annual;
  std::vector<float> deficit, overflow;
  std::vector<core::FlagBits> flags;
  std::vector<double> maxima;
};

/// Equal, or both NaN.
inline bool same(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

inline bool same_state(const Curve& a, const Curve& b) {
  for (std::size_t f = 0; f < a.values.size(); ++f)
    for (std::size_t v = 0; v < a.values[f].size(); ++v)
      if (!std::equal(a.values[f][v].begin(), a.values[f][v].end(), b.values[f][v].begin(), same))
        return false;
  return true;
}

/// A climate with a dry half-year, storms and, on request, gaps of all lengths.
struct Weather {
  std::vector<float> in, out;
  Weather(std::size_t days, unsigned seed, double gap_share) {
    std::mt19937 generator(seed);
    std::uniform_real_distribution<double> uniform(0.0, 1.0);
    std::size_t gap = 0;
    for (std::size_t t = 0; t < days; ++t) {
      const double season = std::cos(static_cast<double>(t) * 0.0172);
      const bool rains = uniform(generator) < 0.3 + 0.25 * season;
      in.push_back(rains ? static_cast<float>(-8.0 * std::log(1.0 - uniform(generator))) : 0.0F);
      out.push_back(static_cast<float>(2.5 - 2.0 * season - 0.6 * uniform(generator)));
      if (gap == 0 && uniform(generator) < gap_share)
        gap = static_cast<std::size_t>(1.0 + 14.0 * uniform(generator));
      if (gap > 0) {
        (uniform(generator) < 0.5 ? in : out).back() = nan_f;
        --gap;
      }
    }
  }
};

}  // namespace rootzone::storage
