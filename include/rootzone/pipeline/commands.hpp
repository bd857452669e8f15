#pragma once
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "rootzone/core/calendar.hpp"
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

/// Nightly work.
struct UpdateRequest {
  PipelineRequest pipeline;
  core::Date through;        ///< bring products and state to this day
  bool accept_gaps = false;  ///< go on where a daily input has no record on the last day
};

/// Bring products and state to a day, going on from the last state; the first time from [time] start. Running
/// it twice changes nothing; any number of nights gives the bytes of one update and of one `run` with the
/// same split. Returns the folder of the products. Throws core::Error: kind state for a state that is
/// damaged, of another grid, of other settings, or beyond the day asked for.
std::filesystem::path update_pipeline(const UpdateRequest& request);

/// Go back to the last state before a day, for input that came late: the next update makes everything from
/// there anew. Returns the day of that state; nothing: the next update begins at [time] start.
std::optional<core::Date> rewind_pipeline(const PipelineRequest& request, const core::Date& before);

/// Many machines, one output folder: cut the rows of the grid into tiles, listed in
/// `<out>/.work/tiles/plan.json` and printed (tile, first row, rows). Tiles done under an equal plan stay
/// done. tiles: how many; 0 = as many as the products' chunks allow.
void plan_tiles(const PipelineRequest& request, int tiles, std::ostream& out);

/// A worker's share of the tiles: every count-th, from index on. count 0: one worker for each tile.
struct TileShare {
  int index = 0;
  int count = 0;
};
/// "I/N" with 0 ≤ I < N; empty text: from JOB_COMPLETION_INDEX, or SLURM_ARRAY_TASK_ID with
/// SLURM_ARRAY_TASK_MIN and SLURM_ARRAY_TASK_COUNT. Throws Error(usage).
TileShare parse_tile_share(const std::string& text);

/// Make the tiles of a share that are not done yet. A tile is done when its marker with checksums stands; a
/// killed worker leaves none. Throws Error(state) if the plan is of other settings, Error(environment) if
/// another process works on the same tile.
void run_tiles(const PipelineRequest& request, const TileShare& share);

/// Make the products of all tiles: the bytes are those of `run`. Throws Error(environment) naming the tiles
/// that are not done. Returns the folder.
std::filesystem::path assemble_tiles(const PipelineRequest& request);

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

/// Bytes from "512MiB", "2GiB", "1.5 GB", "800000000" (plain bytes from a mebibyte on). Throws Error(usage).
std::int64_t parse_bytes(const std::string& text);

/// "0.1.0 (a1b2c3d)"
std::string program_version();

}  // namespace rootzone::pipeline
