#pragma once
#include <memory>
#include <vector>

#include "rootzone/core/block.hpp"

namespace rootzone::pipeline {

/// Keeps what is written in memory, [step][cell]: for single sites and tests.
class MemorySink : public core::BlockSink {
 public:
  MemorySink(std::int64_t steps, std::int64_t rows, std::int64_t cols)
      : m_cols(cols),
        m_cells(rows * cols),
        values(static_cast<std::size_t>(steps * rows * cols)),
        flags(static_cast<std::size_t>(steps * rows * cols)) {}

  void write(const core::BlockWindow& window, std::span<const float> block,
             std::span<const core::FlagBits> block_flags, const core::ParallelFor&) override {
    const auto size = static_cast<std::size_t>(window.rows * m_cols);
    for (std::int64_t step = 0; step < window.steps; ++step) {
      const auto from = static_cast<std::size_t>(step) * size;
      const auto to =
          static_cast<std::size_t>((window.first_step + step) * m_cells + window.first_row * m_cols);
      for (std::size_t i = 0; i < size; ++i) {
        values[to + i] = block[from + i];
        if (!block_flags.empty()) flags[to + i] = block_flags[from + i];
      }
    }
  }
  void finish() override {}

 private:
  std::int64_t m_cols;
  std::int64_t m_cells;

 public:
  std::vector<float> values;
  std::vector<core::FlagBits> flags;
};

}  // namespace rootzone::pipeline
