#include "rootzone/stats/subset_search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/random/mersenne_twister.hpp>
#include <cmath>
#include <map>

namespace rootzone::stats {
namespace {

using ::testing::HasSubstr;

/// Plain numbers on (−1, 1), the same everywhere.
class Numbers {
 public:
  explicit Numbers(std::uint32_t seed) : m_engine(seed) {}
  double next() { return static_cast<double>(m_engine()) / 2147483648.0 - 1.0; }

 private:
  boost::random::mt19937 m_engine;
};

struct Data {
  std::vector<PredictorColumn> predictors;
  std::vector<double> response;
};

/// y = 1 + 2·x1 − x3 + noise; six predictors, of which `mix` is nearly x1 + x3.
Data example(double noise, std::size_t observations = 24) {
  Numbers numbers(17);
  Data data;
  for (const char* name : {"x0", "x1", "x2", "x3", "x4", "mix"}) data.predictors.push_back({name, {}});
  for (std::size_t i = 0; i < observations; ++i) {
    for (std::size_t j = 0; j < 5; ++j) data.predictors[j].values.push_back(numbers.next());
    data.predictors[5].values.push_back(data.predictors[1].values[i] + data.predictors[3].values[i] +
                                        0.01 * numbers.next());
    data.response.push_back(1.0 + 2.0 * data.predictors[1].values[i] - data.predictors[3].values[i] +
                            noise * numbers.next());
  }
  return data;
}

TEST(SubsetSearch, EveryModelEqualsItsOwnFit) {
  const Data data = example(0.5);
  const SubsetSearch search = search_subsets(data.predictors, data.response);
  ASSERT_EQ(search.models.size(), 15U + 20U + 15U);
  std::size_t significant = 0;
  for (const SubsetModel& model : search.models) {
    std::vector<PredictorColumn> columns;
    for (const std::size_t i : model.predictors) columns.push_back(data.predictors[i]);
    const auto fit = fit_linear_regression(columns, data.response);
    ASSERT_TRUE(fit.model);
    EXPECT_NEAR(model.r2, fit.model->r2, 1e-12);
    EXPECT_NEAR(model.r2_adjusted, fit.model->r2_adjusted, 1e-12);
    EXPECT_NEAR(model.f_p, fit.model->f_p, 1e-12);
    EXPECT_NEAR(model.leave_one_out_rmse, fit.model->leave_one_out_rmse, 1e-12);
    double inflation = 0.0;
    for (std::size_t i = 1; i < fit.model->terms.size(); ++i)
      inflation = std::max(inflation, fit.model->terms[i].variance_inflation);
    EXPECT_NEAR(model.variance_inflation / inflation, 1.0, 1e-9);
    significant += model.f_p < 0.05;
  }
  EXPECT_EQ(search.significant, significant);
}

TEST(SubsetSearch, ChoosesAsThePaperAndByCrossValidation) {
  const Data data = example(0.5);
  const SubsetSearch search = search_subsets(data.predictors, data.response);
  ASSERT_TRUE(search.paper && search.cross_validated);
  for (const SubsetModel& model : search.models) {
    if (model.f_p >= 0.05) continue;
    EXPECT_LE(model.r2, search.models[*search.paper].r2);
    EXPECT_GE(model.leave_one_out_rmse, search.models[*search.cross_validated].leave_one_out_rmse);
  }
  // R² never falls with a further predictor: the paper's choice is one of the largest subsets.
  EXPECT_EQ(search.models[*search.paper].predictors.size(), 4U);
  EXPECT_THAT(search.models[*search.cross_validated].predictors, ::testing::Contains(1U));
}

TEST(SubsetSearch, FindsTheTruthWithoutNoise) {
  const Data data = example(1e-9);
  SubsetOptions options;
  options.most_predictors = 2;
  const SubsetSearch search = search_subsets(data.predictors, data.response, options);
  EXPECT_EQ(search.models[*search.paper].predictors, (std::vector<std::size_t>{1, 3}));
  EXPECT_EQ(search.models[*search.cross_validated].predictors, (std::vector<std::size_t>{1, 3}));
}

TEST(SubsetSearch, KeepsInflatedSubsetsFromTheCrossValidatedChoice) {
  const Data data = example(0.5);
  SubsetOptions options;
  options.most_variance_inflation = 5.0;
  const SubsetSearch search = search_subsets(data.predictors, data.response, options);
  EXPECT_LE(search.models[*search.cross_validated].variance_inflation, 5.0);
  const auto inflated = std::find_if(search.models.begin(), search.models.end(),
                                     [](const SubsetModel& m) { return m.variance_inflation > 1000.0; });
  ASSERT_NE(inflated, search.models.end()) << "x1, x3 and their sum";
}

// Levels of chance: of pure noise, 5 % of the single models pass, and the search says how many.
TEST(SubsetSearch, SaysWhenNothingIsSignificant) {
  Numbers numbers(4);
  Data data;
  for (const char* name : {"a", "b", "c"}) {
    data.predictors.push_back({name, {}});
    for (int i = 0; i < 12; ++i) data.predictors.back().values.push_back(numbers.next());
  }
  for (int i = 0; i < 12; ++i) data.response.push_back(numbers.next());
  SubsetOptions options;
  options.significance = 1e-6;
  const SubsetSearch search = search_subsets(data.predictors, data.response, options);
  EXPECT_FALSE(search.paper || search.cross_validated);
  EXPECT_EQ(search.significant, 0U);
  EXPECT_EQ(search.models.size(), 4U);
  EXPECT_GT(search.best_p, 1e-6);
  EXPECT_LT(search.best_p, 1.0);
}

TEST(SubsetSearch, LeavesConstantAndCollinearPredictorsOut) {
  Data data = example(0.5);
  data.predictors.push_back({"flat", std::vector<double>(24, 7.0)});
  PredictorColumn twice{"twice", data.predictors[1].values};
  for (double& value : twice.values) value = 2.0 * value + 3.0;
  data.predictors.push_back(twice);
  EXPECT_EQ(constant_predictors(data.predictors), std::vector<std::string>{"flat"});
  const SubsetSearch search = search_subsets(data.predictors, data.response);
  for (const SubsetModel& model : search.models)
    EXPECT_THAT(model.predictors, ::testing::Not(::testing::Contains(6U)));
  // x1 and its double together: 1 pair, 5 triples, 10 quadruples of the seven that vary.
  EXPECT_EQ(search.singular, 16U);
  EXPECT_THAT(search.first_singular, ::testing::AllOf(HasSubstr("'x1'"), HasSubstr("'twice'")));
}

// Its leave-one-out error would be noise over noise: it must neither win by chance nor, as NaN, hold its
// place.
TEST(SubsetSearch, APredictorThatDiffersAtOneStationIsNeverCrossValidated) {
  for (std::size_t only = 0; only < 24; ++only) {
    Data data = example(0.5);
    PredictorColumn indicator{"only", std::vector<double>(24, 0.0)};
    indicator.values[only] = 1.0;
    data.predictors.insert(data.predictors.begin(), indicator);
    const SubsetSearch search = search_subsets(data.predictors, data.response);
    for (const SubsetModel& model : search.models)
      EXPECT_EQ(std::isfinite(model.leave_one_out_rmse), model.predictors.front() != 0) << "station " << only;
    ASSERT_TRUE(search.cross_validated);
    const SubsetModel& chosen = search.models[*search.cross_validated];
    EXPECT_THAT(chosen.predictors, ::testing::Not(::testing::Contains(0U))) << "station " << only;
    for (const SubsetModel& model : search.models)
      EXPECT_TRUE(model.f_p >= 0.05 || model.leave_one_out_rmse >= chosen.leave_one_out_rmse);
  }
}

TEST(SubsetSearch, TriesOnlySizesThatTheStationsAllow) {
  const Data six = example(0.5, 6);
  const SubsetSearch search = search_subsets(six.predictors, six.response);
  for (const SubsetModel& model : search.models) EXPECT_LE(model.predictors.size(), 3U);
  const Data four = example(0.5, 4);
  EXPECT_EQ(search_subsets(four.predictors, four.response).problem,
            "4 observations are too few for 2 predictors; expected at least 5");
  Data flat = example(0.5);
  flat.response.assign(24, 0.1);
  EXPECT_EQ(search_subsets(flat.predictors, flat.response).problem, "the response is constant");
  SubsetOptions none;
  none.most_predictors = 1;
  EXPECT_THROW(search_subsets(six.predictors, six.response, none), std::invalid_argument);
}

}  // namespace
}  // namespace rootzone::stats
