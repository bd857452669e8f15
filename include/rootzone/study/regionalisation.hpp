#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rootzone/core/parallel.hpp"
#include "rootzone/stats/linear_regression.hpp"
#include "rootzone/stats/subset_search.hpp"
#include "rootzone/study/station_transfer.hpp"

namespace rootzone::study {

/// SMAR's parameters in the order used here: sw2, sc1, a, b.
inline constexpr std::size_t smar_parameters = 4;
inline constexpr std::array<const char*, smar_parameters> smar_parameter_words{"sw2", "sc1", "a", "b"};
using SmarVector = std::array<double, smar_parameters>;
using SmarMatrix = std::array<double, smar_parameters * smar_parameters>;  ///< row-major

/// The four quantities that are regressed, and from which the parameters follow.
enum class RegressionForm {
  parameters,  ///< sw2, sc1, a, b, each by itself (Liu et al. 2023)
  /// sw2, sc1 − sw2, ln a, ln(b/a). In a calibration sc1 rises with sw2 and b with a: together they keep the
  /// level that s2 settles at, (1 − sw2)·b/a times the mean excess over sc1. Regressed each by itself, their
  /// errors move that level; here an error of sw2 takes sc1 along, one of a takes b along, and a and b stay
  /// positive.
  balanced
};
std::string_view name_of(RegressionForm form);
/// What is regressed under a form: "sc1_minus_sw2" and the like.
const std::array<const char*, smar_parameters>& quantities_of(RegressionForm form);
SmarVector to_form(RegressionForm form, const SmarVector& parameters);
SmarVector from_form(RegressionForm form, const SmarVector& quantities);

/// A station with calibrated parameters and what is known of its place.
struct RegionalStation {
  std::string name;
  SitePlace place;
  SmarVector parameters{};
  std::vector<SmarVector> repetitions;  ///< of its calibration; their spread counts from two on
  std::vector<double> predictors;       ///< finite, in the order of the names
};

/// Which of the significant subsets becomes the equation.
enum class ModelChoice {
  paper,           ///< highest R² (Liu et al. 2023)
  cross_validated  ///< lowest leave-one-out RMSE
};
std::string_view name_of(ModelChoice choice);

/// What a parameter without a significant subset gets.
enum class NotSignificant { refuse, global_median };

struct RegionalisationOptions {
  stats::SubsetOptions subsets;
  RegressionForm form = RegressionForm::balanced;
  ModelChoice choice = ModelChoice::cross_validated;
  NotSignificant not_significant = NotSignificant::refuse;
  double inverse_distance_power = 2.0;
};

/// One quantity: the search and both choices.
struct QuantityRegression {
  stats::SubsetSearch search;
  std::optional<stats::LinearRegression> paper;
  std::optional<stats::LinearRegression> cross_validated;
  std::string refusal;  ///< why there is no equation, else empty
  const std::optional<stats::LinearRegression>& model(ModelChoice choice) const {
    return choice == ModelChoice::paper ? paper : cross_validated;
  }
};

/// Parameters of every station predicted without it by one way of carrying them.
struct TransferTest {
  std::string method;                 ///< a transfer method, or regression_paper, regression_cross_validated
  std::vector<SmarVector> predicted;  ///< by station, inside SMAR's bounds; NaN: the method has none
  /// Over the stations that have one: root mean square and mean of predicted − calibrated.
  SmarVector rmse{};
  SmarVector bias{};
  std::array<int, smar_parameters> stations{};
  SmarMatrix error_covariance{};  ///< mean product of errors, of stations with all four; 0 without any
};

using Equations = std::array<QuantityRegression, smar_parameters>;

struct Regionalisation {
  std::array<Equations, 2> forms;  ///< by RegressionForm
  /// "regression" first, then the other forms and choices, then the baselines.
  std::vector<TransferTest> tests;
  // Of the quantities of the chosen form:
  SmarMatrix residual_correlation{};   ///< of the chosen equations' residuals; 1 on the diagonal
  SmarMatrix repetition_covariance{};  ///< of a station's repetitions, mean over those with two or more

  const Equations& equations(RegressionForm form) const { return forms[static_cast<std::size_t>(form)]; }
};

/// Regress the quantities of both forms on subsets of the predictors, and test every way of carrying
/// parameters to a place without a station by leaving out each station in turn. For the regressions the whole
/// search is repeated without the station, so that the choice among hundreds of subsets is tested with the
/// equation; a station for which no subset is significant then has no prediction (or the median, as
/// not_significant says). Predictions are cut to SMAR's bounds of calibration, as they are on a map. Folds
/// run by parallel_for; the result does not depend on it. Throws Error(data) for fewer than 3 stations,
/// Error(usage) for predictors that are none; std::invalid_argument as stats::search_subsets.
Regionalisation regionalise(std::span<const RegionalStation> stations,
                            std::span<const std::string> predictor_names,
                            const RegionalisationOptions& options, const core::ParallelFor& parallel_for);

/// sw2 and sc1 in [0, 1], a and b in [moisture::smar_smallest_rate, 1].
double inside_smar_bounds(std::size_t parameter, double value);

}  // namespace rootzone::study
