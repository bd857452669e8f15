#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "rootzone/study/uptake_inversion.hpp"

namespace rootzone::pipeline {

/// A station made ready for the inversion, and what was taken for granted on the way.
struct UptakeSite {
  std::string station;  ///< empty for a series CSV
  std::vector<double> sensor_depths_cm;
  study::ProfileSeries series;
  bool given_layers = false;             ///< not one per sensor
  std::vector<std::string> assumptions;  ///< sentences
  std::vector<std::string> warnings;     ///< of the readers
};

/// Read what the resolved settings of `rootzone uptake invert` name: profile, layers, forcing, soil. Throws
/// core::Error(usage or data) that says which key settles it.
UptakeSite read_uptake_site(const nlohmann::json& settings);

}  // namespace rootzone::pipeline
