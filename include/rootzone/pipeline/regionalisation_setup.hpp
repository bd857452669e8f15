#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "rootzone/study/regionalisation.hpp"

namespace rootzone::pipeline {

/// [regionalisation] of a study pipeline, typed.
struct RegionalisationSetup {
  std::vector<std::string> predictors;
  study::RegionalisationOptions options;
  std::string root_zone;   ///< which case of the calibration; empty: the only one there
  std::string covariates;  ///< likewise
  std::string scheme;      ///< likewise
  double warm_up_days = 20.0;
  int minimum_pairs = 30;
};

/// From the resolved table. Throws Error(usage) where keys contradict each other or a predictor is named
/// twice.
RegionalisationSetup read_regionalisation(const nlohmann::json& table);

}  // namespace rootzone::pipeline
