#pragma once
#include <filesystem>

#include "rootzone/pipeline/commands.hpp"

namespace rootzone::pipeline {

/// Carry SMAR's parameters from the stations that `rootzone calibrate` left in the folder `calibration` to
/// the grid of a study pipeline ([regionalisation] says how): writes regression.toml, which the stage `smar`
/// reads, leave_one_out.csv, leave_one_out_moisture.csv, models.csv, stations.csv and report.html
/// (docs/regionalisation.md). Nothing is written before all is computed, and every file appears whole. A
/// station outside the grid or without a predictor is left out with a warning that names it. Returns the
/// folder. Throws core::Error: usage for a pipeline without [regionalisation] or contradictory settings, data
/// for a folder that holds no usable calibration.
std::filesystem::path regionalise_stations(const PipelineRequest& request,
                                           const std::filesystem::path& calibration);

}  // namespace rootzone::pipeline
