#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace rootzone::stats {

/// A predictor of a regression: its values at the observations, all finite.
struct PredictorColumn {
  std::string name;
  std::vector<double> values;
};

/// One coefficient with its test against 0.
struct RegressionTerm {
  std::string name;  ///< "intercept" for the first
  double coefficient = 0.0;
  double standard_error = 0.0;
  double t = 0.0;                   ///< coefficient / standard error
  double p = 0.0;                   ///< two-sided, n − k − 1 degrees of freedom
  double variance_inflation = 1.0;  ///< 1/(1 − R²) of this predictor on the others; NaN for the intercept
};

/// A fitted equation y = intercept + Σ coefficient · x.
struct LinearRegression {
  std::vector<RegressionTerm> terms;  ///< the intercept, then the predictors in the order given
  std::int64_t observations = 0;
  std::int64_t degrees_of_freedom = 0;  ///< n − k − 1
  double r2 = 0.0;
  double r2_adjusted = 0.0;
  double f = 0.0;                            ///< of all predictors together; infinite for a perfect fit
  double f_p = 1.0;                          ///< its p
  double residual_standard_deviation = 0.0;  ///< s = √(SSE/(n − k − 1))
  double rmse = 0.0;                         ///< √(SSE/n)
  /// Of predictions by the equation fitted without the observation; infinite if one alone sets a coefficient
  /// (1 − leverage below 1e-10), so that there is no such equation.
  double leave_one_out_rmse = 0.0;
  std::vector<double> residuals;             ///< observed − fitted
  std::vector<double> leave_one_out_errors;  ///< observed − predicted without it: residual/(1 − leverage)
  std::vector<double> leverages;
  std::vector<double> centre;               ///< mean of each predictor
  std::vector<double> unscaled_covariance;  ///< k × k: (ZᵀZ)⁻¹ of the centred predictors Z

  /// Value at x, one number per predictor.
  double predict(std::span<const double> x) const;
  /// Standard error of a new observation at x: s·√(1 + 1/n + (x − x̄)ᵀ(ZᵀZ)⁻¹(x − x̄)).
  double prediction_standard_error(std::span<const double> x) const;
};

/// A regression, or why there is none.
struct RegressionFit {
  std::optional<LinearRegression> model;
  std::string problem;  ///< names the predictors at fault; empty with a model
};

/// Fit by least squares: QR with column pivoting of the centred, scaled predictors (Eigen), t and F
/// distributions by Boost.Math. No model, with the reason and the names, for fewer observations than
/// predictors + 2, a constant response, a constant predictor, or predictors of which one is a linear
/// combination of others (relative to 1e-10). Throws std::invalid_argument for columns of differing length,
/// no predictor, or a value that is not finite. Accuracy: certified values of NIST's Longley data to 1e-9
/// (LinearRegression.AgreesWithTheCertifiedValuesOfLongley). Pure.
RegressionFit fit_linear_regression(std::span<const PredictorColumn> predictors,
                                    std::span<const double> response);

}  // namespace rootzone::stats
