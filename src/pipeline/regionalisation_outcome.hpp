#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "calibration_reader.hpp"
#include "rootzone/pipeline/configuration.hpp"

namespace rootzone::pipeline {

/// All that `rootzone regionalise` found, for its files and its report.
struct RegionalisationOutcome {
  const Configuration* configuration = nullptr;
  const RegionalisationSetup* setup = nullptr;
  CalibratedCase calibration;                    ///< its stations are those used
  std::vector<std::string> predictor_units;      ///< by setup->predictors
  std::vector<study::RegionalStation> stations;  ///< as many as calibration.stations
  study::Regionalisation result;
  std::vector<study::MoistureScore> moisture;
  std::vector<std::string> warnings;
  std::string command_line;
};

/// A text file of the results.
struct RegionalisationFile {
  std::filesystem::path name;
  std::string text;
};

std::string regression_toml(const RegionalisationOutcome& outcome);
std::string leave_one_out_csv(const RegionalisationOutcome& outcome);
std::string leave_one_out_moisture_csv(const RegionalisationOutcome& outcome);
/// The significant subsets of every quantity of both forms.
std::string models_csv(const RegionalisationOutcome& outcome);
std::string station_table_csv(const RegionalisationOutcome& outcome);
std::string regionalisation_report(const RegionalisationOutcome& outcome);

/// "sw2: leave-one-out RMSE 0.051 against 0.080 of the global median, 36 % less" and the like, a line per
/// parameter and one for the moisture; then the stations where the median is better.
std::vector<std::string> comparison_with_median(const RegionalisationOutcome& outcome);

}  // namespace rootzone::pipeline
