#include "strip_worker.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "rootzone/core/error.hpp"

namespace rootzone::engine {
namespace {

#if defined(ROOTZONE_VERIFY_OUTPUTS)
// A NaN that no arithmetic makes, and a bit that no flag has: what is still there was not written.
constexpr std::uint32_t unwritten_value = 0x7FA5A5A5U;
constexpr core::FlagBits unwritten_flags = 0xA5A5U;

void mark_unwritten(const StripRows& rows, std::int64_t count, std::int64_t pixels) {
  for (std::int64_t step = 0; step < count; ++step) {
    auto* values = reinterpret_cast<unsigned char*>(rows.values.row(step));
    for (std::int64_t p = 0; p < pixels; ++p)
      std::copy_n(reinterpret_cast<const unsigned char*>(&unwritten_value), sizeof(float),
                  values + p * static_cast<std::int64_t>(sizeof(float)));
    std::ranges::fill(rows.flags.span(step, pixels), unwritten_flags);
  }
}

void check_written(const StripRows& rows, std::int64_t count, std::int64_t pixels, const std::string& name) {
  for (std::int64_t step = 0; step < count; ++step) {
    const auto left = [](const float& value) {
      std::uint32_t raw = 0;
      std::copy_n(reinterpret_cast<const unsigned char*>(&value), sizeof raw,
                  reinterpret_cast<unsigned char*>(&raw));
      return raw == unwritten_value;
    };
    if (std::ranges::any_of(rows.values.span(step, pixels), left))
      throw core::Error(core::ErrorKind::internal, "not every value of '" + name + "' was written");
    if (std::ranges::count(rows.flags.span(step, pixels), unwritten_flags) > 0)
      throw core::Error(core::ErrorKind::internal, "not every flag of '" + name + "' was written");
  }
}
#else
void mark_unwritten(const StripRows&, std::int64_t, std::int64_t) {}
void check_written(const StripRows&, std::int64_t, std::int64_t, const std::string&) {}
#endif

// Says which stage failed; what is not ours becomes ours, since a stage gets no input that it may refuse.
template <typename Work>
void in_stage(const Stage& stage, const Work& work) {
  const std::string where = "stage '" + stage.name() + "'";
  try {
    work();
  } catch (core::Error& error) {
    error.add_context(where);
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw core::Error(core::ErrorKind::internal, where + ": " + error.what());
  }
}

}  // namespace

StripWorker::StripWorker(const PassParts& parts)
    : m_parts(parts),
      m_rows(parts.graph.variables.size()),
      m_layer_rows(parts.graph.layers.size()),
      m_scratch(parts.graph.variables.size()),
      m_layer_scratch(parts.graph.layers.size()),
      m_series_of(parts.graph.gathered.size()),
      m_counters(parts.graph.variables.size() + parts.graph.layers.size()) {}

void StripWorker::compute(const BlockParts& block, std::int64_t first_pixel, std::int64_t pixels) {
  const std::int64_t cols = m_parts.chain.grid.cols();
  for (std::int64_t done = 0; done < block.window.steps; done += m_parts.strips.steps) {
    m_place = {block.window.first_step + done, std::min(m_parts.strips.steps, block.window.steps - done),
               first_pixel, block.window.first_row * cols + first_pixel, pixels};
    place_rows(block, done);
    run_stages();
    if (!m_parts.scope.main) continue;
    flag_written_sources();
    gather_and_count();
  }
}

void StripWorker::place_rows(const BlockParts& block, std::int64_t first_step_of_block) {
  const std::int64_t band_cells = block.window.rows * m_parts.chain.grid.cols();
  const std::int64_t from = first_step_of_block * band_cells + m_place.first_pixel;
  const std::int64_t width = m_parts.strips.pixels;
  for (std::size_t v = 0; v < m_rows.size(); ++v) {
    const ProductArrays& arrays = (*block.daily)[v];
    m_rows[v] = {};
    if (arrays.values.data() != nullptr) {
      m_rows[v].values = {arrays.values.data() + from, band_cells};
      if (arrays.flags.data() != nullptr) m_rows[v].flags = {arrays.flags.data() + from, band_cells};
    } else if (m_parts.graph.variables[v].source == nullptr) {
      ProductArrays& scratch = m_scratch[v];
      scratch.values.reserve(static_cast<std::size_t>(width * m_parts.strips.steps));
      m_rows[v].values = {scratch.values.data(), width};
      if (!m_parts.graph.variables[v].with_flags) continue;
      scratch.flags.reserve(static_cast<std::size_t>(width * m_parts.strips.steps));
      m_rows[v].flags = {scratch.flags.data(), width};
    }
  }
}

void StripWorker::place_state(std::size_t stage, std::int64_t first_pixel) {
  const std::vector<StateField>& fields = m_parts.graph.stages[stage].state;
  m_fields.resize(fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    m_fields[i].clear();
    for (std::int64_t value = 0; value < fields[i].values_per_pixel; ++value)
      m_fields[i].push_back(m_parts.state->field(stage, i, value) + first_pixel);
  }
}

void StripWorker::place_survey(std::size_t stage) {
  const std::vector<StateField>& fields = m_parts.graph.stages[stage].survey;
  const std::int64_t cells = m_parts.chain.grid.cells();
  m_fields.resize(fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    m_fields[i].clear();
    double* data = (*m_parts.survey_fields)[stage][i].data();
    for (std::int64_t value = 0; value < fields[i].values_per_pixel; ++value)
      m_fields[i].push_back(data + value * cells + m_place.first_cell);
  }
}

void StripWorker::run_stages() {
  for (std::size_t i = 0; i < m_parts.graph.stages.size(); ++i) {
    const StageLinks& links = m_parts.graph.stages[i];
    const BlockStrip strip(links, m_place, m_rows, m_fields);
    if (m_parts.scope.surveys[i]) {
      place_survey(i);
      in_stage(*links.stage, [&] { links.stage->survey(strip); });
    }
    if (!m_parts.scope.advances[i]) continue;
    place_state(i, m_place.first_pixel);
    for (const std::size_t v : links.outputs) mark_unwritten(m_rows[v], m_place.steps, m_place.pixels);
    in_stage(*links.stage, [&] {
      links.stage->advance(strip);
      for (const std::size_t v : links.outputs)
        check_written(m_rows[v], m_place.steps, m_place.pixels, m_parts.graph.variables[v].name);
    });
  }
}

void StripWorker::flag_written_sources() {
  for (std::size_t v = 0; v < m_rows.size(); ++v) {
    if (m_parts.graph.variables[v].source == nullptr || m_rows[v].flags.data == nullptr) continue;
    for (std::int64_t step = 0; step < m_place.steps; ++step) {
      const float* values = m_rows[v].values.row(step);
      core::FlagBits* flags = m_rows[v].flags.row(step);
      for (std::int64_t p = 0; p < m_place.pixels; ++p)
        flags[p] = std::isnan(values[p]) ? core::bits(core::Flag::input_missing) : core::FlagBits{0};
    }
  }
}

void StripWorker::gather_and_count() {
  if (m_parts.gather != nullptr)
    for (std::size_t i = 0; i < m_parts.graph.gathered.size(); ++i)
      m_parts.gather->put({i, m_place.first_pixel, m_place.pixels, m_place.first_step, m_place.steps},
                          m_rows[m_parts.graph.gathered[i]].values, m_gather_scratch);
  for (std::size_t v = 0; v < m_rows.size(); ++v) {
    if (m_parts.graph.variables[v].sink == nullptr) continue;
    for (std::int64_t step = 0; step < m_place.steps; ++step)
      m_counters[v].count(m_rows[v].values.span(step, m_place.pixels),
                          m_rows[v].flags.span(step, m_place.pixels));
  }
}

void StripWorker::place_layers(const BlockParts& block, std::int64_t first_pixel) {
  const std::int64_t band_cells = block.window.rows * m_parts.chain.grid.cols();
  for (std::size_t i = 0; i < m_layer_rows.size(); ++i) {
    const LayerProduct& product = m_parts.graph.layers[i];
    const bool written = product.sink != nullptr;
    ProductArrays& arrays = written ? (*block.layers)[i] : m_layer_scratch[i];
    const std::int64_t stride = written ? band_cells : m_parts.tile_pixels;
    const std::int64_t from = written ? first_pixel : 0;
    if (!written) arrays.values.reserve(static_cast<std::size_t>(product.layers * stride));
    m_layer_rows[i] = {};
    m_layer_rows[i].values = {arrays.values.data() + from, stride};
    if (!product.with_flags) continue;
    if (!written) arrays.flags.reserve(static_cast<std::size_t>(product.layers * stride));
    m_layer_rows[i].flags = {arrays.flags.data() + from, stride};
  }
}

void StripWorker::read_series(const StageLinks& links, std::int64_t first_pixel, std::int64_t pixels) {
  const std::int64_t steps = m_parts.chain.time.count();
  const std::int64_t each = m_parts.tile_pixels * steps;
  m_series.reserve(m_series_of.size() * static_cast<std::size_t>(each));
  for (const std::size_t gathered : links.gathered) {
    float* out = m_series.data() + static_cast<std::int64_t>(gathered) * each;
    m_parts.gather->read_tile(gathered, first_pixel, pixels, out, m_gather_scratch);
    m_series_of[gathered] = out;
  }
}

void StripWorker::finish(const BlockParts& block, std::int64_t first_pixel, std::int64_t pixels) {
  const std::int64_t first_cell = block.window.first_row * m_parts.chain.grid.cols() + first_pixel;
  place_layers(block, first_pixel);
  for (std::size_t i = 0; i < m_parts.graph.stages.size(); ++i) {
    const StageLinks& links = m_parts.graph.stages[i];
    place_state(i, first_pixel);
    read_series(links, first_pixel, pixels);
    const FinishStrip strip({links, m_fields, m_layer_rows, m_series_of, m_parts.chain.time.count()},
                            first_cell, pixels);
    for (const std::size_t layer : links.layers)
      mark_unwritten(m_layer_rows[layer], m_parts.graph.layers[layer].layers, pixels);
    in_stage(*links.stage, [&] {
      links.stage->finish(strip);
      for (const std::size_t layer : links.layers)
        check_written(m_layer_rows[layer], m_parts.graph.layers[layer].layers, pixels,
                      m_parts.graph.layers[layer].name);
    });
  }
  for (std::size_t i = 0; i < m_layer_rows.size(); ++i) {
    const LayerProduct& product = m_parts.graph.layers[i];
    if (product.sink == nullptr) continue;
    for (std::int64_t layer = 0; layer < product.layers; ++layer)
      m_counters[m_rows.size() + i].count(m_layer_rows[i].values.span(layer, pixels),
                                          m_layer_rows[i].flags.span(layer, pixels));
  }
}

}  // namespace rootzone::engine
