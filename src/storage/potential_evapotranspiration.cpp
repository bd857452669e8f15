#include "rootzone/storage/potential_evapotranspiration.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "rootzone/core/error.hpp"

namespace rootzone::storage {

double extraterrestrial_radiation(double latitude_degrees, int day_of_year) {
  if (!(latitude_degrees >= -90.0 && latitude_degrees <= 90.0))
    return std::numeric_limits<double>::quiet_NaN();
  constexpr double pi = std::numbers::pi;
  constexpr double solar_constant = 0.0820;  // MJ m⁻² min⁻¹
  constexpr double minutes_per_day = 1440.0;
  const double latitude = latitude_degrees * pi / 180.0;
  const double season = 2.0 * pi * static_cast<double>(day_of_year) / 365.0;
  const double inverse_distance = 1.0 + 0.033 * std::cos(season);
  const double declination = 0.409 * std::sin(season - 1.39);
  // Beyond the polar circles the sun does not set or rise: the cosine leaves [−1, 1].
  const double cosine = std::clamp(-std::tan(latitude) * std::tan(declination), -1.0, 1.0);
  const double sunset = std::acos(cosine);
  const double radiation = minutes_per_day / pi * solar_constant * inverse_distance *
                           (sunset * std::sin(latitude) * std::sin(declination) +
                            std::cos(latitude) * std::cos(declination) * std::sin(sunset));
  return std::max(0.0, radiation);
}

double oudin_potential_evapotranspiration(double radiation, double temperature_c) {
  constexpr double mm_per_m = 1000.0;
  if (std::isnan(radiation) || std::isnan(temperature_c)) return radiation + temperature_c;
  if (temperature_c <= -5.0) return 0.0;
  return mm_per_m * radiation / (latent_heat_mj_per_kg * water_density_kg_per_m3) * (temperature_c + 5.0) /
         100.0;
}

void oudin_potential_evapotranspiration(std::span<const float> latitude_degrees, int day_of_year,
                                        std::span<const float> temperature_c,
                                        std::span<float> out_mm_per_day) {
  const std::size_t n = temperature_c.size();
  if (latitude_degrees.size() != n || out_mm_per_day.size() != n)
    throw core::Error(core::ErrorKind::internal,
                      "oudin_potential_evapotranspiration: the spans differ in length");
  // Neighbours on a row of a geographic grid share their latitude, and with it the radiation.
  float last_latitude = std::numeric_limits<float>::quiet_NaN();
  double radiation = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < n; ++i) {
    if (latitude_degrees[i] != last_latitude) {
      last_latitude = latitude_degrees[i];
      radiation = extraterrestrial_radiation(last_latitude, day_of_year);
    }
    out_mm_per_day[i] = static_cast<float>(oudin_potential_evapotranspiration(radiation, temperature_c[i]));
  }
}

}  // namespace rootzone::storage
