#include "rootzone/pipeline/map_image.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rootzone/core/error.hpp"

namespace rootzone::pipeline {
namespace {

constexpr std::int64_t enlarge_to = 360;  ///< pixels on the long side that small maps reach or stay under
constexpr int colour_count = 255;

std::vector<std::uint8_t> palette_of(const VariableStyle& style) {
  const auto stops = value_stops(style);
  std::vector<std::uint8_t> palette{0, 0, 0, 0};
  for (int k = 0; k < colour_count; ++k) {
    const Rgb colour = style_colour(stops, value_at_position(style, k / (colour_count - 1.0)));
    palette.insert(palette.end(), {colour.red, colour.green, colour.blue, 255});
  }
  return palette;
}

std::uint8_t colour_index(const VariableStyle& style, double value) {
  if (!std::isfinite(value)) return 0;
  return static_cast<std::uint8_t>(1 + std::lround(scale_position(style, value) * (colour_count - 1)));
}

// Mean of the valid cells of a window, NaN if there is none.
double window_mean(std::span<const float> values, std::int64_t cols,
                   const std::array<std::int64_t, 4>& window) {
  double sum = 0.0;
  std::int64_t count = 0;
  for (std::int64_t row = window[0]; row < window[1]; ++row) {
    for (std::int64_t col = window[2]; col < window[3]; ++col) {
      const double value = values[static_cast<std::size_t>(row * cols + col)];
      if (!std::isfinite(value)) continue;
      sum += value;
      ++count;
    }
  }
  return count > 0 ? sum / static_cast<double>(count) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

MapImage paint_map(std::span<const float> values, std::int64_t rows, std::int64_t cols,
                   const VariableStyle& style, std::int64_t max_side) {
  if (rows < 1 || cols < 1 || static_cast<std::int64_t>(values.size()) != rows * cols) {
    throw core::Error(core::ErrorKind::internal, "map of " + std::to_string(rows) + " × " +
                                                     std::to_string(cols) + " cells: got " +
                                                     std::to_string(values.size()) + " values");
  }
  const std::int64_t long_side = std::max(rows, cols);
  const std::int64_t reduce = (long_side + max_side - 1) / max_side;
  const std::int64_t enlarge = std::max<std::int64_t>(1, enlarge_to / long_side);
  // Windows differ by at most a cell, so that the picture fills the extent exactly whatever the factor.
  const std::int64_t out_rows = (rows + reduce - 1) / reduce;
  const std::int64_t out_cols = (cols + reduce - 1) / reduce;

  MapImage image{out_rows * enlarge, out_cols * enlarge, {}, palette_of(style)};
  image.indices.resize(static_cast<std::size_t>(image.rows * image.cols));
  for (std::int64_t row = 0; row < out_rows; ++row) {
    for (std::int64_t col = 0; col < out_cols; ++col) {
      const std::array<std::int64_t, 4> window{row * rows / out_rows, (row + 1) * rows / out_rows,
                                               col * cols / out_cols, (col + 1) * cols / out_cols};
      const std::uint8_t index = colour_index(style, window_mean(values, cols, window));
      for (std::int64_t y = row * enlarge; y < (row + 1) * enlarge; ++y) {
        const auto line = image.indices.begin() + y * image.cols + col * enlarge;
        std::fill(line, line + enlarge, index);
      }
    }
  }
  return image;
}

MapStatistics map_statistics(std::span<const float> values, std::span<const std::uint8_t> domain) {
  MapStatistics statistics;
  double sum = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i < domain.size() && domain[i] == 0) continue;
    ++statistics.cells;
    const double value = values[i];
    if (!std::isfinite(value)) continue;
    statistics.minimum = statistics.valid == 0 ? value : std::min(statistics.minimum, value);
    statistics.maximum = statistics.valid == 0 ? value : std::max(statistics.maximum, value);
    sum += value;
    ++statistics.valid;
  }
  if (statistics.valid == 0) {
    statistics.minimum = statistics.mean = statistics.maximum = std::numeric_limits<double>::quiet_NaN();
  } else {
    statistics.mean = sum / static_cast<double>(statistics.valid);
  }
  return statistics;
}

}  // namespace rootzone::pipeline
