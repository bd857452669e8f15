#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "rootzone/core/calendar.hpp"
#include "rootzone/pipeline/regionalisation_setup.hpp"
#include "rootzone/study/transfer_moisture.hpp"

namespace rootzone::pipeline {

/// What `rootzone calibrate` left of one case (a root zone, covariates, a scheme) at the stations.
struct CalibratedStation {
  std::string name;
  study::SitePlace place;
  study::SmarVector parameters{};
  std::vector<study::SmarVector> repetitions;
  int at_bound = 0;                 ///< repetitions with a parameter at a bound
  study::StationMoisture moisture;  ///< empty series: parameters only
};

struct CalibratedCase {
  std::string root_zone;
  std::string covariates;
  std::string scheme;
  std::vector<CalibratedStation> stations;  ///< by name in the order of calibration.csv
  std::vector<std::string> warnings;        ///< what was left out, and why
};

/// Read calibration.csv, parameters.toml and series/ of a folder and pick the case that the setup names, or
/// the only one. Stations where SMAR does not apply, or that parameters.toml does not place, are left out
/// with a warning. Throws Error(data): no calibration.csv or parameters.toml, a column that is missing (with
/// "did you mean"), a repetition twice, a case that is not there (naming those that are), no station left.
CalibratedCase read_calibration_folder(const std::filesystem::path& folder,
                                       const RegionalisationSetup& setup);

}  // namespace rootzone::pipeline
