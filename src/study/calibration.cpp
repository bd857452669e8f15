#include "rootzone/study/calibration.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

namespace rootzone::study {
namespace {

std::string fixed(double value, int decimals) {
  std::array<char, 64> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
  return std::string(buffer.data(), end.ptr);
}

std::array<double, SmarProblem::coordinates> array_of(std::span<const double> point) {
  return {point[0], point[1], point[2], point[3]};
}

Spread spread_of(const std::vector<Repetition>& repetitions, double (*quantity)(const Repetition&)) {
  Spread spread;
  const auto n = static_cast<double>(repetitions.size());
  spread.minimum = spread.maximum = quantity(repetitions.front());
  for (const Repetition& one : repetitions) {
    const double value = quantity(one);
    spread.mean += value / n;
    spread.minimum = std::min(spread.minimum, value);
    spread.maximum = std::max(spread.maximum, value);
  }
  double squares = 0.0;
  for (const Repetition& one : repetitions) squares += std::pow(quantity(one) - spread.mean, 2);
  if (repetitions.size() > 1) spread.standard_deviation = std::sqrt(squares / (n - 1.0));
  return spread;
}

std::string why_not_applicable(const SmarProblem& problem, const SmarValues& best, double b_by_definition) {
  if (SmarProblem::b_reaches_one(best))
    return "b = " + fixed(best.b, 2) + " reaches 1" +
           (best.b < problem.search().b_maximum ? "" : ", the bound of the search") +
           "; SMAR needs b < 1, a root zone that takes more than the surface layer holds";
  if (b_by_definition < 1.0) return "";
  const SmarStation& s = problem.station();
  return "b by its definition is " + fixed(b_by_definition, 2) +
         ": the saturated surface layer holds n1 Zr1 = " +
         fixed(s.surface_porosity * s.surface_thickness_cm, 1) +
         " cm of water, the root zone can take (1 - sw2) n2 Zr2 = " +
         fixed((1.0 - best.sw2) * s.root_zone_porosity * s.root_zone_thickness_cm, 1) +
         " cm; SMAR needs the root zone to take more";
}

}  // namespace

Repetition calibrate_once(const SmarProblem& problem, DayRange validation,
                          const CalibrationSettings& settings, int number) {
  Repetition result;
  result.number = number;
  result.seed = settings.seed + static_cast<unsigned>(number - 1);
  const Objective objective = [&](std::span<const double> point) {
    return problem.rmse(problem.values_at(array_of(point)));
  };
  const Optimum optimum = minimise(objective, SmarProblem::coordinates, settings.optimizer, result.seed);
  result.values = problem.values_at(array_of(optimum.point));
  result.evaluations = optimum.evaluations;
  result.v2_cm_per_day = problem.v2_cm_per_day(result.values);
  result.rmse_calibration = optimum.value * problem.station().root_zone_porosity;
  result.at_bound = problem.at_bound(result.values);
  const moisture::SmarSeries run = problem.run(result.values);
  const auto part = [&](const std::vector<float>& series) {
    return std::vector<double>(series.begin() + validation.first, series.begin() + validation.end);
  };
  const stats::Metrics metrics =
      stats::compute_metrics(part(run.water_content), part(problem.station().root_zone), settings.metrics);
  result.rmse_validation = metrics.rmse.value;
  result.pearson_r_validation = metrics.pearson_r.value;
  result.nse_validation = metrics.nse.value;
  return result;
}

CalibrationResult conclude_calibration(const SmarProblem& problem, std::vector<Repetition> repetitions) {
  if (repetitions.empty()) throw std::invalid_argument("calibration: no repetition to sum up");
  CalibrationResult result;
  const auto best = std::min_element(
      repetitions.begin(), repetitions.end(),
      [](const Repetition& a, const Repetition& b) { return a.rmse_calibration < b.rmse_calibration; });
  result.best = static_cast<std::size_t>(best - repetitions.begin());
  result.sw2 = spread_of(repetitions, [](const Repetition& r) { return r.values.sw2; });
  result.sc1 = spread_of(repetitions, [](const Repetition& r) { return r.values.sc1; });
  result.a = spread_of(repetitions, [](const Repetition& r) { return r.values.a; });
  result.b = spread_of(repetitions, [](const Repetition& r) { return r.values.b; });
  result.v2_cm_per_day = spread_of(repetitions, [](const Repetition& r) { return r.v2_cm_per_day; });
  for (const Repetition& one : repetitions)
    for (std::size_t i = 0; i < bound_names.size(); ++i)
      result.bound_hits[i] +=
          (" " + one.at_bound + " ").find(" " + std::string(bound_names[i]) + " ") != std::string::npos;
  const SmarStation& station = problem.station();
  result.b_by_definition =
      station.surface_porosity * station.surface_thickness_cm /
      ((1.0 - best->values.sw2) * station.root_zone_porosity * station.root_zone_thickness_cm);
  result.not_applicable = why_not_applicable(problem, best->values, result.b_by_definition);
  result.repetitions = std::move(repetitions);
  return result;
}

std::vector<CalibrationResult> calibrate(std::span<const CalibrationTask> tasks,
                                         const CalibrationSettings& settings,
                                         const core::ParallelFor& parallel_for,
                                         const std::function<void()>& after_each) {
  settings.optimizer.validate();
  settings.metrics.validate();
  if (settings.repetitions < 1) throw std::invalid_argument("repetitions: expected at least 1");
  const auto each = static_cast<std::size_t>(settings.repetitions);
  std::vector<Repetition> all(tasks.size() * each);
  parallel_for(static_cast<std::int64_t>(all.size()), [&](std::int64_t job) {
    const auto i = static_cast<std::size_t>(job);
    const CalibrationTask& task = tasks[i / each];
    all[i] = calibrate_once(task.problem, task.validation, settings, static_cast<int>(i % each) + 1);
    after_each();
  });
  std::vector<CalibrationResult> results;
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(t * each);
    results.push_back(conclude_calibration(
        tasks[t].problem, std::vector<Repetition>(first, first + static_cast<std::ptrdiff_t>(each))));
  }
  return results;
}

}  // namespace rootzone::study
