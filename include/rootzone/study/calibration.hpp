#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "rootzone/core/parallel.hpp"
#include "rootzone/stats/metrics.hpp"
#include "rootzone/study/optimizer.hpp"
#include "rootzone/study/smar_problem.hpp"

namespace rootzone::study {

struct CalibrationSettings {
  OptimizerSettings optimizer;
  int repetitions = 20;
  unsigned seed = 1;  ///< of the first repetition; the next have the next numbers
  stats::MetricOptions metrics;
};

/// One run of the optimiser.
struct Repetition {
  int number = 1;
  unsigned seed = 1;
  SmarValues values;
  double v2_cm_per_day = 0.0;
  double rmse_calibration = 0.0;  ///< m3 m-3: saturation times porosity; likewise below
  double rmse_validation = 0.0;   ///< NaN: not enough pairs, or b ≥ 1
  double pearson_r_validation = 0.0;
  double nse_validation = 0.0;
  std::string at_bound;  ///< SmarProblem::at_bound
  std::int64_t evaluations = 0;
};

/// Run the optimiser once on a station (number from 1) and judge what it found: in the calibration period by
/// the objective, in the validation period by the kernel's own run. The same for the same arguments. Pure.
Repetition calibrate_once(const SmarProblem& problem, DayRange validation,
                          const CalibrationSettings& settings, int number);

/// Mean and spread of one quantity over the repetitions.
struct Spread {
  double mean = 0.0;
  double standard_deviation = 0.0;  ///< with n − 1; 0 for one repetition
  double minimum = 0.0;
  double maximum = 0.0;
};

/// What all repetitions of a station say together.
struct CalibrationResult {
  std::vector<Repetition> repetitions;  ///< by number
  std::size_t best = 0;                 ///< smallest RMSE in the calibration period; the earlier of equals
  Spread sw2, sc1, a, b, v2_cm_per_day;
  /// Repetitions at a bound, in the order sw2, sc1, a, b, v2.
  std::array<int, 5> bound_hits{};
  double b_by_definition = 0.0;  ///< n1 Zr1/((1 − sw2) n2 Zr2) with the best repetition's sw2
  std::string not_applicable;    ///< why SMAR does not apply here, else empty
  bool applicable() const { return not_applicable.empty(); }
};

inline constexpr std::array<const char*, 5> bound_names{"sw2", "sc1", "a", "b", "v2"};

/// Sum up. SMAR does not apply (Liu et al. 2023, section 4.1) where the best repetition's b reaches 1, or
/// where the definition of b gives 1 or more for its sw2: the saturated surface layer then holds more water
/// than the root zone can take, which the model rules out. Throws std::invalid_argument without repetitions.
CalibrationResult conclude_calibration(const SmarProblem& problem, std::vector<Repetition> repetitions);

struct CalibrationTask {
  SmarProblem problem;
  DayRange validation;
};

/// Calibrate every task, all repetitions of all tasks side by side by parallel_for. Results in the order of
/// the tasks, the same whatever the threads. after_each: called once per repetition, from any thread; it may
/// throw to stop.
std::vector<CalibrationResult> calibrate(
    std::span<const CalibrationTask> tasks, const CalibrationSettings& settings,
    const core::ParallelFor& parallel_for, const std::function<void()>& after_each = [] {});

}  // namespace rootzone::study
