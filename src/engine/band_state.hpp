#pragma once
#include <cstdint>
#include <vector>

#include "chain_graph.hpp"
#include "raw_array.hpp"
#include "rootzone/core/parallel.hpp"
#include "rootzone/engine/state_store.hpp"

namespace rootzone::engine {

/// The state of the stages of a pass over the pixels of one band: an array [value][pixel] for each field.
class BandState {
 public:
  /// advances: by stage; stages that do not advance keep no state.
  BandState(const ChainGraph& graph, const std::vector<bool>& advances, std::int64_t most_pixels);
  /// Begin a band: initial values everywhere, then what the store keeps (null: nothing).
  void begin_band(const RowBand& band, std::int64_t pixels, StateStore* store,
                  const core::ParallelFor& parallel_for);
  void save_band(const RowBand& band, StateStore& store) const;

  double* field(std::size_t stage, std::size_t field, std::int64_t value) const {
    return m_fields[stage][field].data() + value * m_pixels;
  }

 private:
  std::span<double> whole(std::size_t stage, std::size_t field) const;

  const ChainGraph& m_graph;
  std::vector<std::vector<RawArray<double>>> m_fields;  // by stage, by field
  std::int64_t m_pixels = 0;
};

}  // namespace rootzone::engine
