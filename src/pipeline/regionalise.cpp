#include "rootzone/pipeline/regionalise.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>

#include "catalog.hpp"
#include "preparation.hpp"
#include "regionalisation_outcome.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/engine/threads.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/crs.hpp"
#include "rootzone/pipeline/resolve.hpp"
#include "rootzone/study/station_match.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;

Configuration study_configuration(const PipelineRequest& request) {
  Configuration configuration = read_configuration(resolve_pipeline_file(request.file, request.overrides));
  if (!configuration.regionalisation)
    throw Error(ErrorKind::usage, request.file.string() +
                                      ": has no [regionalisation]; it names the predictors "
                                      "(docs/regionalisation.md)");
  if (configuration.grid.stations)
    throw Error(ErrorKind::usage, request.file.string() +
                                      ": [grid] stations = true has no map to carry parameters to; expected "
                                      "a grid with predictors");
  return configuration;
}

/// The cell of each station, or nothing outside the grid.
std::vector<std::optional<std::size_t>> cells_of(const std::vector<CalibratedStation>& stations,
                                                 const core::Grid& grid) {
  std::vector<io::LonLat> points;
  for (const CalibratedStation& station : stations)
    points.push_back({station.place.longitude_deg, station.place.latitude_deg});
  std::vector<std::optional<std::size_t>> cells;
  for (const auto& place : io::locate(grid, points))
    cells.push_back(place ? std::optional(static_cast<std::size_t>(place->row * grid.cols() + place->col))
                          : std::nullopt);
  return cells;
}

/// Values of the predictors at the stations' cells, and their units.
struct Sample {
  std::vector<std::vector<double>> values;  ///< by predictor, station; NaN outside the grid or missing
  std::vector<std::string> units;
};

Sample sample_predictors(const std::vector<std::string>& predictors,
                         const std::vector<std::optional<std::size_t>>& cells, InputCatalog& catalog) {
  Sample sample;
  for (const std::string& name : predictors) {
    const std::string who = "[regionalisation] predictor '" + name + "'";
    if (catalog.find(name) && !catalog.is_static(name))
      throw Error(ErrorKind::usage, who + " is a daily input; expected a static one");
    const LayerPointer layer = catalog.layer(name, "", who);
    if (!layer) throw Error(ErrorKind::data, who + ": its file is absent (required = false)");
    sample.values.emplace_back();
    for (const auto& cell : cells)
      sample.values.back().push_back(cell ? static_cast<double>((*layer)[*cell])
                                          : std::numeric_limits<double>::quiet_NaN());
    const io::InputReport* report = catalog.report(name);
    sample.units.push_back(report ? report->value_units : catalog.find(name)->to_units);
  }
  return sample;
}

/// Keep the stations that lie on the grid and have every predictor; say which were left out, and why.
void keep_usable(const Sample& sample, const std::vector<std::optional<std::size_t>>& cells,
                 RegionalisationOutcome& outcome) {
  std::vector<CalibratedStation> kept;
  for (std::size_t s = 0; s < cells.size(); ++s) {
    const CalibratedStation& station = outcome.calibration.stations[s];
    if (!cells[s]) {
      outcome.warnings.push_back("station '" + station.name + "' lies outside the grid and is left out");
      continue;
    }
    study::RegionalStation regional{station.name, station.place, station.parameters, station.repetitions, {}};
    std::string missing;
    for (std::size_t p = 0; p < sample.values.size(); ++p) {
      regional.predictors.push_back(sample.values[p][s]);
      if (!std::isfinite(sample.values[p][s]))
        missing += (missing.empty() ? "" : ", ") + outcome.setup->predictors[p];
    }
    if (!missing.empty()) {
      outcome.warnings.push_back("station '" + station.name + "' is left out: no value of " + missing +
                                 " in its cell");
      continue;
    }
    outcome.stations.push_back(std::move(regional));
    kept.push_back(station);
  }
  outcome.calibration.stations = std::move(kept);
}

void check_enough_stations(const RegionalisationOutcome& outcome) {
  const std::size_t fewest = outcome.setup->options.subsets.fewest_predictors;
  if (outcome.stations.size() >= std::max<std::size_t>(fewest + 3, 4)) return;
  throw Error(ErrorKind::data, "regionalisation by " + std::to_string(fewest) +
                                   " predictors needs at least " +
                                   std::to_string(std::max<std::size_t>(fewest + 3, 4)) +
                                   " stations, found " + std::to_string(outcome.stations.size()) +
                                   "; lower fewest_predictors or calibrate more stations" +
                                   (outcome.warnings.empty() ? "" : ". " + outcome.warnings.back()));
}

void add_warnings(RegionalisationOutcome& outcome) {
  std::vector<stats::PredictorColumn> columns;
  for (std::size_t p = 0; p < outcome.setup->predictors.size(); ++p) {
    columns.push_back({outcome.setup->predictors[p], {}});
    for (const auto& station : outcome.stations) columns.back().values.push_back(station.predictors[p]);
  }
  for (const std::string& name : stats::constant_predictors(columns))
    outcome.warnings.push_back("predictor '" + name + "' is the same at all stations and explains nothing");
  const study::RegressionForm form = outcome.setup->options.form;
  const study::Equations& equations = outcome.result.equations(form);
  const auto& search = equations[0].search;
  if (search.singular > 0)
    outcome.warnings.push_back(std::to_string(search.singular) +
                               " subsets are left out as collinear; predictors: " + search.first_singular);
  const std::size_t most = outcome.setup->options.subsets.most_predictors;
  if (most + 3 > outcome.stations.size())
    outcome.warnings.push_back(std::to_string(outcome.stations.size()) +
                               " stations allow subsets of at most " +
                               std::to_string(outcome.stations.size() - 3) +
                               " predictors; most_predictors = " + std::to_string(most) + " is cut to that");
  for (std::size_t p = 0; p < study::smar_parameters; ++p)
    if (const std::string& refusal = equations[p].refusal; !refusal.empty())
      outcome.warnings.push_back(std::string("quantity ") + study::quantities_of(form)[p] +
                                 (outcome.setup->options.not_significant == study::NotSignificant::refuse
                                      ? " is not regionalised: "
                                      : " takes the global median: ") +
                                 refusal);
}

void judge_moisture(const RegionalisationOutcome& about, std::vector<study::MoistureScore>& scores) {
  std::vector<study::StationMoisture> moisture;
  for (const CalibratedStation& station : about.calibration.stations) moisture.push_back(station.moisture);
  moisture::SmarSettings settings;
  settings.scheme = moisture::parse_smar_scheme(about.calibration.scheme);
  settings.warm_up_days = about.setup->warm_up_days;
  if (const auto& calibration = about.configuration->calibration) {  // gaps are met as they were there
    settings.gap_policy = calibration->smar.gap_policy;
    settings.max_gap_days = calibration->smar.max_gap_days;
    settings.respin_days = calibration->smar.respin_days;
  }
  stats::MetricOptions metrics;
  metrics.min_pairs = about.setup->minimum_pairs;
  scores = study::moisture_without_each(about.stations, moisture, about.result.tests, settings, metrics,
                                        engine::tbb_parallel_for());
}

std::vector<RegionalisationFile> result_files(const RegionalisationOutcome& outcome) {
  return {{"leave_one_out.csv", leave_one_out_csv(outcome)},
          {"leave_one_out_moisture.csv", leave_one_out_moisture_csv(outcome)},
          {"models.csv", models_csv(outcome)},
          {"stations.csv", station_table_csv(outcome)},
          {"report.html", regionalisation_report(outcome)},
          {"regression.toml", regression_toml(outcome)}};
}

void stop_if_asked(const PipelineRequest& request) {
  if (request.stop_signal && request.stop_signal->load() != 0)
    throw core::Interrupted(request.stop_signal->load());
}

}  // namespace

std::filesystem::path regionalise_stations(const PipelineRequest& request,
                                           const std::filesystem::path& calibration) {
  const Configuration configuration = study_configuration(request);
  const engine::ThreadLimit threads(request.jobs);
  RegionalisationOutcome outcome;
  outcome.configuration = &configuration;
  outcome.setup = &*configuration.regionalisation;
  outcome.command_line = request.command_line;
  outcome.calibration = read_calibration_folder(calibration, *outcome.setup);
  outcome.warnings = outcome.calibration.warnings;
  const core::Grid grid = model_grid(configuration, nullptr);
  InputCatalog catalog(configuration, grid, configuration.time, {}, nullptr);
  const auto cells = cells_of(outcome.calibration.stations, grid);
  const Sample sample = sample_predictors(outcome.setup->predictors, cells, catalog);
  outcome.predictor_units = sample.units;
  keep_usable(sample, cells, outcome);
  check_enough_stations(outcome);
  stop_if_asked(request);
  outcome.result = study::regionalise(outcome.stations, outcome.setup->predictors, outcome.setup->options,
                                      engine::tbb_parallel_for());
  judge_moisture(outcome, outcome.moisture);
  add_warnings(outcome);
  const std::vector<RegionalisationFile> files = result_files(outcome);
  stop_if_asked(request);
  for (const std::string& warning : outcome.warnings) spdlog::warn("{}", warning);
  for (const std::string& line : comparison_with_median(outcome)) spdlog::info("{}", line);
  const std::filesystem::path out = request.out.empty()
                                        ? std::filesystem::absolute(request.file).parent_path() / "out" /
                                              configuration.name / "regionalisation"
                                        : std::filesystem::absolute(request.out).lexically_normal();
  io::make_folder(out);
  for (const RegionalisationFile& file : files) io::write_file_atomically(out / file.name, file.text);
  spdlog::info("{}: {} stations regionalised, {} files in {}", configuration.name, outcome.stations.size(),
               files.size(), out.string());
  return out;
}

}  // namespace rootzone::pipeline
