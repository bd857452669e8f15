#include "demo_stations.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "demo_ismn.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/projection.hpp"
#include "rootzone/study/random_field.hpp"

namespace rootzone::pipeline {
namespace {

constexpr double highest_station_m = 1500.0;

/// What makes two sites differ, each part about 1 for a clear difference.
using Character = std::array<double, 6>;

Character character(const study::DemoLand& land, std::int64_t cell) {
  const study::SoilSample soil = land.soil(cell, 10.0, 50.0);
  const core::Grid& grid = land.grid();
  const auto i = static_cast<std::size_t>(cell);
  return {soil.sand_percent / 12.0,
          soil.clay_percent / 8.0,
          soil.bulk_density_g_cm3 / 0.12,
          land.depth_to_bedrock_m()[i] / 30.0,
          4.0 * static_cast<double>(cell % grid.cols()) / static_cast<double>(grid.cols()),
          4.0 * static_cast<double>(cell / grid.cols()) / static_cast<double>(grid.rows())};
}

double distance(const Character& a, const Character& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

std::vector<std::int64_t> candidates(const study::DemoLand& land) {
  std::vector<std::int64_t> cells;
  const core::Grid& grid = land.grid();
  for (std::int64_t cell = 0; cell < land.cells(); ++cell) {
    const auto i = static_cast<std::size_t>(cell);
    const study::LandCover cover = land.cover()[i];
    if (cover != study::LandCover::water && cover != study::LandCover::urban &&
        land.elevation_m()[i] < highest_station_m &&
        land.inside(grid.x_centre(cell % grid.cols()), grid.y_centre(cell / grid.cols())))
      cells.push_back(cell);
  }
  return cells;
}

DemoStation make_station(const study::DemoLand& land, std::int64_t cell, std::size_t number,
                         std::uint64_t seed) {
  const core::Grid& grid = land.grid();
  // Off the centre of the cell, as sites are.
  std::array<double, 1> x{grid.x_centre(cell % grid.cols()) +
                          0.6 * grid.dx() *
                              (study::uniform_deviate({seed, station_choice}, 2 * number) - 0.5)};
  std::array<double, 1> y{grid.y_centre(cell / grid.cols()) +
                          0.6 * grid.dy() *
                              (study::uniform_deviate({seed, station_choice}, 2 * number + 1) - 0.5)};
  io::project_points(demo_crs, "EPSG:4326", x, y);
  std::string name = std::to_string(number + 1);
  name = "Site-" + std::string(name.size() < 2 ? "0" : "") + name;
  return {name, cell, x[0], y[0]};
}

std::string fixed(double value, int decimals) {
  std::array<char, 32> text{};
  const int length = std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return std::string(text.data(), static_cast<std::size_t>(length));
}

}  // namespace

std::vector<DemoStation> choose_demo_stations(const study::DemoLand& land, const DemoOptions& options) {
  const std::vector<std::int64_t> cells = candidates(land);
  if (static_cast<std::int64_t>(cells.size()) < options.stations)
    throw core::Error(core::ErrorKind::usage, "the demo basin has room for " + std::to_string(cells.size()) +
                                                  " stations, found --stations " +
                                                  std::to_string(options.stations) +
                                                  "; ask for fewer, or for more rows and columns");
  std::vector<Character> characters;
  for (const std::int64_t cell : cells) characters.push_back(character(land, cell));
  std::vector<double> nearest(cells.size(), std::numeric_limits<double>::infinity());
  // The first: the candidate nearest to the middle of the list, which is near the middle of the basin.
  std::size_t next = cells.size() / 2;
  std::vector<DemoStation> stations;
  for (std::size_t number = 0; number < static_cast<std::size_t>(options.stations); ++number) {
    stations.push_back(make_station(land, cells[next], number, options.seed));
    for (std::size_t i = 0; i < cells.size(); ++i)
      nearest[i] = std::min(nearest[i], distance(characters[i], characters[next]));
    nearest[next] = -1.0;
    next = static_cast<std::size_t>(std::max_element(nearest.begin(), nearest.end()) - nearest.begin());
  }
  return stations;
}

DemoStationRecord::DemoStationRecord(const DemoContext& context, std::vector<DemoStation> stations)
    : m_context(context), m_stations(std::move(stations)), m_traces(m_stations.size()) {}

std::vector<std::int64_t> DemoStationRecord::cells() const {
  std::vector<std::int64_t> cells;
  for (const DemoStation& station : m_stations) cells.push_back(station.cell);
  return cells;
}

void DemoStationRecord::add(std::span<const study::BasinDay> days) {
  for (const study::BasinDay& day : days) {
    m_site.push_back(day.traces.front());
    if (!m_context.moisture_axis.index(day.date)) continue;
    for (std::size_t station = 0; station < m_traces.size(); ++station)
      m_traces[station].push_back(day.traces[station]);
  }
}

std::string DemoStationRecord::site_series() const {
  std::string csv =
      "date,precipitation_mm,potential_evapotranspiration_mm,evaporation_mm,surface_soil_moisture,leaf_area_"
      "index,"
      "land_surface_temperature_c,soil_moisture_5cm,soil_moisture_10cm,soil_moisture_20cm,soil_moisture_30cm,"
      "soil_moisture_50cm\n";
  const study::LandCover cover = m_context.land.cover()[static_cast<std::size_t>(m_stations.front().cell)];
  for (std::size_t day = 0; day < m_site.size(); ++day) {
    const core::Date date = m_context.storage_axis.date(static_cast<std::int64_t>(day));
    const study::CellTrace& site = m_site[day];
    const bool with_moisture = m_context.moisture_axis.index(date).has_value();
    csv +=
        core::iso_date(date) + ',' + fixed(site.precipitation_mm, 2) + ',' +
        fixed(site.potential_evapotranspiration_mm, 3) + ',' + fixed(site.evaporation_mm, 3) + ',' +
        (with_moisture ? fixed(site.mean_moisture_at(2.5), 4) : "") + ',' +
        fixed(study::DemoLand::leaf_area_index(cover, core::day_of_year(date, core::Calendar::standard)), 2) +
        ',' + fixed(site.temperature_c, 2);
    for (const double depth_cm : demo_sensor_depths_cm)
      csv += "," + (with_moisture ? fixed(site.mean_moisture_at(depth_cm), 4) : std::string());
    csv += '\n';
  }
  return csv;
}

void DemoStationRecord::write() const {
  write_demo_text(m_context.dir / "site_series.csv", site_series());
  const std::size_t depths = demo_sensor_depths_cm.size();
  for (const DemoStation& station : m_stations)
    make_demo_folder(m_context.dir / "stations" / demo_network / station.name);
  m_context.parallel_for(static_cast<std::int64_t>(m_stations.size() * depths), [&](std::int64_t job) {
    const auto sensor = static_cast<std::size_t>(job);
    const std::size_t station = sensor / depths;
    write_ismn_sensor(m_context, m_stations[station], {station, sensor % depths}, m_traces[station]);
  });
  for (std::size_t station = 0; station < m_stations.size(); ++station)
    write_ismn_static_variables(m_context, m_stations[station], station);
}

}  // namespace rootzone::pipeline
