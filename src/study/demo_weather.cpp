#include "rootzone/study/demo_weather.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "rootzone/core/calendar.hpp"
#include "rootzone/study/random_field.hpp"

namespace rootzone::study {
namespace {

enum Stream : std::uint64_t {
  rain_noise = 101,
  warmth_noise,
  region_noise,
  slow_noise,
  season_noise,
  quarter_noise
};

// Persistence from day to day of the parts of the weather.
constexpr double region_memory = 0.55;
constexpr double slow_memory = 0.97;
constexpr double local_memory = 0.35;
constexpr double warmth_memory = 0.78;
constexpr double warmth_field_memory = 0.5;
// Shares of the parts in the variable whose excess over a threshold is rain.
constexpr double region_share = 0.62;
constexpr double local_share = 0.68;
constexpr double slow_share = 0.20;
constexpr double rain_power = 1.5;

double step(double value, double memory, double news) {
  return memory * value + std::sqrt(1.0 - memory * memory) * news;
}

double year_angle(double day_of_year) {
  return 2.0 * std::numbers::pi * day_of_year / 365.25;
}

/// Wettest in May and October to November, driest in January, as at the southern foot of the Alps.
double rain_threshold(int day_of_year) {
  const double angle = year_angle(day_of_year - 20.0);
  return 0.64 + 0.10 * std::cos(angle) + 0.11 * std::cos(2.0 * angle);
}

double rain_amount_mm(int day_of_year) {
  return 17.5 - 3.0 * std::cos(year_angle(day_of_year - 20.0));
}

core::Grid weather_grid(const core::Grid& land, std::int64_t factor) {
  const std::int64_t rows = (land.rows() + factor - 1) / factor + 2;
  const std::int64_t cols = (land.cols() + factor - 1) / factor + 2;
  const double width = land.dx() * static_cast<double>(factor);
  const double height = land.dy() * static_cast<double>(factor);
  const double left = land.extent().xmin - width;
  const double top = land.extent().ymax + height;
  return core::Grid(
      land.crs_wkt(),
      {left, top - height * static_cast<double>(rows), left + width * static_cast<double>(cols), top}, rows,
      cols);
}

/// Mean elevation of each weather cell; beyond the land's edge the edge goes on.
std::vector<double> mean_elevation(const DemoLand& land, const core::Grid& grid, std::int64_t factor) {
  std::vector<double> mean(static_cast<std::size_t>(grid.cells()));
  for (std::int64_t row = 0; row < grid.rows(); ++row)
    for (std::int64_t col = 0; col < grid.cols(); ++col) {
      double sum = 0.0;
      for (std::int64_t r = 0; r < factor; ++r)
        for (std::int64_t c = 0; c < factor; ++c) {
          const std::int64_t land_row =
              std::clamp<std::int64_t>((row - 1) * factor + r, 0, land.grid().rows() - 1);
          const std::int64_t land_col =
              std::clamp<std::int64_t>((col - 1) * factor + c, 0, land.grid().cols() - 1);
          sum += land.elevation_m()[static_cast<std::size_t>(land_row * land.grid().cols() + land_col)];
        }
      mean[static_cast<std::size_t>(row * grid.cols() + col)] = sum / static_cast<double>(factor * factor);
    }
  return mean;
}

}  // namespace

struct DemoWeather::Innovations {
  std::vector<double> rain;
  std::vector<double> warmth_field;
  double region = 0.0;
  double slow = 0.0;
  double warmth = 0.0;
};

double oudin_evapotranspiration_mm(double temperature_c, double latitude_deg, int day_of_year) {
  if (temperature_c <= -5.0) return 0.0;
  const double latitude = latitude_deg * std::numbers::pi / 180.0;
  const double angle = 2.0 * std::numbers::pi * day_of_year / 365.0;
  const double distance = 1.0 + 0.033 * std::cos(angle);
  const double declination = 0.409 * std::sin(angle - 1.39);
  const double sunset = std::acos(std::clamp(-std::tan(latitude) * std::tan(declination), -1.0, 1.0));
  const double radiation = 24.0 * 60.0 / std::numbers::pi * 0.0820 * distance *
                           (sunset * std::sin(latitude) * std::sin(declination) +
                            std::cos(latitude) * std::cos(declination) * std::sin(sunset));  // MJ m-2 d-1
  return radiation / 2.45 * (temperature_c + 5.0) / 100.0;
}

DemoWeather::DemoWeather(const DemoLand& land, std::int64_t factor, double latitude_deg, std::uint64_t seed)
    : m_grid(weather_grid(land.grid(), factor)),
      m_elevation_m(mean_elevation(land, m_grid, factor)),
      m_latitude_deg(latitude_deg),
      m_length_cells(std::max(0.8, 0.14 * static_cast<double>(std::max(m_grid.rows(), m_grid.cols())))),
      m_seed(seed),
      m_rain_field(m_elevation_m.size()),
      m_warmth_field(m_elevation_m.size()) {}

DemoWeather::Innovations DemoWeather::draw(std::uint64_t index) const {
  const std::uint64_t first = index * gaussian_field_draws(m_grid.rows(), m_grid.cols(), m_length_cells);
  return {gaussian_field(m_grid.rows(), m_grid.cols(), m_length_cells, {m_seed, rain_noise}, first),
          gaussian_field(m_grid.rows(), m_grid.cols(), m_length_cells, {m_seed, warmth_noise}, first),
          normal_deviate({m_seed, region_noise}, index), normal_deviate({m_seed, slow_noise}, index),
          normal_deviate({m_seed, season_noise}, index)};
}

void DemoWeather::advance(const Innovations& news) {
  m_region = step(m_region, region_memory, news.region);
  m_slow = step(m_slow, slow_memory, news.slow);
  m_warmth = step(m_warmth, warmth_memory, news.warmth);
  for (std::size_t i = 0; i < m_rain_field.size(); ++i) {
    m_rain_field[i] = step(m_rain_field[i], local_memory, news.rain[i]);
    m_warmth_field[i] = step(m_warmth_field[i], warmth_field_memory, news.warmth_field[i]);
  }
}

WeatherDay DemoWeather::day(int day_of_year, std::uint64_t index) const {
  const double season = std::cos(year_angle(day_of_year - 17.0));  // 1 in mid-January
  const double normal_temperature = 14.2 - 10.6 * season;
  const double threshold = rain_threshold(day_of_year);
  const double amount = rain_amount_mm(day_of_year);
  WeatherDay weather;
  weather.rain_hours = 7.0 + 3.0 * season;
  weather.rain_quarter = static_cast<int>(random_bits({m_seed, quarter_noise}, index) % column_quarters);
  for (std::size_t i = 0; i < m_rain_field.size(); ++i) {
    const double moist = region_share * m_region + local_share * m_rain_field[i] + slow_share * m_slow;
    const double lifting = std::min(1.7, 0.88 + 0.40 * m_elevation_m[i] / 1000.0);
    double rain = moist > threshold ? amount * lifting * std::pow(moist - threshold, rain_power) : 0.0;
    if (rain < 0.1) rain = 0.0;  // below what a gauge records
    const double cooling = (1.0 - season) * std::min(1.0, rain / 10.0);
    const double sea_level = normal_temperature + 2.6 * m_warmth + 0.7 * m_warmth_field[i] - cooling;
    const double temperature = sea_level - lapse_rate_c_per_m * m_elevation_m[i];
    weather.precipitation_mm.push_back(static_cast<float>(rain));
    weather.sea_level_temperature_c.push_back(static_cast<float>(sea_level));
    weather.temperature_c.push_back(static_cast<float>(temperature));
    weather.potential_evapotranspiration_mm.push_back(
        static_cast<float>(oudin_evapotranspiration_mm(temperature, m_latitude_deg, day_of_year)));
  }
  return weather;
}

std::vector<WeatherDay> DemoWeather::next(std::int64_t first_day, std::int64_t days,
                                          const core::ParallelFor& parallel_for) {
  std::vector<Innovations> news(static_cast<std::size_t>(days));
  parallel_for(days, [&](std::int64_t d) {
    news[static_cast<std::size_t>(d)] = draw(m_days + static_cast<std::uint64_t>(d));
  });
  std::vector<WeatherDay> weather;
  for (std::int64_t d = 0; d < days; ++d) {
    advance(news[static_cast<std::size_t>(d)]);
    const core::Date date = core::date_of(first_day + d, core::Calendar::proleptic_gregorian);
    weather.push_back(day(core::day_of_year(date, core::Calendar::proleptic_gregorian), m_days));
    ++m_days;
  }
  return weather;
}

}  // namespace rootzone::study
