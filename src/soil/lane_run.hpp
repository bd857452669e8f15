#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "lane_batch.hpp"
#include "lane_storage.hpp"
#include "rootzone/soil/richards_column.hpp"

namespace rootzone::soil {

/// Runs columns of one kind (model, boundaries, uptake) through the lanes: a lane that has finished its
/// column takes the next one, so that none idles while there is work. Each lane chooses its own steps; a
/// batch is advanced by one Newton iteration at a time, whatever stage its lanes are in.
class LaneRun {
 public:
  /// `order`: which of the columns, and where their results go.
  LaneRun(const ColumnGrid& grid, std::span<const RichardsColumn> columns, const ColumnKernel& kernel,
          const ColumnSettings& settings, const ColumnRequest& request, std::span<const std::size_t> order,
          std::span<ColumnResult> results);
  void run();

 private:
  /// Where a lane stands.
  struct Track {
    std::size_t column = 0;
    std::size_t interval = 0;
    std::size_t warm_up_left = 0;
    double remaining_d = 0.0;
    double step_d = 0.0;
    double last_net_cm_d = 0.0;  ///< rain − evaporation of the interval before
    double balance_cm = 0.0;     ///< Σ fluxes since the start
    int rung = 0;                ///< of the ladder of steps
    int iterations = 0;
    bool active = false;
    bool fresh = false;  ///< loaded, not yet evaluated
    bool ready = false;  ///< converged, waits for the others (tangent)
  };

  bool take_next(int lane);
  void start_column(int lane);
  void start_interval(int lane);
  void choose_step(int lane);
  int rung_for(double step_d) const;
  void reduce(int lane, int rungs);
  void judge(int lane, unsigned& to_iterate);
  void adapt(int lane);
  /// After an accepted step; returns whether the lane goes on with this column.
  bool finish_step(int lane);
  bool finish_interval(int lane);
  void record(int lane);
  void keep_state(int lane);
  void fail(int lane);
  double storage_cm(int lane) const;
  double take(double* array, int row, int lane);
  double at(const double* array, int row, int lane) const { return array[row * lane_count + lane]; }

  const ColumnGrid& m_grid;
  std::span<const RichardsColumn> m_columns;
  const ColumnKernel& m_kernel;
  const ColumnSettings& m_settings;
  const ColumnRequest& m_request;
  std::span<const std::size_t> m_order;
  std::span<ColumnResult> m_results;
  LaneStorage m_storage;
  LaneBatch& m_batch;
  std::size_t m_next = 0;
  std::array<Track, lane_count> m_track;
  std::vector<double> m_ladder;
  int m_rain_rung = 0;
  std::vector<ColumnGrid::Interpolation> m_depths;
};

}  // namespace rootzone::soil
