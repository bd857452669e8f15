#pragma once
#include <cstdint>

#include "lanes.hpp"
#include "rootzone/soil/richards_column.hpp"

namespace rootzone::soil {

enum class UptakeKind : std::uint8_t { prescribed, s_shaped_cubic, s_shaped, feddes };

/// Eight columns under way, as plain memory: every array is [row][lane_count] doubles, 64-byte aligned. Lanes
/// are independent of each other: each has its own step, iteration and place in its own forcing.
struct LaneBatch {
  int cells = 0;
  int coefficient_count = 0;
  int parameters = 0;  ///< of the tangent; 0 = none
  TopBoundary top = TopBoundary::atmosphere;
  BottomBoundary bottom = BottomBoundary::free_drainage;
  UptakeKind uptake = UptakeKind::s_shaped_cubic;
  bool keep_interfaces = false;
  double residual_cm = 1e-6;
  double driest_surface_head_cm = -1e5;

  // The grid, one number per cell or interface.
  const double* thickness = nullptr;     ///< [cell]
  const double* per_distance = nullptr;  ///< [interface 1 … cells − 1] 1/distance of centres
  const double* upper_weight = nullptr;  ///< [interface] of the upper cell's conductivity

  // Per lane, constant while a column is in it.
  double* coefficients = nullptr;         ///< [cell][coefficient]
  double* floor_water_content = nullptr;  ///< [cell]
  double* root_fraction = nullptr;        ///< [cell]
  double* seed = nullptr;                 ///< [cell] 1 where the tangent's material is
  double* uptake_values = nullptr;        ///< [8] of the uptake model
  double* surface = nullptr;              ///< [2] K of the saturated and of the driest surface
  double* surface_by = nullptr;           ///< [2][parameter] their derivatives

  // Per lane, constant through an interval: rain, soil evaporation, transpiration (cm/d), top head and K
  // there, bottom value and K there (with derivatives by parameters), uptake's h3.
  enum Drive {
    rain,
    evaporation,
    transpiration,
    top_head,
    top_conductivity,
    bottom_value,
    bottom_conductivity,
    h3,
    drives
  };
  double* drive = nullptr;                   ///< [Drive]
  double* top_conductivity_by = nullptr;     ///< [parameter]
  double* bottom_conductivity_by = nullptr;  ///< [parameter]

  // State.
  double* step = nullptr;                 ///< [1] d
  double* head = nullptr;                 ///< [cell]
  double* start_head = nullptr;           ///< [cell] at the start of the step
  double* start_water_content = nullptr;  ///< [cell] by balance
  double* tangent = nullptr;              ///< [cell][parameter] of start_water_content

  // By `evaluate`.
  double* water_content = nullptr;  ///< [cell]
  double* capacity = nullptr;
  double* conductivity = nullptr;
  double* conductivity_slope = nullptr;
  double* stress = nullptr;  ///< [cell] of uptake
  double* stress_slope = nullptr;
  double* worst_residual = nullptr;  ///< [1]
  double* worst_change = nullptr;    ///< [1] largest |Δθ| since the start of the step

  // By `accept`, summed until the driver takes them: cm.
  enum Sum { sum_top, sum_bottom, sum_evaporation, sum_transpiration, sum_runoff, sum_throughput, sums };
  double* totals = nullptr;            ///< [Sum]
  double* interface_totals = nullptr;  ///< [cell + 1]
  double* uptake_totals = nullptr;     ///< [cell]
  double* mean_totals = nullptr;       ///< [cell] θ·dt

  // Room for the solver.
  double* work = nullptr;  ///< [work_rows(cells, parameters)]
  static int work_rows(int cells, int parameters) { return 6 * cells + 2 + 2 * parameters * cells; }
};

/// What is compiled once per model and instruction set. Masks have one bit per lane.
struct ColumnKernel {
  int coefficient_count;
  int parameters;  ///< of the tangent, h50 included
  /// θ, C, K, dK/dh and stress at `head`; residual and change of the present step.
  void (*evaluate)(LaneBatch&);
  /// Make the present `head` the start of the next step in these lanes and add up the fluxes; the tangent
  /// with it.
  void (*accept)(LaneBatch&, unsigned lanes);
  /// One Newton iteration from what `evaluate` left, in these lanes.
  void (*iterate)(LaneBatch&, unsigned lanes);
  /// ∂θ/∂p at `head` into `tangent`: the start of a column.
  void (*start_tangent)(LaneBatch&, unsigned lanes);
  /// K(h) at a face, for soils that only tests know; null: of the column's material.
  double (*face_conductivity)(double head_cm) = nullptr;
};

enum class ModelKind : std::uint8_t { van_genuchten, fredlund_xing, brooks_corey };
enum class InstructionSet : std::uint8_t { baseline, avx2, avx512 };

ColumnKernel baseline_column_kernel(ModelKind model);
ColumnKernel avx2_column_kernel(ModelKind model);
ColumnKernel avx512_column_kernel(ModelKind model);

/// The widest this machine and build have.
InstructionSet best_instruction_set();
ColumnKernel column_kernel(ModelKind model, InstructionSet set);

}  // namespace rootzone::soil
