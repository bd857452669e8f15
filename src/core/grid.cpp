#include "rootzone/core/grid.hpp"

#include <cmath>
#include <utility>

#include "rootzone/core/error.hpp"

namespace rootzone::core {

Grid::Grid(std::string crs_wkt, const Extent& extent, std::int64_t rows, std::int64_t cols)
    : m_crs_wkt(std::move(crs_wkt)), m_extent(extent), m_rows(rows), m_cols(cols) {
  if (rows < 1 || cols < 1)
    throw Error(ErrorKind::usage, "a grid needs at least one row and one column, found " +
                                      std::to_string(rows) + " × " + std::to_string(cols));
  // Written so that a NaN edge fails too.
  if (!(extent.xmax > extent.xmin) || !(extent.ymax > extent.ymin))
    throw Error(ErrorKind::usage,
                "the grid's extent is empty: expected xmin < xmax and ymin < ymax, found [" +
                    std::to_string(extent.xmin) + ", " + std::to_string(extent.ymin) + ", " +
                    std::to_string(extent.xmax) + ", " + std::to_string(extent.ymax) +
                    "]; across 180° write xmax as 180 + the rest");
}

Grid Grid::from_resolution(std::string crs_wkt, const Extent& extent, double dx, double dy) {
  if (!(dx > 0.0) || !(dy > 0.0))
    throw Error(ErrorKind::usage, "a grid's resolution must be positive, found " + std::to_string(dx) +
                                      " × " + std::to_string(dy));
  const double cols = (extent.xmax - extent.xmin) / dx;
  const double rows = (extent.ymax - extent.ymin) / dy;
  if (std::abs(cols - std::round(cols)) > 1e-3 || std::abs(rows - std::round(rows)) > 1e-3)
    throw Error(ErrorKind::usage, "the extent holds " + std::to_string(cols) + " × " + std::to_string(rows) +
                                      " cells of the given resolution; give an extent of whole cells");
  return Grid(std::move(crs_wkt), extent, std::llround(rows), std::llround(cols));
}

bool Grid::same_cells(const Grid& other) const {
  if (m_rows != other.m_rows || m_cols != other.m_cols) return false;
  const double tolerance_x = 1e-3 * dx();
  const double tolerance_y = 1e-3 * dy();
  return std::abs(m_extent.xmin - other.m_extent.xmin) <= tolerance_x &&
         std::abs(m_extent.xmax - other.m_extent.xmax) <= tolerance_x &&
         std::abs(m_extent.ymin - other.m_extent.ymin) <= tolerance_y &&
         std::abs(m_extent.ymax - other.m_extent.ymax) <= tolerance_y;
}

Grid Grid::window(std::int64_t first_row, std::int64_t rows, std::int64_t first_col,
                  std::int64_t cols) const {
  const double left = m_extent.xmin + static_cast<double>(first_col) * dx();
  const double top = m_extent.ymax - static_cast<double>(first_row) * dy();
  return Grid(m_crs_wkt,
              {left, top - static_cast<double>(rows) * dy(), left + static_cast<double>(cols) * dx(), top},
              rows, cols);
}

}  // namespace rootzone::core
