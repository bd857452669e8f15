#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace rootzone::io {

struct RingPoint {
  double col = 0.0;
  double row = 0.0;
};

/// Adds up the exact area that rings cover in each cell of a raster. Every edge contributes the signed area
/// to its right; running sums along the rows turn that into coverage.
class PolygonCoverage {
 public:
  PolygonCoverage(std::int64_t rows, std::int64_t cols);
  /// A closed ring in fractional columns and rows, either way round; is_hole takes its area away.
  void add(std::span<const RingPoint> ring, bool is_hole);
  /// Coverage of each cell since the last call, clamped to [0, 1]; starts anew.
  std::vector<float> take();

 private:
  void add_edge(RingPoint a, RingPoint b, double sign);
  void add_in_row(std::int64_t row, double x0, double x1, double height);

  std::int64_t m_rows;
  std::int64_t m_cols;
  std::vector<double> m_area;  ///< rows × (cols + 1) differences along the row
};

}  // namespace rootzone::io
