#include "schema_tables.hpp"

namespace rootzone::pipeline {
namespace {

const TableSpec& root_zone_table() {
  static const TableSpec table{
      "root_zone",
      "A root zone to calibrate at every station, with its soil.",
      {{"depth", KeyType::numbers, "[top, bottom]", "cm", "", {}, 0.0, {}, true},
       {"warm_up_days",
        KeyType::number,
        "days after the first observation that are not compared",
        "d",
        "20.0",
        {},
        0.0},
       {"porosity", KeyType::value, "of the root zone, for covariates P1", "m3 m-3"},
       {"field_capacity", KeyType::value, "of the root zone, for covariates P1: the initial state", "m3 m-3"},
       {"sand", KeyType::value, "of the root zone, for covariates P2", "%"},
       {"clay", KeyType::value, "of the root zone, for covariates P2", "%"}}};
  return table;
}

void add_soil_keys(std::vector<KeySpec>& keys) {
  const std::vector<KeySpec> more{
      {"root_zone", KeyType::tables, "one or more root zones", "", "", {}, {}, {}, true, &root_zone_table()},
      {"surface_zone",
       KeyType::numbers,
       "[top, bottom] of the surface layer; its thickness is Zr1",
       "cm",
       "[0, 10]",
       {},
       0.0},
      {"covariates", KeyType::texts,
       "sets of porosity and field capacity, one or more: P1 (soil maps), P2 (texture class and a table), "
       "series (1.02 × the largest value and the 75th percentile of the calibration period)",
       "", R"(["P1"])"},
      {"schemes", KeyType::texts, "of SMAR, one or both: paper, exact", "", R"(["paper"])"},
      {"porosity_surface", KeyType::value, "of the surface layer, for P1", "m3 m-3"},
      {"sand_surface", KeyType::value, "of the surface layer, for P2", "%"},
      {"clay_surface", KeyType::value, "of the surface layer, for P2", "%"},
      {"texture",
       KeyType::choice,
       "where P2 takes sand and clay from: the layers named, or the stations' own static variables (ISMN)",
       "",
       R"("layers")",
       {"layers", "stations"}},
      {"texture_table", KeyType::path, "CSV with class, porosity and field_capacity for P2", "",
       R"("shipped:rawls1982")"}};
  keys.insert(keys.end(), more.begin(), more.end());
}

void add_period_keys(std::vector<KeySpec>& keys) {
  const std::vector<KeySpec> more{
      {"split",
       KeyType::choice,
       "calibration and validation period: by fraction of each station's own days with both moistures, by "
       "fraction of the days on which any station has a root zone, or by dates",
       "",
       R"("station")",
       {"station", "network", "dates"}},
      {"fraction",
       KeyType::number,
       "share of those days that come first and are calibration",
       "1",
       "0.6666666666666666",
       {},
       0.05,
       0.95},
      {"calibration_start", KeyType::date, "for split = \"dates\"; default: the first day"},
      {"calibration_end", KeyType::date, "for split = \"dates\": last day, included"},
      {"validation_start", KeyType::date, "for split = \"dates\"; default: the day after calibration_end"},
      {"validation_end", KeyType::date, "for split = \"dates\"; default: the last day"},
      {"minimum_pairs",
       KeyType::integer,
       "fewer compared days in the calibration period and a station is left out",
       "1",
       "100",
       {},
       4}};
  keys.insert(keys.end(), more.begin(), more.end());
}

void add_search_keys(std::vector<KeySpec>& keys) {
  const std::vector<KeySpec> more{
      {"optimizer",
       KeyType::choice,
       "of pagmo 2: genetic algorithm, covariance matrix adaptation, differential "
       "evolution",
       "",
       R"("sga")",
       {"sga", "cmaes", "de1220"}},
      {"population", KeyType::integer, "points of a generation", "1", "100", {}, 4, 100000},
      {"generations", KeyType::integer, "of the optimiser", "1", "100", {}, 1, 100000},
      {"repetitions",
       KeyType::integer,
       "independent runs of the optimiser, each with its seed",
       "1",
       "20",
       {},
       1,
       10000},
      {"seed",
       KeyType::integer,
       "of the first repetition; the next have the next numbers",
       "1",
       "1",
       {},
       0,
       4294900000.0},
      {"crossover", KeyType::choice, "of sga", "", R"("sbx")", {"sbx", "exponential", "binomial", "single"}},
      {"crossover_probability", KeyType::number, "of sga", "1", "0.9", {}, 0.0, 1.0},
      {"crossover_index",
       KeyType::number,
       "of sga with sbx: small spreads the children",
       "1",
       "1.0",
       {},
       1.0,
       100.0},
      {"mutation", KeyType::choice, "of sga", "", R"("polynomial")", {"polynomial", "gaussian", "uniform"}},
      {"mutation_probability", KeyType::number, "of sga, for each coordinate", "1", "0.5", {}, 0.0, 1.0},
      {"mutation_parameter",
       KeyType::number,
       "of sga: index of polynomial (1–100), width of gaussian (0–1)",
       "1",
       "20.0",
       {},
       0.0,
       100.0},
      {"selection", KeyType::choice, "of sga", "", R"("tournament")", {"tournament", "truncated"}},
      {"selection_size",
       KeyType::integer,
       "of sga: contenders of a tournament, or survivors",
       "1",
       "2",
       {},
       1,
       100000},
      {"representative",
       KeyType::choice,
       "parameters that scores, series and regressions use: the best repetition in the calibration period, "
       "or "
       "the mean of all",
       "",
       R"("best")",
       {"best", "mean"}},
      {"b_maximum",
       KeyType::number,
       "upper bound of the search for b; a fit at 1 or above is not applicable",
       "1",
       "1.0",
       {},
       0.01,
       10.0},
      {"v2_maximum",
       KeyType::number,
       "upper bound of V2 = a (1 − sw2) n2 Zr2",
       "cm d-1",
       "2.5",
       {},
       0.01,
       100.0}};
  keys.insert(keys.end(), more.begin(), more.end());
}

void add_model_keys(std::vector<KeySpec>& keys) {
  const std::vector<KeySpec> more{
      {"gap_policy",
       KeyType::choice,
       "days without surface observation: a value that decays, or none",
       "",
       R"("decay")",
       {"decay", "missing"}},
      {"max_gap_days", KeyType::number, "after longer gaps SMAR has no value", "d", "30.0", {}, 0.0},
      {"respin_days", KeyType::number, "observed days until it returns", "d", "20.0", {}, 0.0},
      {"filter_times",
       KeyType::numbers,
       "T of the exponential filter that are tried",
       "d",
       "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 25, 30, 35, 40, 50, 60, 80, 100]",
       {},
       0.01},
      {"filter_objective",
       KeyType::choice,
       "what the best T is the best of: pearson_r, or nse of index and reference both brought to [0, 1]",
       "",
       R"("pearson_r")",
       {"pearson_r", "nse"}}};
  keys.insert(keys.end(), more.begin(), more.end());
}

void add_plausibility_keys(std::vector<KeySpec>& keys) {
  const std::vector<KeySpec> more{
      {"plausibility",
       KeyType::choice,
       "what to do with a sensor that breaks a rule below: leave its station out, only say so, or do not "
       "look",
       "",
       R"("exclude")",
       {"exclude", "report", "off"}},
      {"plausible_range", KeyType::numbers, "[low, high] of a sensor's daily values", "m3 m-3", "[0, 1]"},
      {"outside_share",
       KeyType::number,
       "share of the days that may lie outside; up to it those days are dropped, above the sensor breaks the "
       "rule",
       "1",
       "0.001",
       {},
       0.0,
       1.0},
      {"stuck_days",
       KeyType::integer,
       "days in a row with the very same value that break the rule",
       "d",
       "30",
       {},
       2},
      {"jump", KeyType::number, "from day to day", "m3 m-3", "0.25", {}, 0.001},
      {"jumps_allowed", KeyType::integer, "larger ones than `jump`", "1", "2", {}, 0},
      {"spike", KeyType::number, "up and down again within two days", "m3 m-3", "0.15", {}, 0.001},
      {"spikes_allowed", KeyType::integer, "larger ones than `spike`", "1", "2", {}, 0},
      {"least_range",
       KeyType::number,
       "a series whose values span less is constant",
       "m3 m-3",
       "0.01",
       {},
       0.0},
      {"required_depths",
       KeyType::numbers,
       "a station without a kept sensor at each of these depths is left out and named",
       "cm",
       "[]",
       {},
       0.0},
      {"unfiltered", KeyType::boolean,
       "also calibrate all series of all stations, whatever flags, only_stations and these rules say: a "
       "second "
       "table",
       "", "false"}};
  keys.insert(keys.end(), more.begin(), more.end());
}

TableSpec make_table() {
  TableSpec table;
  table.name = "calibration";
  table.documentation =
      "SMAR calibrated at the stations of [validation]: what `rootzone calibrate` does. See "
      "[calibration.md](calibration.md).";
  add_soil_keys(table.keys);
  add_period_keys(table.keys);
  add_search_keys(table.keys);
  add_model_keys(table.keys);
  add_plausibility_keys(table.keys);
  return table;
}

}  // namespace

const TableSpec& calibration_table() {
  static const TableSpec table = make_table();
  return table;
}

}  // namespace rootzone::pipeline
