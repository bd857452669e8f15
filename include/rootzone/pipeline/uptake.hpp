#pragma once
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "rootzone/core/parallel.hpp"

namespace rootzone::pipeline {

/// What the command line says of `rootzone uptake …`. docs/uptake.md has every setting.
struct UptakeRequest {
  std::filesystem::path
      file;  ///< settings (TOML); may be empty but for `invert`, which also takes a series CSV
  std::vector<std::string> overrides;  ///< --set key=value
  std::filesystem::path out;           ///< folder of the results
};

/// The virtual experiment: writes emd.csv, profiles.csv, settings.json and report.html into the folder, the
/// table of EMD to `out`. Throws core::Error.
void run_uptake_experiment(const UptakeRequest& request, const core::ParallelFor& parallel_for,
                           std::ostream& out);

/// Three error cases of the four experiments: writes sobol.csv, success.csv, settings.json and report.html,
/// the success rates to `out`. Sobol results that break their sum rules are named in the log. Throws
/// core::Error.
void run_uptake_sensitivity(const UptakeRequest& request, const core::ParallelFor& parallel_for,
                            std::ostream& out);

/// A station's profile: writes uptake.csv (per layer and interval), intervals.csv (balance, verdict,
/// reasons), settings.json and report.html, a summary to `out`. Throws core::Error.
void run_uptake_invert(const UptakeRequest& request, const core::ParallelFor& parallel_for,
                       std::ostream& out);

}  // namespace rootzone::pipeline
