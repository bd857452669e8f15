#pragma once
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "calibration_outcome.hpp"
#include "rootzone/pipeline/configuration.hpp"

namespace rootzone::pipeline {

/// A text file of the results, in memory until all of them stand.
struct ResultFile {
  std::filesystem::path name;  ///< below the output folder
  std::string text;
};

/// The columns of calibration.csv: its writer's and its reader's.
inline constexpr std::array<std::string_view, 16> calibration_columns{"station",
                                                                      "root_zone",
                                                                      "covariates",
                                                                      "scheme",
                                                                      "repetition",
                                                                      "seed",
                                                                      "sw2",
                                                                      "sc1",
                                                                      "a",
                                                                      "b",
                                                                      "v2_cm_per_day",
                                                                      "rmse_calibration",
                                                                      "rmse_validation",
                                                                      "pearson_r_validation",
                                                                      "nse_validation",
                                                                      "at_bound"};
/// calibration.csv: every repetition of every case (docs/calibration.md).
std::string calibration_csv(const CalibrationGroup& group);
/// scores.csv: the columns of metrics.csv after root_zone, covariates, scheme.
std::string scores_csv(const CalibrationGroup& group);
/// issues.csv: what was left out, and why.
std::string issues_csv(const CalibrationGroup& group);
/// parameters.toml: chosen parameters, mean and spread, bounds hit, seeds, soil, periods, settings.
std::string parameters_toml(const Configuration& configuration, const CalibrationGroup& group);
/// "series/<station>_<zone>.csv", with letters that a file name can bear everywhere.
std::filesystem::path series_name(const std::string& station, const std::string& zone);
/// series/<station>_<zone>.csv: what was measured, and SMAR and the filter of each set and scheme.
std::vector<ResultFile> series_files(const Configuration& configuration, const CalibrationGroup& group);

}  // namespace rootzone::pipeline
