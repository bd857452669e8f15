#include "rootzone/study/transfer_moisture.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rootzone/moisture/smar.hpp"
#include "rootzone/stats/quantile.hpp"

namespace rootzone::study {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

struct Run {
  std::string method;
  std::vector<double> values;  ///< the validation period; NaN = missing or spinning up
};

std::vector<double> run_smar(const SmarVector& parameters, const StationMoisture& station,
                             const moisture::SmarSettings& settings) {
  moisture::SmarSite site;
  site.sw2 = parameters[0];
  site.sc1 = parameters[1];
  site.a = parameters[2];
  site.b = parameters[3];
  site.surface_porosity = station.surface_porosity;
  site.root_zone_porosity = station.root_zone_porosity;
  site.initial_saturation = station.field_capacity / station.root_zone_porosity;
  const moisture::SmarSeries series = moisture::smar_series(site, settings, station.surface);
  std::vector<double> values;
  for (auto day = station.first_validation_day; day < station.end_validation_day; ++day) {
    const auto i = static_cast<std::size_t>(day);
    values.push_back(core::has(series.flags[i], core::Flag::spinning_up)
                         ? not_a_number
                         : static_cast<double>(series.water_content[i]));
  }
  return values;
}

bool complete(const SmarVector& parameters) {
  return std::none_of(parameters.begin(), parameters.end(), [](double p) { return std::isnan(p); });
}

/// Only days that every run has: then their scores can be compared.
void keep_common_days(std::vector<Run>& runs) {
  for (std::size_t day = 0; day < runs.front().values.size(); ++day)
    if (std::any_of(runs.begin(), runs.end(), [&](const Run& run) { return std::isnan(run.values[day]); }))
      for (Run& run : runs) run.values[day] = not_a_number;
}

std::vector<MoistureScore> score_station(std::size_t index, const RegionalStation& station,
                                         const StationMoisture& moisture, std::span<const TransferTest> tests,
                                         const moisture::SmarSettings& settings,
                                         const stats::MetricOptions& options) {
  std::vector<Run> runs{{"calibrated", run_smar(station.parameters, moisture, settings)}};
  for (const TransferTest& test : tests)
    if (complete(test.predicted[index]))
      runs.push_back({test.method, run_smar(test.predicted[index], moisture, settings)});
  // b = 1 is outside the model and gives no value at all: such a method has no score, the others keep theirs.
  std::erase_if(runs, [](const Run& run) {
    return std::all_of(run.values.begin(), run.values.end(), [](double v) { return std::isnan(v); });
  });
  if (runs.empty()) return {};
  keep_common_days(runs);
  std::vector<double> observed;
  for (auto day = moisture.first_validation_day; day < moisture.end_validation_day; ++day)
    observed.push_back(static_cast<double>(moisture.root_zone[static_cast<std::size_t>(day)]));
  std::vector<MoistureScore> scores;
  for (const Run& run : runs)
    scores.push_back({index, run.method, stats::compute_metrics(run.values, observed, options)});
  return scores;
}

}  // namespace

std::vector<MoistureScore> moisture_without_each(std::span<const RegionalStation> stations,
                                                 std::span<const StationMoisture> moisture,
                                                 std::span<const TransferTest> tests,
                                                 const moisture::SmarSettings& settings,
                                                 const stats::MetricOptions& metrics,
                                                 const core::ParallelFor& parallel_for) {
  std::vector<std::vector<MoistureScore>> by_station(stations.size());
  parallel_for(static_cast<std::int64_t>(stations.size()), [&](std::int64_t i) {
    const auto index = static_cast<std::size_t>(i);
    if (moisture[index].surface.empty()) return;
    by_station[index] = score_station(index, stations[index], moisture[index], tests, settings, metrics);
  });
  std::vector<MoistureScore> scores;
  for (auto& station : by_station)
    scores.insert(scores.end(), std::make_move_iterator(station.begin()),
                  std::make_move_iterator(station.end()));
  return scores;
}

MethodComparison compare_methods(std::span<const MoistureScore> scores, const std::string& method,
                                 const std::string& against) {
  MethodComparison comparison{method, against};
  std::vector<double> own, other;
  for (const MoistureScore& one : scores) {
    if (one.method != method || one.metrics.status != stats::MetricStatus::ok) continue;
    const auto found = std::find_if(scores.begin(), scores.end(), [&](const MoistureScore& candidate) {
      return candidate.station == one.station && candidate.method == against &&
             candidate.metrics.status == stats::MetricStatus::ok;
    });
    if (found == scores.end()) continue;
    own.push_back(one.metrics.rmse.value);
    other.push_back(found->metrics.rmse.value);
    comparison.better += own.back() < other.back();
  }
  comparison.stations = static_cast<int>(own.size());
  const auto mean = [](const std::vector<double>& values) {
    double sum = 0.0;
    for (const double value : values) sum += value;
    return values.empty() ? not_a_number : sum / static_cast<double>(values.size());
  };
  comparison.median_rmse = stats::quantile(std::span<const double>(own), 0.5);
  comparison.median_rmse_against = stats::quantile(std::span<const double>(other), 0.5);
  comparison.mean_rmse = mean(own);
  comparison.mean_rmse_against = mean(other);
  return comparison;
}

}  // namespace rootzone::study
