#include "rootzone/pipeline/configuration.hpp"

#include <set>

#include "area_series.hpp"
#include "input_configuration.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;

GridSettings read_grid(const json& table) {
  GridSettings grid;
  grid.crs = table.at("crs").get<std::string>();
  grid.like = table.value("like", "");
  grid.stations = table.at("stations").get<bool>();
  if (table.contains("extent")) {
    const auto edges = table.at("extent").get<std::vector<double>>();
    if (edges.size() != 4)
      throw Error(ErrorKind::usage, "[grid] extent: expected [xmin, ymin, xmax, ymax], found " +
                                        std::to_string(edges.size()) + " numbers");
    grid.extent = core::Extent{edges[0], edges[1], edges[2], edges[3]};
  }
  if (table.contains("resolution")) {
    const auto steps = table.at("resolution").get<std::vector<double>>();
    if (steps.size() != 2) throw Error(ErrorKind::usage, "[grid] resolution: expected [dx, dy]");
    grid.resolution = {steps[0], steps[1]};
  }
  const bool own = grid.extent && table.contains("resolution") && !grid.crs.empty();
  if (static_cast<int>(own) + static_cast<int>(!grid.like.empty()) + static_cast<int>(grid.stations) != 1)
    throw Error(ErrorKind::usage,
                "[grid] expected either crs, extent and resolution, or like = \"file\", or stations = true");
  return grid;
}

core::TimeAxis read_time(const json& table) {
  const auto date = [&](const char* key) { return *core::parse_iso_date(table.at(key).get<std::string>()); };
  return core::TimeAxis(date("start"), date("end"),
                        *core::parse_calendar(table.at("calendar").get<std::string>()));
}

OutputRequest read_output(const json& table) {
  OutputRequest output;
  output.variable = table.at("variable").get<std::string>();
  for (const auto& format : table.at("formats")) {
    if (format == "netcdf") {
      output.netcdf = true;
    } else if (format == "cog") {
      output.cog = true;
    } else {
      throw Error(ErrorKind::usage, "[[output]] " + output.variable +
                                        ": formats are netcdf and cog, found '" + format.get<std::string>() +
                                        "'");
    }
  }
  const std::string packing = table.at("packing").get<std::string>();
  if (packing != "auto") output.packing = packing == "int16" ? io::Packing::int16 : io::Packing::float32;
  if (table.contains("split"))
    output.split = one_of<io::Split>(table.at("split"), {{"all", io::Split::all},
                                                         {"year", io::Split::year},
                                                         {"month", io::Split::month},
                                                         {"day", io::Split::day}});
  output.cog_dates = one_of<CogDates>(
      table.at("cog_dates"),
      {{"all", CogDates::all}, {"month_start", CogDates::month_start}, {"first_last", CogDates::first_last}});
  output.flags = table.at("flags").get<bool>();
  output.series = table.at("series").get<bool>();
  return output;
}

AreaSettings read_area(const json& table) {
  AreaSettings area;
  area.outline = table.value("outline", "");
  area.outline_layer = table.at("outline_layer").get<std::string>();
  area.zones = table.value("zones", "");
  area.zone_layer = table.at("zone_layer").get<std::string>();
  area.zone_name = table.at("zone_name").get<std::string>();
  area.quantiles = table.at("quantiles").get<std::vector<double>>();
  for (double q : area.quantiles)
    if (!(q >= 0.0 && q <= 1.0))
      throw Error(ErrorKind::usage,
                  "[area] quantiles: expected numbers in [0, 1], found " + std::to_string(q));
  std::set<std::string> columns;
  for (double q : area.quantiles)
    if (!columns.insert(quantile_column(q)).second)
      throw Error(ErrorKind::usage, "[area] quantiles: expected each once, found " + json(q).dump() +
                                        " twice; leave one of them out");
  return area;
}

ValidationSettings read_validation(const json& table) {
  ValidationSettings validation;
  validation.stations = table.at("stations").get<std::string>();
  validation.is_csv = table.at("format") == "csv";
  validation.station_columns = table.at("station_columns").get<std::vector<std::string>>();
  validation.data = table.value("data", "");
  validation.flag_table = table.value("flag_table", "");
  validation.flag_good = table.at("flag_good").get<std::vector<int>>();
  validation.only_stations = table.at("only_stations").get<std::vector<std::string>>();
  validation.root_zone_cm = pair_of(table.at("root_zone"), "[validation] root_zone");
  validation.keep_flags = table.at("keep_flags").get<std::vector<std::string>>();
  validation.minimum_hours = table.at("minimum_hours").get<int>();
  validation.sensor_gain = table.at("sensor_gain").get<double>();
  validation.sensor_offset = table.at("sensor_offset").get<double>();
  validation.calibration_fraction = table.at("calibration_fraction").get<double>();
  validation.minimum_pairs = table.at("minimum_pairs").get<int>();
  validation.bilinear = table.at("matching") == "bilinear";
  if (validation.is_csv && validation.data.empty())
    throw Error(ErrorKind::usage,
                "[validation] format = \"csv\" needs `data`, the CSV that holds the series");
  return validation;
}

}  // namespace

std::array<double, 2> pair_of(const json& list, const std::string& where) {
  const auto numbers = list.get<std::vector<double>>();
  if (numbers.size() != 2 || !(numbers[0] <= numbers[1]))
    throw Error(ErrorKind::usage, where + ": expected two numbers [low, high], found " + list.dump());
  return {numbers[0], numbers[1]};
}

Configuration read_configuration(const json& resolved) {
  Configuration configuration;
  const json& about = resolved.at("pipeline");
  configuration.name = about.at("name").get<std::string>();
  if (configuration.name.empty() || configuration.name.find_first_of("/\\ \t") != std::string::npos)
    throw Error(ErrorKind::usage, "[pipeline] name: expected a word without blanks or slashes, found '" +
                                      configuration.name + "'");
  configuration.title = about.at("title").get<std::string>();
  configuration.institution = about.at("institution").get<std::string>();
  configuration.license = about.at("license").get<std::string>();
  configuration.comment = about.at("comment").get<std::string>();
  configuration.grid = read_grid(resolved.at("grid"));
  configuration.time = read_time(resolved.at("time"));
  for (const auto& [name, table] : resolved.at("inputs").items())
    configuration.inputs.push_back(read_input(name, table));
  for (const json& stage : resolved.at("stage")) configuration.stages.push_back(stage);
  for (const json& output : resolved.at("output")) configuration.outputs.push_back(read_output(output));
  if (resolved.contains("area")) configuration.area = read_area(resolved.at("area"));
  if (resolved.contains("validation")) configuration.validation = read_validation(resolved.at("validation"));
  if (resolved.contains("calibration"))
    configuration.calibration = read_calibration(resolved.at("calibration"));
  if (resolved.contains("regionalisation"))
    configuration.regionalisation = read_regionalisation(resolved.at("regionalisation"));
  if (resolved.contains("update"))
    configuration.state_generations = resolved.at("update").at("generations").get<int>();
  for (const OutputRequest& output : configuration.outputs)
    if (!output.netcdf && !output.cog && !(configuration.area && output.series) && !configuration.validation)
      throw Error(ErrorKind::usage,
                  "[[output]] " + output.variable +
                      ": formats = [] writes nothing without [area] or [validation]; expected "
                      "netcdf, cog or both");
  if (configuration.grid.stations && !configuration.validation)
    throw Error(ErrorKind::usage, "[grid] stations = true needs [validation] to say which stations");
  configuration.resolved = resolved;
  return configuration;
}

}  // namespace rootzone::pipeline
