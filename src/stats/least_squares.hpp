#pragma once
#include <Eigen/Dense>
#include <cstddef>
#include <span>
#include <vector>

#include "rootzone/stats/linear_regression.hpp"

namespace rootzone::stats {

/// Predictors with their mean taken off and brought to length 1.
struct StandardColumns {
  Eigen::MatrixXd values;  ///< n × k
  Eigen::VectorXd mean;
  Eigen::VectorXd length;         ///< of the centred column; 0 for a constant one
  std::vector<bool> is_constant;  ///< length below 1e-12 of the column's size
};
StandardColumns standardise(std::span<const PredictorColumn> predictors, std::size_t observations);

/// QR of standardised predictors, and what follows from it for one response.
struct LeastSquares {
  bool full_rank = false;
  /// Of the pivoted columns, those from this one on depend on the ones before.
  Eigen::Index rank = 0;
  Eigen::VectorXi order;    ///< column of the predictors at each pivot
  Eigen::VectorXd slopes;   ///< of the standardised predictors
  Eigen::MatrixXd inverse;  ///< (ZᵀZ)⁻¹ of the standardised predictors; its diagonal is the inflation
  Eigen::VectorXd residuals;
  Eigen::VectorXd leverages;  ///< intercept included
  double residual_squares = 0.0;
  double total_squares = 0.0;
  Eigen::VectorXd leave_one_out_errors;  ///< residual/(1 − leverage); +∞ where the leverage is 1 to 1e-10
  double leave_one_out_squares = 0.0;
};

/// z: standardised columns; response: centred or not. With a rank that is not full only rank and order are
/// set.
LeastSquares solve_least_squares(const Eigen::MatrixXd& z, const Eigen::VectorXd& response);

/// p of the F-test of all predictors: F on k and n − k − 1 degrees of freedom. f: where it goes.
double overall_p(const LeastSquares& fit, std::size_t predictors, std::size_t observations, double& f);

/// Whether the response hardly varies: its range is below 1e-12 of its size.
bool is_constant(std::span<const double> values);

/// Throws std::invalid_argument for columns of differing length, none, or a value that is not finite.
void require_sound(std::span<const PredictorColumn> predictors, std::span<const double> response);

}  // namespace rootzone::stats
