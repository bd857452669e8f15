#include "sptf_folder.hpp"

#include <array>
#include <cmath>
#include <utility>

#include "rootzone/core/error.hpp"
#include "rootzone/core/time_axis.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/io/series_csv.hpp"
#include "rootzone/study/sptf_evaluation.hpp"

namespace rootzone::pipeline {
namespace {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorKind;
using study::SptfSite;

constexpr auto site_days = static_cast<std::int64_t>(2 * study::sptf_year_days);
constexpr int fewest_counted_days = 30;
constexpr const char* truth_column = "soil_moisture_5cm";

struct WeatherColumn {
  const char* name;
  std::vector<float> SptfSite::*member;
};
constexpr std::array<WeatherColumn, 4> weather_columns{
    {{"precipitation_mm", &SptfSite::precipitation_mm},
     {"potential_evapotranspiration_mm", &SptfSite::potential_evapotranspiration_mm},
     {"leaf_area_index", &SptfSite::leaf_area_index},
     {"land_surface_temperature_c", &SptfSite::land_surface_temperature_c}}};

/// Written numbers carry what a gauge or a satellite resolves, not seven digits of noise.
std::vector<double> written(const std::vector<float>& values, double steps_per_unit) {
  std::vector<double> rounded;
  for (const float value : values)
    rounded.push_back(std::round(static_cast<double>(value) * steps_per_unit) / steps_per_unit);
  return rounded;
}

void write_series(const fs::path& path, const SptfSite& site) {
  io::SeriesTable table;
  const core::TimeAxis axis = [&] {
    const std::int64_t first = core::day_number(site.first_day, core::Calendar::standard);
    return core::TimeAxis(site.first_day, core::date_of(first + static_cast<std::int64_t>(site.days()) - 1,
                                                        core::Calendar::standard));
  }();
  for (std::int64_t day = 0; day < axis.count(); ++day) table.dates.push_back(axis.date(day));
  for (const auto& [name, member] : weather_columns) {
    table.columns.emplace_back(name);
    table.values.push_back(written(site.*member, 100.0));
  }
  table.columns.emplace_back("surface_soil_moisture");
  table.values.push_back(written(site.surface_soil_moisture, 1e4));
  if (!site.true_moisture_5cm.empty()) {
    table.columns.emplace_back(truth_column);
    table.values.push_back(written(site.true_moisture_5cm, 1e5));
  }
  io::write_series_csv(path, table);
}

std::vector<std::string> table_header(const std::vector<TwinTruth>& truths) {
  std::vector<std::string> header{"site", "climate", "texture", "sand", "silt", "clay", "bulk_density"};
  if (truths.empty()) return header;
  header.emplace_back("true_model");
  for (const char* name : {"theta_s", "alpha", "n", "k_s", "m_or_theta_r", "h50"})
    header.push_back(std::string("true_") + name);
  return header;
}

std::vector<float> floats(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

study::SiteSoil read_soil(const io::CsvTable& table, std::size_t row) {
  const auto number = [&](const char* column) { return table.number(row, table.column(column)); };
  const study::SiteSoil soil{number("sand"), number("silt"), number("clay"), number("bulk_density")};
  const auto where = [&] { return table.name() + ", line " + std::to_string(table.line(row)) + ": "; };
  for (const double fraction : {soil.sand, soil.silt, soil.clay})
    if (!(fraction >= 0.0 && fraction <= 1.0))
      throw Error(ErrorKind::data, where() + "sand, silt and clay must be fractions, 0 to 1 (not per cent)");
  if (std::abs(soil.sand + soil.silt + soil.clay - 1.0) > 0.02)
    throw Error(ErrorKind::data,
                where() + "sand, silt and clay add up to " +
                    io::shortest_number(static_cast<float>(soil.sand + soil.silt + soil.clay)) +
                    ", expected 1");
  if (!(soil.bulk_density >= 0.5 && soil.bulk_density <= 2.2))
    throw Error(ErrorKind::data, where() + "bulk_density must be 0.5 to 2.2 g/cm3");
  return soil;
}

/// Why a site cannot be used, or nothing.
std::string obstacle(const SptfSite& site) {
  for (const auto& [name, member] : weather_columns)
    for (const float value : site.*member)
      if (std::isnan(value)) return std::string(name) + " has gaps";
  for (const std::size_t year : {0, 1}) {
    int counted = 0;
    for (std::size_t day = year * study::sptf_year_days; day < (year + 1) * study::sptf_year_days; ++day)
      if (!std::isnan(site.surface_soil_moisture[day]) && site.thawed(day)) ++counted;
    if (counted < fewest_counted_days)
      return "year " + std::to_string(year + 1) + " has " + std::to_string(counted) +
             " observed, thawed days; at least " + std::to_string(fewest_counted_days) + " are needed";
  }
  return "";
}

/// Fills the series of a site; returns why it cannot be used, or nothing.
std::string read_series(const fs::path& path, SptfSite& site) {
  const io::SeriesTable table = io::read_series_csv(path);
  if (table.dates.empty()) return "no days";
  const std::int64_t first = core::day_number(table.dates.front(), core::Calendar::standard);
  const std::int64_t last = core::day_number(table.dates.back(), core::Calendar::standard);
  if (last - first + 1 < site_days)
    return std::to_string(last - first + 1) + " days; two years (" + std::to_string(site_days) +
           ") are needed";
  site.first_day = table.dates.front();
  const core::TimeAxis axis(site.first_day, core::date_of(first + site_days - 1, core::Calendar::standard));
  for (const auto& [name, member] : weather_columns) {
    table.column(name);
    site.*member = floats(io::series_on_axis(table, name, axis));
  }
  table.column("surface_soil_moisture");
  site.surface_soil_moisture = floats(io::series_on_axis(table, "surface_soil_moisture", axis));
  if (table.has(truth_column)) site.true_moisture_5cm = floats(io::series_on_axis(table, truth_column, axis));
  return obstacle(site);
}

}  // namespace

void write_sptf_folder(const fs::path& folder, const std::vector<SptfSite>& sites,
                       const std::vector<TwinTruth>& truths, const core::ParallelFor& parallel_for) {
  io::make_folder(folder);
  parallel_for(static_cast<std::int64_t>(sites.size()), [&](std::int64_t i) {
    const SptfSite& site = sites[static_cast<std::size_t>(i)];
    write_series(folder / (site.name + ".csv"), site);
  });
  io::CsvWriter csv(table_header(truths));
  for (std::size_t i = 0; i < sites.size(); ++i) {
    const study::SiteSoil& soil = sites[i].soil;
    csv.field(sites[i].name).field(sites[i].climate).field(study::texture_of(sites[i]));
    for (const double value : {soil.sand, soil.silt, soil.clay, soil.bulk_density})
      csv.field(static_cast<float>(value));
    if (!truths.empty()) {
      csv.field(study::sptf_model_name(truths[i].model));
      for (const double value : truths[i].parameters) csv.field(static_cast<float>(value));
    }
    csv.end_row();
  }
  io::write_file_atomically(folder / "sites.csv", csv.text());
}

SptfFolder read_sptf_folder(const fs::path& folder, const core::ParallelFor& parallel_for) {
  const io::CsvTable table = io::CsvTable::read(folder / "sites.csv");
  std::vector<SptfSite> sites(table.rows());
  std::vector<std::string> problems(table.rows());
  const std::size_t name_column = table.column("site");
  const auto climate_column = table.find_column("climate");
  for (std::size_t row = 0; row < sites.size(); ++row) {
    sites[row].name = table.text(row, name_column);
    if (climate_column) sites[row].climate = table.text(row, *climate_column);
    sites[row].soil = read_soil(table, row);
  }
  parallel_for(static_cast<std::int64_t>(sites.size()), [&](std::int64_t i) {
    const auto row = static_cast<std::size_t>(i);
    problems[row] = read_series(folder / (sites[row].name + ".csv"), sites[row]);
  });
  SptfFolder result;
  for (std::size_t row = 0; row < sites.size(); ++row) {
    if (problems[row].empty())
      result.sites.push_back(std::move(sites[row]));
    else
      result.warnings.push_back("site " + sites[row].name + " is left out: " + problems[row]);
  }
  if (result.sites.empty())
    throw Error(ErrorKind::data, (folder / "sites.csv").string() + ": no site can be used" +
                                     (result.warnings.empty() ? "" : "; " + result.warnings.front()));
  return result;
}

std::vector<TwinTruth> read_twin_truths(const fs::path& folder) {
  const io::CsvTable table = io::CsvTable::read(folder / "sites.csv");
  const auto model = table.find_column("true_model");
  if (!model) return {};
  std::vector<TwinTruth> truths(table.rows());
  const std::size_t first = table.column("true_theta_s");
  for (std::size_t row = 0; row < truths.size(); ++row) {
    truths[row].model = study::sptf_model(table.text(row, *model));
    for (std::size_t k = 0; k < study::sptf_parameter_count; ++k)
      truths[row].parameters[k] = table.number(row, first + k);
  }
  return truths;
}

}  // namespace rootzone::pipeline
