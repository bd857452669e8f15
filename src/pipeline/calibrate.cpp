#include "rootzone/pipeline/calibrate.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "calibration_files.hpp"
#include "calibration_report.hpp"
#include "preparation.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/engine/threads.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/pipeline/resolve.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;

Configuration study_configuration(const PipelineRequest& request) {
  Configuration configuration = read_configuration(resolve_pipeline_file(request.file, request.overrides));
  const auto need = [&](bool there, const char* table, const char* what) {
    if (!there)
      throw Error(ErrorKind::usage,
                  request.file.string() + ": has no [" + table + "]; " + what + " (docs/calibration.md)");
  };
  need(configuration.validation.has_value(), "validation", "it says where the stations are");
  need(configuration.calibration.has_value(), "calibration", "it says what to calibrate");
  configuration.validation->csv_valid_range = {-0.5, 2.0};  // beyond lie fill values, not sensors
  return configuration;
}

std::filesystem::path output_folder(const PipelineRequest& request, const Configuration& configuration) {
  if (!request.out.empty()) return std::filesystem::absolute(request.out).lexically_normal();
  return std::filesystem::absolute(request.file).parent_path() / "out" / configuration.name / "calibration";
}

void stop_if_asked(const PipelineRequest& request) {
  if (request.stop_signal && request.stop_signal->load() != 0)
    throw core::Interrupted(request.stop_signal->load());
}

/// No flags, no choice of stations.
ValidationSettings unfiltered(ValidationSettings settings) {
  settings.flag_table.clear();
  settings.keep_flags.clear();
  settings.only_stations.clear();
  return settings;
}

CalibrationCases prepare_cases(const Configuration& configuration, const StationData& stations,
                               bool filtered) {
  const core::Grid grid = model_grid(configuration, &stations);
  InputCatalog catalog(configuration, grid, configuration.time, {},
                       configuration.grid.stations ? &stations : nullptr);
  const auto cells = station_cells(configuration, grid, stations);
  return make_cases(configuration, stations, cells, CalibrationSoil(*configuration.calibration, catalog),
                    filtered);
}

[[noreturn]] void refuse_without_cases(const Configuration& configuration, const CalibrationCases& cases) {
  std::string why;
  for (const CalibrationIssue& issue : cases.issues)
    why += "\n  " + issue.station + (issue.root_zone.empty() ? "" : ", " + issue.root_zone + " cm") +
           (issue.covariates.empty() ? "" : ", " + issue.covariates) + ": " + issue.problem;
  throw Error(ErrorKind::data,
              configuration.validation->stations.string() + ": no station can be calibrated:" + why);
}

CalibrationGroup calibrate_group(const Configuration& configuration, const PipelineRequest& request,
                                 CalibrationCases cases, const char* what) {
  const CalibrationSetup& setup = *configuration.calibration;
  study::CalibrationSettings search = setup.search;
  search.metrics.min_pairs = configuration.validation->minimum_pairs;
  if (request.progress)
    request.progress->begin(what, static_cast<std::int64_t>(cases.tasks.size()) * search.repetitions);
  auto results = study::calibrate(cases.tasks, search, engine::tbb_parallel_for(), [&] {
    stop_if_asked(request);
    if (request.progress) request.progress->advance(1);
  });
  if (request.progress) request.progress->end();
  return judge_cases(setup, std::move(cases), std::move(results), configuration.validation->minimum_pairs);
}

void log_issues(const CalibrationGroup& group) {
  for (const CalibrationIssue& issue : group.issues)
    spdlog::warn("station '{}'{}{}: {}", issue.station,
                 issue.root_zone.empty() ? "" : ", root zone " + issue.root_zone + " cm",
                 issue.covariates.empty() ? "" : ", " + issue.covariates, issue.problem);
  for (const std::string& line : not_applicable_lines(group)) spdlog::warn("{}", line);
}

void log_medians(const CalibrationGroup& group, const char* what) {
  for (const GroupMedian& m : group_medians(group))
    if (m.stations > 0 && m.period == study::ValidationPeriod::validation && m.product != "constant_mean")
      spdlog::info("{}{}: {} over {} stations, median RMSE {:.4f} m3 m-3, r {:.3f}", what, label_of(*m.about),
                   m.product, m.stations, m.rmse, m.pearson_r);
}

std::vector<ResultFile> result_files(const Configuration& configuration, const CalibrationReport& report) {
  std::vector<ResultFile> files = series_files(configuration, report.usable);
  files.push_back({"scores.csv", scores_csv(report.usable)});
  files.push_back({"issues.csv", issues_csv(report.usable)});
  if (report.unfiltered) {
    files.push_back({"calibration_unfiltered.csv", calibration_csv(*report.unfiltered)});
    files.push_back({"scores_unfiltered.csv", scores_csv(*report.unfiltered)});
  }
  files.push_back({"report.html", calibration_report(configuration, report)});
  files.push_back({"calibration.csv", calibration_csv(report.usable)});
  files.push_back({"parameters.toml", parameters_toml(configuration, report.usable)});
  return files;
}

/// Files that an earlier calibration left in the folder and this one does not write: series of stations that
/// its parameters.toml names, the unfiltered tables. Nothing else is touched.
void remove_stale(const std::filesystem::path& out, const std::vector<ResultFile>& files) {
  std::error_code ignored;
  std::vector<std::filesystem::path> stale{"calibration_unfiltered.csv", "scores_unfiltered.csv"};
  if (!std::filesystem::exists(out / "parameters.toml", ignored)) return;
  try {
    const nlohmann::json earlier = read_toml(out / "parameters.toml");
    for (const auto& station : earlier.at("station"))
      stale.push_back(
          series_name(station.at("station").get<std::string>(), station.at("root_zone").get<std::string>()));
  } catch (const std::exception&) {
    return;  // not a calibration's: its files are not ours to remove
  }
  for (const auto& name : stale)
    if (std::none_of(files.begin(), files.end(), [&](const ResultFile& file) { return file.name == name; }))
      std::filesystem::remove(out / name, ignored);
}

}  // namespace

std::filesystem::path calibrate_stations(const PipelineRequest& request) {
  const Configuration configuration = study_configuration(request);
  const engine::ThreadLimit threads(request.jobs);
  const StationData stations = read_station_data(*configuration.validation, configuration.time);
  for (const std::string& warning : stations.warnings) spdlog::warn("{}", warning);
  CalibrationCases cases = prepare_cases(configuration, stations, true);
  if (cases.tasks.empty()) refuse_without_cases(configuration, cases);
  stop_if_asked(request);
  const CalibrationGroup usable =
      calibrate_group(configuration, request, std::move(cases), "calibrating stations");
  log_issues(usable);
  log_medians(usable, "");
  CalibrationGroup all;
  if (configuration.calibration->unfiltered) {
    const StationData raw = read_station_data(unfiltered(*configuration.validation), configuration.time);
    all = calibrate_group(configuration, request, prepare_cases(configuration, raw, false),
                          "calibrating all series, unfiltered");
    log_medians(all, "unfiltered, ");
  }
  const CalibrationReport report{usable, configuration.calibration->unfiltered ? &all : nullptr,
                                 stations.warnings, request.command_line};
  const std::vector<ResultFile> files = result_files(configuration, report);
  stop_if_asked(request);
  const std::filesystem::path out = output_folder(request, configuration);
  io::make_folder(out / "series");
  remove_stale(out, files);
  for (const ResultFile& file : files) io::write_file_atomically(out / file.name, file.text);
  spdlog::info("{}: {} cases at stations calibrated, {} files in {}", configuration.name,
               usable.outcomes.size(), files.size(), out.string());
  return out;
}

}  // namespace rootzone::pipeline
