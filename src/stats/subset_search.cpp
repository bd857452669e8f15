#include "rootzone/stats/subset_search.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "least_squares.hpp"

namespace rootzone::stats {
namespace {

/// The next rising choice of as many positions below `count`; false after the last.
bool next_choice(std::vector<std::size_t>& choice, std::size_t count) {
  const std::size_t size = choice.size();
  for (std::size_t i = size; i-- > 0;) {
    if (choice[i] == count - size + i) continue;
    ++choice[i];
    for (std::size_t j = i + 1; j < size; ++j) choice[j] = choice[j - 1] + 1;
    return true;
  }
  return false;
}

void choose(SubsetSearch& search, const SubsetOptions& options) {
  for (std::size_t i = 0; i < search.models.size(); ++i) {
    const SubsetModel& model = search.models[i];
    search.best_p = std::min(search.best_p, model.f_p);
    if (!(model.f_p < options.significance)) continue;
    ++search.significant;
    if (!search.paper || model.r2 > search.models[*search.paper].r2) search.paper = i;
    if (model.variance_inflation > options.most_variance_inflation) continue;
    if (!std::isfinite(model.leave_one_out_rmse)) continue;
    if (!search.cross_validated ||
        model.leave_one_out_rmse < search.models[*search.cross_validated].leave_one_out_rmse)
      search.cross_validated = i;
  }
}

std::string describe(std::span<const PredictorColumn> predictors, const SubsetModel& subset,
                     std::span<const double> response) {
  std::vector<PredictorColumn> columns;
  for (const std::size_t i : subset.predictors) columns.push_back(predictors[i]);
  return fit_linear_regression(columns, response).problem;
}

std::string too_few(std::size_t observations, std::size_t usable, const SubsetOptions& options) {
  if (usable < options.fewest_predictors)
    return "only " + std::to_string(usable) + " predictors vary, expected at least " +
           std::to_string(options.fewest_predictors);
  return std::to_string(observations) + " observations are too few for " +
         std::to_string(options.fewest_predictors) + " predictors; expected at least " +
         std::to_string(options.fewest_predictors + 3);
}

}  // namespace

std::vector<std::string> constant_predictors(std::span<const PredictorColumn> predictors) {
  std::vector<std::string> names;
  for (const PredictorColumn& column : predictors)
    if (is_constant(column.values)) names.push_back(column.name);
  return names;
}

SubsetSearch search_subsets(std::span<const PredictorColumn> predictors, std::span<const double> response,
                            const SubsetOptions& options) {
  require_sound(predictors, response);
  if (options.fewest_predictors < 1 || options.most_predictors < options.fewest_predictors)
    throw std::invalid_argument("subsets of " + std::to_string(options.fewest_predictors) + " to " +
                                std::to_string(options.most_predictors) + " predictors are none");
  SubsetSearch search;
  const std::size_t n = response.size();
  const StandardColumns columns = standardise(predictors, n);
  std::vector<std::size_t> usable;
  for (std::size_t i = 0; i < predictors.size(); ++i)
    if (!columns.is_constant[i]) usable.push_back(i);
  const std::size_t most = std::min({options.most_predictors, usable.size(), n < 3 ? 0 : n - 3});
  if (most < options.fewest_predictors) {
    search.problem = too_few(n, usable.size(), options);
    return search;
  }
  if (is_constant(response)) {
    search.problem = "the response is constant";
    return search;
  }
  const Eigen::Map<const Eigen::VectorXd> y(response.data(), static_cast<Eigen::Index>(n));
  for (std::size_t size = options.fewest_predictors; size <= most; ++size) {
    std::vector<std::size_t> choice(size);
    for (std::size_t i = 0; i < size; ++i) choice[i] = i;
    Eigen::MatrixXd z(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(size));
    do {
      SubsetModel model;
      for (std::size_t i = 0; i < size; ++i) {
        model.predictors.push_back(usable[choice[i]]);
        z.col(static_cast<Eigen::Index>(i)) =
            columns.values.col(static_cast<Eigen::Index>(usable[choice[i]]));
      }
      const LeastSquares fit = solve_least_squares(z, y);
      if (!fit.full_rank) {
        if (search.singular++ == 0) search.first_singular = describe(predictors, model, response);
        continue;
      }
      double f = 0.0;
      model.r2 = 1.0 - fit.residual_squares / fit.total_squares;
      model.r2_adjusted =
          1.0 - (1.0 - model.r2) * static_cast<double>(n - 1) / static_cast<double>(n - size - 1);
      model.f_p = overall_p(fit, size, n, f);
      model.leave_one_out_rmse = std::sqrt(fit.leave_one_out_squares / static_cast<double>(n));
      model.variance_inflation = fit.inverse.diagonal().maxCoeff();
      search.models.push_back(std::move(model));
    } while (next_choice(choice, usable.size()));
  }
  choose(search, options);
  return search;
}

}  // namespace rootzone::stats
