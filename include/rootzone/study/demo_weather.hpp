#pragma once
#include <cstdint>
#include <vector>

#include "rootzone/core/grid.hpp"
#include "rootzone/core/parallel.hpp"
#include "rootzone/core/time_axis.hpp"
#include "rootzone/study/demo_land.hpp"

namespace rootzone::study {

/// One day's weather on the weather grid (row 0 north).
struct WeatherDay {
  std::vector<float> precipitation_mm;
  std::vector<float> sea_level_temperature_c;
  std::vector<float> temperature_c;  ///< at the cell's mean elevation
  std::vector<float> potential_evapotranspiration_mm;
  double rain_hours = 8.0;
  int rain_quarter = 0;
};

/// Air cools by this much with height.
inline constexpr double lapse_rate_c_per_m = 0.006;

/// Potential evapotranspiration from temperature (Oudin et al. 2005), mm/d: Ra/(λρ)·(T + 5)/100 above −5 °C,
/// Ra by FAO 56 (Allen et al. 1998, Eq. 21), λρ = 2.45 MJ per kg and mm.
double oudin_evapotranspiration_mm(double temperature_c, double latitude_deg, int day_of_year);

/// A generator of daily weather over the basin: a regional and a local Gaussian field, correlated in time,
/// give rain where they pass a seasonal threshold; temperature follows season, weather and height.
/// Days come in order, in chunks; the chunking does not change them.
class DemoWeather {
 public:
  /// The weather grid has cells of `factor` land cells and one ring of cells beyond the land's grid.
  DemoWeather(const DemoLand& land, std::int64_t factor, double latitude_deg, std::uint64_t seed);

  const core::Grid& grid() const { return m_grid; }
  const std::vector<double>& elevation_m() const { return m_elevation_m; }
  /// The next days, the first being `first_day` (days since 1970-01-01, proleptic Gregorian) on the first
  /// call.
  std::vector<WeatherDay> next(std::int64_t first_day, std::int64_t days,
                               const core::ParallelFor& parallel_for);

 private:
  struct Innovations;
  Innovations draw(std::uint64_t index) const;
  void advance(const Innovations& news);
  WeatherDay day(int day_of_year, std::uint64_t index) const;

  core::Grid m_grid;
  std::vector<double> m_elevation_m;
  double m_latitude_deg;
  double m_length_cells;
  std::uint64_t m_seed;
  std::uint64_t m_days = 0;
  double m_region = 0.0;  ///< passing weather
  double m_slow = 0.0;    ///< wet and dry spells of months
  double m_warmth = 0.0;
  std::vector<double> m_rain_field;
  std::vector<double> m_warmth_field;
};

}  // namespace rootzone::study
