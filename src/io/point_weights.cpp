#include <algorithm>
#include <array>
#include <cmath>

#include "warp_weights.hpp"

namespace rootzone::io {
namespace {

/// The two neighbours of a position along one axis and the weight of the second.
struct Neighbours {
  std::int64_t first = 0;
  std::int64_t second = 0;
  double weight = 0.0;
};

/// position: fractional, 0.5 at the first centre. count cells, joined at the ends if `closed`.
Neighbours neighbours_at(double position, std::int64_t count, bool closed) {
  const double from_centre = position - 0.5;
  const double below = std::floor(from_centre);
  Neighbours found{static_cast<std::int64_t>(below), static_cast<std::int64_t>(below) + 1,
                   from_centre - below};
  if (closed) {
    found.first = (found.first % count + count) % count;
    found.second = (found.second % count + count) % count;
  } else {
    found.first = std::clamp<std::int64_t>(found.first, 0, count - 1);
    found.second = std::clamp<std::int64_t>(found.second, 0, count - 1);
  }
  return found;
}

void add(std::vector<CellWeight>& weights, std::int64_t row, std::int64_t col, double weight) {
  if (weight <= 0.0) return;
  for (CellWeight& known : weights)
    if (known.row == row && known.col == col) {
      known.weight += static_cast<float>(weight);
      return;
    }
  weights.push_back(
      {static_cast<std::int32_t>(row), static_cast<std::int32_t>(col), static_cast<float>(weight)});
}

}  // namespace

void point_weights(const SourceView& view, std::int64_t model_row, bool bilinear, const TakeCell& take) {
  const auto count = static_cast<std::size_t>(view.model().cols());
  std::vector<double> cols(count);
  std::vector<double> rows(count, static_cast<double>(model_row) + 0.5);
  for (std::size_t i = 0; i < count; ++i) cols[i] = static_cast<double>(i) + 0.5;
  view.to_source(cols, rows);
  const std::int64_t source_rows = view.source().rows();
  const std::int64_t source_cols = view.source().cols();
  // Rounding may put a point that lies on the source's edge just outside it.
  constexpr double edge = 1e-6;
  std::vector<CellWeight> weights;
  for (std::size_t i = 0; i < count; ++i) {
    weights.clear();
    const double col = view.unwrapped(cols[i]);
    const bool inside = rows[i] >= -edge && rows[i] <= static_cast<double>(source_rows) + edge &&
                        col >= -edge && col <= static_cast<double>(source_cols) + edge;
    if (inside && bilinear) {
      const Neighbours down = neighbours_at(rows[i], source_rows, false);
      const Neighbours across = neighbours_at(col, source_cols, view.is_global());
      add(weights, down.first, across.first, (1.0 - down.weight) * (1.0 - across.weight));
      add(weights, down.first, across.second, (1.0 - down.weight) * across.weight);
      add(weights, down.second, across.first, down.weight * (1.0 - across.weight));
      add(weights, down.second, across.second, down.weight * across.weight);
    } else if (inside) {
      add(weights,
          std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor(rows[i])), 0, source_rows - 1),
          std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor(col)), 0, source_cols - 1), 1.0);
    }
    take(weights);
  }
}

}  // namespace rootzone::io
