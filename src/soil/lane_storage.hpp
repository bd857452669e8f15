#pragma once
#include <vector>

#include "lane_batch.hpp"
#include "rootzone/soil/richards_column.hpp"

namespace rootzone::soil {

/// The memory of a LaneBatch, and the ways a column gets into a lane.
class LaneStorage {
 public:
  LaneStorage(const ColumnGrid& grid, const ColumnKernel& kernel, const ColumnSettings& settings,
              const ColumnRequest& request, const RichardsColumn& like);

  LaneBatch& batch() { return m_batch; }
  const LaneBatch& batch() const { return m_batch; }

  /// Put a column's constants and its start into a lane.
  void load(int lane, const RichardsColumn& column, int tangent_material);
  /// Set what drives a lane in an interval of its forcing.
  void drive(int lane, const RichardsColumn& column, std::size_t interval);

 private:
  struct alignas(64) Row {
    double value[lane_count];
  };
  double* rows(int count);
  void set(double* array, int row, int lane, double value) { array[row * lane_count + lane] = value; }
  void load_surface(int lane, const RichardsColumn& column, double seed);
  void load_uptake(int lane, const UptakeModel& uptake);
  /// K at a head in a cell's soil and its derivatives, into row 0 of `k` and the rows of `k_by`.
  void face_conductivity(int lane, const SoilHydraulics& soil, double head_cm, double seed, double* k,
                         double* k_by);

  const ColumnGrid& m_grid;
  double (*m_face_conductivity)(double);
  std::vector<double> m_thickness, m_per_distance, m_upper_weight;
  std::vector<std::vector<Row>> m_memory;
  LaneBatch m_batch;
};

ModelKind model_kind(const SoilHydraulics& soil);
UptakeKind uptake_kind(const UptakeModel& uptake);

}  // namespace rootzone::soil
