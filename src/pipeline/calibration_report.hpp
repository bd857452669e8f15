#pragma once
#include <string>
#include <vector>

#include "calibration_outcome.hpp"
#include "rootzone/pipeline/configuration.hpp"

namespace rootzone::pipeline {

/// All the report of a calibration tells.
struct CalibrationReport {
  const CalibrationGroup& usable;
  const CalibrationGroup* unfiltered = nullptr;  ///< the second table, or null
  std::vector<std::string> warnings;             ///< of readers
  std::string command_line;
};

/// report.html: medians, scores and parameters per station, what was left out and why, series.
std::string calibration_report(const Configuration& configuration, const CalibrationReport& report);

}  // namespace rootzone::pipeline
