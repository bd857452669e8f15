#pragma once
#include <filesystem>

#include "rootzone/pipeline/commands.hpp"

namespace rootzone::pipeline {

/// Calibrate SMAR at the stations of a study pipeline ([validation] says which, [calibration] how) and write
/// calibration.csv, parameters.toml, scores.csv, issues.csv, series/ and report.html into the output folder
/// (docs/calibration.md); with `unfiltered` also calibration_unfiltered.csv and scores_unfiltered.csv.
/// Nothing is written before all is computed, and every file appears whole. The same files whatever the
/// threads. Returns the folder. Throws core::Error: usage for a pipeline without [calibration] or
/// contradictory settings, data where no station can be calibrated; core::Interrupted after a signal.
std::filesystem::path calibrate_stations(const PipelineRequest& request);

}  // namespace rootzone::pipeline
