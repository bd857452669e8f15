#pragma once
#include <span>
#include <vector>

#include "rootzone/soil/richards_column.hpp"
#include "rootzone/study/demo_column.hpp"

namespace rootzone::study {

/// The demo's truth below the surface by Richards' equation: the soils of `LayerSoil` as Brooks & Corey's (n
/// = 1/b, h_e = −ψs, θr = 0, η = 2b + 3), fifteen cells from 1 to 60 cm, free drainage at 200 cm, uptake by
/// Feddes et al. (1978) down to the wilting point, evaporation at the surface. Rain enters within its quarter
/// of the day.
class RichardsBatch {
 public:
  RichardsBatch();

  /// Put a column into a lane, at field capacity; its water goes into the state's layers.
  void add(std::size_t lane, const ColumnSoil& soil, ColumnState& state);

  /// Advance all lanes over days: completes what `advance_surface` began in `days`, and the state's layers.
  /// Throws core::Error(internal) if a column cannot be solved.
  void advance(std::span<const ColumnForcing> forcing, std::span<const SurfaceDay> surface,
               std::span<ColumnDay> days, ColumnState& state);

 private:
  struct Lane {
    std::size_t lane = 0;
    soil::RichardsColumn column;
    soil::ColumnState state;
  };
  void write_lane(const soil::ColumnResult& result, std::size_t lane, std::span<ColumnDay> days,
                  ColumnState& state) const;

  soil::ColumnGrid m_grid;
  std::array<std::size_t, column_layers + 1> m_first_cell{};  ///< of each layer
  std::vector<Lane> m_lanes;
};

}  // namespace rootzone::study
