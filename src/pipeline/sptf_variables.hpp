#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "rootzone/sptf/predictor.hpp"

namespace rootzone::pipeline {

/// Below so many observed days an estimate is flagged: shorter series give an NSE below 0.5 (Qi et al. 2026,
/// Fig. 11).
inline constexpr std::int64_t few_observed_days = 40;

/// One number of an estimate under the name by which products and JSON know it.
struct SptfVariable {
  std::string name;
  std::string long_name;
  std::string units;
  std::function<double(const sptf::SoilEstimate&)> value;
};

/// All numbers that a hydraulic model's estimates have, parameters before what follows from them; without the
/// count of observed days.
std::vector<SptfVariable> sptf_variables(sptf::HydraulicModel model);

/// Units in which series and constants are handed to a predictor.
std::string sptf_units(const std::string& variable);

/// The weights file meant by a path or shipped:NAME.
std::filesystem::path sptf_weights_file(const std::string& reference);

}  // namespace rootzone::pipeline
