#include "rootzone/study/twin_weather.hpp"

#include <algorithm>
#include <array>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "rootzone/study/demo_weather.hpp"
#include "rootzone/study/random_field.hpp"

namespace rootzone::study {
namespace {

constexpr std::array<TwinClimate, 8> climates{{
    {"oceanic", 51.0, 850.0, 0.48, 0.12, 340.0, 10.0, 7.5, 0.9, 4.2},
    {"continental", 48.0, 620.0, 0.33, 0.25, 185.0, 8.0, 13.0, 0.4, 4.0},
    {"cold", 58.0, 560.0, 0.40, 0.20, 215.0, 3.0, 13.5, 0.5, 3.0},
    {"mediterranean", 40.0, 560.0, 0.24, 0.80, 355.0, 15.5, 8.5, 0.7, 2.6},
    {"steppe", 42.0, 340.0, 0.19, 0.35, 160.0, 10.0, 13.0, 0.2, 1.4},
    {"semi-arid", 34.0, 260.0, 0.12, 0.50, 220.0, 17.0, 10.0, 0.2, 0.9},
    {"subtropical", 33.0, 1250.0, 0.32, 0.20, 190.0, 18.0, 9.5, 1.2, 4.8},
    {"savanna", 12.0, 950.0, 0.30, 0.95, 225.0, 26.5, 3.0, 0.4, 3.2},
}};

enum Stream : std::uint64_t { site_traits, wetness, amounts, warmth, clouds, surface };

constexpr double rain_persistence = 0.3;
constexpr double rain_shape = 0.7;
constexpr double temperature_memory = 0.75;
constexpr double warmest_day = 205.0;
constexpr double leaf_lag_days = 30.0;

double season(double day, double peak_day) {
  return std::cos(2.0 * std::numbers::pi * (day - peak_day) / 365.0);
}

/// What sets a site apart from its climate's middle.
struct Traits {
  double latitude_deg;
  double rain_factor;
  double warmer_c;
  double leaf_factor;
};

Traits draw_traits(const TwinClimate& climate, const RandomStream& random) {
  const auto uniform = [&](std::uint64_t index, double low, double high) {
    return low + (high - low) * uniform_deviate(random, index);
  };
  return {climate.latitude_deg + uniform(0, -4.0, 4.0), 0.7 * std::pow(2.0, uniform(1, 0.0, 1.0)),
          uniform(2, -2.0, 2.0), uniform(3, 0.6, 1.3)};
}

double rainy_share(const TwinClimate& climate, double day) {
  return std::clamp(climate.rainy_days * (1.0 + climate.rain_swing * season(day, climate.rain_peak_day)),
                    0.005, 0.9);
}

std::vector<double> draw_rain(const TwinClimate& climate, const Traits& traits, std::int64_t days,
                              const RandomStream& wet_random, const RandomStream& amount_random) {
  const double mean_mm = climate.annual_rain_mm * traits.rain_factor / (365.0 * climate.rainy_days);
  std::vector<double> rain(static_cast<std::size_t>(days), 0.0);
  bool was_wet = false;
  for (std::size_t d = 0; d < rain.size(); ++d) {
    const double share = rainy_share(climate, static_cast<double>(d));
    const double chance = share * (1.0 - rain_persistence) + (was_wet ? rain_persistence : 0.0);
    was_wet = uniform_deviate(wet_random, d) < chance;
    if (!was_wet) continue;
    const double amount =
        mean_mm / rain_shape * boost::math::gamma_p_inv(rain_shape, uniform_deviate(amount_random, d));
    rain[d] = amount < 0.1 ? 0.0 : amount;  // below what a gauge records
  }
  return rain;
}

/// Growth follows warmth where it is cold and rain where it is warm.
double leaf_area(const TwinClimate& climate, const Traits& traits, double day) {
  const bool rain_rules = climate.rain_swing > 0.45 && climate.temperature_c > 14.0;
  const double peak = (rain_rules ? climate.rain_peak_day : warmest_day - 15.0) + leaf_lag_days;
  const double growth = std::pow(0.5 + 0.5 * season(day, peak), 1.4);
  return traits.leaf_factor *
         (climate.lowest_leaf_area + (climate.highest_leaf_area - climate.lowest_leaf_area) * growth);
}

}  // namespace

std::span<const TwinClimate> twin_climates() {
  return climates;
}

TwinWeather twin_weather(const TwinClimate& climate, std::int64_t days, std::uint64_t seed,
                         std::uint64_t stream) {
  const auto random = [&](Stream use) { return RandomStream{seed, stream + use}; };
  const Traits traits = draw_traits(climate, random(site_traits));
  TwinWeather weather;
  weather.precipitation_mm = draw_rain(climate, traits, days, random(wetness), random(amounts));
  double anomaly = 0.0;
  for (std::size_t d = 0; d < weather.precipitation_mm.size(); ++d) {
    const auto day = static_cast<double>(d);
    const bool wet = weather.precipitation_mm[d] > 0.0;
    const double summer = season(day, warmest_day);
    anomaly = temperature_memory * anomaly +
              std::sqrt(1.0 - temperature_memory * temperature_memory) * normal_deviate(random(warmth), d);
    const double spread = 1.5 + 0.15 * climate.temperature_swing_c;
    const double air = climate.temperature_c + traits.warmer_c + climate.temperature_swing_c * summer +
                       spread * anomaly - (wet ? 1.0 + summer : 0.0);
    const double noise = normal_deviate(random(clouds), d);
    const double cloud_factor = std::clamp((wet ? 0.75 : 1.1) + 0.12 * noise, 0.3, 1.5);
    const double pet =
        cloud_factor * oudin_evapotranspiration_mm(air, traits.latitude_deg, 1 + static_cast<int>(d % 365));
    weather.temperature_c.push_back(air);
    weather.potential_evapotranspiration_mm.push_back(pet);
    weather.leaf_area_index.push_back(leaf_area(climate, traits, day));
    weather.land_surface_temperature_c.push_back(air + (wet ? 0.2 : 0.8) * pet +
                                                 1.5 * normal_deviate(random(surface), d));
  }
  return weather;
}

}  // namespace rootzone::study
