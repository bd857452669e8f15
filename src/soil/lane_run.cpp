#include "lane_run.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rootzone::soil {
namespace {

constexpr int rungs = 56;              // of the ladder: steps from the largest down by 2^−½ each
constexpr int most_iterations = 16;    // of one step
constexpr double far_too_large = 2.5;  // a step whose Δθ passes the aim by this factor is taken again

}  // namespace

LaneRun::LaneRun(const ColumnGrid& grid, std::span<const RichardsColumn> columns, const ColumnKernel& kernel,
                 const ColumnSettings& settings, const ColumnRequest& request,
                 std::span<const std::size_t> order, std::span<ColumnResult> results)
    : m_grid(grid),
      m_columns(columns),
      m_kernel(kernel),
      m_settings(settings),
      m_request(request),
      m_order(order),
      m_results(results),
      m_storage(grid, kernel, settings, request, columns[order.front()]),
      m_batch(m_storage.batch()) {
  const double largest = settings.fixed_step_d > 0.0 ? settings.fixed_step_d : settings.largest_step_d;
  for (int r = 0; r < rungs; ++r) m_ladder.push_back(largest * std::exp2(-0.5 * r));
  m_rain_rung = settings.fixed_step_d > 0.0 ? 0 : rung_for(settings.largest_step_in_rain_d);
  for (const double depth : request.depths_cm) m_depths.push_back(grid.at_depth(depth));
}

int LaneRun::rung_for(double step_d) const {
  int rung = 0;
  while (rung + 1 < rungs && m_ladder[static_cast<std::size_t>(rung)] > step_d * 1.000001) ++rung;
  return rung;
}

double LaneRun::take(double* array, int row, int lane) {
  double& place = array[row * lane_count + lane];
  const double value = place;
  place = 0.0;
  return value;
}

/// Water by the retention curve at the present heads: what the balance is judged against.
double LaneRun::storage_cm(int lane) const {
  double sum = 0.0;
  for (int i = 0; i < m_batch.cells; ++i) sum += m_batch.thickness[i] * at(m_batch.water_content, i, lane);
  return sum;
}

bool LaneRun::take_next(int lane) {
  Track& track = m_track[static_cast<std::size_t>(lane)];
  track = {};
  while (m_next < m_order.size()) {
    track.column = m_order[m_next++];
    const RichardsColumn& column = m_columns[track.column];
    if (column.forcing->intervals() == 0) continue;
    m_storage.load(lane, column, m_request.tangent_material);
    track.warm_up_left = m_settings.warm_up_intervals;
    track.active = track.fresh = true;
    return true;
  }
  return false;
}

void LaneRun::start_column(int lane) {
  Track& track = m_track[static_cast<std::size_t>(lane)];
  track.fresh = false;
  const ColumnState* start = m_columns[track.column].start;
  for (int i = 0; i < m_batch.cells; ++i)
    m_batch.start_water_content[i * lane_count + lane] =
        start != nullptr ? start->water_content[static_cast<std::size_t>(i)]
                         : at(m_batch.water_content, i, lane);
  if (start != nullptr) {
    track.rung = start->rung;
    track.last_net_cm_d = start->last_net_cm_d;
  }
  if (track.warm_up_left == 0) {
    ColumnResult& result = m_results[track.column];
    result.start_storage_cm = storage_cm(lane);
    if (m_request.profiles)
      for (int i = 0; i < m_batch.cells; ++i) {
        result.profile_water_content[static_cast<std::size_t>(i)] = at(m_batch.start_water_content, i, lane);
        result.profile_head_cm[static_cast<std::size_t>(i)] = at(m_batch.head, i, lane);
      }
  }
  start_interval(lane);
}

void LaneRun::start_interval(int lane) {
  Track& track = m_track[static_cast<std::size_t>(lane)];
  const RichardsColumn& column = m_columns[track.column];
  m_storage.drive(lane, column, track.interval);
  track.remaining_d = column.forcing->duration_d[track.interval];
  const double net =
      at(m_batch.drive, LaneBatch::rain, lane) - at(m_batch.drive, LaneBatch::evaporation, lane);
  if (at(m_batch.drive, LaneBatch::rain, lane) > 0.0) track.rung = std::max(track.rung, m_rain_rung);
  if (m_settings.fixed_step_d <= 0.0 && net != track.last_net_cm_d) {
    // A new rate first meets the uppermost cell: a step that changes it by about twice the aim.
    const double gentle =
        2.0 * m_settings.water_content_change * m_batch.thickness[0] / std::abs(net - track.last_net_cm_d);
    track.rung = std::max(track.rung, std::min(rung_for(gentle), 24));
  }
  track.last_net_cm_d = net;
  choose_step(lane);
}

/// Divide what is left of the interval into equal steps no longer than the rung. Steps depend on the state
/// through whole rungs only, so that a small change of a parameter leaves them as they are.
void LaneRun::choose_step(int lane) {
  Track& track = m_track[static_cast<std::size_t>(lane)];
  const double parts = std::ceil(track.remaining_d / m_ladder[static_cast<std::size_t>(track.rung)] - 1e-9);
  track.step_d = parts <= 1.0 ? track.remaining_d : track.remaining_d / parts;
  track.iterations = 0;
  track.ready = false;
  m_batch.step[lane] = track.step_d;
}

/// Take the step again from its start, shorter.
void LaneRun::reduce(int lane, int by) {
  Track& track = m_track[static_cast<std::size_t>(lane)];
  // From the step in use, which may be shorter than its rung.
  track.rung = std::max(track.rung, rung_for(track.step_d)) + by;
  if (track.rung >= rungs) return fail(lane);
  for (int i = 0; i < m_batch.cells; ++i)
    m_batch.head[i * lane_count + lane] = at(m_batch.start_head, i, lane);
  choose_step(lane);
}

void LaneRun::judge(int lane, unsigned& to_iterate) {
  Track& track = m_track[static_cast<std::size_t>(lane)];
  const double residual = at(m_batch.worst_residual, 0, lane);
  const double change = at(m_batch.worst_change, 0, lane);
  ++m_results[track.column].iterations;
  if (residual <= m_settings.residual_cm && track.iterations > 0) {
    const double excess = change / (m_settings.water_content_change * far_too_large);
    if (m_settings.fixed_step_d <= 0.0 && excess > 1.0 && track.step_d > 1e-5)
      reduce(lane, std::clamp(static_cast<int>(2.0 * std::log2(excess)) + 2, 1, 8));
    else
      track.ready = true;
  } else if (!std::isfinite(residual) || track.iterations >= most_iterations) {
    reduce(lane, 4);
  } else {
    ++track.iterations;
    to_iterate |= 1U << lane;
  }
}

/// The rung of the next step from how this one went.
void LaneRun::adapt(int lane) {
  if (m_settings.fixed_step_d > 0.0) {
    m_track[static_cast<std::size_t>(lane)].rung = 0;
    return;
  }
  Track& track = m_track[static_cast<std::size_t>(lane)];
  const double share = at(m_batch.worst_change, 0, lane) / m_settings.water_content_change;
  const int hard = 9;
  if (share > 1.0 || track.iterations > hard)
    track.rung += share > 1.5 ? 2 : 1;
  else if (share < 0.5 && track.iterations <= hard / 2)
    track.rung -= share < 0.25 ? 3 : 2;
  else if (share < 0.75 && track.iterations < hard)
    track.rung -= 1;
  const bool rain = at(m_batch.drive, LaneBatch::rain, lane) > 0.0;
  track.rung = std::clamp(track.rung, rain ? m_rain_rung : 0, rungs - 1);
}

bool LaneRun::finish_step(int lane) {
  Track& track = m_track[static_cast<std::size_t>(lane)];
  ++m_results[track.column].steps;
  adapt(lane);
  const bool last = track.step_d >= track.remaining_d;
  track.remaining_d -= track.step_d;
  if (last) return finish_interval(lane);
  choose_step(lane);
  return true;
}

bool LaneRun::finish_interval(int lane) {
  Track& track = m_track[static_cast<std::size_t>(lane)];
  if (track.warm_up_left > 0) {
    for (int sum = 0; sum < LaneBatch::sums; ++sum) take(m_batch.totals, sum, lane);
    for (int i = 0; i <= m_batch.cells; ++i) take(m_batch.interface_totals, i, lane);
    for (int i = 0; i < m_batch.cells; ++i)
      take(m_batch.uptake_totals, i, lane), take(m_batch.mean_totals, i, lane);
    ++track.interval;
    if (--track.warm_up_left == 0) {
      track.interval = 0;
      start_column(lane);
    } else {
      start_interval(lane);
    }
    return true;
  }
  record(lane);
  if (++track.interval == m_columns[track.column].forcing->intervals()) {
    keep_state(lane);
    return false;
  }
  start_interval(lane);
  return true;
}

void LaneRun::record(int lane) {
  Track& track = m_track[static_cast<std::size_t>(lane)];
  ColumnResult& result = m_results[track.column];
  const std::size_t k = track.interval;
  const auto cells = static_cast<std::size_t>(m_batch.cells);
  result.intervals_done = k + 1;
  result.infiltration_cm[k] = take(m_batch.totals, LaneBatch::sum_top, lane);
  result.drainage_cm[k] = take(m_batch.totals, LaneBatch::sum_bottom, lane);
  result.evaporation_cm[k] = take(m_batch.totals, LaneBatch::sum_evaporation, lane);
  result.transpiration_cm[k] = take(m_batch.totals, LaneBatch::sum_transpiration, lane);
  result.runoff_cm[k] = take(m_batch.totals, LaneBatch::sum_runoff, lane);
  result.throughput_cm += take(m_batch.totals, LaneBatch::sum_throughput, lane);
  result.storage_cm[k] = storage_cm(lane);
  track.balance_cm += result.infiltration_cm[k] - result.transpiration_cm[k] - result.drainage_cm[k];
  const double error = std::abs(result.start_storage_cm + track.balance_cm - result.storage_cm[k]);
  result.closure_error_cm = std::max(result.closure_error_cm, error);
  const double duration = m_columns[track.column].forcing->duration_d[k];
  for (std::size_t d = 0; d < m_depths.size(); ++d) {
    const auto& depth = m_depths[d];
    const auto upper = static_cast<int>(depth.upper), lower = static_cast<int>(depth.lower);
    const auto between = [&](const double* array, int row_of_upper, int row_of_lower) {
      return (1.0 - depth.lower_weight) * at(array, row_of_upper, lane) +
             depth.lower_weight * at(array, row_of_lower, lane);
    };
    const std::size_t place = k * m_depths.size() + d;
    result.water_content[place] = between(m_batch.start_water_content, upper, lower);
    if (m_request.mean_water_content)
      result.mean_water_content[place] = between(m_batch.mean_totals, upper, lower) / duration;
    const int parameters = m_batch.parameters;
    for (int p = 0; p < parameters; ++p)
      result.tangent[place * static_cast<std::size_t>(parameters) + static_cast<std::size_t>(p)] =
          between(m_batch.tangent, upper * parameters + p, lower * parameters + p);
  }
  for (int i = 0; i < m_batch.cells; ++i) take(m_batch.mean_totals, i, lane);
  if (m_request.profiles)
    for (std::size_t i = 0; i < cells; ++i) {
      result.profile_water_content[(k + 1) * cells + i] =
          at(m_batch.start_water_content, static_cast<int>(i), lane);
      result.profile_head_cm[(k + 1) * cells + i] = at(m_batch.head, static_cast<int>(i), lane);
    }
  if (m_request.interface_fluxes) {
    for (std::size_t i = 0; i <= cells; ++i)
      result.interface_flux_cm[k * (cells + 1) + i] =
          take(m_batch.interface_totals, static_cast<int>(i), lane);
    for (std::size_t i = 0; i < cells; ++i)
      result.uptake_cm[k * cells + i] = take(m_batch.uptake_totals, static_cast<int>(i), lane);
  }
}

void LaneRun::keep_state(int lane) {
  const Track& track = m_track[static_cast<std::size_t>(lane)];
  ColumnState& end = m_results[track.column].end;
  for (int i = 0; i < m_batch.cells; ++i) {
    end.head_cm.push_back(at(m_batch.head, i, lane));
    end.water_content.push_back(at(m_batch.start_water_content, i, lane));
  }
  end.rung = track.rung;
  end.last_net_cm_d = track.last_net_cm_d;
}

void LaneRun::fail(int lane) {
  Track& track = m_track[static_cast<std::size_t>(lane)];
  m_results[track.column].status = ColumnStatus::not_converged;
  for (int i = 0; i < m_batch.cells; ++i) {  // leave no infinities to the lane's next tenant
    m_batch.head[i * lane_count + lane] = -100.0;
    m_batch.start_water_content[i * lane_count + lane] = 0.0;
  }
  take_next(lane);
}

void LaneRun::run() {
  for (int lane = 0; lane < lane_count; ++lane) take_next(lane);
  const bool together = m_batch.parameters != 0;  // the tangent costs several iterations: accept in step
  for (;;) {
    unsigned fresh = 0, to_iterate = 0, ready = 0;
    bool pending = false;
    m_kernel.evaluate(m_batch);
    for (int lane = 0; lane < lane_count; ++lane) {
      Track& track = m_track[static_cast<std::size_t>(lane)];
      if (!track.active) continue;
      if (track.fresh) {
        start_column(lane);
        fresh |= 1U << lane;
        continue;
      }
      if (!track.ready) judge(lane, to_iterate);
      if (track.active && track.ready)
        ready |= 1U << lane;
      else
        pending = true;
    }
    if (fresh != 0 && together) m_kernel.start_tangent(m_batch, fresh);
    to_iterate |= fresh;
    if (ready != 0 && !(together && (pending || fresh != 0))) {
      m_kernel.accept(m_batch, ready);
      for (int lane = 0; lane < lane_count; ++lane)
        if ((ready >> lane & 1U) != 0) {
          if (finish_step(lane))
            to_iterate |= 1U << lane;
          else
            take_next(lane);
        }
    }
    if (to_iterate != 0) m_kernel.iterate(m_batch, to_iterate);
    for (int lane = 0; lane < lane_count; ++lane) {
      Track& track = m_track[static_cast<std::size_t>(lane)];
      if ((to_iterate >> lane & 1U) != 0 && track.iterations == 0) track.iterations = 1;
    }
    if (std::none_of(m_track.begin(), m_track.end(), [](const Track& track) { return track.active; })) return;
  }
}

}  // namespace rootzone::soil
