#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace rootzone::soil {

/// The cells of a column from the surface down, cm. Cell 0 is the uppermost; interface i lies above cell i,
/// interface `cells()` is the bottom.
class ColumnGrid {
 public:
  /// Thicknesses > 0. Throws core::Error(usage) for fewer than 2 cells or a thickness that is not positive.
  explicit ColumnGrid(std::vector<double> thickness_cm);

  /// `cells` equal cells down to `depth_cm`.
  static ColumnGrid uniform(double depth_cm, std::size_t cells);
  /// 50 cm in 12 cells of 1, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8 and 9 cm: the grid of the site-specific
  /// pedotransfer functions. θ at 5 cm differs from the same column in cells of 0.25 cm by an RMSE of at most
  /// 0.003 (test RichardsColumn.GradedGridIsCloseToAFineOne).
  static ColumnGrid graded_50cm();

  std::size_t cells() const { return m_thickness_cm.size(); }
  std::span<const double> thickness_cm() const { return m_thickness_cm; }
  std::span<const double> centre_cm() const { return m_centre_cm; }  ///< depth of cell centres
  std::span<const double> edge_cm() const { return m_edge_cm; }      ///< cells() + 1 depths, the first 0
  double depth_cm() const { return m_edge_cm.back(); }

  /// Linear interpolation between cell centres; above the first and below the last centre their value.
  struct Interpolation {
    std::size_t upper = 0;  ///< cell
    std::size_t lower = 0;
    double lower_weight = 0.0;
  };
  /// Throws core::Error(usage) for a depth outside the column.
  Interpolation at_depth(double depth_cm) const;

 private:
  std::vector<double> m_thickness_cm, m_centre_cm, m_edge_cm;
};

}  // namespace rootzone::soil
