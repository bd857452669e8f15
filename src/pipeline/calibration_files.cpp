#include "calibration_files.hpp"

#include <algorithm>
#include <map>

#include "file_name.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "toml_writer.hpp"

namespace rootzone::pipeline {
namespace {

std::vector<core::Date> dates_of(const core::TimeAxis& time, study::DayRange days) {
  if (days.days() == 0) return {};
  return {time.date(days.first), time.date(days.end - 1)};
}

void write_spreads(TomlWriter& toml, const char* table, const study::CalibrationResult& r,
                   double study::Spread::*quantity) {
  toml.table(std::string("station.") + table)
      .key("sw2", r.sw2.*quantity)
      .key("sc1", r.sc1.*quantity)
      .key("a", r.a.*quantity)
      .key("b", r.b.*quantity)
      .key("v2_cm_per_day", r.v2_cm_per_day.*quantity);
}

void write_about(TomlWriter& toml, const core::TimeAxis& time, const CalibrationOutcome& o) {
  const study::CalibrationResult& r = o.result;
  std::vector<std::int64_t> seeds;
  for (const study::Repetition& repetition : r.repetitions) seeds.push_back(repetition.seed);
  toml.array_table("station")
      .key("station", o.about.station)
      .key("latitude", o.about.latitude)
      .key("longitude", o.about.longitude)
      .key("root_zone", o.about.zone->name())
      .key("covariates", name_of(o.about.covariates))
      .key("scheme", moisture::name_of(o.about.scheme))
      .key("applicable", r.applicable())
      .key("not_applicable", r.not_applicable)
      .key("b_by_definition", r.b_by_definition)
      .key("calibration_days", dates_of(time, o.calibration))
      .key("validation_days", dates_of(time, o.validation))
      .key("compared_days", o.compared_days)
      .key("best_repetition", r.repetitions[r.best].number)
      .key("seeds", seeds);
}

void write_station(TomlWriter& toml, const core::TimeAxis& time, const CalibrationOutcome& o) {
  const study::CalibrationResult& r = o.result;
  write_about(toml, time, o);
  toml.table("station.soil")
      .key("origin", o.about.soil.origin)
      .key("surface_porosity", o.about.soil.surface_porosity)
      .key("root_zone_porosity", o.about.soil.root_zone_porosity)
      .key("root_zone_field_capacity", o.about.soil.field_capacity);
  toml.table("station.parameters")
      .key("sw2", o.chosen.sw2)
      .key("sc1", o.chosen.sc1)
      .key("a", o.chosen.a)
      .key("b", o.chosen.b)
      .key("v2_cm_per_day", o.chosen_v2_cm_per_day);
  write_spreads(toml, "mean", r, &study::Spread::mean);
  write_spreads(toml, "standard_deviation", r, &study::Spread::standard_deviation);
  write_spreads(toml, "minimum", r, &study::Spread::minimum);
  write_spreads(toml, "maximum", r, &study::Spread::maximum);
  toml.table("station.repetitions_at_bound");
  for (std::size_t i = 0; i < study::bound_names.size(); ++i)
    toml.key(study::bound_names[i], r.bound_hits[i]);
  if (!o.filter) return;
  toml.table("station.exponential_filter")
      .key("time_days", o.filter->time_days)
      .key("intercept", o.filter->map.intercept)
      .key("slope", o.filter->map.slope)
      .key("objective", o.filter->objective);
}

void write_settings(TomlWriter& toml, const CalibrationSetup& setup) {
  toml.table("settings");
  for (const auto& [name, text] : setup.search.optimizer.described()) {
    const auto number = io::parse_number(text);
    if (number && name != "crossover_index" && text.find_first_not_of("0123456789") == std::string::npos)
      toml.key(name, static_cast<std::int64_t>(*number));
    else if (number)
      toml.key(name, *number);
    else
      toml.key(name, text);
  }
  toml.key("repetitions", setup.search.repetitions)
      .key("objective", "RMSE of root-zone saturation after the warm-up")
      .key("representative", setup.representative == Representative::mean ? "mean" : "best")
      .key("v2_maximum_cm_per_day", setup.smar.v2_maximum_cm_per_day)
      .key("b_maximum", setup.smar.b_maximum)
      .key("gap_policy", setup.smar.gap_policy == moisture::SmarGapPolicy::missing ? "missing" : "decay")
      .key("surface_zone_cm", std::vector<double>{setup.surface_zone_cm[0], setup.surface_zone_cm[1]})
      .key("filter_objective", setup.filter_objective == study::FilterObjective::nse ? "nse" : "pearson_r");
}

}  // namespace

std::string calibration_csv(const CalibrationGroup& group) {
  const std::vector<std::string> columns(calibration_columns.begin(), calibration_columns.end());
  io::CsvWriter csv(columns);
  for (const CalibrationOutcome& o : group.outcomes)
    for (const study::Repetition& r : o.result.repetitions) {
      csv.field(o.about.station)
          .field(o.about.zone->name())
          .field(name_of(o.about.covariates))
          .field(moisture::name_of(o.about.scheme))
          .field(static_cast<std::int64_t>(r.number))
          .field(static_cast<std::int64_t>(r.seed))
          .field(r.values.sw2)
          .field(r.values.sc1)
          .field(r.values.a)
          .field(r.values.b)
          .field(r.v2_cm_per_day)
          .field(r.rmse_calibration)
          .field(r.rmse_validation)
          .field(r.pearson_r_validation)
          .field(r.nse_validation)
          .field(r.at_bound);
      csv.end_row();
    }
  return csv.text();
}

std::string scores_csv(const CalibrationGroup& group) {
  std::vector<std::string> columns{"root_zone", "covariates", "scheme"};
  const auto metrics = study::metrics_csv_columns();
  columns.insert(columns.end(), metrics.begin(), metrics.end());
  io::CsvWriter csv(columns);
  for (const CalibrationOutcome& o : group.outcomes)
    for (const study::ValidationRow& row : o.rows) {
      csv.field(o.about.zone->name())
          .field(name_of(o.about.covariates))
          .field(moisture::name_of(o.about.scheme));
      for (const std::string& field : study::metrics_csv_fields(row)) csv.field(field);
      csv.end_row();
    }
  return csv.text();
}

std::string issues_csv(const CalibrationGroup& group) {
  const std::vector<std::string> columns{"station", "root_zone", "covariates", "problem"};
  io::CsvWriter csv(columns);
  for (const CalibrationIssue& issue : group.issues) {
    csv.field(issue.station).field(issue.root_zone).field(issue.covariates).field(issue.problem);
    csv.end_row();
  }
  return csv.text();
}

std::string parameters_toml(const Configuration& configuration, const CalibrationGroup& group) {
  TomlWriter toml;
  toml.comment("SMAR calibrated at stations by `rootzone calibrate`; calibration.csv holds every repetition")
      .key("format", 1)
      .key("program", std::string_view("rootzone " + program_version()))
      .key("pipeline", configuration.name);
  write_settings(toml, *configuration.calibration);
  for (const CalibrationOutcome& o : group.outcomes) write_station(toml, configuration.time, o);
  return toml.text();
}

std::filesystem::path series_name(const std::string& station, const std::string& zone) {
  return std::filesystem::path("series") / safe_file_name(station + "_" + zone + ".csv");
}

std::vector<ResultFile> series_files(const Configuration& configuration, const CalibrationGroup& group) {
  std::map<std::filesystem::path, std::vector<const CalibrationOutcome*>> by_file;
  for (const CalibrationOutcome& o : group.outcomes) {
    const auto name = series_name(o.about.station, o.about.zone->name());
    auto& outcomes = by_file[name];
    if (!outcomes.empty() && outcomes.front()->about.station != o.about.station)
      throw core::Error(core::ErrorKind::data, "stations '" + outcomes.front()->about.station + "' and '" +
                                                   o.about.station + "' would share the file " +
                                                   name.string() + "; rename one of them");
    outcomes.push_back(&o);
  }
  std::vector<ResultFile> files;
  for (const auto& [name, outcomes] : by_file) {
    std::vector<std::string> columns{"date", "surface", "observed"};
    for (const auto* o : outcomes)
      columns.push_back("smar_" + std::string(name_of(o->about.covariates)) + "_" +
                        std::string(moisture::name_of(o->about.scheme)));
    const CalibrationOutcome& first = *outcomes.front();
    if (first.filter) columns.push_back("exponential_filter");
    io::CsvWriter csv(columns);
    for (std::size_t day = 0; day < first.observed.size(); ++day) {
      csv.field(core::iso_date(configuration.time.date(static_cast<std::int64_t>(day))))
          .field(first.surface[day])
          .field(first.observed[day]);
      for (const auto* o : outcomes) csv.field(o->smar[day]);
      if (first.filter) csv.field(first.filter->values[day]);
      csv.end_row();
    }
    files.push_back({name, csv.text()});
  }
  return files;
}

}  // namespace rootzone::pipeline
