#include "rootzone/study/regionalisation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "rootzone/core/error.hpp"
#include "rootzone/study/random_field.hpp"

namespace rootzone::study {
namespace {

using ::testing::HasSubstr;

const std::vector<std::string> names{"sand", "clay", "density", "depth"};

/// Stations on a meridian whose sw2, sc1 and a follow the soil, with a little noise; b follows nothing.
std::vector<RegionalStation> network(std::size_t count, double noise) {
  std::vector<RegionalStation> stations;
  for (std::size_t i = 0; i < count; ++i) {
    const auto draw = [&](std::uint64_t what) { return uniform_deviate({5, what}, i); };
    RegionalStation station;
    station.name = "S" + std::to_string(i);
    station.place = {45.0 + 0.1 * static_cast<double>(i), 9.0};
    station.predictors = {20.0 + 50.0 * draw(1), 5.0 + 30.0 * draw(2), 1.2 + 0.4 * draw(3), 40.0 * draw(4)};
    const auto& x = station.predictors;
    station.parameters = {0.05 + 0.006 * x[1] + noise * (draw(11) - 0.5),
                          0.9 - 0.006 * x[0] + 0.002 * x[1] + noise * (draw(12) - 0.5),
                          0.01 + 0.001 * x[0] + 0.1 * noise * (draw(13) - 0.5), 0.2 + 0.3 * draw(14)};
    // In sc1 only, ±0.02: variance 2·0.02²/2 = 4e-4.
    for (const double off : {-0.02, 0.0, 0.02}) {
      station.repetitions.push_back(station.parameters);
      station.repetitions.back()[1] += off;
    }
    stations.push_back(std::move(station));
  }
  return stations;
}

RegionalisationOptions options() {
  RegionalisationOptions options;
  options.subsets.significance = 1e-4;
  options.form = RegressionForm::parameters;
  return options;
}

const TransferTest& test_of(const Regionalisation& result, const std::string& method) {
  for (const TransferTest& test : result.tests)
    if (test.method == method) return test;
  throw std::runtime_error("no test of " + method);
}

const Equations& equations_of(const Regionalisation& result) {
  return result.equations(RegressionForm::parameters);
}

TEST(Regionalisation, FormsAreInverse) {
  const SmarVector p{0.2, 0.5, 0.04, 0.3};
  for (const RegressionForm form : {RegressionForm::parameters, RegressionForm::balanced}) {
    const SmarVector back = from_form(form, to_form(form, p));
    for (std::size_t i = 0; i < smar_parameters; ++i) EXPECT_NEAR(back[i], p[i], 1e-15);
  }
  const SmarVector balanced = to_form(RegressionForm::balanced, p);
  EXPECT_NEAR(balanced[1], 0.3, 1e-15);
  EXPECT_NEAR(balanced[3], std::log(7.5), 1e-15);
}

TEST(Regionalisation, FindsWhatTheSoilExplainsAndRefusesTheRest) {
  const auto stations = network(24, 0.02);
  const Regionalisation result = regionalise(stations, names, options(), core::serial_for);
  for (const std::size_t p : {0U, 1U, 2U}) {
    EXPECT_EQ(equations_of(result)[p].refusal, "") << p;
    ASSERT_TRUE(equations_of(result)[p].cross_validated) << p;
    EXPECT_LT(test_of(result, "regression").rmse[p], 0.5 * test_of(result, "global_median").rmse[p]) << p;
  }
  EXPECT_THAT(equations_of(result)[3].refusal, HasSubstr("none of 11 subsets is significant"));
  EXPECT_EQ(test_of(result, "regression").stations[3], 0) << "no prediction without an equation";
  EXPECT_TRUE(std::isnan(test_of(result, "regression").rmse[3]));
  EXPECT_NEAR(result.repetition_covariance[5], 4e-4, 1e-12);
}

// Half of the stations ran once: they say nothing of the spread, and must not halve what the others say.
TEST(Regionalisation, StationsWithOneRepetitionDoNotThinTheSpread) {
  auto stations = network(24, 0.02);
  for (std::size_t i = 0; i < stations.size(); i += 2) stations[i].repetitions.resize(1);
  const Regionalisation result = regionalise(stations, names, options(), core::serial_for);
  EXPECT_NEAR(result.repetition_covariance[5], 4e-4, 1e-12);
  for (RegionalStation& station : stations) station.repetitions.resize(1);
  EXPECT_EQ(regionalise(stations, names, options(), core::serial_for).repetition_covariance[5], 0.0);
}

// One fold by hand: search without the station, predict it; the baselines from the other 23.
TEST(Regionalisation, LeavesTheStationOutOfTheSearchToo) {
  const auto stations = network(24, 0.3);
  RegionalisationOptions wide = options();
  wide.subsets.significance = 0.05;
  const Regionalisation result = regionalise(stations, names, wide, core::serial_for);
  for (const std::size_t left_out : {0U, 7U, 23U}) {
    std::vector<RegionalStation> others = stations;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(left_out));
    const Regionalisation without = regionalise(others, names, wide, core::serial_for);
    for (std::size_t p = 0; p < smar_parameters; ++p) {
      const double predicted = test_of(result, "regression").predicted[left_out][p];
      const auto& model = equations_of(without)[p].cross_validated;
      ASSERT_EQ(std::isnan(predicted), !model.has_value());
      if (!model) continue;
      std::vector<double> x;
      for (std::size_t i = 1; i < model->terms.size(); ++i)
        for (std::size_t k = 0; k < names.size(); ++k)
          if (names[k] == model->terms[i].name) x.push_back(stations[left_out].predictors[k]);
      EXPECT_NEAR(predicted, inside_smar_bounds(p, model->predict(x)), 1e-12);
    }
  }
  // On the meridian the neighbour of station 7 is 6 (the first of two at equal distance), that of 0 is 1.
  EXPECT_EQ(test_of(result, "nearest_station").predicted[0][3], stations[1].parameters[3]);
  const double next_to_seven = test_of(result, "nearest_station").predicted[7][3];
  EXPECT_TRUE(next_to_seven == stations[6].parameters[3] || next_to_seven == stations[8].parameters[3]);
}

TEST(Regionalisation, TheMedianStandsInWhereAskedFor) {
  RegionalisationOptions median = options();
  median.not_significant = NotSignificant::global_median;
  const Regionalisation result = regionalise(network(24, 0.02), names, median, core::serial_for);
  const auto& by_regression = test_of(result, "regression");
  const auto& by_median = test_of(result, "global_median");
  for (std::size_t s = 0; s < 24; ++s) EXPECT_EQ(by_regression.predicted[s][3], by_median.predicted[s][3]);
  EXPECT_FALSE(equations_of(result)[3].refusal.empty());
}

TEST(Regionalisation, BothChoicesAreTested) {
  RegionalisationOptions paper = options();
  paper.choice = ModelChoice::paper;
  const auto stations = network(24, 0.1);
  const Regionalisation one = regionalise(stations, names, options(), core::serial_for);
  const Regionalisation other = regionalise(stations, names, paper, core::serial_for);
  for (std::size_t s = 0; s < stations.size(); ++s)
    for (std::size_t p = 0; p < 3; ++p) {
      EXPECT_EQ(test_of(one, "regression_parameters_paper").predicted[s][p],
                test_of(other, "regression").predicted[s][p]);
      EXPECT_EQ(test_of(one, "regression").predicted[s][p],
                test_of(other, "regression_parameters_cross_validated").predicted[s][p]);
    }
}

// sc1 = sw2 + 0.2 and b = 5a at every station: the balanced form finds that exactly, though sw2 and a follow
// nothing, and so keeps it in every prediction.
TEST(Regionalisation, TheBalancedFormKeepsWhatBelongsTogether) {
  auto stations = network(24, 0.3);
  for (RegionalStation& station : stations) {
    station.parameters[1] = station.parameters[0] + 0.2 + 1e-6 * station.predictors[0];
    station.parameters[3] = 5.0 * station.parameters[2] * std::exp(1e-6 * station.predictors[0]);
  }
  RegionalisationOptions balanced = options();
  balanced.form = RegressionForm::balanced;
  balanced.not_significant = NotSignificant::global_median;
  const Regionalisation result = regionalise(stations, names, balanced, core::serial_for);
  for (const SmarVector& p : test_of(result, "regression").predicted) {
    EXPECT_NEAR(p[1] - p[0], 0.2, 1e-4);
    EXPECT_NEAR(p[3] / p[2], 5.0, 1e-3);
  }
  for (const auto& test : result.tests) EXPECT_EQ(test.predicted.size(), stations.size()) << test.method;
  EXPECT_EQ(result.tests.size(), 7U);
}

TEST(Regionalisation, DoesNotDependOnTheOrderOfTheFolds) {
  const auto stations = network(12, 0.1);
  const core::ParallelFor backwards = [](std::int64_t count, const std::function<void(std::int64_t)>& body) {
    for (std::int64_t i = count; i-- > 0;) body(i);
  };
  const Regionalisation a = regionalise(stations, names, options(), core::serial_for);
  const Regionalisation b = regionalise(stations, names, options(), backwards);
  for (std::size_t t = 0; t < a.tests.size(); ++t)
    for (std::size_t s = 0; s < stations.size(); ++s)
      for (std::size_t p = 0; p < smar_parameters; ++p) {
        const double x = a.tests[t].predicted[s][p], y = b.tests[t].predicted[s][p];
        EXPECT_TRUE(x == y || (std::isnan(x) && std::isnan(y)));
      }
}

TEST(Regionalisation, ErrorsAreThoseOfThePredictions) {
  const auto stations = network(12, 0.1);
  const Regionalisation result = regionalise(stations, names, options(), core::serial_for);
  const TransferTest& test = test_of(result, "inverse_distance");
  double squares = 0.0, products = 0.0, sum = 0.0;
  for (std::size_t s = 0; s < stations.size(); ++s) {
    const double e0 = test.predicted[s][0] - stations[s].parameters[0];
    const double e2 = test.predicted[s][2] - stations[s].parameters[2];
    squares += e0 * e0;
    products += e0 * e2;
    sum += e0;
  }
  EXPECT_NEAR(test.rmse[0], std::sqrt(squares / 12.0), 1e-15);
  EXPECT_NEAR(test.bias[0], sum / 12.0, 1e-15);
  EXPECT_NEAR(test.error_covariance[2], products / 12.0, 1e-15);
  EXPECT_NEAR(test.error_covariance[8], products / 12.0, 1e-15);
  for (std::size_t p = 0; p < smar_parameters; ++p) EXPECT_EQ(result.residual_correlation[5 * p], 1.0);
}

TEST(Regionalisation, RefusesTooFewStations) {
  EXPECT_THROW(regionalise(network(2, 0.1), names, options(), core::serial_for), core::Error);
  EXPECT_THROW(regionalise(network(12, 0.1), std::vector<std::string>{}, options(), core::serial_for),
               core::Error);
  // Four stations allow one predictor: subsets of two are refused parameter by parameter, the baselines go
  // on.
  const Regionalisation four = regionalise(network(4, 0.1), names, options(), core::serial_for);
  for (const QuantityRegression& parameter : equations_of(four))
    EXPECT_THAT(parameter.refusal, HasSubstr("too few"));
  EXPECT_EQ(test_of(four, "global_median").stations[0], 4);
}

}  // namespace
}  // namespace rootzone::study
