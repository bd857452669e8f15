#include "rootzone/study/uptake_experiment.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "rootzone/core/error.hpp"
#include "rootzone/uptake/layers.hpp"
#include "rootzone/uptake/storage_balance.hpp"
#include "rootzone/uptake/uptake_profile.hpp"

namespace rootzone::study {
namespace {

using core::Error;
using core::ErrorKind;

constexpr double cm_per_mm = 0.1;
constexpr double m_per_cm = 0.01;
constexpr double days_per_second = 1.0 / 86400.0;

void require(bool holds, const char* setting, const char* expected, double found) {
  if (!holds)
    throw Error(ErrorKind::usage, std::string("uptake experiment: ") + setting + " should be " + expected +
                                      ", found " + std::to_string(found));
}

std::vector<double> difference(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> result(a);
  for (std::size_t i = 0; i < result.size(); ++i) result[i] -= b[i];
  return result;
}

const ColumnSnapshot& snapshot_of(const ForwardRun& run, int day) {
  for (const ColumnSnapshot& snapshot : run.snapshots)
    if (snapshot.day == day) return snapshot;
  throw Error(ErrorKind::internal,
              "uptake experiment: the run has no snapshot of day " + std::to_string(day));
}

void validate_scheme(const LayerScheme& scheme, double depth_cm) {
  require(scheme.layers >= 1, "layers", "at least 1", scheme.layers);
  require(scheme.thickness_cm > 0.0, "layer thickness", "above 0 cm", scheme.thickness_cm);
  require(scheme.layers * scheme.thickness_cm <= depth_cm + 1e-9, "the depth of the layers",
          "no more than the column's", scheme.layers * scheme.thickness_cm);
}

}  // namespace

std::string_view name_of(RootPattern pattern) {
  return pattern == RootPattern::shallow ? "shallow" : "deep";
}
std::string_view name_of(Wetness wetness) {
  return wetness == Wetness::dry ? "dry" : "wet";
}
std::string_view name_of(DrainageSource source) {
  return source == DrainageSource::exact ? "exact" : "trapezoid";
}

soil::BrooksCorey uptake_paper_soil() {
  soil::BrooksCorey soil;
  soil.saturated_water_content = 0.35;
  soil.residual_water_content = 0.01;
  soil.air_entry_head_cm = -19.3;
  soil.n = 0.22;
  soil.saturated_conductivity_cm_d = 1.23e-7 / m_per_cm / days_per_second;
  soil.conductivity_exponent = soil::BrooksCorey::exponent_of(0.22);
  return soil;
}

void UptakeExperimentSettings::validate() const {
  soil::validate(soil);
  require(cell_cm > 0.0, "cell", "above 0 cm", cell_cm);
  require(depth_cm >= 2.0 * cell_cm, "depth", "at least two cells", depth_cm);
  require(step_minutes > 0.0, "step", "above 0 minutes", step_minutes);
  require(initial_water_content > 0.0 && initial_water_content < 1.0, "initial_water_content",
          "between 0 and 1", initial_water_content);
  require(evaporation_mm_per_day >= 0.0, "evaporation", "0 mm/d or more", evaporation_mm_per_day);
  require(transpiration_mm_per_day > 0.0, "transpiration", "above 0 mm/d", transpiration_mm_per_day);
  require(wet_precipitation_mm_per_day >= 0.0, "precipitation", "0 mm/d or more",
          wet_precipitation_mm_per_day);
  require(driest_head_cm < 0.0, "driest_head", "below 0 cm", driest_head_cm);
  require(root_scale_cm > 0.0, "root_scale", "above 0 cm", root_scale_cm);
  require(!intervals_days.empty(), "intervals", "one at least", 0.0);
  for (int days : intervals_days) require(days >= 1 && days <= 366, "interval", "1 to 366 days", days);
  require(!schemes.empty(), "layers", "one scheme at least", 0.0);
  for (const LayerScheme& scheme : schemes) validate_scheme(scheme, depth_cm);
}

LayeredInterval layered(const UptakeExperimentSettings& settings, const ForwardRun& run, int interval_days,
                        const LayerScheme& scheme) {
  const ColumnSnapshot& first = snapshot_of(run, 0);
  const ColumnSnapshot& last = snapshot_of(run, interval_days);
  const std::span<const double> cells = run.cell_thickness_cm;
  const double days = interval_days;
  LayeredInterval result;
  result.thickness_cm.assign(static_cast<std::size_t>(scheme.layers), scheme.thickness_cm);
  result.initial_water_content = uptake::layer_means(first.water_content, cells, result.thickness_cm);
  result.final_water_content = uptake::layer_means(last.water_content, cells, result.thickness_cm);
  if (run.wetness == Wetness::wet)
    result.precipitation_cm = settings.wet_precipitation_mm_per_day * cm_per_mm * days;
  result.evaporation_cm = settings.evaporation_mm_per_day * cm_per_mm * days;
  result.interval_days = days;
  const auto passed = difference(last.bottom_flux_cm, first.bottom_flux_cm);
  result.exact_drainage_cm = uptake::at_layer_bottoms(last.infiltration_cm - first.infiltration_cm, passed,
                                                      cells, result.thickness_cm);
  result.true_uptake_cm =
      uptake::layer_sums(difference(last.uptake_cm, first.uptake_cm), cells, result.thickness_cm);
  return result;
}

InvertedInterval invert_interval(const LayeredInterval& interval, const soil::SoilHydraulics& soil,
                                 DrainageSource source) {
  const uptake::ProfileInterval profile{interval.thickness_cm, interval.initial_water_content,
                                        interval.final_water_content, interval.precipitation_cm,
                                        interval.evaporation_cm};
  profile.validate();
  const std::size_t layers = interval.thickness_cm.size();
  InvertedInterval result;
  result.drainage_cm = interval.exact_drainage_cm;
  if (source == DrainageSource::trapezoid) {
    uptake::DrainageWorkspace workspace(layers);
    result.drainage_cm.resize(layers);
    uptake::trapezoid_drainage(profile, std::span(&soil, 1), interval.interval_days, workspace,
                               result.drainage_cm);
  }
  result.uptake_cm.resize(layers);
  uptake::balance_uptake(profile, result.drainage_cm, result.uptake_cm);
  result.shares = uptake::proportions_of_sum(result.uptake_cm);
  result.true_shares = uptake::proportions_of_sum(interval.true_uptake_cm);
  result.emd_m =
      m_per_cm * uptake::earth_movers_distance(result.true_shares, result.shares, interval.thickness_cm);
  return result;
}

std::vector<UptakeExperimentCase> uptake_experiment(const UptakeExperimentSettings& settings,
                                                    const core::ParallelFor& parallel_for) {
  settings.validate();
  constexpr std::array<RootPattern, 2> patterns{RootPattern::shallow, RootPattern::deep};
  constexpr std::array<Wetness, 2> wetnesses{Wetness::dry, Wetness::wet};
  std::array<ForwardRun, 4> runs;
  parallel_for(4, [&](std::int64_t i) {
    const auto which = static_cast<std::size_t>(i);
    runs[which] = run_uptake_column(settings, patterns[which / 2], wetnesses[which % 2]);
  });
  std::vector<UptakeExperimentCase> cases;
  for (const ForwardRun& run : runs)
    for (int days : settings.intervals_days)
      for (const LayerScheme& scheme : settings.schemes)
        for (DrainageSource source : {DrainageSource::exact, DrainageSource::trapezoid}) {
          UptakeExperimentCase one{run.pattern, run.wetness, days, scheme, source, {}, {}};
          one.interval = layered(settings, run, days, scheme);
          one.inverted = invert_interval(one.interval, settings.soil, source);
          cases.push_back(std::move(one));
        }
  return cases;
}

}  // namespace rootzone::study
