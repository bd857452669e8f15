#pragma once
#include <cassert>
#include <cstdint>
#include <vector>

#include "band_state.hpp"
#include "chain_graph.hpp"
#include "raw_array.hpp"

namespace rootzone::engine {

/// Where a daily variable of a strip lies: in its block, or in the thread's scratch if it is not written.
struct StripRows {
  StepRows<float> values;
  StepRows<core::FlagBits> flags;
};

/// Pixels and steps of a strip, in its block and on the grid.
struct StripPlace {
  std::int64_t first_step = 0;  ///< on the time axis
  std::int64_t steps = 0;
  std::int64_t first_pixel = 0;  ///< in the band
  std::int64_t first_cell = 0;   ///< on the grid
  std::int64_t pixels = 0;
};

/// What a stage sees of a block. `fields` gives where each state (or survey) value of the strip begins.
class BlockStrip final : public Strip {
 public:
  using Fields = std::vector<std::vector<double*>>;  // by field, by value

  BlockStrip(const StageLinks& links, const StripPlace& place, const std::vector<StripRows>& rows,
             const Fields& fields)
      : m_links(links), m_place(place), m_rows(rows), m_fields(fields) {}

  std::int64_t first_step() const override { return m_place.first_step; }
  std::int64_t steps() const override { return m_place.steps; }
  std::int64_t first_cell() const override { return m_place.first_cell; }
  std::int64_t pixels() const override { return m_place.pixels; }
  std::span<const float> input(std::size_t slot, std::int64_t step) const override {
    assert(slot < m_links.inputs.size() && step >= 0 && step < m_place.steps);
    return m_rows[m_links.inputs[slot]].values.span(step, m_place.pixels);
  }
  std::span<float> output(std::size_t slot, std::int64_t step) const override {
    assert(slot < m_links.outputs.size() && step >= 0 && step < m_place.steps);
    return m_rows[m_links.outputs[slot]].values.span(step, m_place.pixels);
  }
  std::span<core::FlagBits> flags(std::size_t slot, std::int64_t step) const override {
    assert(slot < m_links.outputs.size() && step >= 0 && step < m_place.steps);
    return m_rows[m_links.outputs[slot]].flags.span(step, m_place.pixels);
  }
  std::span<double> state(std::size_t field, std::int64_t value) const override {
    return {m_fields.at(field).at(static_cast<std::size_t>(value)), static_cast<std::size_t>(m_place.pixels)};
  }

 private:
  const StageLinks& m_links;
  const StripPlace& m_place;
  const std::vector<StripRows>& m_rows;
  const Fields& m_fields;
};

/// What a stage sees when the last day has passed.
class FinishStrip final : public LayerStrip {
 public:
  struct Parts {
    const StageLinks& links;
    const BlockStrip::Fields& fields;
    const std::vector<StripRows>& layers;     ///< by layer product, rows are layers
    const std::vector<const float*>& series;  ///< by gathered series: [pixel][step]
    std::int64_t steps = 0;                   ///< of the whole axis
  };
  FinishStrip(const Parts& parts, std::int64_t first_cell, std::int64_t pixels)
      : m_parts(parts), m_first_cell(first_cell), m_pixels(pixels) {}

  std::int64_t first_cell() const override { return m_first_cell; }
  std::int64_t pixels() const override { return m_pixels; }
  std::span<const double> state(std::size_t field, std::int64_t value) const override {
    return {m_parts.fields.at(field).at(static_cast<std::size_t>(value)), static_cast<std::size_t>(m_pixels)};
  }
  std::span<float> layer(std::size_t slot, std::int64_t layer) const override {
    return m_parts.layers[m_parts.links.layers.at(slot)].values.span(layer, m_pixels);
  }
  std::span<core::FlagBits> layer_flags(std::size_t slot, std::int64_t layer) const override {
    return m_parts.layers[m_parts.links.layers.at(slot)].flags.span(layer, m_pixels);
  }
  std::span<const float> series(std::size_t gathered_slot, std::int64_t pixel) const override {
    assert(pixel >= 0 && pixel < m_pixels);
    return {m_parts.series[m_parts.links.gathered.at(gathered_slot)] + pixel * m_parts.steps,
            static_cast<std::size_t>(m_parts.steps)};
  }

 private:
  const Parts m_parts;
  std::int64_t m_first_cell;
  std::int64_t m_pixels;
};

}  // namespace rootzone::engine
