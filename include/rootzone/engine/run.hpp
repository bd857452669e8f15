#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rootzone/core/block.hpp"
#include "rootzone/core/grid.hpp"
#include "rootzone/core/progress.hpp"
#include "rootzone/core/time_axis.hpp"
#include "rootzone/engine/stage.hpp"
#include "rootzone/engine/state_store.hpp"

namespace rootzone::engine {

/// The whole job, prepared: nothing here may fail for a reason that could have been known before.
struct Chain {
  core::Grid grid;
  core::TimeAxis time{{1970, 1, 1}, {1970, 1, 1}};
  std::map<std::string, std::shared_ptr<core::BlockSource>> sources;  ///< by variable
  std::vector<std::shared_ptr<Stage>> stages;                         ///< in order
  std::map<std::string, std::shared_ptr<core::BlockSink>> sinks;  ///< by variable; sources may be written too
};

struct BlockShape {
  std::int64_t steps = 0;
  std::int64_t rows = 0;
};

struct RunOptions {
  int threads = 0;                         ///< 0: all the machine has
  std::int64_t memory_bytes = 0;           ///< budget for the whole process; 0: half of the machine's
  std::int64_t resident_bytes = 0;         ///< already spent by static layers and the like
  std::optional<BlockShape> forced_block;  ///< tests: cut the cube this way
  core::ProgressSink* progress = nullptr;
  /// Non-zero: stop at the next block, throw core::Interrupted.
  const std::atomic<int>* stop_signal = nullptr;
  /// Where bands get their state before the first day and leave it after the last.
  StateStore* state_store = nullptr;
  /// Run these rows only: a tile. Sources, stages and sinks are those of the whole grid and see its rows.
  std::optional<RowBand> rows;
  std::int64_t forced_strip_pixels = 0;  ///< tests: width of the strips that stages see; 0: fit the cache
};

/// How the cube is cut, and what that costs. Blocks come band by band (rows), and in each band in order of
/// time: state is held for one band only.
struct Plan {
  BlockShape block;
  BlockShape edge;  ///< an edge between blocks falls on this step and this row
  int blocks_in_flight = 1;
  std::int64_t estimated_bytes = 0;
  bool gathers_on_disk = false;
  /// How often the stored chunks of the worst placed source are decoded in one pass: 1 = each once.
  double decode_factor = 1.0;
  std::string explanation;  ///< a line for the log: shape, why, memory
};

/// Counts over every value written, by variable.
struct FlagCounts {
  std::int64_t values = 0;
  std::int64_t missing = 0;
  std::map<std::string, std::int64_t> by_flag;  ///< every name of core::flag_meanings
};

struct RunSummary {
  Plan plan;
  std::map<std::string, FlagCounts> flags;
  double read_seconds = 0.0;
  double decode_seconds = 0.0;
  double compute_seconds = 0.0;
  double write_seconds = 0.0;
  double wall_seconds = 0.0;
};

/// Choose blocks from the layouts on disk under the budget, so that each stored chunk is decoded once.
/// Throws Error(memory) with the smallest budget that would do, Error(internal) for a chain that does not
/// connect (a stage reads a variable nobody makes). Pure, apart from asking the machine for its memory and
/// cores where the options leave them open.
Plan plan_blocks(const Chain& chain, const RunOptions& options);

/// Read, compute and write the whole cube; reading, computing and writing overlap, blocks are written in
/// order. Same bytes for any number of threads and any block shape. Calls finish() on no sink: the caller
/// does when everything stands. scratch_dir must exist (gathered series that do not fit in memory).
/// fetch and write are each entered by one thread at a time, but may run beside each other. Denormals are
/// flushed to zero in every thread while decoding and computing.
/// Throws what plan_blocks throws; what a source, stage or sink throws, with the variable, days and rows put
/// before the message (anything but a core::Error becomes Error(internal), std::bad_alloc Error(memory));
/// Error(environment) if the scratch file cannot be written; core::Interrupted.
RunSummary run(Chain& chain, const RunOptions& options, const std::string& scratch_dir);

}  // namespace rootzone::engine
