#include <algorithm>
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
constexpr double driest_start_cm = -1e7;  ///< that a column begins a day with

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

/// The column with its forcing, a day at a time.
class DailyColumn {
 public:
  DailyColumn(const UptakeExperimentSettings& settings, RootPattern pattern, Wetness wetness);

  const soil::ColumnGrid& grid() const { return m_grid; }
  ColumnSnapshot start() const;
  /// Add a day to a snapshot.
  void advance(ColumnSnapshot& snapshot);

 private:
  /// What each cell gives today: evaporation of the first cell and the roots' part of each, but what would
  /// dry a cell beyond the driest head is drawn from the next one below.
  std::vector<double> given_today(const std::vector<double>& water_content) const;
  soil::ColumnForcing forcing_of_day(double taken_cm) const;
  soil::ColumnResult run_day(const std::vector<double>& given_cm);

  const UptakeExperimentSettings& m_settings;
  soil::ColumnGrid m_grid;
  std::vector<double> m_roots_cm_d;
  double m_rain_cm_d = 0.0;
  double m_evaporation_cm_d = 0.0;
  std::vector<double> m_head_cm;
  std::string m_name;
};

DailyColumn::DailyColumn(const UptakeExperimentSettings& settings, RootPattern pattern, Wetness wetness)
    : m_settings(settings),
      m_grid(soil::ColumnGrid::uniform(
          settings.depth_cm, static_cast<std::size_t>(std::lround(settings.depth_cm / settings.cell_cm)))),
      m_roots_cm_d(root_fractions(m_grid, pattern, settings.root_scale_cm)),
      m_evaporation_cm_d(settings.evaporation_mm_per_day * cm_per_mm),
      m_head_cm(m_grid.cells(), soil::pressure_head_cm(settings.soil, settings.initial_water_content)),
      m_name(std::string(name_of(pattern)) + ", " + std::string(name_of(wetness))) {
  for (double& roots : m_roots_cm_d) roots *= settings.transpiration_mm_per_day * cm_per_mm;
  if (wetness == Wetness::wet) m_rain_cm_d = settings.wet_precipitation_mm_per_day * cm_per_mm;
}

ColumnSnapshot DailyColumn::start() const {
  ColumnSnapshot snapshot;
  for (double head : m_head_cm) snapshot.water_content.push_back(soil::water_content(m_settings.soil, head));
  snapshot.bottom_flux_cm.assign(m_grid.cells(), 0.0);
  snapshot.uptake_cm.assign(m_grid.cells(), 0.0);
  return snapshot;
}

std::vector<double> DailyColumn::given_today(const std::vector<double>& water_content) const {
  const double least = soil::water_content(m_settings.soil, m_settings.driest_head_cm);
  std::vector<double> given = m_roots_cm_d;
  given[0] += m_evaporation_cm_d;
  for (std::size_t i = 0; i + 1 < given.size(); ++i) {
    const double held = std::max(0.0, water_content[i] - least) * m_grid.thickness_cm()[i];
    const double passed = std::max(0.0, given[i] - held - (i == 0 ? m_rain_cm_d : 0.0));
    if (passed == 0.0) break;
    given[i] -= passed;
    given[i + 1] += passed;
  }
  return given;
}

soil::ColumnForcing DailyColumn::forcing_of_day(double taken_cm) const {
  soil::ColumnForcing day;
  day.duration_d = {1.0};
  day.precipitation_cm_d = {m_rain_cm_d};
  day.potential_evaporation_cm_d = {0.0};
  day.potential_transpiration_cm_d = {taken_cm};
  const double parts = std::ceil(minutes_per_day / m_settings.step_minutes - 1e-9);
  return soil::sinusoidal(day, static_cast<std::size_t>(parts));
}

soil::ColumnResult DailyColumn::run_day(const std::vector<double>& given_cm) {
  double taken = 0.0;
  for (double given : given_cm) taken += given;
  const soil::ColumnForcing forcing = forcing_of_day(taken);
  soil::RichardsColumn column;
  column.materials = {m_settings.soil};
  column.uptake = soil::PrescribedUptake{};
  column.root_fraction = given_cm;
  for (double& fraction : column.root_fraction) fraction /= taken;
  column.top = soil::TopBoundary::flux;
  column.bottom = soil::BottomBoundary::free_drainage;
  column.initial_head_cm = m_head_cm;
  column.forcing = &forcing;
  soil::ColumnSettings scheme;
  scheme.largest_step_d = m_settings.step_minutes / minutes_per_day;
  scheme.largest_step_in_rain_d = scheme.largest_step_d;
  soil::ColumnRequest request;
  request.profiles = true;
  request.interface_fluxes = true;
  return soil::run_columns(m_grid, std::span(&column, 1), scheme, request).front();
}

void DailyColumn::advance(ColumnSnapshot& snapshot) {
  const std::size_t cells = m_grid.cells();
  const soil::ColumnResult result = run_day(given_today(snapshot.water_content));
  if (result.status != soil::ColumnStatus::complete)
    throw Error(ErrorKind::data, "uptake experiment: the " + m_name + " column was not solved beyond day " +
                                     std::to_string(snapshot.day) +
                                     "; expected fluxes that the soil can take and give");
  const std::size_t parts = result.intervals_done;
  const double* first = result.profile_water_content.data();
  const double* last = first + parts * cells;
  const double* heads = result.profile_head_cm.data() + parts * cells;
  // What a cell gave for the roots or the surface above it rose through the interfaces between.
  double risen = 0.0;
  for (std::size_t i = cells; i-- > 0;) {
    double flux = 0.0;
    double given = 0.0;
    for (std::size_t part = 0; part < parts; ++part) {
      flux += result.interface_flux_cm[part * (cells + 1) + i + 1];
      given += result.uptake_cm[part * cells + i];
    }
    snapshot.bottom_flux_cm[i] += flux - risen;
    risen += given - m_roots_cm_d[i];
    snapshot.uptake_cm[i] += m_roots_cm_d[i];
    snapshot.water_content[i] += last[i] - first[i];
    m_head_cm[i] = std::max(heads[i], driest_start_cm);
  }
  snapshot.infiltration_cm += m_rain_cm_d - risen;
  ++snapshot.day;
}

}  // namespace

ForwardRun run_uptake_column(const UptakeExperimentSettings& settings, RootPattern pattern, Wetness wetness) {
  settings.validate();
  DailyColumn column(settings, pattern, wetness);
  const std::span<const double> thickness = column.grid().thickness_cm();
  ForwardRun run{pattern, wetness, {thickness.begin(), thickness.end()}, {column.start()}};
  const auto& wanted = settings.intervals_days;
  const int days = *std::max_element(wanted.begin(), wanted.end());
  ColumnSnapshot now = run.snapshots.front();
  while (now.day < days) {
    column.advance(now);
    if (std::find(wanted.begin(), wanted.end(), now.day) != wanted.end()) run.snapshots.push_back(now);
  }
  return run;
}

}  // namespace rootzone::study
