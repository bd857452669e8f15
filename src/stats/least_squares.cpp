#include "least_squares.hpp"

#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace rootzone::stats {
namespace {

constexpr double constant_part = 1e-12;  // of the largest value: a difference of rounding errors
constexpr double rank_threshold = 1e-10;
/// Below this 1 − leverage is rounding: the observation alone sets a coefficient, and without it there is no
/// equation to predict it by.
constexpr double least_freedom_left = 1e-10;

}  // namespace

bool is_constant(std::span<const double> values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return *high - *low <= constant_part * std::max(std::abs(*low), std::abs(*high));
}

void require_sound(std::span<const PredictorColumn> predictors, std::span<const double> response) {
  if (predictors.empty()) throw std::invalid_argument("a regression needs a predictor");
  const auto finite = [](std::span<const double> values) {
    return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
  };
  if (!finite(response)) throw std::invalid_argument("the response of a regression must be finite");
  for (const PredictorColumn& column : predictors) {
    if (column.values.size() != response.size())
      throw std::invalid_argument("predictor '" + column.name + "' has " +
                                  std::to_string(column.values.size()) + " values, the response " +
                                  std::to_string(response.size()));
    if (!finite(column.values)) throw std::invalid_argument("predictor '" + column.name + "' must be finite");
  }
}

StandardColumns standardise(std::span<const PredictorColumn> predictors, std::size_t observations) {
  const auto n = static_cast<Eigen::Index>(observations);
  const auto k = static_cast<Eigen::Index>(predictors.size());
  StandardColumns columns{Eigen::MatrixXd(n, k), Eigen::VectorXd(k), Eigen::VectorXd::Zero(k), {}};
  for (Eigen::Index col = 0; col < k; ++col) {
    const std::vector<double>& values = predictors[static_cast<std::size_t>(col)].values;
    const Eigen::Map<const Eigen::VectorXd> given(values.data(), n);
    columns.mean[col] = given.mean();
    columns.values.col(col) = given.array() - columns.mean[col];
    columns.is_constant.push_back(is_constant(values));
    if (columns.is_constant.back()) continue;
    columns.length[col] = columns.values.col(col).norm();
    columns.values.col(col) /= columns.length[col];
  }
  return columns;
}

LeastSquares solve_least_squares(const Eigen::MatrixXd& z, const Eigen::VectorXd& response) {
  const Eigen::Index n = z.rows();
  const Eigen::Index k = z.cols();
  LeastSquares fit;
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr;
  qr.setThreshold(rank_threshold);
  qr.compute(z);
  fit.rank = qr.rank();
  fit.order = qr.colsPermutation().indices();
  fit.full_rank = fit.rank == k;
  if (!fit.full_rank) return fit;
  const Eigen::VectorXd centred = response.array() - response.mean();
  const Eigen::MatrixXd q = qr.householderQ() * Eigen::MatrixXd::Identity(n, k);
  const Eigen::VectorXd projected = q.transpose() * centred;
  const auto r = qr.matrixR().topLeftCorner(k, k).template triangularView<Eigen::Upper>();
  const Eigen::MatrixXd r_inverse = r.solve(Eigen::MatrixXd::Identity(k, k));
  fit.slopes = qr.colsPermutation() * (r_inverse * projected);
  fit.inverse = qr.colsPermutation() * (r_inverse * r_inverse.transpose()) * qr.colsPermutation().transpose();
  fit.residuals = centred - q * projected;
  fit.leverages = q.rowwise().squaredNorm().array() + 1.0 / static_cast<double>(n);
  fit.residual_squares = fit.residuals.squaredNorm();
  fit.total_squares = centred.squaredNorm();
  const Eigen::ArrayXd left = 1.0 - fit.leverages.array();
  fit.leave_one_out_errors =
      (left < least_freedom_left)
          .select(std::numeric_limits<double>::infinity(), fit.residuals.array() / left);
  fit.leave_one_out_squares = fit.leave_one_out_errors.squaredNorm();
  return fit;
}

double overall_p(const LeastSquares& fit, std::size_t predictors, std::size_t observations, double& f) {
  const auto k = static_cast<double>(predictors);
  const double freedom = static_cast<double>(observations) - k - 1.0;
  const double explained = std::max(0.0, fit.total_squares - fit.residual_squares);
  f = fit.residual_squares > 0.0 ? explained / k / (fit.residual_squares / freedom)
                                 : std::numeric_limits<double>::infinity();
  if (std::isinf(f)) return 0.0;
  return boost::math::cdf(boost::math::complement(boost::math::fisher_f(k, freedom), f));
}

}  // namespace rootzone::stats
