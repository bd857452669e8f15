#pragma once
#include <optional>
#include <string>
#include <vector>

#include "calibration_cases.hpp"
#include "rootzone/study/filter_fit.hpp"
#include "rootzone/study/validation.hpp"

namespace rootzone::pipeline {

/// What became of one case: parameters, series and scores.
struct CalibrationOutcome {
  CalibrationCase about;
  study::DayRange calibration;
  study::DayRange validation;
  std::int64_t compared_days = 0;
  study::CalibrationResult result;
  study::SmarValues chosen;  ///< what scores, series and regressions use
  double chosen_v2_cm_per_day = 0.0;
  std::vector<float> observed;  ///< root zone, m3 m-3 a day
  std::vector<float> surface;   ///< m3 m-3 a day
  std::vector<float> smar;      ///< m3 m-3 a day, NaN where it has no value
  std::optional<study::FilterFit> filter;
  std::vector<study::ValidationRow>
      rows;  ///< smar, exponential_filter, constant_mean, station_mean per period
};

/// A set of cases calibrated and judged: the usable ones, or all unfiltered.
struct CalibrationGroup {
  std::vector<CalibrationOutcome> outcomes;
  std::vector<CalibrationIssue> issues;
};

/// Choose parameters, run SMAR and the baseline with them, and score both in each period on the days that
/// both have. constant_mean is the mean of the calibration period over all other stations with the same root
/// zone, covariates and scheme.
CalibrationGroup judge_cases(const CalibrationSetup& setup, CalibrationCases cases,
                             std::vector<study::CalibrationResult> results, int minimum_pairs);

/// "10-50 cm, P1, paper"
std::string label_of(const CalibrationCase& one);

/// A line for each zone, set and scheme that SMAR does not apply to somewhere: at how many stations, which,
/// and the reason at the first ("10-20 cm, P1, paper: not applicable at 2 of 2 stations (A, B); at A b = …").
std::vector<std::string> not_applicable_lines(const CalibrationGroup& group);

/// Medians over the applicable stations of a group, for one zone, set, scheme, product and period.
struct GroupMedian {
  const CalibrationCase* about = nullptr;
  std::string product;
  study::ValidationPeriod period = study::ValidationPeriod::validation;
  std::size_t stations = 0;
  double rmse = 0.0;
  double ubrmse = 0.0;
  double bias = 0.0;
  double pearson_r = 0.0;
  double nse = 0.0;
};
/// In the order zone, set, scheme, period, product; stations where SMAR does not apply are left out.
std::vector<GroupMedian> group_medians(const CalibrationGroup& group);

}  // namespace rootzone::pipeline
