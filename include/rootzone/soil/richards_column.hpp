#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "rootzone/soil/column_forcing.hpp"
#include "rootzone/soil/column_grid.hpp"
#include "rootzone/soil/hydraulic_model.hpp"
#include "rootzone/soil/root_uptake.hpp"

namespace rootzone::soil {

enum class TopBoundary : std::uint8_t {
  atmosphere,  ///< rain and potential evaporation, limited by what the soil takes and gives
  head,        ///< head at the surface (`ColumnForcing::top_head_cm`)
  flux         ///< rain − evaporation, as given, whatever the soil says
};
enum class BottomBoundary : std::uint8_t {
  free_drainage,  ///< unit gradient, flux = K
  no_flow,
  head,         ///< head at the bottom
  water_table,  ///< depth of the water table below the surface: hydrostatic head at the bottom
  flux          ///< downward flux, as given
};

/// Where a run stands at the end of an interval: enough to go on as if it had not stopped, to the last bit.
struct ColumnState {
  std::vector<double> head_cm;        ///< per cell
  std::vector<double> water_content;  ///< per cell, by the balance
  int rung = 0;                       ///< of the ladder of steps
  double last_net_cm_d = 0.0;         ///< rain − evaporation of the last interval
};

/// One column: soil, roots, boundaries, state at the start.
struct RichardsColumn {
  std::vector<SoilHydraulics> materials;       ///< one or more, all of the same model
  std::vector<std::uint8_t> material_of_cell;  ///< index into materials; empty = the first everywhere
  UptakeModel uptake = SShapedUptake{};
  std::vector<double> root_fraction;  ///< per cell, ≥ 0; empty = no roots
  TopBoundary top = TopBoundary::atmosphere;
  BottomBoundary bottom = BottomBoundary::free_drainage;
  double bottom_value =
      0.0;  ///< head (cm), water-table depth (cm) or flux (cm/d), where the forcing has no series
  /// Where an earlier run ended, instead of initial_head_cm; not with a tangent or a warm-up. Must outlive
  /// the run.
  const ColumnState* start = nullptr;
  std::vector<double> initial_head_cm = {-100.0};  ///< one for all cells, or one per cell
  const ColumnForcing* forcing = nullptr;          ///< may be shared by many columns; must outlive the run
};

/// Of the scheme; the defaults are what accuracy and cost are stated for.
struct ColumnSettings {
  double largest_step_d = 0.25;
  double largest_step_in_rain_d = 0.05;
  double water_content_change = 0.01;    ///< aimed-at largest |Δθ| per step
  double residual_cm = 1e-6;             ///< of each cell's balance, when the iteration ends
  double driest_surface_head_cm = -1e5;  ///< hA
  std::size_t warm_up_intervals =
      0;                      ///< the first intervals of the forcing, run once before the start, unreported
  double fixed_step_d = 0.0;  ///< > 0: steps of this length only (tests of convergence); 0 = adaptive
};

/// What a run keeps, apart from the fluxes of each interval.
struct ColumnRequest {
  std::vector<double> depths_cm;    ///< θ here, at the end of each interval
  bool mean_water_content = false;  ///< also θ there as means over the interval
  bool profiles = false;            ///< θ and h of each cell at the start and at the end of each interval
  bool interface_fluxes = false;    ///< through every interface, and uptake of every cell, per interval
  bool tangent = false;             ///< ∂θ/∂parameter at the depths
  /// Which material the tangent is of; −1: the same change in all.
  int tangent_material = -1;
};

enum class ColumnStatus : std::uint8_t { complete, not_converged };

/// What came out; all vectors run over the intervals first. After a failure the rest is NaN.
struct ColumnResult {
  ColumnStatus status = ColumnStatus::complete;
  std::size_t intervals_done = 0;
  std::vector<double> water_content;       ///< [interval][depth], end of interval
  std::vector<double> mean_water_content;  ///< [interval][depth]
  std::vector<double> tangent;             ///< [interval][depth][tangent parameter]
  std::vector<double>
      infiltration_cm;  ///< [interval], downward through the surface: rain − runoff − evaporation
  std::vector<double> evaporation_cm, transpiration_cm, runoff_cm, drainage_cm;
  std::vector<double> storage_cm;             ///< at the end of the interval
  std::vector<double> profile_water_content;  ///< [interval + 1][cell], the first is the start
  std::vector<double> profile_head_cm;        ///< [interval + 1][cell]
  std::vector<double> interface_flux_cm;      ///< [interval][cell + 1], downward
  std::vector<double> uptake_cm;              ///< [interval][cell]
  double start_storage_cm = 0.0;
  double closure_error_cm = 0.0;  ///< largest |Σ fluxes − storage change| since the start
  double throughput_cm = 0.0;     ///< Σ |flux| through the surface and the bottom + uptake
  ColumnState end;                ///< after the last interval; empty after a failure
  std::uint64_t steps = 0;
  std::uint64_t iterations = 0;
};

/// The names of the tangent's parameters for a model: those of the model (see its `parameter_names`), then
/// `half_uptake_pressure_head` (h50, with SShapedUptake; its derivative is 0 with another uptake).
std::vector<std::string_view> tangent_parameter_names(const SoilHydraulics& soil);

/// Run columns that share a grid: Richards' equation in mixed form by cell-centred finite volumes, backward
/// Euler, Newton's method with the analytic Jacobian; conductivity between cells is the thickness-weighted
/// arithmetic mean, the surface has a half-cell conductance, and the switch between flux, saturation and
/// dryness happens inside the iteration. The water balance of each step closes to rounding: what the
/// iteration leaves over is carried into the next step. The tangent is the exact derivative of this discrete
/// scheme (implicit function theorem at each accepted step; step lengths come from a ladder, so that they do
/// not depend on the parameters but by jumps). Several columns advance together in vector lanes; a column's
/// result does not depend on its companions or on its place (test RichardsColumn.DoesNotDependOnItsPlace),
/// nor on the instruction set. A column that cannot be solved never throws: status not_converged, NaN from
/// there on. Throws core::Error(usage or data) for impossible input, naming the column. Pure, no threads: cut
/// the span for parallel work.
std::vector<ColumnResult> run_columns(const ColumnGrid& grid, std::span<const RichardsColumn> columns,
                                      const ColumnSettings& settings, const ColumnRequest& request);

}  // namespace rootzone::soil
