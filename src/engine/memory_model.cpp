#include "memory_model.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>

namespace rootzone::engine {
namespace {

// Half of a common L2 cache, for the values of a strip. The state of a stage, and about as much again of its
// coefficients, shall stay in the first cache (32 KiB) from day to day.
constexpr std::int64_t strip_value_bytes = 512 << 10;
constexpr std::int64_t strip_state_bytes = 12 << 10;
constexpr std::int64_t least_strip_pixels = 256;
constexpr std::int64_t most_strip_pixels = 4096;
constexpr std::int64_t value_bytes = sizeof(float);
constexpr std::int64_t flag_bytes = sizeof(core::FlagBits);

std::int64_t cell_bytes(bool with_flags) {
  return value_bytes + (with_flags ? flag_bytes : 0);
}

// Limit of the control group (version 2, then 1), or nothing. "max" and huge numbers mean none.
std::int64_t container_limit() {
  for (const char* file : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::ifstream stream(file);
    std::int64_t bytes = 0;
    if (stream >> bytes && bytes > 0) return bytes;
  }
  return 0;
}

}  // namespace

StripShape choose_strips(const ChainGraph& graph, std::int64_t forced_pixels) {
  std::int64_t state_values = 0;
  for (const StageLinks& links : graph.stages)  // they run one after the other over the steps of a strip
    state_values = std::max(state_values, values_per_pixel(links.state));
  std::int64_t bytes_per_pixel_step = 0;
  for (const Variable& variable : graph.variables) bytes_per_pixel_step += cell_bytes(variable.with_flags);
  StripShape shape;
  shape.pixels = most_strip_pixels;
  while (shape.pixels > least_strip_pixels && shape.pixels * state_values * 8 > strip_state_bytes)
    shape.pixels /= 2;
  if (forced_pixels > 0) shape.pixels = forced_pixels;
  // At least eight steps, or the calls cost more than the cache saves.
  shape.steps = std::clamp<std::int64_t>(
      strip_value_bytes / (shape.pixels * std::max<std::int64_t>(1, bytes_per_pixel_step)), 8, 64);
  return shape;
}

std::int64_t tile_pixels_for(const StripShape& strips) {
  return strips.pixels % tile_pixels == 0 ? tile_pixels : strips.pixels;
}

MemoryModel::MemoryModel(const Chain& chain, const ChainGraph& graph, const RunOptions& options, int threads)
    : m_graph(graph),
      m_cols(chain.grid.cols()),
      m_cells(chain.grid.cells()),
      m_steps(chain.time.count()),
      m_base(process_base_bytes + options.resident_bytes + threads * bytes_per_thread),
      m_threads(threads),
      m_scope(main_scope(graph)),
      m_scratch(graph.variables.size(), 0.0) {
  const StripShape strips = choose_strips(graph, options.forced_strip_pixels);
  m_tile_pixels = tile_pixels_for(strips);
  std::int64_t strip_bytes = 0;
  for (const PassScope& survey : survey_scopes(graph))
    for (std::size_t v = 0; v < m_scope.reads.size(); ++v)
      if (survey.reads[v]) m_scope.reads[v] = true;
  for (std::size_t v = 0; v < graph.variables.size(); ++v) {
    const Variable& variable = graph.variables[v];
    const bool written = variable.sink != nullptr;
    if (m_scope.reads[v]) {
      m_bytes_per_cell_step += cell_bytes(written);
      m_scratch[v] = variable.source->layout().scratch_bytes_per_cell_step;
    } else if (written) {
      m_bytes_per_cell_step += cell_bytes(variable.with_flags);
    } else if (variable.source == nullptr) {
      strip_bytes += strips.pixels * strips.steps * cell_bytes(variable.with_flags);
    }
  }
  for (const LayerProduct& layer : graph.layers) {
    const std::int64_t bytes = layer.layers * cell_bytes(layer.with_flags);
    if (layer.sink != nullptr)
      m_layer_bytes += bytes;
    else
      strip_bytes += m_tile_pixels * bytes;
  }
  for (const StageLinks& links : graph.stages) {
    m_state_values += values_per_pixel(links.state);
    m_survey_values += values_per_pixel(links.survey);
  }
  m_base += threads * strip_bytes;
}

MemoryUse MemoryModel::use(const Layout& layout) const {
  const std::int64_t band_cells = layout.block.rows * m_cols;
  MemoryUse use;
  use.base = m_base;
  use.state = band_cells * m_state_values * 8;
  use.survey = m_cells * m_survey_values * 8;
  double fetched = 0.0;
  for (std::size_t v = 0; v < m_scratch.size(); ++v)
    if (m_scope.reads[v])
      fetched += m_scratch[v] * static_cast<double>(layout.fetched[v].steps * layout.fetched[v].rows) *
                 static_cast<double>(m_cols);
  use.blocks =
      layout.tokens * (band_cells * layout.block.steps * m_bytes_per_cell_step + std::llround(fetched));
  // Layers of a band wait for the writer while the next bands are computed.
  const std::int64_t layer_sets = std::min({static_cast<std::int64_t>(layout.tokens), layout.bands,
                                            (layout.tokens + layout.slabs - 1) / layout.slabs + 1});
  use.layers = layer_sets * band_cells * m_layer_bytes;
  const auto gathered = static_cast<std::int64_t>(m_graph.gathered.size());
  const std::int64_t padded = (band_cells + m_tile_pixels - 1) / m_tile_pixels * m_tile_pixels;
  use.gathered = gathered * m_steps * value_bytes *
                 ((layout.gathers_on_disk ? 0 : padded) + 2 * m_tile_pixels * m_threads);
  use.sinks = sink_bytes(layout);
  use.slack = std::llround(heap_slack * static_cast<double>(use.blocks + use.sinks));
  return use;
}

std::int64_t MemoryModel::sink_bytes(const Layout& layout) const {
  const std::int64_t band_cells = layout.block.rows * m_cols;
  const auto held = [](std::int64_t told, std::int64_t assumed) { return told >= 0 ? told : assumed; };
  std::int64_t bytes = 0;
  for (const Variable& variable : m_graph.variables) {
    if (variable.sink == nullptr) continue;
    const std::int64_t steps = std::max(layout.block.steps, std::min(m_steps, assumed_sink_chunk_steps));
    bytes += held(variable.sink->memory_bytes_for({0, layout.block.steps, 0, layout.block.rows}),
                  band_cells * steps * cell_bytes(variable.with_flags));
  }
  for (const LayerProduct& layer : m_graph.layers) {
    if (layer.sink == nullptr) continue;
    bytes += held(layer.sink->memory_bytes_for({0, layer.layers, 0, layout.block.rows}),
                  band_cells * layer.layers * cell_bytes(layer.with_flags));
  }
  return bytes;
}

std::int64_t default_memory_budget() {
  std::int64_t bytes = static_cast<std::int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGE_SIZE);
  if (const std::int64_t limit = container_limit(); limit > 0) bytes = std::min(bytes, limit);
  return bytes / 2;
}

std::string mebibytes(std::int64_t bytes) {
  constexpr std::int64_t mebi = 1 << 20;
  return std::to_string((bytes + mebi - 1) / mebi) + " MiB";
}

}  // namespace rootzone::engine
