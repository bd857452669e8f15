#include "rootzone/soil/column_grid.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "rootzone/core/error.hpp"

namespace rootzone::soil {

ColumnGrid::ColumnGrid(std::vector<double> thickness_cm) : m_thickness_cm(std::move(thickness_cm)) {
  if (m_thickness_cm.size() < 2 || m_thickness_cm.size() > 10000)
    throw core::Error(core::ErrorKind::usage,
                      "a soil column needs 2 to 10000 cells, found " + std::to_string(m_thickness_cm.size()));
  m_edge_cm.push_back(0.0);
  for (std::size_t i = 0; i < m_thickness_cm.size(); ++i) {
    const double thickness = m_thickness_cm[i];
    if (!(thickness > 0.0) || !std::isfinite(thickness))
      throw core::Error(core::ErrorKind::usage, "thickness of cell " + std::to_string(i + 1) +
                                                    " must be positive, found " + std::to_string(thickness) +
                                                    " cm");
    m_centre_cm.push_back(m_edge_cm.back() + 0.5 * thickness);
    m_edge_cm.push_back(m_edge_cm.back() + thickness);
  }
}

ColumnGrid ColumnGrid::uniform(double depth_cm, std::size_t cells) {
  return ColumnGrid(
      std::vector<double>(cells, depth_cm / static_cast<double>(std::max<std::size_t>(cells, 1))));
}

ColumnGrid ColumnGrid::graded_50cm() {
  return ColumnGrid({1.0, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0});
}

ColumnGrid::Interpolation ColumnGrid::at_depth(double depth_cm) const {
  if (!(depth_cm >= 0.0) || depth_cm > this->depth_cm() * (1.0 + 1e-12))
    throw core::Error(core::ErrorKind::usage, "depth " + std::to_string(depth_cm) +
                                                  " cm lies outside the column of " +
                                                  std::to_string(this->depth_cm()) + " cm");
  const auto below = std::upper_bound(m_centre_cm.begin(), m_centre_cm.end(), depth_cm);
  if (below == m_centre_cm.begin()) return {};
  if (below == m_centre_cm.end()) return {cells() - 1, cells() - 1, 0.0};
  const auto lower = static_cast<std::size_t>(below - m_centre_cm.begin());
  const double upper_centre = m_centre_cm[lower - 1];
  return {lower - 1, lower, (depth_cm - upper_centre) / (m_centre_cm[lower] - upper_centre)};
}

}  // namespace rootzone::soil
