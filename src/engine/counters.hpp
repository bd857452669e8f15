#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "chain_graph.hpp"

namespace rootzone::engine {

/// Values, missing values and flag bits of one product. Whole numbers: the sum does not depend on its order.
struct Counter {
  std::int64_t values = 0;
  std::int64_t missing = 0;
  std::array<std::int64_t, 16> by_bit{};

  void count(std::span<const float> cells, std::span<const core::FlagBits> flags);
  void add(const Counter& other);
  FlagCounts named() const;
};

}  // namespace rootzone::engine
