#include "schema_tables.hpp"

namespace rootzone::pipeline {

const TableSpec& regionalisation_table() {
  static const TableSpec table{
      "regionalisation",
      "SMAR's parameters carried from stations to the grid: what `rootzone regionalise` does. See "
      "[regionalisation.md](regionalisation.md).",
      {{"predictors",
        KeyType::texts,
        "static inputs that may explain the parameters; sampled at the stations from the grids that are "
        "mapped",
        "",
        "",
        {},
        {},
        {},
        true},
       {"fewest_predictors", KeyType::integer, "of a subset", "1", "2", {}, 1, 10},
       {"most_predictors", KeyType::integer, "of a subset", "1", "4", {}, 1, 10},
       {"significance",
        KeyType::number,
        "a subset counts if the p of its overall F-test is below this",
        "1",
        "0.05",
        {},
        0.0,
        1.0},
       {"form",
        KeyType::choice,
        "what is regressed: parameters (sw2, sc1, a, b, as Liu et al. 2023 do) or balanced (sw2, sc1 − sw2, "
        "ln a, "
        "ln(b/a))",
        "",
        R"("balanced")",
        {"parameters", "balanced"}},
       {"choice",
        KeyType::choice,
        "equation among the significant subsets: paper (highest R², Liu et al. 2023) or cross_validated "
        "(lowest "
        "leave-one-out RMSE); both are reported",
        "",
        R"("cross_validated")",
        {"paper", "cross_validated"}},
       {"most_variance_inflation",
        KeyType::number,
        "the cross-validated choice leaves out subsets with a predictor inflated more",
        "1",
        "10.0",
        {},
        1.0},
       {"not_significant",
        KeyType::choice,
        "what a parameter without a significant subset gets: nothing (a map is refused) or the median over "
        "the "
        "stations",
        "",
        R"("refuse")",
        {"refuse", "global_median"}},
       {"inverse_distance_power",
        KeyType::number,
        "weight of a station: distance to the minus this",
        "1",
        "2.0",
        {},
        0.01,
        20.0},
       {"root_zone", KeyType::text, "case of the calibration, where it holds several: \"10-50\""},
       {"covariates", KeyType::text, "case of the calibration, where it holds several: \"P1\""},
       {"scheme",
        KeyType::choice,
        "case of the calibration, where it holds several",
        "",
        "",
        {"paper", "exact"}},
       {"warm_up_days",
        KeyType::number,
        "days after the first observation that the moisture scores leave out",
        "d",
        "20.0",
        {},
        0.0},
       {"minimum_pairs", KeyType::integer, "days a moisture score needs", "1", "30", {}, 4}}};
  return table;
}

}  // namespace rootzone::pipeline
