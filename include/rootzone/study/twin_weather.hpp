#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace rootzone::study {

/// A climate as the weather generator sees it. Seasons are cosines of the year; a "swing" is half the
/// difference between the extremes.
struct TwinClimate {
  std::string_view name;
  double latitude_deg;         ///< middle of its belt; a site lies within ±4°
  double annual_rain_mm;       ///< of the middle; a site has 0.7 … 1.4 times this
  double rainy_days;           ///< share of days with rain, mean of the year
  double rain_swing;           ///< of that share, relative; 1 = a season without rain
  double rain_peak_day;        ///< day of year of the wettest time, northern hemisphere
  double temperature_c;        ///< mean of the year
  double temperature_swing_c;  ///< warmest in late July
  double lowest_leaf_area;     ///< leaf area index in the resting season
  double highest_leaf_area;    ///< at the height of the growing season
};

/// The climates of the twin sites: polar and desert margins are left out, as field networks leave them out.
std::span<const TwinClimate> twin_climates();

/// Daily weather of one site, all of one length.
struct TwinWeather {
  std::vector<double> precipitation_mm;
  std::vector<double> temperature_c;
  std::vector<double> land_surface_temperature_c;
  std::vector<double> potential_evapotranspiration_mm;
  std::vector<double> leaf_area_index;
};

/// Draw one site's weather, day by day from 1 January of a year of 365 days.
/// Rain: a two-state Markov chain (Richardson 1981) of persistence 0.3 whose rainy share follows the season,
/// amounts gamma with shape 0.7. Temperature: season plus an AR(1) of memory 0.75, cooler on rainy summer
/// days. PET: Oudin et al. (2005), times a cloudiness factor (0.75 on rainy, 1.1 on dry days) with noise.
/// Leaf area: a cycle that lags temperature or rain, whichever is short, by 30 days. Land-surface
/// temperature: air temperature plus the excess of dry sunny days, noise 1.5 K. Every site has its own totals
/// and its own deviations. Uses the streams stream … stream + 6 of the seed. The same for the same arguments.
/// Pure.
TwinWeather twin_weather(const TwinClimate& climate, std::int64_t days, std::uint64_t seed,
                         std::uint64_t stream);

}  // namespace rootzone::study
