#pragma once
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "rootzone/core/progress.hpp"
#include "rootzone/engine/run.hpp"

namespace rootzone::pipeline {

/// What the command line says of a pipeline.
struct PipelineRequest {
  std::filesystem::path file;
  std::vector<std::string> overrides;  ///< --set key=value
  std::filesystem::path out;           ///< empty: out/<pipeline name>/ beside the file
  int jobs = 0;                        ///< 0: every core
  std::int64_t memory_bytes = 0;       ///< 0: half of the machine's
  core::ProgressSink* progress = nullptr;
  const std::atomic<int>* stop_signal = nullptr;
  std::optional<engine::BlockShape> forced_block;  ///< tests: cut the cube this way
  std::string command_line;                        ///< for the manifest
};

/// Run the whole pipeline; returns the folder of the products. Products appear under their names only when
/// all of them stand. Throws core::Error; core::Interrupted after a signal, with nothing half-written left.
std::filesystem::path run_pipeline(const PipelineRequest& request);

/// Validate and describe: every input with files, grid, CRS, dates, missing share, minimum, mean, maximum;
/// the plan of the run. Writes nothing but to `out`.
void check_pipeline(const PipelineRequest& request, std::ostream& out);

/// Score the products that an earlier run left, write stations/ anew, print the table. Report and
/// manifest stay those of the run.
void validate_pipeline(const PipelineRequest& request, std::ostream& out);

/// One site: series CSV in, results CSV out, by the stages' own code.
struct SiteRequest {
  std::filesystem::path series;
  std::string stage;                  ///< smar, exponential_filter or mass_curve
  std::vector<std::string> settings;  ///< key=value of the stage
  std::filesystem::path out;          ///< folder; empty: the daily table goes to standard output
};
void run_site(const SiteRequest& request, std::ostream& out);

/// Bytes from "512MiB", "2GiB", "1.5 GB", "800000000". Throws Error(usage).
std::int64_t parse_bytes(const std::string& text);

/// "0.1.0 (a1b2c3d)"
std::string program_version();

}  // namespace rootzone::pipeline
