#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "rootzone/core/grid.hpp"
#include "rootzone/io/input_spec.hpp"

namespace rootzone::io {

struct WarpOptions {
  Resampling resampling = Resampling::automatic;
  /// Least part of a cell's weight that must lie on valid source cells; below it the cell is missing.
  double minimum_valid_share = 0.5;
};

/// A rectangle of cells of a source grid.
struct CellWindow {
  std::int64_t first_row = 0;
  std::int64_t rows = 0;
  std::int64_t first_col = 0;
  std::int64_t cols = 0;
  std::int64_t cells() const { return rows * cols; }
};

/// How a source grid is brought to the model grid, worked out once per pair and method (inputs on one grid
/// share the weights) and applied to every date.
///
/// Aligned grids (the same cells or whole cells of it, the same CRS or both unknown): a crop, no arithmetic.
/// nearest: the source cell that holds the centre. bilinear: between the four source centres around it;
/// within half a cell of the source's edge the outermost centres hold. average: overlap of areas; exact where
/// the CRS are equal (on the sphere for degrees), else with the model cell as a polygon whose edges, split
/// until they bend by less than a hundredth of a source cell, are clipped exactly against the source cells.
/// mode: the value with most area, ties to the smaller. automatic: average if at least 2 × 2 source cells
/// fall in a model cell, else bilinear; classes must ask for mode or nearest. Missing source cells (NaN)
/// leave the weights, the rest is scaled up, see `minimum_valid_share`; for average and mode, area outside
/// the source counts as missing. Longitudes: the model is shifted by whole turns into the source, a source
/// that spans 360° is joined at its seam. Every cell depends on its own position alone, so no result depends
/// on how the grid is cut into windows. Immutable: safe from any thread.
class GridWarp {
 public:
  /// name: of the input, for messages. Throws Error(data) if one CRS is unknown (with the remedy), if PROJ
  /// knows no way between them, or if the grids do not overlap (with both extents in the source's CRS).
  GridWarp(const core::Grid& source, const core::Grid& model, const WarpOptions& options,
           const std::string& name);
  ~GridWarp();
  GridWarp(GridWarp&&) noexcept;

  /// "none (aligned)", "none (aligned, part of the source)", "bilinear", "average of 20 × 20 cells", …
  const std::string& description() const;
  bool is_crop() const;
  /// The source row and column of model row 0 and column 0, if `is_crop`; may be negative.
  std::int64_t crop_row() const;
  std::int64_t crop_col() const;
  /// Per cent of the model's cells that get nothing from the source.
  double outside_percent() const;
  std::int64_t model_rows() const;
  std::int64_t model_cols() const;

  /// The source cells that some model rows need; rows = 0 if none.
  CellWindow source_window(std::int64_t first_row, std::int64_t rows) const;
  /// source: the cells of `window`, the source_window of these rows or of more; out: rows × model cols.
  void apply(const CellWindow& window, std::span<const float> source, std::int64_t first_row,
             std::int64_t rows, std::span<float> out) const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> m_impl;
};

}  // namespace rootzone::io
