#include <array>
#include <utility>

#include "schema_tables.hpp"

namespace rootzone::pipeline {
namespace {

const TableSpec& about_table() {
  static const TableSpec table{
      "pipeline",
      "What this is.",
      {{"name",
        KeyType::text,
        "short name: names the output folder and stands in every product",
        "",
        "",
        {},
        {},
        {},
        true},
       {"title", KeyType::text, "a line for people, the title of products and report", "", R"("")"},
       {"institution", KeyType::text, "who makes the products", "", R"("")"},
       {"license", KeyType::text, "of the products", "", R"("")"},
       {"comment", KeyType::text, "goes into the products", "", R"("")"}}};
  return table;
}

const TableSpec& grid_table() {
  static const TableSpec table{
      "grid",
      "The model grid: crs, extent and resolution; or like a file; or one cell for each station.",
      {{"crs", KeyType::text, "EPSG code, WKT or PROJ string", "", R"("")"},
       {"extent", KeyType::numbers, "[xmin, ymin, xmax, ymax], outer edges", "units of the CRS"},
       {"resolution", KeyType::numbers, "[dx, dy]", "units of the CRS"},
       {"like", KeyType::path, "take grid and CRS from this raster or NetCDF file"},
       {"stations", KeyType::boolean, "one cell for each station of [validation]: no maps, only series", "",
        "false"}}};
  return table;
}

const TableSpec& time_table() {
  static const TableSpec table{
      "time",
      "The days of the run. A day is named by the date that holds the centre of its interval.",
      {{"start", KeyType::date, "first day", "", "", {}, {}, {}, true},
       {"end", KeyType::date, "last day, included", "", "", {}, {}, {}, true},
       {"calendar",
        KeyType::choice,
        "of the run and its products",
        "",
        R"("standard")",
        {"standard", "proleptic_gregorian", "julian", "noleap", "all_leap", "360_day"}}}};
  return table;
}

const TableSpec& area_table() {
  static const TableSpec table{
      "area",
      "The basin: cells outside are missing; means are weighted by area.",
      {{"outline", KeyType::path, "polygons of the basin, any OGR file"},
       {"outline_layer", KeyType::text, "its layer, where the file has several", "", R"("")"},
       {"zones", KeyType::path, "polygons of sub-basins, any OGR file"},
       {"zone_layer", KeyType::text, "their layer, where the file has several", "", R"("")"},
       {"zone_name", KeyType::text, "attribute that names a sub-basin", "", R"("name")"},
       {"quantiles", KeyType::numbers, "of the area series", "1", "[0.1, 0.5, 0.9]"}}};
  return table;
}

const TableSpec& output_table() {
  static const TableSpec table{
      "output",
      "A product.",
      {{"variable", KeyType::text, "what a stage makes, or an input", "", "", {}, {}, {}, true},
       {"formats", KeyType::texts, "netcdf, cog", "", R"(["netcdf"])"},
       {"packing",
        KeyType::choice,
        "auto: int16 where the quantity's precision allows, else float32",
        "",
        R"("auto")",
        {"auto", "int16", "float32"}},
       {"split",
        KeyType::choice,
        "files of the NetCDF product, where it has days or periods; without the key all for `run` and "
        "`tile`, month "
        "for `update`",
        "",
        "",
        {"all", "year", "month", "day"}},
       {"cog_dates",
        KeyType::choice,
        "days that become a COG",
        "",
        R"("all")",
        {"all", "month_start", "first_last"}},
       {"flags", KeyType::boolean, "write the flags beside the values", "", "true"},
       {"series", KeyType::boolean, "write the area means and quantiles as CSV", "", "true"}}};
  return table;
}

const TableSpec& update_table() {
  static const TableSpec table{"update",
                               "Nightly work.",
                               {{"generations",
                                 KeyType::integer,
                                 "states kept: how far `rewind` can go back",
                                 "1",
                                 "2",
                                 {},
                                 2,
                                 10000}}};
  return table;
}

const TableSpec& validation_table() {
  static const TableSpec table{
      "validation",
      "Stations to judge the moisture products at.",
      {{"stations",
        KeyType::path,
        "ISMN archive (folder or zip), or the table of CSV stations",
        "",
        "",
        {},
        {},
        {},
        true},
       {"format", KeyType::choice, "of `stations`", "", R"("ismn")", {"ismn", "csv"}},
       {"station_columns", KeyType::texts, "columns of a station table without a header", "", "[]"},
       {"data", KeyType::path, "CSV of all station series: station, date, one column for each depth"},
       {"flag_table", KeyType::path, "CSV of codes: a row for each station, a column for each depth"},
       {"flag_good", KeyType::numbers, "codes of `flag_table` that are kept", "1", "[100]"},
       {"only_stations", KeyType::texts, "use only these", "", "[]"},
       {"root_zone", KeyType::numbers, "[top, bottom] of the reference", "cm", "[10, 50]"},
       {"keep_flags", KeyType::texts, "ISMN quality flags kept; an empty list keeps every row", "",
        R"(["G", "U"])"},
       {"minimum_hours", KeyType::integer, "valid hours that make a day", "h", "18", {}, 1, 24},
       {"sensor_gain", KeyType::number, "calibration of the sensors: θ = gain · θ_raw + offset", "1", "1.0"},
       {"sensor_offset", KeyType::number, "see sensor_gain", "m3 m-3", "0.0"},
       {"calibration_fraction",
        KeyType::number,
        "share of the days with a reference that come first: linear maps and station statistics see these "
        "only",
        "1",
        "0.6666666666666666",
        {},
        0.05,
        0.95},
       {"minimum_pairs", KeyType::integer, "fewer give no score", "1", "30", {}, 4},
       {"matching",
        KeyType::choice,
        "of a station to the grid",
        "",
        R"("nearest")",
        {"nearest", "bilinear"}}}};
  return table;
}

using StageTable = std::pair<const char*, const TableSpec& (*)()>;
constexpr std::array<StageTable, 6> stage_tables{{{"smar", smar_table},
                                                  {"exponential_filter", exponential_filter_table},
                                                  {"mass_curve", mass_curve_table},
                                                  {"statistics", statistics_table},
                                                  {"pedotransfer", pedotransfer_table},
                                                  {"sptf", sptf_table}}};

const TableSpec& any_stage_table() {
  static const TableSpec table{
      "stage",
      "One step of the chain, in order.",
      {{"kind", KeyType::choice, "which; the other keys depend on it", "", "", stage_kinds(), {}, {}, true}}};
  return table;
}

}  // namespace

std::vector<std::string> stage_kinds() {
  std::vector<std::string> kinds;
  for (const auto& [kind, table] : stage_tables) kinds.emplace_back(kind);
  return kinds;
}

const TableSpec* stage_schema(const std::string& kind) {
  for (const auto& [name, table] : stage_tables)
    if (kind == name) return &table();
  return nullptr;
}

const TableSpec& pipeline_schema() {
  static const TableSpec inputs{"inputs", "The inputs, each by a name of your choice.", {}, &input_table()};
  static const TableSpec table{
      "",
      "A rootzone pipeline.",
      {{"pipeline", KeyType::table, "what this is", "", "", {}, {}, {}, true, &about_table()},
       {"grid", KeyType::table, "the model grid", "", "", {}, {}, {}, true, &grid_table()},
       {"time", KeyType::table, "the days of the run", "", "", {}, {}, {}, true, &time_table()},
       {"inputs", KeyType::table, "variables and layers", "", "{}", {}, {}, {}, false, &inputs},
       {"area", KeyType::table, "the basin", "", "", {}, {}, {}, false, &area_table()},
       {"stage", KeyType::tables, "the chain", "", "[]", {}, {}, {}, false, &any_stage_table()},
       {"output", KeyType::tables, "the products", "", "[]", {}, {}, {}, false, &output_table()},
       {"validation", KeyType::table, "stations", "", "", {}, {}, {}, false, &validation_table()},
       {"calibration", KeyType::table, "SMAR at stations", "", "", {}, {}, {}, false, &calibration_table()},
       {"regionalisation",
        KeyType::table,
        "SMAR's parameters from stations to the grid",
        "",
        "",
        {},
        {},
        {},
        false,
        &regionalisation_table()},
       {"update", KeyType::table, "nightly work", "", "", {}, {}, {}, false, &update_table()}}};
  return table;
}

}  // namespace rootzone::pipeline
