#pragma once
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rootzone/stats/linear_regression.hpp"

namespace rootzone::stats {

struct SubsetOptions {
  std::size_t fewest_predictors = 2;
  std::size_t most_predictors = 4;
  double significance = 0.05;  ///< overall F-test: p below this
  /// The cross-validated choice leaves out subsets in which a predictor's variance inflation is above this.
  double most_variance_inflation = std::numeric_limits<double>::infinity();
};

/// One subset that could be fitted.
struct SubsetModel {
  std::vector<std::size_t> predictors;  ///< positions, rising
  double r2 = 0.0;
  double r2_adjusted = 0.0;
  double f_p = 1.0;
  double leave_one_out_rmse = 0.0;
  double variance_inflation = 1.0;  ///< the largest
};

struct SubsetSearch {
  std::vector<SubsetModel> models;  ///< by size, then by position of the predictors
  std::size_t singular = 0;         ///< subsets left out because their predictors are collinear
  std::string first_singular;       ///< the first of them in words: "'b' is a linear combination of 'a'; …"
  std::size_t significant = 0;      ///< models with p below the level
  /// Highest R² among the significant ones (Liu et al. 2023, section 2.5). Of equals the first.
  std::optional<std::size_t> paper;
  /// Lowest leave-one-out RMSE, which must be finite, among the significant ones within the limit of variance
  /// inflation.
  std::optional<std::size_t> cross_validated;
  double best_p = 1.0;  ///< smallest overall p of all models; 1 without any
  std::string problem;  ///< why nothing could be fitted, naming predictors; else empty
};

/// Fit all subsets of the predictors of the sizes asked for, as fit_linear_regression does. Constant
/// predictors are never part of a subset (constant_predictors names them). Sizes that leave fewer than two
/// degrees of freedom are not tried; if that is all of them, .problem says so. Throws std::invalid_argument
/// as fit_linear_regression does, or for sizes that are none. Pure.
SubsetSearch search_subsets(std::span<const PredictorColumn> predictors, std::span<const double> response,
                            const SubsetOptions& options = {});

/// Names of the predictors whose values are all the same, to 1e-12 of their size.
std::vector<std::string> constant_predictors(std::span<const PredictorColumn> predictors);

}  // namespace rootzone::stats
