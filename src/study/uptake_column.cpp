#include <cmath>
#include <string>

#include "rootzone/core/error.hpp"
#include "rootzone/soil/richards_column.hpp"
#include "rootzone/study/uptake_experiment.hpp"

namespace rootzone::study {
namespace {

using core::Error;
using core::ErrorKind;

constexpr double cm_per_mm = 0.1;
constexpr double minutes_per_day = 1440.0;

/// u ∝ exp(−z/scale) or exp(−(depth − z)/scale), at cell centres; adds up to one over the column.
std::vector<double> root_fractions(const soil::ColumnGrid& grid, RootPattern pattern, double scale_cm) {
  std::vector<double> fractions;
  double sum = 0.0;
  for (std::size_t i = 0; i < grid.cells(); ++i) {
    const double z = grid.centre_cm()[i];
    const double from = pattern == RootPattern::shallow ? z : grid.depth_cm() - z;
    fractions.push_back(std::exp(-from / scale_cm) * grid.thickness_cm()[i]);
    sum += fractions.back();
  }
  for (double& fraction : fractions) fraction /= sum;
  return fractions;
}

soil::ColumnForcing daily_forcing(const UptakeExperimentSettings& settings, Wetness wetness, int days) {
  const auto count = static_cast<std::size_t>(days);
  const double rain = wetness == Wetness::wet ? settings.wet_precipitation_mm_per_day : 0.0;
  soil::ColumnForcing forcing;
  forcing.duration_d.assign(count, 1.0);
  forcing.precipitation_cm_d.assign(count, rain * cm_per_mm);
  forcing.potential_evaporation_cm_d.assign(count, settings.evaporation_mm_per_day * cm_per_mm);
  forcing.potential_transpiration_cm_d.assign(count, settings.transpiration_mm_per_day * cm_per_mm);
  return forcing;
}

ColumnSnapshot start_of(const soil::ColumnGrid& grid, const soil::ColumnResult& result) {
  ColumnSnapshot start;
  start.water_content.assign(
      result.profile_water_content.begin(),
      result.profile_water_content.begin() + static_cast<std::ptrdiff_t>(grid.cells()));
  start.bottom_flux_cm.assign(grid.cells(), 0.0);
  start.uptake_cm.assign(grid.cells(), 0.0);
  return start;
}

/// Add what moved during one interval of the column's run, and take its final water contents.
void advance(ColumnSnapshot& snapshot, const soil::ColumnResult& result, std::size_t interval) {
  const std::size_t cells = snapshot.water_content.size();
  const double* flux = result.interface_flux_cm.data() + interval * (cells + 1);
  snapshot.infiltration_cm += flux[0];
  for (std::size_t i = 0; i < cells; ++i) {
    snapshot.bottom_flux_cm[i] += flux[i + 1];
    snapshot.uptake_cm[i] += result.uptake_cm[interval * cells + i];
    snapshot.water_content[i] = result.profile_water_content[(interval + 1) * cells + i];
  }
}

}  // namespace

ForwardRun run_uptake_column(const UptakeExperimentSettings& settings, RootPattern pattern, Wetness wetness) {
  settings.validate();
  const auto cells = static_cast<std::size_t>(std::lround(settings.depth_cm / settings.cell_cm));
  const soil::ColumnGrid grid = soil::ColumnGrid::uniform(settings.depth_cm, cells);
  int days = 0;
  for (int interval : settings.intervals_days) days = std::max(days, interval);
  const auto parts = static_cast<std::size_t>(std::ceil(minutes_per_day / settings.step_minutes - 1e-9));
  const soil::ColumnForcing forcing = soil::sinusoidal(daily_forcing(settings, wetness, days), parts);
  soil::RichardsColumn column;
  column.materials = {settings.soil};
  column.uptake = soil::PrescribedUptake{};
  column.root_fraction = root_fractions(grid, pattern, settings.root_scale_cm);
  column.top = soil::TopBoundary::flux;
  column.bottom = soil::BottomBoundary::free_drainage;
  column.initial_head_cm = {soil::pressure_head_cm(settings.soil, settings.initial_water_content)};
  column.forcing = &forcing;
  soil::ColumnSettings scheme;
  scheme.largest_step_d = settings.step_minutes / minutes_per_day;
  scheme.largest_step_in_rain_d = scheme.largest_step_d;
  soil::ColumnRequest request;
  request.profiles = true;
  request.interface_fluxes = true;
  const soil::ColumnResult result = soil::run_columns(grid, std::span(&column, 1), scheme, request).front();
  if (result.status != soil::ColumnStatus::complete)
    throw Error(ErrorKind::data, "uptake experiment: the " + std::string(name_of(pattern)) + ", " +
                                     std::string(name_of(wetness)) + " column was not solved beyond day " +
                                     std::to_string(result.intervals_done / parts) +
                                     "; expected fluxes that the soil can take and give");
  ForwardRun run{pattern, wetness, {grid.thickness_cm().begin(), grid.thickness_cm().end()}, {}};
  ColumnSnapshot now = start_of(grid, result);
  run.snapshots.push_back(now);
  for (now.day = 1; now.day <= days; ++now.day) {
    for (std::size_t part = 0; part < parts; ++part)
      advance(now, result, static_cast<std::size_t>(now.day - 1) * parts + part);
    for (int interval : settings.intervals_days)
      if (interval == now.day) {
        run.snapshots.push_back(now);
        break;
      }
  }
  return run;
}

}  // namespace rootzone::study
