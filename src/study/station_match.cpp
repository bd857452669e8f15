#include "rootzone/study/station_match.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace rootzone::study {
namespace {

/// Two neighbouring indices and the weight of the second.
struct Span {
  std::int64_t first = 0;
  std::int64_t second = 0;
  double second_weight = 0.0;
};

Span around(double fractional, std::int64_t count) {
  const double last = static_cast<double>(count - 1);
  const double centred = std::clamp(fractional - 0.5, 0.0, last);
  const auto first = static_cast<std::int64_t>(centred);
  return {first, std::min(first + 1, count - 1), centred - static_cast<double>(first)};
}

void add(CellWeights& weights, std::int64_t row, std::int64_t col, double weight) {
  if (weight > 0.0) weights.cells[static_cast<std::size_t>(weights.count++)] = {row, col, weight};
}

}  // namespace

std::optional<CellWeights> match_cells(std::int64_t rows, std::int64_t cols, double fractional_row,
                                       double fractional_col, Matching matching) {
  const bool inside = fractional_row >= 0.0 && fractional_row <= static_cast<double>(rows) &&
                      fractional_col >= 0.0 && fractional_col <= static_cast<double>(cols);
  if (!inside || rows < 1 || cols < 1) return std::nullopt;
  CellWeights weights;
  if (matching == Matching::nearest) {
    add(weights, std::min(static_cast<std::int64_t>(fractional_row), rows - 1),
        std::min(static_cast<std::int64_t>(fractional_col), cols - 1), 1.0);
    return weights;
  }
  const Span row = around(fractional_row, rows);
  const Span col = around(fractional_col, cols);
  add(weights, row.first, col.first, (1.0 - row.second_weight) * (1.0 - col.second_weight));
  add(weights, row.first, col.second, (1.0 - row.second_weight) * col.second_weight);
  add(weights, row.second, col.first, row.second_weight * (1.0 - col.second_weight));
  add(weights, row.second, col.second, row.second_weight * col.second_weight);
  return weights;
}

MatchedValue weigh_cells(const CellWeights& cells, std::span<const float> values,
                         std::span<const core::FlagBits> flags) {
  const auto count = static_cast<std::size_t>(cells.count);
  if (values.size() != count || (!flags.empty() && flags.size() != count))
    throw std::invalid_argument("weigh_cells: one value (and flag) per cell expected");
  MatchedValue matched;
  core::FlagBits of_missing = 0;
  double sum = 0.0;
  double weight = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    const core::FlagBits flag = flags.empty() ? core::FlagBits{0} : flags[i];
    if (std::isnan(values[i])) {
      of_missing = static_cast<core::FlagBits>(of_missing | flag);
      continue;
    }
    matched.flags = static_cast<core::FlagBits>(matched.flags | flag);
    sum += cells.cells[i].weight * static_cast<double>(values[i]);
    weight += cells.cells[i].weight;
  }
  if (weight >= 0.5 - 1e-9) {  // half, whatever the rounding of the weights
    matched.value = static_cast<float>(sum / weight);
  } else {
    matched.value = std::numeric_limits<float>::quiet_NaN();
    matched.flags = static_cast<core::FlagBits>(matched.flags | of_missing);
  }
  return matched;
}

}  // namespace rootzone::study
