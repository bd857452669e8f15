#include "rootzone/stats/linear_regression.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace rootzone::stats {
namespace {

using ::testing::HasSubstr;

/// NIST Statistical Reference Datasets, linear least squares, "Longley" (Longley 1967, J. Am. Stat. Assoc.
/// 62, 819): total employment on six predictors that are almost collinear.
std::vector<PredictorColumn> longley_predictors() {
  return {{"deflator",
           {83.0, 88.5, 88.2, 89.5, 96.2, 98.1, 99.0, 100.0, 101.2, 104.6, 108.4, 110.8, 112.6, 114.2, 115.7,
            116.9}},
          {"gnp",
           {234289, 259426, 258054, 284599, 328975, 346999, 365385, 363112, 397469, 419180, 442769, 444546,
            482704, 502601, 518173, 554894}},
          {"unemployed",
           {2356, 2325, 3682, 3351, 2099, 1932, 1870, 3578, 2904, 2822, 2936, 4681, 3813, 3931, 4806, 4007}},
          {"armed_forces",
           {1590, 1456, 1616, 1650, 3099, 3594, 3547, 3350, 3048, 2857, 2798, 2637, 2552, 2514, 2572, 2827}},
          {"population",
           {107608, 108632, 109773, 110929, 112075, 113270, 115094, 116219, 117388, 118734, 120445, 121950,
            123366, 125368, 127852, 130081}},
          {"year",
           {1947, 1948, 1949, 1950, 1951, 1952, 1953, 1954, 1955, 1956, 1957, 1958, 1959, 1960, 1961, 1962}}};
}
const std::vector<double> longley_employed{60323, 61122, 60171, 61187, 63221, 63639, 64989, 63761,
                                           66019, 67857, 68169, 66513, 68655, 69564, 69331, 70551};

LinearRegression fitted(const std::vector<PredictorColumn>& predictors, const std::vector<double>& response) {
  RegressionFit fit = fit_linear_regression(predictors, response);
  EXPECT_TRUE(fit.model) << fit.problem;
  return fit.model ? *fit.model : LinearRegression{};
}

// The certified values of NIST StRD, to nine digits of their fifteen.
TEST(LinearRegression, AgreesWithTheCertifiedValuesOfLongley) {
  const LinearRegression model = fitted(longley_predictors(), longley_employed);
  const std::vector<std::pair<double, double>> certified{
      {-3482258.63459582, 890420.383607373},         {15.0618722713733, 84.9149257747669},
      {-0.358191792925910e-1, 0.334910077722432e-1}, {-2.02022980381683, 0.488399681651699},
      {-1.03322686717359, 0.214274163161675},        {-0.511041056535807e-1, 0.226073200069370},
      {1829.15146461355, 455.478499142212}};
  ASSERT_EQ(model.terms.size(), certified.size());
  for (std::size_t i = 0; i < certified.size(); ++i) {
    EXPECT_NEAR(model.terms[i].coefficient / certified[i].first, 1.0, 1e-9) << model.terms[i].name;
    EXPECT_NEAR(model.terms[i].standard_error / certified[i].second, 1.0, 1e-9) << model.terms[i].name;
  }
  EXPECT_NEAR(model.residual_standard_deviation / 304.854073561965, 1.0, 1e-9);
  EXPECT_NEAR(model.r2, 0.995479004577296, 1e-12);
  EXPECT_NEAR(model.f / 330.285339234588, 1.0, 1e-9);
  EXPECT_EQ(model.degrees_of_freedom, 9);
}

// What R prints: summary(lm(Employed ~ ., longley)) and car::vif of it.
TEST(LinearRegression, TestsAndInflationAreThoseOfR) {
  const LinearRegression model = fitted(longley_predictors(), longley_employed);
  const std::vector<double> t{-3.911, 0.177, -1.070, -4.136, -4.822, -0.226, 4.016};
  const std::vector<double> p{0.003560, 0.863141, 0.312681, 0.002535, 0.000944, 0.826212, 0.003037};
  const std::vector<double> inflation{135.53244, 1788.51348, 33.61889, 3.58893, 399.15102, 758.98060};
  for (std::size_t i = 0; i < t.size(); ++i) {
    EXPECT_NEAR(model.terms[i].t, t[i], 5e-4) << model.terms[i].name;
    EXPECT_NEAR(model.terms[i].p, p[i], 5.1e-7) << model.terms[i].name;
    if (i > 0) {
      EXPECT_NEAR(model.terms[i].variance_inflation, inflation[i - 1], 5.1e-6 * inflation[i - 1] + 5e-6);
    }
  }
  EXPECT_TRUE(std::isnan(model.terms[0].variance_inflation));
  EXPECT_NEAR(model.r2_adjusted, 0.9925, 5e-5);
  EXPECT_NEAR(model.f_p, 4.984e-10, 5e-14);
}

std::vector<PredictorColumn> without(std::vector<PredictorColumn> columns, std::size_t row) {
  for (PredictorColumn& column : columns)
    column.values.erase(column.values.begin() + static_cast<std::ptrdiff_t>(row));
  return columns;
}

// By leverages = by fitting once for each observation left out.
TEST(LinearRegression, LeaveOneOutEqualsFittingWithoutEach) {
  const auto predictors = longley_predictors();
  const LinearRegression model = fitted(predictors, longley_employed);
  double squares = 0.0;
  for (std::size_t row = 0; row < longley_employed.size(); ++row) {
    std::vector<double> response = longley_employed;
    response.erase(response.begin() + static_cast<std::ptrdiff_t>(row));
    const LinearRegression other = fitted(without(predictors, row), response);
    std::vector<double> x;
    for (const PredictorColumn& column : predictors) x.push_back(column.values[row]);
    const double error = longley_employed[row] - other.predict(x);
    EXPECT_NEAR(model.leave_one_out_errors[row], error, 1e-6 * std::abs(error) + 1e-6);
    squares += error * error;
  }
  EXPECT_NEAR(model.leave_one_out_rmse, std::sqrt(squares / 16.0), 1e-6);
  EXPECT_GT(model.leave_one_out_rmse, model.rmse);
}

// y = 1 + 2x + e with x = 0 … 4, e = (0.1, −0.1, 0, −0.1, 0.1). Σe = 0 and Σxe = 0, so the fit is the truth:
// SSE = 0.04, s² = 0.04/3, Szz = 10. At x = 6: variance s²(1 + 1/5 + 16/10) = s²·2.8.
// A column that differs at one row alone fits that row exactly: without the row there is no such equation.
TEST(LinearRegression, ARowThatAloneSetsACoefficientHasNoLeaveOneOutError) {
  for (std::size_t only = 0; only < 12; ++only) {
    std::vector<PredictorColumn> predictors{{"x", {}}, {"only", std::vector<double>(12, 0.0)}};
    predictors[1].values[only] = 1.0;
    std::vector<double> y;
    for (std::size_t i = 0; i < 12; ++i) {
      predictors[0].values.push_back(std::sin(1.7 * static_cast<double>(i)));
      y.push_back(2.0 * predictors[0].values[i] + 0.3 * std::cos(2.9 * static_cast<double>(i * i)));
    }
    const auto fit = fit_linear_regression(predictors, y);
    ASSERT_TRUE(fit.model);
    EXPECT_NEAR(fit.model->leverages[only], 1.0, 1e-12);
    for (std::size_t i = 0; i < 12; ++i)
      EXPECT_EQ(std::isinf(fit.model->leave_one_out_errors[i]), i == only) << "row " << i << " of " << only;
    EXPECT_EQ(fit.model->leave_one_out_rmse, std::numeric_limits<double>::infinity());
  }
}

TEST(LinearRegression, OnePredictorByHand) {
  const LinearRegression model = fitted({{"x", {0, 1, 2, 3, 4}}}, {1.1, 2.9, 5.0, 6.9, 9.1});
  EXPECT_NEAR(model.terms[0].coefficient, 1.0, 1e-12);
  EXPECT_NEAR(model.terms[1].coefficient, 2.0, 1e-12);
  EXPECT_NEAR(model.residual_standard_deviation, std::sqrt(0.04 / 3.0), 1e-12);
  EXPECT_NEAR(model.terms[1].standard_error, std::sqrt(0.04 / 3.0 / 10.0), 1e-12);
  EXPECT_NEAR(model.r2, 40.0 / 40.04, 1e-12);
  EXPECT_NEAR(model.predict(std::vector<double>{6.0}), 13.0, 1e-12);
  EXPECT_NEAR(model.prediction_standard_error(std::vector<double>{6.0}), std::sqrt(0.04 / 3.0 * 2.8), 1e-12);
  EXPECT_NEAR(model.terms[1].variance_inflation, 1.0, 1e-12);
  // t = 2/0.0365148 = 54.772; one predictor: F = t².
  EXPECT_NEAR(model.f, model.terms[1].t * model.terms[1].t, 1e-9);
  EXPECT_NEAR(model.f_p / model.terms[1].p, 1.0, 1e-9);
}

TEST(LinearRegression, UnitsOfAPredictorDoNotMatter) {
  auto scaled = longley_predictors();
  for (double& value : scaled[1].values) value *= 1e-9;
  for (double& value : scaled[3].values) value = 1e6 + 1e-3 * value;
  const LinearRegression a = fitted(longley_predictors(), longley_employed);
  const LinearRegression b = fitted(scaled, longley_employed);
  EXPECT_NEAR(a.r2, b.r2, 1e-9);
  EXPECT_NEAR(b.terms[2].coefficient / a.terms[2].coefficient, 1e9, 1.0);
  EXPECT_NEAR(b.terms[4].t, a.terms[4].t, 1e-4);
  EXPECT_NEAR(b.leave_one_out_rmse / a.leave_one_out_rmse, 1.0, 1e-6);
}

TEST(LinearRegression, NamesTheCollinearPredictors) {
  // Percentages that add up to 100, and a predictor that has nothing to do with them.
  std::vector<PredictorColumn> columns{{"sand", {20, 35, 50, 41, 63, 12, 27}},
                                       {"silt", {50, 40, 28, 30, 20, 60, 44}},
                                       {"clay", {}},
                                       {"slope", {1, 4, 2, 8, 5, 7, 3}}};
  for (std::size_t i = 0; i < 7; ++i)
    columns[2].values.push_back(100.0 - columns[0].values[i] - columns[1].values[i]);
  const RegressionFit fit = fit_linear_regression(columns, std::vector<double>{1, 2, 3, 5, 4, 7, 6});
  EXPECT_FALSE(fit.model);
  for (const char* word : {"sand", "silt", "clay", "is a linear combination of"})
    EXPECT_THAT(fit.problem, HasSubstr(word));
  EXPECT_THAT(fit.problem, ::testing::Not(HasSubstr("slope")));
}

TEST(LinearRegression, SaysWhyThereIsNone) {
  const std::vector<double> y{1, 3, 2, 5, 4};
  const auto problem = [&](std::vector<PredictorColumn> columns, const std::vector<double>& response) {
    const RegressionFit fit = fit_linear_regression(columns, response);
    EXPECT_FALSE(fit.model);
    return fit.problem;
  };
  EXPECT_EQ(problem({{"x", {1, 2, 3, 4, 6}}, {"flat", {0.3, 0.3, 0.3, 0.3, 0.3}}}, y), "'flat' is constant");
  EXPECT_EQ(problem({{"x", {1, 2, 3, 4, 6}}}, {2, 2, 2, 2, 2}), "the response is constant");
  EXPECT_EQ(problem({{"a", {1, 2, 3}}, {"b", {1, 3, 2}}}, {1, 2, 4}),
            "3 observations are too few for 2 predictors; expected at least 4");
}

TEST(LinearRegression, RefusesWhatIsNoData) {
  const std::vector<double> y{1, 2, 4};
  EXPECT_THROW(fit_linear_regression({}, y), std::invalid_argument);
  const std::vector<PredictorColumn> shorter{{"x", {1, 2}}};
  EXPECT_THROW(fit_linear_regression(shorter, y), std::invalid_argument);
  const std::vector<PredictorColumn> missing{{"x", {1, 2, std::numeric_limits<double>::quiet_NaN()}}};
  EXPECT_THROW(fit_linear_regression(missing, y), std::invalid_argument);
}

}  // namespace
}  // namespace rootzone::stats
