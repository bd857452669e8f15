#include "rootzone/pipeline/regionalisation_setup.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rootzone/core/error.hpp"

namespace rootzone::pipeline {

RegionalisationSetup read_regionalisation(const nlohmann::json& table) {
  using core::Error;
  using core::ErrorKind;
  RegionalisationSetup setup;
  setup.predictors = table.at("predictors").get<std::vector<std::string>>();
  std::vector<std::string> sorted = setup.predictors;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end())
    throw Error(ErrorKind::usage, "[regionalisation] predictors: '" + *twice + "' is named twice");
  auto& subsets = setup.options.subsets;
  subsets.fewest_predictors = table.at("fewest_predictors").get<std::size_t>();
  subsets.most_predictors = table.at("most_predictors").get<std::size_t>();
  if (subsets.most_predictors < subsets.fewest_predictors)
    throw Error(ErrorKind::usage,
                "[regionalisation] most_predictors = " + std::to_string(subsets.most_predictors) +
                    ": expected at least fewest_predictors, found fewer");
  if (setup.predictors.size() < subsets.fewest_predictors)
    throw Error(ErrorKind::usage, "[regionalisation] predictors: expected at least " +
                                      std::to_string(subsets.fewest_predictors) +
                                      " static inputs (fewest_predictors), found " +
                                      std::to_string(setup.predictors.size()));
  subsets.significance = table.at("significance").get<double>();
  subsets.most_variance_inflation = table.at("most_variance_inflation").get<double>();
  setup.options.form =
      table.at("form") == "parameters" ? study::RegressionForm::parameters : study::RegressionForm::balanced;
  setup.options.choice =
      table.at("choice") == "paper" ? study::ModelChoice::paper : study::ModelChoice::cross_validated;
  setup.options.not_significant = table.at("not_significant") == "refuse"
                                      ? study::NotSignificant::refuse
                                      : study::NotSignificant::global_median;
  setup.options.inverse_distance_power = table.at("inverse_distance_power").get<double>();
  setup.root_zone = table.value("root_zone", "");
  setup.covariates = table.value("covariates", "");
  setup.scheme = table.value("scheme", "");
  setup.warm_up_days = table.at("warm_up_days").get<double>();
  setup.minimum_pairs = table.at("minimum_pairs").get<int>();
  return setup;
}

}  // namespace rootzone::pipeline
