#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "band_state.hpp"
#include "counters.hpp"
#include "gather_store.hpp"
#include "memory_model.hpp"
#include "strips.hpp"

namespace rootzone::engine {

/// Arrays of one product of a block; empty if the product is not held in blocks.
struct ProductArrays {
  RawArray<float> values;
  RawArray<core::FlagBits> flags;
};

/// All that strips of one pass share. Owned by the pass.
struct PassParts {
  const Chain& chain;
  const ChainGraph& graph;
  const PassScope& scope;
  StripShape strips;
  std::int64_t tile_pixels = 0;
  BandState* state = nullptr;
  GatherStore* gather = nullptr;  ///< null: nothing is gathered in this pass
  std::vector<std::vector<std::vector<double>>>* survey_fields = nullptr;  ///< by stage, field: whole grid
};

/// The block a strip belongs to: its window, and arrays by variable, then by layer product.
struct BlockParts {
  core::BlockWindow window;
  std::vector<ProductArrays>* daily = nullptr;
  std::vector<ProductArrays>* layers = nullptr;
};

/// Works strips off, one after the other: one worker for each thread. Keeps the thread's scratch and counts.
class StripWorker {
 public:
  explicit StripWorker(const PassParts& parts);
  /// All stages of the pass over all steps of the block, for the pixels of one strip.
  void compute(const BlockParts& block, std::int64_t first_pixel, std::int64_t pixels);
  /// Stage::finish of all stages for the pixels of one tile.
  void finish(const BlockParts& block, std::int64_t first_pixel, std::int64_t pixels);

  /// By variable, then by layer product; only written ones are counted.
  const std::vector<Counter>& counters() const { return m_counters; }

 private:
  void place_rows(const BlockParts& block, std::int64_t first_step_of_block);
  void place_layers(const BlockParts& block, std::int64_t first_pixel);
  void place_state(std::size_t stage, std::int64_t first_pixel);
  void place_survey(std::size_t stage);
  void run_stages();
  void flag_written_sources();
  void gather_and_count();
  void read_series(const StageLinks& links, std::int64_t first_pixel, std::int64_t pixels);

  const PassParts& m_parts;
  StripPlace m_place;
  std::vector<StripRows> m_rows;        // by variable
  std::vector<StripRows> m_layer_rows;  // by layer product
  BlockStrip::Fields m_fields;
  std::vector<ProductArrays> m_scratch;        // by variable
  std::vector<ProductArrays> m_layer_scratch;  // by layer product
  RawArray<float> m_series;
  RawArray<float> m_gather_scratch;
  std::vector<const float*> m_series_of;  // by gathered series
  std::vector<Counter> m_counters;
};

}  // namespace rootzone::engine
