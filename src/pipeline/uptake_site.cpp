#include "uptake_site.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rootzone/core/error.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "rootzone/uptake/layers.hpp"
#include "uptake_sensors.hpp"
#include "uptake_soil.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double cell_cm = 1.0;

/// Half-way between sensors, the lowest layer as far below its sensor as above it.
std::vector<double> sensor_layers(const std::vector<DepthSeries>& depths) {
  std::vector<double> thickness;
  double top = 0.0;
  for (std::size_t i = 0; i < depths.size(); ++i) {
    const double depth = depths[i].depth_cm;
    const double bottom = i + 1 < depths.size() ? 0.5 * (depth + depths[i + 1].depth_cm) : 2.0 * depth - top;
    thickness.push_back(bottom - top);
    top = bottom;
  }
  return thickness;
}

std::vector<double> layers_of_bottoms(const std::vector<double>& bottoms) {
  std::vector<double> thickness;
  double top = 0.0;
  for (double bottom : bottoms) {
    if (!(bottom > top))
      throw Error(ErrorKind::usage, "[layers] bottoms: " + format_number(bottom, 4) +
                                        " cm should lie below " + format_number(top, 4) + " cm");
    thickness.push_back(bottom - top);
    top = bottom;
  }
  return thickness;
}

std::vector<double> given_layers(const json& layers) {
  const auto bottoms = layers.at("bottoms").get<std::vector<double>>();
  const bool equal = layers.contains("count") || layers.contains("depth");
  if (equal && !bottoms.empty())
    throw Error(ErrorKind::usage, "[layers]: either count and depth or bottoms, found both");
  if (!equal) return layers_of_bottoms(bottoms);
  if (!layers.contains("count") || !layers.contains("depth"))
    throw Error(ErrorKind::usage, "[layers]: count and depth belong together, found one of them");
  const double depth = layers["depth"].get<double>();
  if (!(depth > 0.0)) throw Error(ErrorKind::usage, "[layers] depth: above 0 cm expected");
  return uptake::equal_layers(depth, layers["count"].get<std::size_t>());
}

/// The water content at a depth on a day: linear between sensors, constant above the first and below the
/// last.
double water_content_at(const std::vector<DepthSeries>& depths, double depth_cm, std::size_t day) {
  const auto lower = std::find_if(depths.begin(), depths.end(),
                                  [&](const DepthSeries& one) { return one.depth_cm >= depth_cm; });
  if (lower == depths.end()) return depths.back().daily[day];
  if (lower == depths.begin()) return lower->daily[day];
  const DepthSeries& upper = *(lower - 1);
  const double weight = (depth_cm - upper.depth_cm) / (lower->depth_cm - upper.depth_cm);
  return upper.daily[day] + weight * (lower->daily[day] - upper.daily[day]);
}

void fill_given_layers(UptakeSite& site, const std::vector<DepthSeries>& depths) {
  double bottom = 0.0;
  for (double thickness : site.series.thickness_cm) bottom += thickness;
  double reach = 0.0;
  for (double thickness : sensor_layers(depths)) reach += thickness;
  if (bottom > reach + 1e-9)
    throw Error(ErrorKind::usage, "[layers]: they end at " + format_number(bottom, 4) +
                                      " cm, below the reach of the sensors, " + format_number(reach, 4) +
                                      " cm");
  std::vector<double> middles;
  for (double top = 0.0; top < bottom - 1e-9; top += cell_cm) middles.push_back(top + 0.5 * cell_cm);
  const std::vector<double> cell_thickness(middles.size(), cell_cm);
  for (std::size_t day = 0; day < depths.front().daily.size(); ++day) {
    std::vector<double> cells;
    for (double middle : middles) cells.push_back(water_content_at(depths, middle, day));
    const auto means = uptake::layer_means(cells, cell_thickness, site.series.thickness_cm);
    for (std::size_t layer = 0; layer < means.size(); ++layer)
      site.series.water_content[layer].push_back(means[layer]);
  }
}

void fill_layers(UptakeSite& site, const std::vector<DepthSeries>& depths, const json& layers) {
  site.series.thickness_cm = given_layers(layers);
  site.given_layers = !site.series.thickness_cm.empty();
  if (!site.given_layers) {
    site.series.thickness_cm = sensor_layers(depths);
    for (const DepthSeries& one : depths) site.series.water_content.push_back(one.daily);
    site.assumptions.emplace_back(
        "A sensor stands for the soil half-way to its neighbours; the lowest reaches as far below as above.");
    return;
  }
  site.series.water_content.resize(site.series.thickness_cm.size());
  fill_given_layers(site, depths);
  site.assumptions.emplace_back(
      "Between sensors the water content is linear, above the first and below the last as at the sensor.");
}

/// A column of the forcing on the days of the axis.
std::vector<double> column_on_axis(const io::CsvTable& table, const std::string& dates,
                                   const std::string& column, const core::TimeAxis& axis) {
  const std::size_t date_at = table.column(dates);
  const std::size_t value_at = table.column(column);
  std::vector<double> values(static_cast<std::size_t>(axis.count()), not_a_number);
  std::vector<bool> seen(values.size(), false);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto where = [&] { return table.name() + ":" + std::to_string(table.line(row)); };
    const auto date = core::parse_iso_date(table.text(row, date_at).substr(0, 10));
    if (!date)
      throw Error(ErrorKind::data, where() + ": column '" + dates +
                                       "': expected a date like 2016-01-31, found '" +
                                       table.text(row, date_at) + "'");
    const auto step = axis.index(*date);
    if (!step) continue;
    const auto day = static_cast<std::size_t>(*step);
    if (seen[day]) throw Error(ErrorKind::data, where() + ": " + core::iso_date(*date) + " comes twice");
    seen[day] = true;
    const std::string& text = table.text(row, value_at);
    values[day] = text == "NA" || text == "NaN" || text == "nan" ? not_a_number : table.number(row, value_at);
    if (values[day] < 0.0)
      throw Error(ErrorKind::data,
                  where() + ": column '" + column + "': a value of at least 0 mm expected, found " + text);
  }
  return values;
}

/// The forcing's table, read when a column is asked for.
class Forcing {
 public:
  Forcing(const json& settings, std::string file, const core::TimeAxis& axis)
      : m_settings(settings), m_file(std::move(file)), m_axis(axis) {}

  /// Empty where the default column is not there.
  std::vector<double> series(const std::string& key, const std::string& default_column,
                             std::vector<std::string>& assumptions) {
    const json& value = m_settings.at(key);
    if (value.is_number()) {
      const double rate = value.get<double>();
      if (rate < 0.0)
        throw Error(ErrorKind::usage,
                    "[forcing] " + key + ": at least 0 mm/d expected, found " + format_number(rate));
      assumptions.push_back("The " + words(key) + " is taken as " + format_number(rate) +
                            " mm on every day.");
      return std::vector<double>(static_cast<std::size_t>(m_axis.count()), rate);
    }
    const std::string column = value.get<std::string>();
    if (column == default_column && !table().find_column(column)) return {};
    return column_on_axis(table(), m_settings.at("date").get<std::string>(), column, m_axis);
  }

 private:
  const io::CsvTable& table() {
    if (!m_table) {
      if (m_file.empty())
        throw Error(ErrorKind::usage,
                    "[forcing] path: an archive of stations holds no rain; name the CSV that has it");
      m_table = io::CsvTable::read(m_file);
    }
    return *m_table;
  }
  static std::string words(std::string key) {
    std::replace(key.begin(), key.end(), '_', ' ');
    return key;
  }

  const json& m_settings;
  std::string m_file;
  const core::TimeAxis& m_axis;
  std::optional<io::CsvTable> m_table;
};

void fill_forcing(UptakeSite& site, const json& settings) {
  const json& forcing = settings.at("forcing");
  const json& profile = settings.at("profile");
  const std::string file = forcing.contains("path")           ? forcing["path"].get<std::string>()
                           : profile.at("format") == "series" ? profile.at("path").get<std::string>()
                                                              : std::string();
  Forcing reader(forcing, file, site.series.axis);
  site.series.precipitation_mm = reader.series("precipitation", "precipitation_mm", site.assumptions);
  if (site.series.precipitation_mm.empty())
    throw Error(ErrorKind::data, file +
                                     ": has no column 'precipitation_mm'; name the column with "
                                     "forcing.precipitation, or give mm/d for every day (0 in a dry spell)");
  site.series.evaporation_mm = reader.series("soil_evaporation", "soil_evaporation_mm", site.assumptions);
  if (site.series.evaporation_mm.empty())
    throw Error(ErrorKind::data, file +
                                     ": has no column 'soil_evaporation_mm'; name the column with "
                                     "forcing.soil_evaporation, or give an assumed mm/d for every day");
  site.series.transpiration_mm = reader.series("transpiration", "transpiration_mm", site.assumptions);
  if (site.series.transpiration_mm.empty())
    site.assumptions.emplace_back("The transpiration is not known: shares are of the sum of the uptakes.");
  site.assumptions.emplace_back("All rain enters the soil: no interception, no runoff.");
  site.assumptions.emplace_back("Below the lowest layer water drains freely (unit gradient).");
  site.assumptions.emplace_back(
      "A daily mean stands for noon; rain and evaporation of the first and the last day "
      "count by half.");
}

}  // namespace

UptakeSite read_uptake_site(const json& settings) {
  StationProfile profile = read_station_profile(settings.at("profile"), settings.at("time"));
  UptakeSite site;
  site.station = profile.station;
  site.warnings = std::move(profile.warnings);
  site.series.axis = profile.axis;
  for (const DepthSeries& one : profile.depths) site.sensor_depths_cm.push_back(one.depth_cm);
  fill_layers(site, profile.depths, settings.at("layers"));
  site.series.soil = uptake_layer_soils(settings, site.series.thickness_cm);
  fill_forcing(site, settings);
  return site;
}

}  // namespace rootzone::pipeline
