#include "calibration_soil.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "rootzone/core/error.hpp"
#include "rootzone/io/crs.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/stats/quantile.hpp"
#include "rootzone/study/texture_class.hpp"
#include "shipped.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;

constexpr double largest_to_porosity = 1.02;
constexpr double field_capacity_quantile = 0.75;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

struct Texture {
  double sand = not_a_number;
  double clay = not_a_number;
};

/// Thickness-weighted mean of an ISMN static variable over a zone; NaN if the station has none there.
double static_mean(const StationOnDays& station, const std::string& quantity,
                   const std::array<double, 2>& zone_cm) {
  double sum = 0.0, thickness = 0.0;
  for (const io::StaticVariable& variable : station.static_variables) {
    if (variable.quantity != quantity || std::isnan(variable.value) || std::isnan(variable.depth_to_m))
      continue;
    const double top = std::max(zone_cm[0] / 100.0, variable.depth_from_m);
    const double bottom = std::min(zone_cm[1] / 100.0, variable.depth_to_m);
    if (!(bottom > top)) continue;
    sum += (bottom - top) * variable.value;
    thickness += bottom - top;
  }
  return thickness > 0.0 ? sum / thickness : not_a_number;
}

std::string percent_text(double value) {
  return std::isnan(value) ? "missing" : io::shortest_number(std::round(10.0 * value) / 10.0) + " %";
}

bool is_porosity(double value) {
  return value > 0.0 && value <= 1.0;
}

std::vector<double> valid_values(std::span<const float> series, study::DayRange days) {
  std::vector<double> valid;
  for (auto day = days.first; day < days.end; ++day)
    if (const float value = series[static_cast<std::size_t>(day)]; std::isfinite(value))
      valid.push_back(static_cast<double>(value));
  return valid;
}

}  // namespace

std::vector<std::optional<study::CellWeights>> station_cells(const Configuration& configuration,
                                                             const core::Grid& grid,
                                                             const StationData& stations) {
  const bool on_stations = configuration.grid.stations;
  const auto how = !on_stations && configuration.validation->bilinear ? study::Matching::bilinear
                                                                      : study::Matching::nearest;
  std::vector<io::LonLat> points;
  for (const StationOnDays& station : stations.stations)
    points.push_back({station.longitude, station.latitude});
  const auto places =
      on_stations ? std::vector<std::optional<io::GridPosition>>(points.size()) : io::locate(grid, points);
  std::vector<std::optional<study::CellWeights>> cells;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!on_stations && !places[i]) {
      cells.emplace_back();
      continue;
    }
    const double row = on_stations ? 0.5 : places[i]->fractional_row;
    const double col = on_stations ? static_cast<double>(i) + 0.5 : places[i]->fractional_col;
    cells.push_back(study::match_cells(grid.rows(), grid.cols(), row, col, how));
  }
  return cells;
}

double sample_at(const nlohmann::json& number_or_name, const std::string& units, const std::string& who,
                 InputCatalog& catalog, const study::CellWeights& cells) {
  if (number_or_name.is_number()) return number_or_name.get<double>();
  const LayerPointer layer = catalog.layer(number_or_name.get<std::string>(), units, who);
  if (!layer) return not_a_number;
  std::vector<float> values;
  for (int i = 0; i < cells.count; ++i) {
    const auto& cell = cells.cells[static_cast<std::size_t>(i)];
    values.push_back((*layer)[static_cast<std::size_t>(cell.row * catalog.grid().cols() + cell.col)]);
  }
  return static_cast<double>(study::weigh_cells(cells, values).value);
}

CalibrationSoil::CalibrationSoil(const CalibrationSetup& setup, InputCatalog& catalog)
    : m_setup(setup), m_catalog(catalog) {
  const auto& sets = setup.covariates;
  if (std::find(sets.begin(), sets.end(), Covariates::p2) != sets.end()) read_table();
}

void CalibrationSoil::read_table() {
  const auto path = shipped_file(m_setup.texture_table, "texture", ".csv");
  const io::CsvTable table = io::CsvTable::read(path);
  const std::size_t name = table.column("class");
  const std::size_t porosity = table.column("porosity");
  const std::size_t field_capacity = table.column("field_capacity");
  for (std::size_t row = 0; row < table.rows(); ++row)
    m_classes[table.text(row, name)] = {table.number(row, porosity), table.number(row, field_capacity)};
  for (const std::string_view one : study::texture_class_names) {
    const auto found = m_classes.find(one);
    if (found != m_classes.end() && is_porosity(found->second.porosity) &&
        is_porosity(found->second.field_capacity))
      continue;
    throw Error(ErrorKind::data,
                path.string() + ": expected porosity and field_capacity in (0, 1] for the class \"" +
                    std::string(one) + "\"" + (found == m_classes.end() ? ", found no such row" : ""));
  }
}

SiteSoil CalibrationSoil::from_maps(const RootZoneSetup& zone, const study::CellWeights& cells) const {
  const auto at = [&](const nlohmann::json& entry, const char* key) {
    return sample_at(entry, "m3 m-3", std::string("[calibration] ") + key, m_catalog, cells);
  };
  SiteSoil soil;
  soil.surface_porosity = at(m_setup.porosity_surface, "porosity_surface");
  soil.root_zone_porosity = at(zone.porosity, "porosity");
  soil.field_capacity = at(zone.field_capacity, "field_capacity");
  soil.origin = "soil maps";
  const auto check = [&](double value, const char* what) {
    if (soil.problem.empty() && !is_porosity(value))
      soil.problem =
          std::string(what) + (std::isnan(value) ? " is missing there"
                                                 : " is " + io::shortest_number(value) +
                                                       " m3 m-3 there, expected a value in (0, 1]");
  };
  check(soil.surface_porosity, "the surface porosity");
  check(soil.root_zone_porosity, "the root zone's porosity");
  check(soil.field_capacity, "the root zone's field capacity");
  return soil;
}

SiteSoil CalibrationSoil::from_texture(const RootZoneSetup& zone, const study::CellWeights& cells,
                                       const StationOnDays& station) const {
  const auto texture_of = [&](const nlohmann::json& sand, const nlohmann::json& clay,
                              const std::array<double, 2>& depth_cm) {
    if (m_setup.texture_from_stations)
      return Texture{static_mean(station, "sand fraction", depth_cm),
                     static_mean(station, "clay fraction", depth_cm)};
    return Texture{sample_at(sand, "%", "[calibration] sand", m_catalog, cells),
                   sample_at(clay, "%", "[calibration] clay", m_catalog, cells)};
  };
  const Texture surface = texture_of(m_setup.sand_surface, m_setup.clay_surface, m_setup.surface_zone_cm);
  const Texture root_zone = texture_of(zone.sand, zone.clay, zone.depth_cm);
  SiteSoil soil;
  const auto class_of = [&](const Texture& texture, const char* where) {
    const auto found = study::texture_class(texture.sand, texture.clay);
    if (!found && soil.problem.empty())
      soil.problem = std::string("no texture class for the ") + where + ": sand " +
                     percent_text(texture.sand) + ", clay " + percent_text(texture.clay);
    return found;
  };
  const auto top = class_of(surface, "surface");
  const auto below = class_of(root_zone, "root zone");
  if (!top || !below) return soil;
  soil.surface_porosity = m_classes.find(study::name_of(*top))->second.porosity;
  soil.root_zone_porosity = m_classes.find(study::name_of(*below))->second.porosity;
  soil.field_capacity = m_classes.find(study::name_of(*below))->second.field_capacity;
  soil.origin = std::string(study::name_of(*top)) + " over " + std::string(study::name_of(*below));
  return soil;
}

SiteSoil soil_from_series(std::span<const float> surface, std::span<const float> root_zone,
                          study::DayRange calibration) {
  SiteSoil soil;
  const std::vector<double> top = valid_values(surface, calibration);
  const std::vector<double> below = valid_values(root_zone, calibration);
  if (top.empty() || below.empty()) {
    soil.problem =
        "the calibration period has no value of the " + std::string(top.empty() ? "surface" : "root zone");
    return soil;
  }
  const auto porosity = [](const std::vector<double>& values) {
    return std::min(1.0, largest_to_porosity * *std::max_element(values.begin(), values.end()));
  };
  soil.surface_porosity = porosity(top);
  soil.root_zone_porosity = porosity(below);
  soil.field_capacity =
      std::min(1.0, stats::quantile(std::span<const double>(below), field_capacity_quantile));
  soil.origin = "1.02 × largest value and 75th percentile of the calibration period";
  if (!is_porosity(soil.surface_porosity) || !is_porosity(soil.root_zone_porosity) ||
      soil.field_capacity < 0.0)
    soil.problem = "the series has no positive moisture to take a porosity from";
  return soil;
}

}  // namespace rootzone::pipeline
