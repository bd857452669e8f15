#include <algorithm>
#include <array>
#include <cmath>

#include "warp_weights.hpp"

namespace rootzone::io {
namespace {

constexpr double aligned_tolerance_cells = 1e-3;

}  // namespace

SourceView::SourceView(const core::Grid& source, const core::Grid& model)
    : m_source(source), m_model(model), m_transform(model.crs_wkt(), source.crs_wkt()) {
  m_source_in_degrees = is_geographic(source.crs_wkt());
  m_model_in_degrees = is_geographic(model.crs_wkt());
  if (m_source_in_degrees) {
    m_turn_cols = 360.0 / source.dx();
    m_is_global = std::abs(m_turn_cols - static_cast<double>(source.cols())) < 0.01;
  }
  m_same_plane =
      m_transform.is_identity() || same_crs(model.crs_wkt(), source.crs_wkt()) || measured_same_plane();
}

// Names of datums differ where the numbers do not (ETRS89 beside WGS 84, an ESRI spelling beside EPSG's):
// what counts is whether the points move.
bool SourceView::measured_same_plane() const {
  if (m_source_in_degrees != m_model_in_degrees) return false;
  constexpr int points = 5;
  std::vector<double> x;
  std::vector<double> y;
  for (int i = 0; i < points; ++i)
    for (int j = 0; j < points; ++j) {
      x.push_back(m_model.extent().xmin + (m_model.extent().xmax - m_model.extent().xmin) * j / (points - 1));
      y.push_back(m_model.extent().ymax - (m_model.extent().ymax - m_model.extent().ymin) * i / (points - 1));
    }
  const std::vector<double> before_x = x;
  const std::vector<double> before_y = y;
  m_transform.apply(x, y);
  for (std::size_t i = 0; i < x.size(); ++i) {
    double moved = std::abs(x[i] - before_x[i]);
    if (m_source_in_degrees) moved = std::abs(std::remainder(x[i] - before_x[i], 360.0));
    const bool same = moved <= aligned_tolerance_cells * m_source.dx() &&
                      std::abs(y[i] - before_y[i]) <= aligned_tolerance_cells * m_source.dy();
    if (!same) return false;
  }
  return true;
}

void SourceView::to_source(std::span<double> cols, std::span<double> rows) const {
  for (double& col : cols) col = m_model.extent().xmin + col * m_model.dx();
  for (double& row : rows) row = m_model.extent().ymax - row * m_model.dy();
  if (!m_same_plane) m_transform.apply(cols, rows);
  for (double& x : cols) x = m_source.fractional_col(x);
  for (double& y : rows) y = m_source.fractional_row(y);
}

double SourceView::unwrapped(double col) const {
  if (m_turn_cols == 0.0) return col;
  const double within = col - m_turn_cols * std::floor(col / m_turn_cols);
  // A point a rounding error west of the source's edge belongs to that edge, not a turn east of it.
  return m_turn_cols - within < 1e-6 ? within - m_turn_cols : within;
}

CellRatio cell_ratio(const SourceView& view) {
  const double row = static_cast<double>(view.model().rows() / 2);
  const double col = static_cast<double>(view.model().cols() / 2);
  std::array<double, 4> cols{col, col + 1.0, col + 0.5, col + 0.5};
  std::array<double, 4> rows{row + 0.5, row + 0.5, row, row + 1.0};
  view.to_source(cols, rows);
  double across = cols[1] - cols[0];
  double down = cols[3] - cols[2];
  if (view.turn_cols() > 0.0) {
    across = std::remainder(across, view.turn_cols());
    down = std::remainder(down, view.turn_cols());
  }
  const CellRatio ratio{std::hypot(down, rows[3] - rows[2]), std::hypot(across, rows[1] - rows[0])};
  // Where PROJ fails in the middle of the grid nothing is known of the sizes.
  return std::isfinite(ratio.rows) && std::isfinite(ratio.cols) ? ratio : CellRatio{};
}

}  // namespace rootzone::io
