#include "uptake_tables.hpp"

namespace rootzone::pipeline {
namespace {

/// A number with a default; minimum and maximum belong to the range.
KeySpec number(std::string name, std::string documentation, std::string unit, std::string preset,
               std::optional<double> minimum = {}, std::optional<double> maximum = {}) {
  return {std::move(name), KeyType::number, std::move(documentation), std::move(unit), std::move(preset), {},
          minimum,         maximum};
}

KeySpec integer(std::string name, std::string documentation, std::string unit, std::string preset,
                double minimum, double maximum) {
  return {std::move(name), KeyType::integer, std::move(documentation), std::move(unit), std::move(preset), {},
          minimum,         maximum};
}

KeySpec choice(std::string name, std::string documentation, std::string preset,
               std::vector<std::string> choices) {
  return {std::move(name),   KeyType::choice,   std::move(documentation), "",
          std::move(preset), std::move(choices)};
}

/// A table with defaults for all its keys.
KeySpec part(const TableSpec& table) {
  return {table.name, KeyType::table, table.documentation, "", "{}", {}, {}, {}, false, &table};
}
KeySpec optional_part(const TableSpec& table) {
  return {table.name, KeyType::table, table.documentation, "", "", {}, {}, {}, false, &table};
}
KeySpec required_part(const TableSpec& table) {
  return {table.name, KeyType::table, table.documentation, "", "", {}, {}, {}, true, &table};
}

std::vector<KeySpec> soil_keys() {
  return {choice("model", "of the parameters given below", "",
                 {"brooks_corey", "van_genuchten", "fredlund_xing"}),
          number("saturated_water_content", "θs", "m3 m-3", ""),
          number("residual_water_content", "θr (not of fredlund_xing)", "m3 m-3", ""),
          number("n", "pore-size index of Brooks and Corey, or n of the other two", "1", ""),
          number("alpha", "α of van Genuchten or Fredlund and Xing", "cm-1", ""),
          number("m", "m of Fredlund and Xing", "1", ""),
          number("air_entry_head", "h_e of Brooks and Corey, below 0", "cm", ""),
          number("saturated_conductivity", "Ks", "cm d-1", ""),
          number("tortuosity", "l of van Genuchten and Mualem; 0.5 unless given", "1", ""),
          {"file", KeyType::path,
           "JSON with the parameters under the names of the products (saturated_water_content, "
           "van_genuchten_alpha, van_genuchten_n, fredlund_xing_m, saturated_hydraulic_conductivity, …)"},
          choice("pedotransfer", "function that gives the parameters from the texture below", "",
                 {"cosby", "rawls_brakensiek", "wosten", "weynants"}),
          number("sand", "of the fine earth", "percent", "", 0.0, 100.0),
          number("silt", "of the fine earth", "percent", "", 0.0, 100.0),
          number("clay", "of the fine earth", "percent", "", 0.0, 100.0),
          number("bulk_density", "of the dry soil", "g cm-3", "", 0.0, 2.65),
          number("organic_carbon", "of the fine earth", "percent", "", 0.0, 100.0),
          {"topsoil", KeyType::boolean, "ploughed or A horizon (Wösten's function asks)", "", "true"}};
}

const TableSpec& horizon_table() {
  static const TableSpec table = [] {
    TableSpec horizon{"horizon", "The soil down to a depth; again for more, from the top.", soil_keys()};
    horizon.keys.insert(horizon.keys.begin(),
                        {"bottom", KeyType::number, "lower edge", "cm", "", {}, 0.0, {}, true});
    return horizon;
  }();
  return table;
}

const TableSpec& profile_table() {
  static const TableSpec table{
      "profile",
      "The series of soil moisture at several depths.",
      {{"path",
        KeyType::path,
        "series CSV of one site, ISMN archive, or table of stations",
        "",
        "",
        {},
        {},
        {},
        true},
       choice("format", "of `path`: series (columns soil_moisture_<depth>cm), ismn, csv", R"("series")",
              {"series", "ismn", "csv"}),
       {"station", KeyType::value, "which station of an archive or table"},
       {"station_columns", KeyType::texts, "columns of a station table without a header", "", "[]"},
       {"data", KeyType::path, "CSV of all station series: station, date, one column for each depth"},
       {"flag_table", KeyType::path, "CSV of codes: a row for each station, a column for each depth"},
       {"flag_good", KeyType::numbers, "codes of `flag_table` that are kept", "1", "[100]"},
       {"keep_flags", KeyType::texts, "ISMN quality flags kept", "", R"(["G", "U"])"},
       integer("minimum_hours", "valid hours that make a day", "h", "18", 1, 24),
       {"depths", KeyType::numbers, "use only the sensors at these depths", "cm", "[]"}}};
  return table;
}

const TableSpec& forcing_table() {
  static const TableSpec table{
      "forcing",
      "Rain and evaporation of each day; water that does not reach the soil or runs off must be taken off "
      "before.",
      {{"path", KeyType::path, "CSV with a date column; default: the series CSV of the profile"},
       {"date", KeyType::text, "its column of ISO dates", "", R"("date")"},
       {"precipitation", KeyType::value, "column [mm], or mm/d for every day", "", R"("precipitation_mm")"},
       {"soil_evaporation", KeyType::value, "column [mm], or mm/d for every day", "",
        R"("soil_evaporation_mm")"},
       {"transpiration", KeyType::value,
        "column [mm], or mm/d for every day; where it is known, shares are taken of it instead of the sum of "
        "the "
        "uptakes",
        "", R"("transpiration_mm")"}}};
  return table;
}

const TableSpec& layers_table() {
  static const TableSpec table{
      "layers",
      "Layers of the balance; without keys one for each sensor, cut half-way between them.",
      {integer("count", "so many of equal thickness down to `depth`", "1", "", 1, 100),
       number("depth", "bottom of the lowest of `count` layers", "cm", "", 0.0, {}),
       {"bottoms", KeyType::numbers, "lower edge of each layer, from the top", "cm", "[]"}}};
  return table;
}

const TableSpec& time_table() {
  static const TableSpec table{
      "time",
      "The days to invert.",
      {{"start", KeyType::date, "first day; default: of the profile"},
       {"end", KeyType::date, "last day; default: of the profile"},
       integer("interval", "days between the two profiles of a balance", "d", "1", 1, 366)}};
  return table;
}

const TableSpec& limits_table() {
  static const TableSpec table{
      "limits",
      "Where the verdict changes from usable to qualitative only, and from there to not identifiable.",
      {{"success", KeyType::numbers, "least success rate of either", "1", "[0.8, 0.2]"},
       {"rain_share", KeyType::numbers, "most rain in the balance of either", "1", "[0.2, 0.6]"},
       {"interval", KeyType::numbers, "longest interval of either", "d", "[1, 7]"},
       {"layers", KeyType::numbers, "most layers of either", "1", "[5, 10]"},
       number("negative_share", "most uptake of the wrong sign, as a share of the sum, of qualitative only",
              "1", "0.1", 0.0, {})}};
  return table;
}

KeySpec success_key() {
  return number("success_emd", "a run is a success within this earth mover's distance", "m", "0.01", 0.0, {});
}
KeySpec seed_key() {
  return integer("seed", "of everything random", "1", "1", 0, 9.0e15);
}

}  // namespace

const TableSpec& uptake_soil_table() {
  static const TableSpec table{
      "soil",
      "The hydraulic parameters: given, from a file, or from texture by a pedotransfer "
      "function.",
      soil_keys()};
  return table;
}

const TableSpec& uptake_column_table() {
  static const TableSpec table{
      "column",
      "The virtual column; defaults are the paper's or, where it prints none, ours.",
      {number("depth", "of the column", "cm", "100", 2.0, 1000.0),
       number("cell", "thickness of the cells of the forward run", "cm", "1", 0.1, 10.0),
       number("step", "longest step of the forward run", "min", "30", 0.5, 1440.0),
       number("initial_water_content", "the same in every cell", "m3 m-3", "0.22", 0.0, 1.0),
       number("precipitation", "of the wet cases", "mm d-1", "10", 0.0, {}),
       number("evaporation", "from the soil", "mm d-1", "1", 0.0, {}),
       number("transpiration", "taken up over the whole column", "mm d-1", "3", 0.0, {}),
       number("driest_head", "what would dry a cell beyond this within a day is drawn from the cell below it",
              "cm", "-1e6", -1e7, -1e3),
       number("root_scale", "uptake falls by e over this, from the surface down or from the bottom up", "cm",
              "25", 0.1, {})}};
  return table;
}

const TableSpec& uptake_errors_table() {
  static const TableSpec table{
      "errors",
      "Half-widths of uniform errors, each independent of the others.",
      {number("soil", "relative, of each hydraulic parameter", "1", "0.1", 0.0, 0.99),
       {"known", KeyType::texts,
        "parameters of the soil without error, for example [\"saturated_water_content\"]", "", "[]"},
       number("water_content", "of each layer at each end of an interval", "1 or m3 m-3", "0.01", 0.0, 0.99),
       choice("water_content_kind", "relative: θ·(1 ± error); absolute: θ ± error", R"("relative")",
              {"relative", "absolute"}),
       number("evaporation", "relative", "1", "0.05", 0.0, 0.99),
       number("precipitation", "relative", "1", "0", 0.0, 0.99)}};
  return table;
}

const TableSpec& uptake_experiment_table() {
  static const TableSpec table{
      "uptake experiment",
      "The virtual experiment.",
      {optional_part(uptake_soil_table()),
       part(uptake_column_table()),
       {"intervals", KeyType::numbers, "days of the balances", "d", "[1, 7]"},
       {"layers", KeyType::numbers, "numbers of layers", "1", "[3, 5, 10]"},
       {"thickness", KeyType::numbers, "thickness of the layers of each", "cm", "[30, 20, 10]"}}};
  return table;
}

const TableSpec& uptake_sensitivity_table() {
  static const TableSpec table{
      "uptake sensitivity",
      "Sensitivity of the inversion to errors.",
      {optional_part(uptake_soil_table()), part(uptake_column_table()), part(uptake_errors_table()),
       integer("interval", "days of the balance", "d", "1", 1, 366),
       integer("layers", "number of layers", "1", "3", 1, 100),
       number("thickness", "of each layer", "cm", "30", 0.1, {}), success_key(),
       integer("samples", "rows of each matrix of the sample; a power of two is best", "1", "16384", 16, 1e7),
       integer("bootstrap", "replicates for the errors of the indices", "1", "500", 2, 100000), seed_key()}};
  return table;
}

const TableSpec& uptake_invert_table() {
  static const TableSpec horizons = horizon_table();
  static const TableSpec table{
      "uptake invert",
      "Root water uptake of a station's profile.",
      {required_part(profile_table()),
       part(forcing_table()),
       optional_part(uptake_soil_table()),
       {"horizon", KeyType::tables, horizons.documentation, "", "", {}, {}, {}, false, &horizons},
       part(layers_table()),
       part(time_table()),
       part(uptake_errors_table()),
       part(limits_table()),
       success_key(),
       integer("samples", "inversions under errors per interval", "1", "2000", 100, 1e7),
       seed_key()}};
  return table;
}

}  // namespace rootzone::pipeline
