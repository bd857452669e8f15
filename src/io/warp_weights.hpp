#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "rootzone/core/grid.hpp"
#include "rootzone/io/crs.hpp"

namespace rootzone::io {

/// A source cell and its weight in one model cell.
struct CellWeight {
  std::int32_t row = 0;
  std::int32_t col = 0;
  float weight = 0.0F;
};

/// Points of the model, seen from the source: source CRS, longitudes brought into the source's turn,
/// positions in source rows and columns (0.5 is the centre of the first).
class SourceView {
 public:
  SourceView(const core::Grid& source, const core::Grid& model);

  const core::Grid& source() const { return m_source; }
  const core::Grid& model() const { return m_model; }
  /// Columns of a whole turn of longitude, 0 unless the source is in degrees.
  double turn_cols() const { return m_turn_cols; }
  /// True if the source's columns go all the way round.
  bool is_global() const { return m_is_global; }
  bool source_in_degrees() const { return m_source_in_degrees; }
  /// True if the model's points lie, to a thousandth of a source cell, where they lie in the source's CRS.
  bool same_plane() const { return m_same_plane; }

  /// Fractional model columns and rows → source ones, in place, not yet unwrapped; NaN where PROJ fails.
  void to_source(std::span<double> cols, std::span<double> rows) const;
  /// The column, shifted by whole turns to lie in [0, a turn).
  double unwrapped(double col) const;

 private:
  bool measured_same_plane() const;

  core::Grid m_source;
  core::Grid m_model;
  PointTransform m_transform;
  double m_turn_cols = 0.0;
  bool m_is_global = false;
  bool m_model_in_degrees = false;
  bool m_source_in_degrees = false;
  bool m_same_plane = false;
};

/// Called for each cell of a model row from west to east with the weights of that cell.
using TakeCell = std::function<void(const std::vector<CellWeight>&)>;

/// Weights of one model row at the cells' centres, nearest or bilinear; those of a cell sum to 1, or none.
void point_weights(const SourceView& view, std::int64_t model_row, bool bilinear, const TakeCell& take);

/// Overlap of areas as parts of the model cell's own area: they sum to at most 1, less at the source's edge.
class AreaWeights {
 public:
  explicit AreaWeights(const SourceView& view);
  void row(std::int64_t model_row, const TakeCell& take) const;

 private:
  void straight_row(std::int64_t model_row, const TakeCell& take) const;
  void bent_row(std::int64_t model_row, const TakeCell& take) const;
  int measured_splits() const;

  const SourceView& m_view;
  int m_splits = 1;  ///< of a model cell's edge
};

/// How many source cells a model cell spans down and across, at the middle of the model grid.
struct CellRatio {
  double rows = 1.0;
  double cols = 1.0;
};
CellRatio cell_ratio(const SourceView& view);

}  // namespace rootzone::io
