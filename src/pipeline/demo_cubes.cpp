#include "demo_cubes.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "demo_satellite.hpp"
#include "rootzone/io/cube_file.hpp"
#include "rootzone/io/map_file.hpp"
#include "rootzone/io/projection.hpp"
#include "rootzone/study/random_field.hpp"

namespace rootzone::pipeline {
namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();
constexpr double temperature_cell_deg = 0.05;
constexpr std::int64_t composite_days = 8;
constexpr double evaporation_relative_error = 0.05;

/// Temperature is told on a lat/lon grid of its own.
class TemperatureGrid {
 public:
  TemperatureGrid(const core::Grid& basin, const core::Grid& weather) {
    const core::Extent& e = basin.extent();
    std::vector<double> x{e.xmin, e.xmax, e.xmin, e.xmax};
    std::vector<double> y{e.ymin, e.ymin, e.ymax, e.ymax};
    io::project_points(demo_crs, "EPSG:4326", x, y);
    const auto cells = [](double degrees) { return std::lround(degrees / temperature_cell_deg); };
    const std::int64_t left = cells(std::min(x[0], x[2])) - 2;
    const std::int64_t right = cells(std::max(x[1], x[3])) + 2;
    const std::int64_t bottom = cells(std::min(y[0], y[1])) - 2;
    const std::int64_t top = cells(std::max(y[2], y[3])) + 2;
    const auto degrees = [](std::int64_t cell) { return static_cast<double>(cell) * temperature_cell_deg; };
    m_grid = core::Grid(io::projection_wkt("EPSG:4326"),
                        {degrees(left), degrees(bottom), degrees(right), degrees(top)}, top - bottom,
                        right - left);
    place(weather);
  }

  const core::Grid& grid() const { return m_grid; }

  std::vector<float> kelvin(const std::vector<float>& celsius) const {
    std::vector<float> map(m_corner.size());
    for (std::size_t i = 0; i < map.size(); ++i) {
      const std::size_t first = m_corner[i];
      const float top = (1.0F - m_u[i]) * celsius[first] + m_u[i] * celsius[first + 1];
      const float bottom = (1.0F - m_u[i]) * celsius[first + m_width] + m_u[i] * celsius[first + m_width + 1];
      map[i] = (1.0F - m_v[i]) * top + m_v[i] * bottom + 273.15F;
    }
    return map;
  }

 private:
  /// Bilinear between the centres of the weather cells, clamped at their outermost.
  void place(const core::Grid& weather) {
    m_width = static_cast<std::size_t>(weather.cols());
    for (std::int64_t r = 0; r < m_grid.rows(); ++r) {
      std::vector<double> x;
      std::vector<double> y(static_cast<std::size_t>(m_grid.cols()), m_grid.y_centre(r));
      for (std::int64_t c = 0; c < m_grid.cols(); ++c) x.push_back(m_grid.x_centre(c));
      io::project_points("EPSG:4326", demo_crs, x, y);
      for (std::size_t c = 0; c < x.size(); ++c) {
        const auto inside = [](double position, std::int64_t count) {
          return std::clamp(position - 0.5, 0.0, static_cast<double>(count) - 1.001);
        };
        const double col = inside(weather.fractional_col(x[c]), weather.cols());
        const double row = inside(weather.fractional_row(y[c]), weather.rows());
        m_corner.push_back(static_cast<std::size_t>(row) * m_width + static_cast<std::size_t>(col));
        m_u.push_back(static_cast<float>(col - std::floor(col)));
        m_v.push_back(static_cast<float>(row - std::floor(row)));
      }
    }
  }

  core::Grid m_grid;
  std::size_t m_width = 0;
  std::vector<std::size_t> m_corner;
  std::vector<float> m_u;
  std::vector<float> m_v;
};

/// Precipitation: south-up, packed, hours, each day labelled at its end and without bounds.
io::CubeSpec precipitation_spec(const core::Grid& weather) {
  io::CubeSpec spec;
  spec.variable = "pr";
  spec.long_name = "daily precipitation, labelled at the end of the day";
  spec.standard_name = "precipitation_amount";
  spec.units = "mm";
  spec.cell_methods = "time: sum";
  spec.grid = weather;
  spec.rows = io::RowOrder::south_up;
  spec.with_bounds = false;
  spec.packed = true;
  spec.scale = 0.01;
  spec.offset = 300.0;
  spec.time_unit = io::TimeUnit::hours;
  spec.time_reference = {1990, 1, 1};
  spec.chunk_records = 32;
  return spec;
}

/// Temperature: lat/lon without a CRS, kelvin, labelled at noon, with bounds.
io::CubeSpec temperature_spec(const core::Grid& grid) {
  io::CubeSpec spec;
  spec.variable = "t2m";
  spec.long_name = "air temperature at 2 m, mean of the day";
  spec.standard_name = "air_temperature";
  spec.units = "K";
  spec.cell_methods = "time: mean";
  spec.grid = grid;
  spec.with_grid_mapping = false;
  spec.time_reference = {1900, 1, 1};
  spec.chunk_records = 64;
  return spec;
}

/// Potential evapotranspiration: totals of months, stamped on their first day, with bounds.
io::CubeSpec potential_spec(const core::Grid& weather) {
  io::CubeSpec spec;
  spec.variable = "potential_evapotranspiration";
  spec.long_name = "potential evapotranspiration, total of the month";
  spec.standard_name = "water_potential_evaporation_amount";
  spec.units = "mm";
  spec.cell_methods = "time: sum";
  spec.grid = weather;
  spec.time_reference = {2000, 1, 1};
  return spec;
}

/// Evaporation: totals of 8 days that begin anew each 1 January, packed, in chunks of space and a year.
io::CubeSpec evaporation_spec(const core::Grid& basin) {
  io::CubeSpec spec;
  spec.variable = "evaporation";
  spec.long_name =
      "actual evaporation with interception and transpiration, total of 8 days (5 or 6 at the year's end)";
  spec.standard_name = "water_evapotranspiration_amount";
  spec.units = "mm";
  spec.cell_methods = "time: sum";
  spec.grid = basin;
  spec.packed = true;
  spec.scale = 0.01;
  spec.time_reference = {2000, 1, 1};
  spec.chunk_records = 46;
  spec.chunk_rows = 64;
  spec.chunk_cols = 64;
  return spec;
}

io::CubeSpec truth_spec(const core::Grid& basin) {
  io::CubeSpec spec;
  spec.variable = "root_zone_soil_moisture";
  spec.long_name = "true soil moisture of 10-50 cm, mean of the day";
  spec.units = "m3 m-3";
  spec.cell_methods = "time: mean";
  spec.grid = basin;
  spec.packed = true;
  spec.scale = 1e-4;
  spec.chunk_records = 32;
  return spec;
}

}  // namespace

class DemoCubes::Impl {
 public:
  Impl(const DemoContext& context, const core::Grid& weather)
      : m_context(context),
        m_temperature_grid(context.land.grid(), weather),
        m_precipitation(context.dir / "weather" / "precipitation.nc", precipitation_spec(weather)),
        m_temperature(context.dir / "weather" / "temperature.nc",
                      temperature_spec(m_temperature_grid.grid())),
        m_potential(context.dir / "weather" / "potential_evapotranspiration.nc", potential_spec(weather)),
        m_evaporation(context.dir / "evaporation" / "evaporation_8day.nc",
                      evaporation_spec(context.land.grid())),
        m_truth(context.dir / "truth" / "root_zone_soil_moisture.nc", truth_spec(context.land.grid())),
        m_month(static_cast<std::size_t>(weather.cells())),
        m_composite(static_cast<std::size_t>(context.land.cells())),
        m_deficit(m_composite.size()),
        m_record_deficit(m_composite.size()) {}

  void write(std::span<const study::BasinDay> days) {
    for (const study::BasinDay& day : days) {
      const auto number = static_cast<double>(core::day_number(day.date, core::Calendar::standard));
      m_precipitation.append({number + 1.0, number, number + 1.0, false, {}}, day.weather.precipitation_mm);
      m_temperature.append({number + 0.5, number, number + 1.0, true, {}},
                           m_temperature_grid.kelvin(day.weather.temperature_c));
      add_to_month(day, number);
      add_to_composite(day, number);
      add_to_deficit(day);
      if (m_context.moisture_axis.index(day.date))
        m_truth.append({number + 0.5, number, number + 1.0, true, {}}, day.root_zone_moisture);
    }
    m_context.parallel_for(static_cast<std::int64_t>(days.size()), [&](std::int64_t d) {
      const study::BasinDay& day = days[static_cast<std::size_t>(d)];
      if (m_context.moisture_axis.index(day.date)) write_demo_satellite_day(m_context, day);
    });
  }

  void finish() {
    for (io::CubeFile* file : {&m_precipitation, &m_temperature, &m_potential, &m_evaporation, &m_truth})
      file->finish();
    const core::Grid& grid = m_context.land.grid();
    std::vector<float> deficit;
    std::vector<float> available;
    for (std::size_t i = 0; i < m_record_deficit.size(); ++i) {
      const bool land = m_context.land.cover()[i] != study::LandCover::water;
      deficit.push_back(land ? static_cast<float>(m_record_deficit[i]) : missing);
      available.push_back(
          land ? static_cast<float>(m_context.land.available_water_mm(static_cast<std::int64_t>(i)))
               : missing);
    }
    io::write_map(m_context.dir / "truth" / "record_maximum_deficit.tif",
                  {grid, io::MapType::float32, -9999.0, 1.0, 0.0, "largest deficit of the record", "mm", {}},
                  deficit);
    io::write_map(
        m_context.dir / "truth" / "available_water_capacity.tif",
        {grid, io::MapType::float32, -9999.0, 1.0, 0.0, "available water of the rooted depth", "mm", {}},
        available);
  }

 private:
  void add_to_month(const study::BasinDay& day, double number) {
    for (std::size_t i = 0; i < m_month.size(); ++i)
      m_month[i] += static_cast<double>(day.weather.potential_evapotranspiration_mm[i]);
    const int length = core::days_in_month(day.date.year, day.date.month, core::Calendar::standard);
    if (day.date.day != length) return;
    const double first = number - length + 1.0;
    m_potential.append({first, first, number + 1.0, true, {}},
                       std::vector<float>(m_month.begin(), m_month.end()));
    std::fill(m_month.begin(), m_month.end(), 0.0);
  }

  void add_to_composite(const study::BasinDay& day, double number) {
    for (std::size_t i = 0; i < m_composite.size(); ++i)
      m_composite[i] += static_cast<double>(day.evaporation_mm[i]);  // NaN on water stays NaN
    ++m_days_in_composite;
    const bool year_ends = day.date.month == 12 && day.date.day == 31;
    if (m_days_in_composite < composite_days && !year_ends) return;
    std::vector<float> map(m_composite.size());
    for (std::size_t i = 0; i < map.size(); ++i) {
      const double error =
          study::normal_deviate({m_context.options.seed, evaporation_noise}, m_composites * map.size() + i);
      map[i] = static_cast<float>(m_composite[i] * std::max(0.5, 1.0 + evaporation_relative_error * error));
    }
    const double first = number + 1.0 - static_cast<double>(m_days_in_composite);
    m_evaporation.append({first, first, number + 1.0, true, {}}, map);
    std::fill(m_composite.begin(), m_composite.end(), 0.0);
    m_days_in_composite = 0;
    ++m_composites;
  }

  void add_to_deficit(const study::BasinDay& day) {
    for (std::size_t i = 0; i < m_deficit.size(); ++i) {
      m_deficit[i] = std::max(0.0, m_deficit[i] + static_cast<double>(day.evaporation_mm[i]) -
                                       static_cast<double>(day.inflow_mm[i]));
      m_record_deficit[i] = std::max(m_record_deficit[i], m_deficit[i]);
    }
  }

  const DemoContext& m_context;
  TemperatureGrid m_temperature_grid;
  io::CubeFile m_precipitation;
  io::CubeFile m_temperature;
  io::CubeFile m_potential;
  io::CubeFile m_evaporation;
  io::CubeFile m_truth;
  std::vector<double> m_month;
  std::vector<double> m_composite;
  std::int64_t m_days_in_composite = 0;
  std::uint64_t m_composites = 0;
  std::vector<double> m_deficit;
  std::vector<double> m_record_deficit;
};

DemoCubes::DemoCubes(const DemoContext& context, const core::Grid& weather_grid)
    : m_impl(std::make_unique<Impl>(context, weather_grid)) {}
DemoCubes::~DemoCubes() = default;

void DemoCubes::write(std::span<const study::BasinDay> days) {
  m_impl->write(days);
}
void DemoCubes::finish() {
  m_impl->finish();
}

}  // namespace rootzone::pipeline
