#pragma once
#include <string>
#include <vector>

#include "calibration_soil.hpp"
#include "rootzone/study/calibration.hpp"

namespace rootzone::pipeline {

/// One calibration: a station, a root zone, a covariate set, a scheme.
struct CalibrationCase {
  std::string station;
  double latitude = 0.0;
  double longitude = 0.0;
  const RootZoneSetup* zone = nullptr;
  Covariates covariates = Covariates::p1;
  moisture::SmarScheme scheme = moisture::SmarScheme::paper;
  SiteSoil soil;
};

/// Why a station, or one of its cases, was left out. Empty texts: it concerns all root zones or sets.
struct CalibrationIssue {
  std::string station;
  std::string root_zone;
  std::string covariates;
  std::string problem;
};

/// All that can be calibrated, and what cannot.
struct CalibrationCases {
  std::vector<CalibrationCase> cases;         ///< by station, zone, set, scheme
  std::vector<study::CalibrationTask> tasks;  ///< as many
  std::vector<CalibrationIssue> issues;
};

/// Sensors of a station that break the rules, one sentence each ("the sensor at 5 cm: 42 of 2042 days above
/// 1 m3 m-3"), among those that zone_reference takes for the surface or a root zone.
std::vector<std::string> station_faults(const StationOnDays& station, const study::ZoneOptions& options,
                                        const CalibrationSetup& setup);

/// Bring every station to its cases. filtered: whether required_depths and the plausibility
/// rules count; else broken rules are issues of stations that are kept. A station that cannot be
/// used is an issue; the others go on.
CalibrationCases make_cases(const Configuration& configuration, const StationData& stations,
                            const std::vector<std::optional<study::CellWeights>>& cells,
                            const CalibrationSoil& soil, bool filtered);

}  // namespace rootzone::pipeline
