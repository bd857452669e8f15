#pragma once
#include <array>
#include <span>
#include <string_view>

#include "rootzone/core/kernel_state.hpp"

namespace rootzone::storage {

/// Degree-day snow: precipitation falls as snow below snow_below_c, the store melts at
/// melt_mm_per_degree_day for each degree above melt_above_c.
struct SnowSettings {
  double snow_below_c = 1.0;
  double melt_above_c = 1.0;
  double melt_mm_per_degree_day = 1.0;
  /// Throws Error(usage) unless the numbers are finite and the melt factor is positive.
  void validate() const;
};

/// "orth2013": 1 mm/K/d above 1 °C (Orth et al. 2013); "degree_day_2": 2 mm/K/d above 0 °C. Throws
/// Error(usage) for another word, with a suggestion.
SnowSettings snow_preset(std::string_view name);

inline constexpr std::array<core::KernelStateField, 1> snow_state_fields{
    {{"snow", "water in the snow store, mm", 0.0}}};

/// Advance the store by one day: new snow joins it before the day's melt leaves. precipitation mm/d,
/// temperature °C (daily mean); store mm, in place; liquid mm/d: rain + melt; snow_water (may be empty): the
/// store after the day. A missing input gives missing output and leaves the store; a negative precipitation
/// is passed on as it is, so that the mass curve counts it. Throws Error(internal) if lengths differ. Pure.
void advance_snow(const SnowSettings& settings, std::span<const float> precipitation,
                  std::span<const float> temperature_c, std::span<double> store, std::span<float> liquid,
                  std::span<float> snow_water = {});

/// The store after a series of days from an empty one: run over the first year to spin it up.
double spun_up_snow(const SnowSettings& settings, std::span<const float> precipitation,
                    std::span<const float> temperature_c);

/// With a snow-cover product instead: evaporation is 0 where cover exceeds the limit (Dralle et al. 2021: 10
/// %). cover and limit in per cent; missing cover gives missing evaporation. In place.
void stop_evaporation_under_snow(std::span<float> evaporation, std::span<const float> cover_percent,
                                 double limit_percent = 10.0);

inline constexpr std::array<core::KernelStateField, 2> swe_state_fields{
    {{"last_swe", "snow water equivalent of the last day with one, mm; -1 = none", -1.0},
     {"swe_gap_days", "days without snow water equivalent since", 0.0}}};

struct SweState {
  std::span<double> last_swe, gap_days;
};

/// With snow water equivalent instead: liquid = P − ΔSWE, not below 0; P on the first day with one. A missing
/// SWE gives missing liquid. On the first day after a gap of g days liquid = P − ΔSWE/(g + 1): the mass curve
/// fills the gap with the fluxes at its ends, so that the days of the gap and this one carry the change
/// together, and exactly if snow melted or grew as fast before the gap. mm and days; the state in place.
/// Throws Error(internal) if lengths differ. Pure.
void advance_snow_water_equivalent(std::span<const float> precipitation, std::span<const float> swe_mm,
                                   const SweState& state, std::span<float> liquid);

}  // namespace rootzone::storage
