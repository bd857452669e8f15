#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "chain_graph.hpp"

namespace rootzone::engine {

/// Code, libraries with their caches (GDAL, PROJ, netCDF, HDF5 at work) and small heap: the demo's pipeline
/// on a grid of 8 × 8 cells has 116 MiB with two threads, 73 of them mapped files.
inline constexpr std::int64_t process_base_bytes = 112LL << 20;
/// Stack, allocator arena and strip scratch that a thread keeps beside what is counted by name.
inline constexpr std::int64_t bytes_per_thread = 2LL << 20;
/// Of everything that comes and goes with blocks: what the allocator loses between the pieces.
inline constexpr double heap_slack = 0.1;
/// A sink that does not say what it holds is taken to complete chunks of this many steps over a band …
inline constexpr std::int64_t assumed_sink_chunk_steps = 8;
/// Pixels of a tile in which whole series are gathered and handed to Stage::finish.
inline constexpr std::int64_t tile_pixels = 256;

/// How stages see a block: strips of pixels, advanced a few steps at a time so that what one stage writes is
/// still in the cache when the next reads it.
struct StripShape {
  std::int64_t pixels = 0;
  std::int64_t steps = 0;
};
StripShape choose_strips(const ChainGraph& graph, std::int64_t forced_pixels);

/// Series are gathered in tiles that a strip covers whole, so that a strip writes its own tiles only.
std::int64_t tile_pixels_for(const StripShape& strips);

/// One way to run: all that memory depends on.
struct Layout {
  BlockShape block;
  std::int64_t bands = 1;
  std::int64_t slabs = 1;  ///< blocks of a band
  int tokens = 1;          ///< blocks in flight
  bool gathers_on_disk = false;
  std::vector<BlockShape> fetched;  ///< by variable: steps and rows of whole chunks behind a block
};

struct MemoryUse {
  std::int64_t base = 0;    ///< process, threads, what is resident already
  std::int64_t blocks = 0;  ///< inputs, outputs, flags and fetched bytes of all blocks in flight
  std::int64_t state = 0;
  std::int64_t survey = 0;
  std::int64_t layers = 0;
  std::int64_t gathered = 0;
  std::int64_t sinks = 0;
  std::int64_t slack = 0;
  std::int64_t total() const { return base + blocks + state + survey + layers + gathered + sinks + slack; }
};

/// Counts the bytes of a chain once, then answers for any layout.
class MemoryModel {
 public:
  MemoryModel(const Chain& chain, const ChainGraph& graph, const RunOptions& options, int threads);
  MemoryUse use(const Layout& layout) const;

 private:
  std::int64_t sink_bytes(const Layout& layout) const;

  const ChainGraph& m_graph;
  std::int64_t m_cols;
  std::int64_t m_cells;
  std::int64_t m_steps;
  std::int64_t m_base;
  int m_threads;
  std::int64_t m_tile_pixels;
  PassScope m_scope;
  std::int64_t m_bytes_per_cell_step = 0;
  std::int64_t m_state_values = 0;
  std::int64_t m_survey_values = 0;
  std::int64_t m_layer_bytes = 0;
  std::vector<double> m_scratch;  ///< by variable
};

/// Half of what the machine, or the container the process runs in, has.
std::int64_t default_memory_budget();

/// "310 MiB"; rounded up.
std::string mebibytes(std::int64_t bytes);

}  // namespace rootzone::engine
