#include "rootzone/study/sptf_column.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "rootzone/soil/richards_column.hpp"

namespace rootzone::study {
namespace {

/// So many columns go to the kernel together: a few times its widest vectors.
constexpr std::size_t group_size = 16;
constexpr double cm_per_mm = 0.1;

soil::SoilHydraulics hydraulics(SptfModel model, const SptfParameters& p) {
  if (model == SptfModel::fredlund_xing) {
    soil::FredlundXing soil;
    soil.saturated_water_content = p[0];
    soil.alpha_per_cm = p[1];
    soil.n = p[2];
    soil.saturated_conductivity_cm_d = p[3];
    soil.m = p[4];
    return soil;
  }
  soil::VanGenuchten soil;
  soil.saturated_water_content = p[0];
  soil.alpha_per_cm = p[1];
  soil.n = p[2];
  soil.saturated_conductivity_cm_d = p[3];
  soil.residual_water_content = p[4];
  soil.air_entry_head_cm = sptf_air_entry_head_cm;
  return soil;
}

/// Where parameter k of the SPTF stands among the tangent's parameters of the column.
std::size_t tangent_place(SptfModel model, std::size_t k) {
  constexpr std::array<std::size_t, sptf_parameter_count> fxw{0, 1, 2, 4, 3, 5};
  constexpr std::array<std::size_t, sptf_parameter_count> vgm{0, 2, 3, 4, 1, 5};
  return model == SptfModel::fredlund_xing ? fxw[k] : vgm[k];
}

soil::ColumnForcing forcing_of(const SptfSite& site, std::size_t first_day, std::size_t days) {
  soil::ColumnForcing forcing;
  forcing.duration_d.assign(days, 1.0);
  for (std::size_t day = first_day; day < first_day + days; ++day) {
    const soil::PotentialShares shares =
        soil::partition_potential(cm_per_mm * static_cast<double>(site.potential_evapotranspiration_mm[day]),
                                  static_cast<double>(site.leaf_area_index[day]));
    forcing.precipitation_cm_d.push_back(cm_per_mm * static_cast<double>(site.precipitation_mm[day]));
    forcing.potential_evaporation_cm_d.push_back(shares.evaporation);
    forcing.potential_transpiration_cm_d.push_back(shares.transpiration);
  }
  return forcing;
}

soil::RichardsColumn column_of(SptfModel model, const SptfParameters& physical,
                               const soil::ColumnForcing& forcing, const soil::ColumnGrid& grid) {
  soil::RichardsColumn column;
  column.materials = {hydraulics(model, physical)};
  column.uptake = soil::SShapedUptake{physical[5], 3.0};
  column.root_fraction = soil::hoffman_roots(grid, sptf_root_depth_cm);
  column.forcing = &forcing;
  return column;
}

/// Days simulated before the first that is asked for.
std::size_t spin_up(const MoistureJob& job) {
  return std::min(job.spin_up_days, job.first_day);
}

std::vector<soil::ColumnResult> run_group(SptfModel model, std::span<const MoistureJob> jobs, bool tangent) {
  const soil::ColumnGrid grid = soil::ColumnGrid::graded_50cm();
  std::vector<soil::ColumnForcing> forcings;
  forcings.reserve(jobs.size());
  std::vector<soil::RichardsColumn> columns;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const MoistureJob& job = jobs[i];
    const bool as_before = i > 0 && job.site == jobs[i - 1].site && job.first_day == jobs[i - 1].first_day &&
                           job.days == jobs[i - 1].days && job.spin_up_days == jobs[i - 1].spin_up_days;
    if (!as_before)
      forcings.push_back(forcing_of(*job.site, job.first_day - spin_up(job), spin_up(job) + job.days));
    columns.push_back(column_of(model, sptf_physical(model, job.unit, job.ceiling), forcings.back(), grid));
  }
  soil::ColumnRequest request;
  request.depths_cm = {sptf_moisture_depth_cm};
  request.tangent = tangent;
  return soil::run_columns(grid, columns, soil::ColumnSettings{}, request);
}

void run_in_groups(std::size_t jobs, const core::ParallelFor& parallel_for,
                   const std::function<void(std::size_t first, std::size_t count)>& body) {
  const std::size_t groups = (jobs + group_size - 1) / group_size;
  parallel_for(static_cast<std::int64_t>(groups), [&](std::int64_t group) {
    const std::size_t first = static_cast<std::size_t>(group) * group_size;
    body(first, std::min(group_size, jobs - first));
  });
}

MoistureLoss loss_of(SptfModel model, const MoistureJob& job, const soil::ColumnResult& result) {
  MoistureLoss loss;
  if (result.status != soil::ColumnStatus::complete) return loss;
  SptfParameters physical_gradient{};
  const std::size_t skip = spin_up(job);
  for (std::size_t d = 0; d < job.days; ++d) {
    if (!counts(*job.site, job.first_day + d)) continue;
    const double error = result.water_content[skip + d] -
                         static_cast<double>(job.site->surface_soil_moisture[job.first_day + d]);
    loss.sum += error * error;
    ++loss.days;
    const double* tangent = &result.tangent[(skip + d) * sptf_parameter_count];
    for (std::size_t k = 0; k < sptf_parameter_count; ++k)
      physical_gradient[k] += 2.0 * error * tangent[tangent_place(model, k)];
  }
  const SptfParameters slope = sptf_physical_slope(model, job.unit, job.ceiling);
  for (std::size_t k = 0; k < sptf_parameter_count; ++k) loss.gradient[k] = physical_gradient[k] * slope[k];
  return loss;
}

}  // namespace

void ColumnPhysics::simulate(std::span<const MoistureJob> jobs, std::span<std::vector<float>> moisture,
                             const core::ParallelFor& parallel_for) const {
  run_in_groups(jobs.size(), parallel_for, [&](std::size_t first, std::size_t count) {
    const auto results = run_group(m_model, jobs.subspan(first, count), false);
    for (std::size_t i = 0; i < count; ++i) {
      const MoistureJob& job = jobs[first + i];
      std::vector<float>& days = moisture[first + i];
      days.resize(job.days);
      for (std::size_t d = 0; d < job.days; ++d)
        days[d] = static_cast<float>(results[i].water_content[spin_up(job) + d]);
    }
  });
}

std::vector<MoistureLoss> ColumnPhysics::losses(std::span<const MoistureJob> jobs,
                                                const core::ParallelFor& parallel_for) const {
  std::vector<MoistureLoss> losses(jobs.size());
  run_in_groups(jobs.size(), parallel_for, [&](std::size_t first, std::size_t count) {
    const auto results = run_group(m_model, jobs.subspan(first, count), true);
    for (std::size_t i = 0; i < count; ++i) losses[first + i] = loss_of(m_model, jobs[first + i], results[i]);
  });
  return losses;
}

}  // namespace rootzone::study
