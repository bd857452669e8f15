#include "polygon_coverage.hpp"

#include <algorithm>
#include <cmath>

namespace rootzone::io {

PolygonCoverage::PolygonCoverage(std::int64_t rows, std::int64_t cols)
    : m_rows(rows), m_cols(cols), m_area(static_cast<std::size_t>(rows * (cols + 2)), 0.0) {}

void PolygonCoverage::add(std::span<const RingPoint> ring, bool is_hole) {
  if (ring.size() < 3) return;
  double twice_area = 0.0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const RingPoint& a = ring[i];
    const RingPoint& b = ring[i + 1 == ring.size() ? 0 : i + 1];
    twice_area +=
        (a.col - ring[0].col) * (b.row - ring[0].row) - (b.col - ring[0].col) * (a.row - ring[0].row);
  }
  // An edge running up (row falling) has the inside to its right when the ring's area in (col, row) is
  // positive.
  const double sign = (twice_area > 0.0) == is_hole ? 1.0 : -1.0;
  for (std::size_t i = 0; i < ring.size(); ++i)
    add_edge(ring[i], ring[i + 1 == ring.size() ? 0 : i + 1], sign);
}

void PolygonCoverage::add_edge(RingPoint a, RingPoint b, double sign) {
  if (a.row == b.row) return;
  double direction = sign;
  if (a.row > b.row) {
    std::swap(a, b);
    direction = -sign;
  }
  const double slope = (b.col - a.col) / (b.row - a.row);
  const double top = std::max(a.row, 0.0);
  const double bottom = std::min(b.row, static_cast<double>(m_rows));
  for (auto row = static_cast<std::int64_t>(std::floor(top)); static_cast<double>(row) < bottom; ++row) {
    const double y0 = std::max(top, static_cast<double>(row));
    const double y1 = std::min(bottom, static_cast<double>(row + 1));
    if (y1 <= y0) continue;
    add_in_row(row, a.col + slope * (y0 - a.row), a.col + slope * (y1 - a.row), direction * (y1 - y0));
  }
}

// A piece of an edge within one row, of signed height: all cells to its right gain the height, the cells it
// crosses the part of it that lies to the right of the edge.
void PolygonCoverage::add_in_row(std::int64_t row, double x0, double x1, double height) {
  double* line = m_area.data() + row * (m_cols + 2);
  const double limit = static_cast<double>(m_cols);
  if (x0 > x1) std::swap(x0, x1);
  if (x0 >= limit) return;
  if (x1 <= 0.0) {
    line[0] += height;
    return;
  }
  const double width = x1 - x0;
  // The parts left of the raster and right of it.
  if (x0 < 0.0) {
    line[0] += height * (-x0 / width);
    height *= x1 / width;
    x0 = 0.0;
  }
  if (x1 > limit) {
    height *= (limit - x0) / (x1 - x0);
    x1 = limit;
  }
  const auto first = std::min(static_cast<std::int64_t>(std::floor(x0)), m_cols - 1);
  const auto last = std::min(static_cast<std::int64_t>(std::floor(x1)), m_cols - 1);
  for (std::int64_t col = first; col <= last; ++col) {
    const double begin = std::max(x0, static_cast<double>(col));
    const double end = std::min(x1, static_cast<double>(col + 1));
    const double part = x1 > x0 ? height * (end - begin) / (x1 - x0) : height;
    const double right_share = static_cast<double>(col + 1) - 0.5 * (begin + end);
    line[col] += part * right_share;
    line[col + 1] += part * (1.0 - right_share);
  }
}

std::vector<float> PolygonCoverage::take() {
  std::vector<float> coverage(static_cast<std::size_t>(m_rows * m_cols));
  for (std::int64_t row = 0; row < m_rows; ++row) {
    double sum = 0.0;
    for (std::int64_t col = 0; col < m_cols; ++col) {
      sum += m_area[static_cast<std::size_t>(row * (m_cols + 2) + col)];
      // Rounding of many edges: what is nearly nothing or nearly all is that.
      const double share = std::abs(sum) < 1e-9 ? 0.0 : std::abs(sum - 1.0) < 1e-9 ? 1.0 : sum;
      coverage[static_cast<std::size_t>(row * m_cols + col)] =
          static_cast<float>(std::clamp(share, 0.0, 1.0));
    }
  }
  std::fill(m_area.begin(), m_area.end(), 0.0);
  return coverage;
}

}  // namespace rootzone::io
