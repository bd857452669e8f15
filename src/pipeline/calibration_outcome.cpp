#include "calibration_outcome.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rootzone/io/csv.hpp"
#include "rootzone/stats/quantile.hpp"

namespace rootzone::pipeline {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

bool same_kind(const CalibrationCase& a, const CalibrationCase& b) {
  return a.zone == b.zone && a.covariates == b.covariates && a.scheme == b.scheme;
}

/// One case of each zone, set and scheme, in order.
std::vector<const CalibrationCase*> kinds_of(const CalibrationGroup& group) {
  std::vector<const CalibrationCase*> kinds;
  for (const CalibrationOutcome& outcome : group.outcomes)
    if (std::none_of(kinds.begin(), kinds.end(),
                     [&](const auto* kind) { return same_kind(*kind, outcome.about); }))
      kinds.push_back(&outcome.about);
  return kinds;
}

study::SmarValues chosen_values(const study::CalibrationResult& result, Representative representative) {
  if (representative == Representative::mean)
    return {result.sw2.mean, result.sc1.mean, result.a.mean, result.b.mean};
  return result.repetitions[result.best].values;
}

double mean_over(const std::vector<float>& values, study::DayRange days) {
  double sum = 0.0;
  std::int64_t n = 0;
  for (auto day = days.first; day < days.end; ++day) {
    const float value = values[static_cast<std::size_t>(day)];
    if (!std::isfinite(value)) continue;
    sum += static_cast<double>(value);
    ++n;
  }
  return n > 0 ? sum / static_cast<double>(n) : not_a_number;
}

CalibrationOutcome outcome_of(const CalibrationSetup& setup, const CalibrationCase& about,
                              const study::CalibrationTask& task, study::CalibrationResult result) {
  const study::SmarProblem& problem = task.problem;
  CalibrationOutcome outcome;
  outcome.about = about;
  outcome.calibration = problem.calibration();
  outcome.validation = task.validation;
  outcome.compared_days = problem.compared_days();
  outcome.chosen = chosen_values(result, setup.representative);
  outcome.chosen_v2_cm_per_day = problem.v2_cm_per_day(outcome.chosen);
  outcome.observed = problem.station().root_zone;
  outcome.surface = problem.station().surface;
  outcome.smar = problem.run(outcome.chosen).water_content;
  outcome.filter =
      study::fit_filter(outcome.surface, outcome.observed, outcome.calibration, problem.search().warm_up_days,
                        setup.filter_objective, setup.filter_times, setup.minimum_pairs);
  outcome.result = std::move(result);
  return outcome;
}

/// The mean of the calibration means of the other stations.
double mean_of_others(const std::vector<CalibrationOutcome>& outcomes, const CalibrationOutcome& self) {
  double sum = 0.0;
  int n = 0;
  for (const CalibrationOutcome& other : outcomes) {
    if (&other == &self || !same_kind(other.about, self.about)) continue;
    sum += mean_over(other.observed, other.calibration);
    ++n;
  }
  return n > 0 ? sum / n : not_a_number;
}

void score(CalibrationOutcome& outcome, double constant_mean, int minimum_pairs) {
  const std::size_t days = outcome.observed.size();
  study::StationData station;
  station.station = outcome.about.station;
  station.reference.assign(days, std::numeric_limits<float>::quiet_NaN());
  for (const study::DayRange& period : {outcome.calibration, outcome.validation})
    std::copy(outcome.observed.begin() + period.first, outcome.observed.begin() + period.end,
              station.reference.begin() + period.first);
  const auto constant = [&](double value) { return std::vector<float>(days, static_cast<float>(value)); };
  station.products.push_back({"smar", outcome.smar, {}});
  if (outcome.filter) station.products.push_back({"exponential_filter", outcome.filter->values, {}});
  station.products.push_back({"constant_mean", constant(constant_mean), {}});
  station.products.push_back(
      {"station_mean", constant(mean_over(outcome.observed, outcome.calibration)), {}});
  study::ValidationOptions options;
  options.metrics.min_pairs = minimum_pairs;
  options.calibration_days = outcome.validation.first;
  options.baselines = false;
  outcome.rows = study::validate_stations(std::span(&station, 1), options).rows;
  for (study::ValidationRow& row : outcome.rows) {
    if (row.product == "smar" && !outcome.result.applicable())
      row.note = "not applicable: " + outcome.result.not_applicable;
    if (row.product == "exponential_filter" && row.note.empty())
      row.note = "T = " + io::shortest_number(outcome.filter->time_days) + " d";
    if (row.product == "constant_mean" && std::isnan(constant_mean)) row.note = "no other station";
  }
}

}  // namespace

CalibrationGroup judge_cases(const CalibrationSetup& setup, CalibrationCases cases,
                             std::vector<study::CalibrationResult> results, int minimum_pairs) {
  CalibrationGroup group;
  group.issues = std::move(cases.issues);
  for (std::size_t i = 0; i < cases.cases.size(); ++i)
    group.outcomes.push_back(outcome_of(setup, cases.cases[i], cases.tasks[i], std::move(results[i])));
  for (CalibrationOutcome& outcome : group.outcomes)
    score(outcome, mean_of_others(group.outcomes, outcome), minimum_pairs);
  return group;
}

std::string label_of(const CalibrationCase& one) {
  return one.zone->name() + " cm, " + std::string(name_of(one.covariates)) + ", " +
         std::string(moisture::name_of(one.scheme));
}

std::vector<std::string> not_applicable_lines(const CalibrationGroup& group) {
  std::vector<std::string> lines;
  for (const CalibrationCase* kind : kinds_of(group)) {
    std::string names, reason;
    int all = 0, refused = 0;
    for (const CalibrationOutcome& outcome : group.outcomes) {
      if (!same_kind(outcome.about, *kind)) continue;
      ++all;
      if (outcome.result.applicable()) continue;
      if (++refused == 1) reason = "at " + outcome.about.station + " " + outcome.result.not_applicable;
      names += (names.empty() ? "" : ", ") + outcome.about.station;
    }
    if (refused > 0)
      lines.push_back(label_of(*kind) + ": not applicable at " + std::to_string(refused) + " of " +
                      std::to_string(all) + " stations (" + names + "); " + reason);
  }
  return lines;
}

std::vector<GroupMedian> group_medians(const CalibrationGroup& group) {
  std::vector<GroupMedian> medians;
  for (const CalibrationCase* kind : kinds_of(group))
    for (const auto period : {study::ValidationPeriod::calibration, study::ValidationPeriod::validation})
      for (const char* product : {"smar", "exponential_filter", "constant_mean", "station_mean"}) {
        std::array<std::vector<double>, 5> columns;
        for (const CalibrationOutcome& outcome : group.outcomes) {
          if (!same_kind(outcome.about, *kind) || !outcome.result.applicable()) continue;
          for (const study::ValidationRow& row : outcome.rows) {
            if (row.product != product || row.period != period || std::isnan(row.metrics.rmse.value))
              continue;
            const stats::Metrics& m = row.metrics;
            const double values[] = {m.rmse.value, m.ubrmse.value, m.bias.value, m.pearson_r.value,
                                     m.nse.value};
            for (std::size_t c = 0; c < columns.size(); ++c)
              if (!std::isnan(values[c])) columns[c].push_back(values[c]);
          }
        }
        const auto median = [](const std::vector<double>& values) {
          return values.empty() ? not_a_number : stats::quantile(values, 0.5);
        };
        medians.push_back({kind, product, period, columns[0].size(), median(columns[0]), median(columns[1]),
                           median(columns[2]), median(columns[3]), median(columns[4])});
      }
  return medians;
}

}  // namespace rootzone::pipeline
