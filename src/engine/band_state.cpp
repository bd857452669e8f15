#include "band_state.hpp"

#include <algorithm>

namespace rootzone::engine {

BandState::BandState(const ChainGraph& graph, const std::vector<bool>& advances, std::int64_t most_pixels)
    : m_graph(graph), m_fields(graph.stages.size()) {
  std::size_t arrays = 0;
  for (std::size_t stage = 0; stage < graph.stages.size(); ++stage) {
    if (!advances[stage]) continue;
    m_fields[stage].resize(graph.stages[stage].state.size());
    for (std::size_t i = 0; i < m_fields[stage].size(); ++i) {
      m_fields[stage][i].stagger(arrays++);
      m_fields[stage][i].reserve(
          static_cast<std::size_t>(graph.stages[stage].state[i].values_per_pixel * most_pixels));
    }
  }
}

std::span<double> BandState::whole(std::size_t stage, std::size_t field) const {
  const std::int64_t values = m_graph.stages[stage].state[field].values_per_pixel;
  return m_fields[stage][field].first(static_cast<std::size_t>(values * m_pixels));
}

void BandState::begin_band(const RowBand& band, std::int64_t pixels, StateStore* store,
                           const core::ParallelFor& parallel_for) {
  m_pixels = pixels;
  constexpr std::int64_t piece = 1 << 16;
  for (std::size_t stage = 0; stage < m_fields.size(); ++stage) {
    std::vector<std::span<double>> spans;
    for (std::size_t i = 0; i < m_fields[stage].size(); ++i) {
      const std::span<double> values = whole(stage, i);
      const double initial = m_graph.stages[stage].state[i].initial;
      const auto size = static_cast<std::int64_t>(values.size());
      parallel_for((size + piece - 1) / piece, [&](std::int64_t k) {
        std::fill_n(values.data() + k * piece, std::min(piece, size - k * piece), initial);
      });
      spans.push_back(values);
    }
    if (store != nullptr && !spans.empty()) store->load(stage, band, spans);
  }
}

void BandState::save_band(const RowBand& band, StateStore& store) const {
  for (std::size_t stage = 0; stage < m_fields.size(); ++stage) {
    std::vector<std::span<const double>> spans;
    for (std::size_t i = 0; i < m_fields[stage].size(); ++i) spans.push_back(whole(stage, i));
    if (!spans.empty()) store.save(stage, band, spans);
  }
}

}  // namespace rootzone::engine
