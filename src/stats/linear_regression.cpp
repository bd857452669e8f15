#include "rootzone/stats/linear_regression.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

#include "least_squares.hpp"

namespace rootzone::stats {
namespace {

double two_sided_p(double t, double freedom) {
  if (std::isinf(t)) return 0.0;
  return 2.0 * boost::math::cdf(boost::math::complement(boost::math::students_t(freedom), std::abs(t)));
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "'" : ", '") + name + "'";
  return text;
}

/// "'silt' is a linear combination of 'sand', 'clay'": the first dependent column on those it needs.
std::string describe_dependence(std::span<const PredictorColumn> predictors, const Eigen::MatrixXd& z,
                                const LeastSquares& fit) {
  const auto name = [&](Eigen::Index pivot) {
    return predictors[static_cast<std::size_t>(fit.order[pivot])].name;
  };
  Eigen::MatrixXd independent(z.rows(), fit.rank);
  for (Eigen::Index i = 0; i < fit.rank; ++i) independent.col(i) = z.col(fit.order[i]);
  const Eigen::VectorXd share = independent.colPivHouseholderQr().solve(z.col(fit.order[fit.rank]));
  std::vector<std::string> others;
  for (Eigen::Index i = 0; i < fit.rank; ++i)
    if (std::abs(share[i]) > 1e-6) others.push_back(name(i));
  return "'" + name(fit.rank) + "' is a linear combination of " + joined(others) + "; leave one of them out";
}

std::string constant_names(std::span<const PredictorColumn> predictors, const StandardColumns& columns) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < predictors.size(); ++i)
    if (columns.is_constant[i]) names.push_back(predictors[i].name);
  return names.empty() ? "" : joined(names) + (names.size() > 1 ? " are" : " is") + " constant";
}

/// Coefficients and their tests, in the units of the predictors.
void fill_terms(std::span<const PredictorColumn> predictors, const StandardColumns& columns,
                const LeastSquares& fit, double mean_response, LinearRegression& model) {
  const auto k = static_cast<Eigen::Index>(predictors.size());
  const double s = model.residual_standard_deviation;
  const auto freedom = static_cast<double>(model.degrees_of_freedom);
  const Eigen::VectorXd slopes = fit.slopes.array() / columns.length.array();
  const Eigen::VectorXd scale = columns.length.cwiseInverse();
  const Eigen::MatrixXd covariance = scale.asDiagonal() * fit.inverse * scale.asDiagonal();
  const auto add = [&](const std::string& name, double coefficient, double variance, double inflation) {
    RegressionTerm term{name, coefficient, s * std::sqrt(variance), 0.0, 0.0, inflation};
    term.t = term.coefficient / term.standard_error;
    term.p = term.standard_error > 0.0 ? two_sided_p(term.t, freedom) : 0.0;
    model.terms.push_back(term);
  };
  add("intercept", mean_response - slopes.dot(columns.mean),
      1.0 / static_cast<double>(model.observations) + columns.mean.dot(covariance * columns.mean),
      std::numeric_limits<double>::quiet_NaN());
  for (Eigen::Index i = 0; i < k; ++i)
    add(predictors[static_cast<std::size_t>(i)].name, slopes[i], covariance(i, i), fit.inverse(i, i));
  model.centre.assign(columns.mean.begin(), columns.mean.end());
  for (Eigen::Index row = 0; row < k; ++row)
    for (Eigen::Index col = 0; col < k; ++col) model.unscaled_covariance.push_back(covariance(row, col));
}

}  // namespace

double LinearRegression::predict(std::span<const double> x) const {
  double value = terms[0].coefficient;
  for (std::size_t i = 0; i < x.size(); ++i) value += terms[i + 1].coefficient * x[i];
  return value;
}

double LinearRegression::prediction_standard_error(std::span<const double> x) const {
  const std::size_t k = centre.size();
  double distance = 0.0;
  for (std::size_t row = 0; row < k; ++row)
    for (std::size_t col = 0; col < k; ++col)
      distance += (x[row] - centre[row]) * unscaled_covariance[row * k + col] * (x[col] - centre[col]);
  return residual_standard_deviation * std::sqrt(1.0 + 1.0 / static_cast<double>(observations) + distance);
}

RegressionFit fit_linear_regression(std::span<const PredictorColumn> predictors,
                                    std::span<const double> response) {
  require_sound(predictors, response);
  const std::size_t n = response.size();
  const std::size_t k = predictors.size();
  if (n < k + 2)
    return {std::nullopt, std::to_string(n) + " observations are too few for " + std::to_string(k) +
                              " predictors; expected at least " + std::to_string(k + 2)};
  if (is_constant(response)) return {std::nullopt, "the response is constant"};
  const StandardColumns columns = standardise(predictors, n);
  if (const std::string constant = constant_names(predictors, columns); !constant.empty())
    return {std::nullopt, constant};
  const Eigen::Map<const Eigen::VectorXd> y(response.data(), static_cast<Eigen::Index>(n));
  const LeastSquares fit = solve_least_squares(columns.values, y);
  if (!fit.full_rank) return {std::nullopt, describe_dependence(predictors, columns.values, fit)};

  LinearRegression model;
  model.observations = static_cast<std::int64_t>(n);
  model.degrees_of_freedom = static_cast<std::int64_t>(n - k - 1);
  const auto freedom = static_cast<double>(model.degrees_of_freedom);
  model.r2 = 1.0 - fit.residual_squares / fit.total_squares;
  model.r2_adjusted = 1.0 - (1.0 - model.r2) * static_cast<double>(n - 1) / freedom;
  model.f_p = overall_p(fit, k, n, model.f);
  model.residual_standard_deviation = std::sqrt(fit.residual_squares / freedom);
  model.rmse = std::sqrt(fit.residual_squares / static_cast<double>(n));
  model.leave_one_out_rmse = std::sqrt(fit.leave_one_out_squares / static_cast<double>(n));
  model.residuals.assign(fit.residuals.begin(), fit.residuals.end());
  model.leverages.assign(fit.leverages.begin(), fit.leverages.end());
  model.leave_one_out_errors.assign(fit.leave_one_out_errors.begin(), fit.leave_one_out_errors.end());
  fill_terms(predictors, columns, fit, y.mean(), model);
  return {std::move(model), ""};
}

}  // namespace rootzone::stats
