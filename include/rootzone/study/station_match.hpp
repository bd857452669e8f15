#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "rootzone/core/flags.hpp"

namespace rootzone::study {

enum class Matching { nearest, bilinear };

/// Cells a point takes its value from, with weights that add up to 1.
struct CellWeights {
  struct Cell {
    std::int64_t row = 0;
    std::int64_t col = 0;
    double weight = 0.0;
  };
  std::array<Cell, 4> cells{};
  int count = 0;
};

/// The cells for a fractional position as of core::Grid::fractional_row and _col (0.5 = centre of the first
/// cell). nearest: the cell the point lies in. bilinear: the up to four cell centres around it; beyond the
/// outermost centres the edge cells go on. Nothing for a point outside the grid. Pure.
std::optional<CellWeights> match_cells(std::int64_t rows, std::int64_t cols, double fractional_row,
                                       double fractional_col, Matching matching);

/// A value and what its cells said of it.
struct MatchedValue {
  float value = 0.0F;  ///< NaN = missing
  core::FlagBits flags = 0;
};
/// Weigh the values of the cells, in their order. Missing cells are left out and the rest reweighed if they
/// weigh half or more, else the value is missing. flags: as many, or none; those of the cells used are
/// joined. Pure.
MatchedValue weigh_cells(const CellWeights& cells, std::span<const float> values,
                         std::span<const core::FlagBits> flags = {});

}  // namespace rootzone::study
