#include "rootzone/pipeline/column_command.hpp"

namespace rootzone::pipeline {
namespace {

const TableSpec& forcing_table() {
  static const TableSpec table{
      "forcing",
      "What drives the column.",
      {{"series",
        KeyType::path,
        "CSV of one site: date, precipitation_mm, potential_evapotranspiration_mm, and leaf_area_index and "
        "soil_moisture_<depth>cm where there are",
        "",
        "",
        {},
        {},
        {},
        true},
       {"start", KeyType::date, "first day; the series' first unless given"},
       {"end", KeyType::date, "last day; the series' last unless given"},
       {"leaf_area_index", KeyType::number, "where the series has none", "1", "2.0", {}, 0.0, 20.0},
       {"extinction", KeyType::number, "k of Ritchie's partition", "1", "0.39", {}, 0.0, 2.0},
       {"within_day",
        KeyType::choice,
        "constant rates, or the day's totals spread over it by a half sine",
        "",
        R"("constant")",
        {"constant", "sinusoidal"}},
       {"parts_per_day", KeyType::integer, "of a sinusoidal day", "1", "24", {}, 2.0, 1440.0},
       {"warm_up_days", KeyType::integer, "the first days, run once before the start", "d", "0", {}, 0.0}}};
  return table;
}

const TableSpec& column_table() {
  static const TableSpec table{
      "column",
      "Grid, boundaries and start.",
      {{"grid",
        KeyType::choice,
        "uniform: `cells` equal ones down to `depth_cm`; graded: the twelve cells of 50 cm that "
        "docs/column.md lists",
        "",
        R"("uniform")",
        {"uniform", "graded"}},
       {"depth_cm", KeyType::number, "of a uniform grid", "cm", "100.0", {}, 1.0, 10000.0},
       {"cells", KeyType::integer, "of a uniform grid", "1", "100", {}, 2.0, 10000.0},
       {"thickness_cm",
        KeyType::numbers,
        "of each cell from the surface down, instead of a grid by name",
        "cm",
        "",
        {},
        0.0},
       {"top",
        KeyType::choice,
        "atmosphere: rain and evaporation, limited by what the soil takes and gives; flux: as given",
        "",
        R"("atmosphere")",
        {"atmosphere", "flux"}},
       {"bottom",
        KeyType::choice,
        "what lies below",
        "",
        R"("free_drainage")",
        {"free_drainage", "no_flow", "head", "water_table", "flux"}},
       {"bottom_value", KeyType::number, "head (cm), depth of the water table (cm) or downward flux (cm/d)",
        "1", "0.0"},
       {"initial_head_cm", KeyType::number, "everywhere at the start", "cm", "-100.0", {}, -1e7, 1e5}}};
  return table;
}

const TableSpec& soil_layer_table() {
  static const TableSpec table{
      "layer",
      "A layer of soil. Each model has its own keys; the others must not be there.",
      {{"to_cm",
        KeyType::number,
        "depth of the layer's lower edge; the last may leave it out",
        "cm",
        "",
        {},
        0.0},
       {"saturated_water_content", KeyType::number, "θs", "m3 m-3", "", {}, 0.0, 1.0, true},
       {"residual_water_content",
        KeyType::number,
        "θr; van_genuchten and brooks_corey",
        "m3 m-3",
        "",
        {},
        0.0,
        1.0},
       {"alpha_per_cm", KeyType::number, "α; van_genuchten and fredlund_xing", "cm-1", "", {}, 0.0},
       {"n", KeyType::number, "n; of brooks_corey the pore-size index", "1", "", {}, 0.0, {}, true},
       {"m", KeyType::number, "m; fredlund_xing", "1", "", {}, 0.0},
       {"saturated_conductivity_cm_d", KeyType::number, "Ks", "cm d-1", "", {}, 0.0, {}, true},
       {"tortuosity", KeyType::number, "l; van_genuchten, 0.5 unless given", "1"},
       {"air_entry_head_cm",
        KeyType::number,
        "van_genuchten: −2 where n < 1.2, else 0, unless given; brooks_corey: h_e, needed",
        "cm",
        "",
        {},
        {},
        0.0},
       {"conductivity_exponent", KeyType::number, "η; brooks_corey, 2/n + 3 unless given", "1", "", {}, 0.0},
       {"residual_suction_cm", KeyType::number, "hr; fredlund_xing, 15000 unless given", "cm", "", {}, 0.0}}};
  return table;
}

const TableSpec& roots_table() {
  static const TableSpec table{
      "roots",
      "Where roots are and how dryness stops them.",
      {{"profile",
        KeyType::choice,
        "over depth; none: no uptake",
        "",
        R"("hoffman")",
        {"hoffman", "exponential", "none"}},
       {"depth_cm", KeyType::number, "root depth", "cm", "40.0", {}, 0.0},
       {"scale_cm", KeyType::number, "of an exponential profile", "cm", "25.0", {}, 0.0},
       {"uptake",
        KeyType::choice,
        "stress function",
        "",
        R"("s_shaped")",
        {"s_shaped", "feddes", "unstressed"}},
       {"half_head_cm",
        KeyType::number,
        "s_shaped: head at which uptake is halved",
        "cm",
        "-500.0",
        {},
        {},
        0.0},
       {"exponent", KeyType::number, "s_shaped: p", "1", "3.0", {}, 0.0},
       {"feddes_cm", KeyType::numbers, "feddes: h1, h2, h3 high, h3 low, h4", "cm",
        "[-10, -25, -200, -800, -8000]"}}};
  return table;
}

const TableSpec& solver_table() {
  static const TableSpec table{
      "solver",
      "Of the scheme.",
      {{"largest_step_d", KeyType::number, "longest step", "d", "0.25", {}, 1e-6},
       {"largest_step_in_rain_d", KeyType::number, "longest step while it rains", "d", "0.05", {}, 1e-6},
       {"water_content_change",
        KeyType::number,
        "aimed-at largest change of θ in a step",
        "m3 m-3",
        "0.01",
        {},
        1e-6,
        1.0},
       {"residual_cm",
        KeyType::number,
        "of a cell's balance when the iteration ends",
        "cm",
        "1e-6",
        {},
        1e-14,
        1e-3},
       {"driest_surface_head_cm",
        KeyType::number,
        "hA, the head of air-dry soil",
        "cm",
        "-1e5",
        {},
        -1e7,
        -1e3}}};
  return table;
}

const TableSpec& column_output_table() {
  static const TableSpec table{
      "output",
      "What is written.",
      {{"depths_cm", KeyType::numbers, "θ is given at these depths", "cm", "[5, 20, 40]", {}, 0.0},
       {"profiles", KeyType::boolean, "profile.csv: θ and head of every cell and day", "", "false"},
       {"tangent", KeyType::boolean, "tangent.csv: derivatives of θ at the depths by the soil's parameters",
        "", "false"}}};
  return table;
}

}  // namespace

const TableSpec& column_schema() {
  static const TableSpec table{
      "column file",
      "One Richards column.",
      {{"forcing", KeyType::table, "what drives the column", "", "", {}, {}, {}, true, &forcing_table()},
       {"column", KeyType::table, "grid, boundaries and start", "", "", {}, {}, {}, false, &column_table()},
       {"model",
        KeyType::choice,
        "hydraulic model of all layers",
        "",
        R"("van_genuchten")",
        {"van_genuchten", "fredlund_xing", "brooks_corey"}},
       {"layer",
        KeyType::tables,
        "one or more layers of soil, from the surface down",
        "",
        "",
        {},
        {},
        {},
        true,
        &soil_layer_table()},
       {"roots", KeyType::table, "roots and their stress", "", "", {}, {}, {}, false, &roots_table()},
       {"solver", KeyType::table, "of the scheme", "", "", {}, {}, {}, false, &solver_table()},
       {"output", KeyType::table, "what is written", "", "", {}, {}, {}, false, &column_output_table()}}};
  return table;
}

}  // namespace rootzone::pipeline
