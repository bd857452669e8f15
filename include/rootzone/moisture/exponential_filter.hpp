#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "rootzone/core/flags.hpp"
#include "rootzone/core/kernel_state.hpp"

namespace rootzone::moisture {

/// The characteristic times of the operational products, days.
inline constexpr std::array<double, 8> usual_filter_times_days{1, 5, 10, 15, 20, 40, 60, 100};

/// What the filter carries per pixel and characteristic time, in this order.
inline constexpr std::array<core::KernelStateField, 3> filter_state_fields{{
    {"numerator", "sum of the observations, each weighted e^(-age/T); unit of the input", 0.0},
    {"denominator", "sum of the weights, 1; 0 = nothing observed", 0.0},
    {"elapsed", "days since the first observation", 0.0},
}};

struct FilterState {
  std::span<double> numerator;
  std::span<double> denominator;
  std::span<double> elapsed;
};

struct FilterSettings {
  double step_days = 1.0;                ///< length of one call, > 0
  double minimum_quality_percent = 0.0;  ///< below this QFLAG_T the output is missing, [0, 100]
  double warm_up_days = -1.0;            ///< days flagged spinning_up; negative = 4.6·T
  bool value_on_gap_days = true;         ///< false: a day without observation has no value
  /// Throws Error(usage) naming the setting, its value and its range.
  void validate() const;
};

struct FilterCoefficientView {
  std::span<const double> decay;          ///< e^(−Δt/T), NaN for an unusable pixel
  std::span<const double> quality_scale;  ///< 100 / Σ_{k=0}^{999} e^(−k/T)
  std::span<const double> warm_up_days;
  std::span<const double> unusable;  ///< 0 or the flag bits of a pixel without a usable T
};

/// One T for all pixels, or a map of T, with its exponentials taken once.
class FilterCoefficients {
 public:
  /// time_days: T per pixel, > 0, fractions kept; NaN makes the pixel missing (input_missing), T ≤ 0
  /// missing (not_applicable). Throws Error(usage) if the settings are out of range.
  FilterCoefficients(std::span<const float> time_days, const FilterSettings& settings);
  FilterCoefficients(double time_days, std::int64_t pixels, const FilterSettings& settings);
  FilterCoefficientView view(std::int64_t first_pixel, std::int64_t pixels) const;
  FilterCoefficientView view() const { return view(0, static_cast<std::int64_t>(m_columns[0].size())); }

 private:
  void set(std::size_t pixel, double time_days, const FilterSettings& settings);
  std::array<std::vector<double>, 4> m_columns;
};

/// One step of a strip of pixels. An output that is not wanted is an empty span.
struct FilterStep {
  std::span<const float> surface;  ///< any unit, NaN = not observed
  std::span<float> value = {};     ///< soil water index, unit of the input
  std::span<float> quality = {};   ///< QFLAG_T, per cent
  std::span<core::FlagBits> flags = {};
};

/// Advance the exponential filter by one step (Wagner et al. 1999; recursive form Albergel et al. 2008) as
/// N ← e^(−Δt/T)·N + ms, D ← e^(−Δt/T)·D + 1, SWI = N/D; without observation both only decay, so that SWI
/// stands and QFLAG_T = min(100, 100·D/Σ_{k=0}^{999} e^(−k/T)) falls. Missing before the first observation
/// and once the weights have vanished (D < 1e-100). Flags: input_missing, gap_filled, spinning_up,
/// not_applicable. Throws Error(internal) if lengths differ. Pure: safe from any thread on disjoint pixels.
void advance_exponential_filter(const FilterCoefficientView& coefficients, const FilterSettings& settings,
                                const FilterState& state, const FilterStep& step);

/// The same recursion for one series of irregular observations; also the restart state.
struct SeriesFilter {
  double time_days;  ///< T
  double numerator = 0.0;
  double denominator = 0.0;
  double last_day = 0.0;  ///< of the last observation taken in; of no meaning while denominator is 0

  /// Take in the observation of a day (fractions allowed) and return SWI. A NaN changes nothing. Throws
  /// Error(data) if the day is not after the last one: running a day twice must not change the state.
  double update(double day, double surface);
  /// SWI and QFLAG_T as they stand on a day not before the last observation.
  double value() const;
  double quality_percent(double day) const;
};

}  // namespace rootzone::moisture
