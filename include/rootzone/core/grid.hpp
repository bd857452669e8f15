#pragma once
#include <cstdint>
#include <string>

namespace rootzone::core {

/// Outer edges of a raster in the units of its CRS.
struct Extent {
  double xmin = 0.0;
  double ymin = 0.0;
  double xmax = 0.0;
  double ymax = 0.0;
  bool operator==(const Extent&) const = default;
};

/// A regular, north-up raster: row 0 is the northernmost, column 0 the westernmost; a cell is an area and
/// its centre half a step inside its corner. A basin across 180° has xmax > 180, never xmin > xmax.
class Grid {
 public:
  Grid() = default;
  /// crs_wkt: WKT of the CRS, empty = unknown. Throws Error(usage) unless rows, cols ≥ 1 and the extent has
  /// a positive area.
  Grid(std::string crs_wkt, const Extent& extent, std::int64_t rows, std::int64_t cols);
  /// The grid of whole cells of the given size; throws Error(usage) if they do not fill the extent to within
  /// a thousandth of a cell.
  static Grid from_resolution(std::string crs_wkt, const Extent& extent, double dx, double dy);

  const std::string& crs_wkt() const { return m_crs_wkt; }
  const Extent& extent() const { return m_extent; }
  std::int64_t rows() const { return m_rows; }
  std::int64_t cols() const { return m_cols; }
  std::int64_t cells() const { return m_rows * m_cols; }
  double dx() const { return (m_extent.xmax - m_extent.xmin) / static_cast<double>(m_cols); }
  double dy() const { return (m_extent.ymax - m_extent.ymin) / static_cast<double>(m_rows); }
  double x_centre(std::int64_t col) const { return m_extent.xmin + (static_cast<double>(col) + 0.5) * dx(); }
  double y_centre(std::int64_t row) const { return m_extent.ymax - (static_cast<double>(row) + 0.5) * dy(); }
  /// Fractional position: 0.5 is the centre of the first row or column.
  double fractional_col(double x) const { return (x - m_extent.xmin) / dx(); }
  double fractional_row(double y) const { return (m_extent.ymax - y) / dy(); }

  /// Same cells to within a thousandth of one; the CRS is not compared (WKT has many spellings).
  bool same_cells(const Grid& other) const;
  /// Rows and columns of a part of this grid, in place.
  Grid window(std::int64_t first_row, std::int64_t rows, std::int64_t first_col, std::int64_t cols) const;

 private:
  std::string m_crs_wkt;
  Extent m_extent;
  std::int64_t m_rows = 0;
  std::int64_t m_cols = 0;
};

}  // namespace rootzone::core
