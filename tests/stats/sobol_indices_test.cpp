#include "rootzone/stats/sobol_indices.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

namespace rootzone::stats {
namespace {

using Point = std::span<const double>;

double ishigami(Point u) {
  const auto x = [&](std::size_t i) { return std::numbers::pi * (2.0 * u[i] - 1.0); };
  return std::sin(x(0)) + 7.0 * std::pow(std::sin(x(1)), 2) + 0.1 * std::pow(x(2), 4) * std::sin(x(0));
}

SampleOutput output_of(const SobolDesign& design, double (*function)(Point)) {
  return evaluate_sample(SaltelliSample(design), 1,
                         [&](Point u, std::span<double> y) { y[0] = function(u); })[0];
}

/// Sobol's g-function and its exact partial variances.
const std::array<double, 5> g_weights{0.0, 1.0, 4.5, 9.0, 99.0};
double g_function(Point u) {
  double product = 1.0;
  for (std::size_t i = 0; i < g_weights.size(); ++i)
    product *= (std::abs(4.0 * u[i] - 2.0) + g_weights[i]) / (1.0 + g_weights[i]);
  return product;
}
double g_one_plus_variance(const std::vector<std::size_t>& factors) {
  double product = 1.0;
  for (std::size_t i : factors) product *= 1.0 + 1.0 / (3.0 * std::pow(1.0 + g_weights[i], 2));
  return product;
}
double g_variance() {
  return g_one_plus_variance({0, 1, 2, 3, 4}) - 1.0;
}
/// Closed first order of a group: the variance of the mean given the group.
double g_first(const std::vector<std::size_t>& group) {
  return (g_one_plus_variance(group) - 1.0) / g_variance();
}
double g_total(const std::vector<std::size_t>& others) {
  return (g_variance() + 1.0 - g_one_plus_variance(others)) / g_variance();
}

void expect_near_and_covered(const SobolEstimate& estimate, double exact, const std::string& name) {
  EXPECT_NEAR(estimate.value, exact, 0.005) << name;
  EXPECT_LE(estimate.low - 1e-3, exact) << name;
  EXPECT_GE(estimate.high + 1e-3, exact) << name;
}

TEST(Sobol, IshigamiIndicesAreExact) {
  SobolDesign design;
  design.factors = 3;
  const SobolResult result = sobol_indices(output_of(design, ishigami));
  const std::array<double, 3> first{0.313905, 0.442411, 0.0};
  const std::array<double, 3> total{0.557589, 0.442411, 0.243684};
  ASSERT_EQ(result.groups.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    expect_near_and_covered(result.groups[i].first_order, first[i], result.groups[i].name);
    expect_near_and_covered(result.groups[i].total, total[i], result.groups[i].name);
  }
  EXPECT_NEAR(result.mean, 3.5, 0.01);
  EXPECT_NEAR(result.variance, 13.844588, 0.05);
  EXPECT_EQ(result.groups[1].name, "x2");
  EXPECT_TRUE(result.sum_rules_hold());
  EXPECT_TRUE(result.warnings.empty());
}

TEST(Sobol, GFunctionIndicesAreExact) {
  SobolDesign design;
  design.factors = 5;
  design.seed = 4;
  const SobolResult result = sobol_indices(output_of(design, g_function));
  for (std::size_t i = 0; i < 5; ++i) {
    std::vector<std::size_t> others{0, 1, 2, 3, 4};
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    expect_near_and_covered(result.groups[i].first_order, g_first({i}), result.groups[i].name);
    expect_near_and_covered(result.groups[i].total, g_total(others), result.groups[i].name);
  }
}

TEST(Sobol, GroupsAreTheClosedIndicesOfTheirFactors) {
  SobolDesign design;
  design.factors = 5;
  design.groups = {{"lead", {0, 3}}, {"second", {1}}, {"rest", {4, 2}}};
  const SobolResult result = sobol_indices(output_of(design, g_function));
  ASSERT_EQ(result.groups.size(), 3U);
  expect_near_and_covered(result.groups[0].first_order, g_first({0, 3}), "lead");
  expect_near_and_covered(result.groups[0].total, g_total({1, 2, 4}), "lead");
  expect_near_and_covered(result.groups[1].first_order, g_first({1}), "second");
  expect_near_and_covered(result.groups[1].total, g_total({0, 2, 3, 4}), "second");
  expect_near_and_covered(result.groups[2].first_order, g_first({2, 4}), "rest");
  expect_near_and_covered(result.groups[2].total, g_total({0, 1, 3}), "rest");
  EXPECT_TRUE(result.sum_rules_hold());
}

// By brute force: the variance of conditional means over nested midpoint grids, no estimator in between.
TEST(Sobol, GroupIndicesEqualBruteForceOverGrids) {
  const auto at = [](std::size_t i) { return (static_cast<double>(i) + 0.5) / 64.0; };
  const auto square = [](double x) { return x * x; };
  double mean = 0.0;
  double mean_square = 0.0;
  std::vector<double> given_pair(64 * 64, 0.0);  // x1 and x3 fixed
  std::vector<double> given_second(64, 0.0);
  for (std::size_t i = 0; i < 64; ++i)
    for (std::size_t j = 0; j < 64; ++j)
      for (std::size_t k = 0; k < 64; ++k) {
        const double y = ishigami(std::array{at(i), at(j), at(k)});
        mean += y / (64.0 * 64.0 * 64.0);
        mean_square += y * y / (64.0 * 64.0 * 64.0);
        given_pair[i * 64 + k] += y / 64.0;
        given_second[j] += y / (64.0 * 64.0);
      }
  const double variance = mean_square - mean * mean;
  double first_pair = -square(mean);
  for (double m : given_pair) first_pair += m * m / (64.0 * 64.0);
  double first_second = -square(mean);
  for (double m : given_second) first_second += m * m / 64.0;
  SobolDesign design;
  design.factors = 3;
  design.groups = {{"one and three", {0, 2}}, {"two", {1}}};
  const SobolResult result = sobol_indices(output_of(design, ishigami));
  EXPECT_NEAR(result.groups[0].first_order.value, first_pair / variance, 0.006);
  EXPECT_NEAR(result.groups[0].total.value, 1.0 - first_second / variance, 0.006);
  EXPECT_NEAR(result.groups[1].first_order.value, first_second / variance, 0.006);
  EXPECT_NEAR(result.groups[1].total.value, 1.0 - first_pair / variance, 0.006);
}

TEST(Sobol, IntervalsCoverTheTruth) {
  // Over seeds, the 95 % bootstrap intervals (made for independent rows) hold the exact values at least that
  // often for a scrambled Sobol sample.
  int held = 0;
  int asked = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SobolDesign design;
    design.factors = 3;
    design.samples = 512;
    design.seed = seed;
    BootstrapOptions options;
    options.replicates = 200;
    options.seed = seed;
    const SobolResult result = sobol_indices(output_of(design, ishigami), options);
    const auto count = [&](const SobolEstimate& estimate, double exact) {
      held += estimate.low <= exact && exact <= estimate.high ? 1 : 0;
      ++asked;
    };
    count(result.groups[0].first_order, 0.313905);
    count(result.groups[0].total, 0.557589);
    count(result.groups[1].first_order, 0.442411);
    count(result.groups[2].total, 0.243684);
  }
  EXPECT_GE(held, asked * 92 / 100);
}

TEST(Sobol, HeavyTailsAreWarnedOfAndRanksAreRegular) {
  SobolDesign design;
  design.factors = 2;
  design.samples = 4096;
  const auto cauchy = output_of(design, [](Point u) { return 1.0 / (u[0] - 0.5) + 0.01 * u[1]; });
  const SobolResult plain = sobol_indices(cauchy);
  ASSERT_FALSE(plain.warnings.empty());
  EXPECT_NE(plain.warnings.back().find("ranks or logarithms"), std::string::npos) << plain.warnings.back();
  const SobolResult ranks = sobol_indices(rank_transformed(cauchy));
  EXPECT_TRUE(ranks.warnings.empty());
  EXPECT_NEAR(ranks.groups[0].first_order.value, 1.0, 0.01);
  EXPECT_NEAR(ranks.groups[1].total.value, 0.0, 0.01);
}

TEST(Sobol, BrokenSumRulesAreNamed) {
  // Not a variance decomposition at all: rows whose matrices have nothing to do with each other.
  SampleOutput output;
  output.rows = 100;
  output.groups = {"a", "b"};
  for (std::size_t m = 0; m < 4; ++m)
    for (std::size_t r = 0; r < 100; ++r)
      output.values.push_back(m == 0 || m >= 2 ? std::sin(static_cast<double>(r))
                                               : std::cos(1.7 * static_cast<double>(r)));
  const SobolResult low = sobol_indices(output);  // groups change nothing: both totals are 0
  EXPECT_FALSE(low.sum_rules_hold());
  ASSERT_EQ(low.warnings.size(), 1U);
  EXPECT_NE(low.warnings[0].find("total indices add up to 0.00, less than 1"), std::string::npos);
  for (std::size_t r = 0; r < 200; ++r) output.values[200 + r] += 2.0 * output.values[100 + r % 100];
  const SobolResult high = sobol_indices(output);  // each group alone gives twice f(B)
  EXPECT_FALSE(high.sum_rules_hold());
  ASSERT_EQ(high.warnings.size(), 1U);
  EXPECT_NE(high.warnings[0].find("first-order indices add up to"), std::string::npos);
}

TEST(Sobol, RowsWhereTheModelFailedAreLeftOutAndCounted) {
  SobolDesign design;
  design.factors = 3;
  SampleOutput output = output_of(design, ishigami);
  output.values[5] = std::numeric_limits<double>::quiet_NaN();
  output.values[4 * output.rows + 9] = std::numeric_limits<double>::infinity();
  const SobolResult result = sobol_indices(output);
  EXPECT_EQ(result.rows_left_out, 2U);
  EXPECT_EQ(result.rows_used, design.samples - 2);
  EXPECT_NEAR(result.groups[1].first_order.value, 0.442411, 0.005);
  ASSERT_EQ(result.warnings.size(), 1U);
  EXPECT_NE(result.warnings[0].find("2 of 16384 rows"), std::string::npos);
}

TEST(Sobol, AConstantHasNothingToDecompose) {
  SobolDesign design;
  design.factors = 2;
  design.samples = 64;
  const SobolResult result = sobol_indices(output_of(design, [](Point) { return 3.0; }));
  EXPECT_TRUE(std::isnan(result.groups[0].total.value));
  ASSERT_EQ(result.warnings.size(), 1U);
}

TEST(Sobol, TransformsKeepOrderAndFailures) {
  SampleOutput output;
  output.rows = 4;
  output.groups = {"a"};
  const double nan = std::numeric_limits<double>::quiet_NaN();
  output.values = {1.0, 10.0, nan, 10.0, 0.1, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 100.0};
  const SampleOutput ranks = rank_transformed(output);
  EXPECT_DOUBLE_EQ(ranks.values[0], 2.0 / 11.0);
  EXPECT_DOUBLE_EQ(ranks.values[1], 9.5 / 11.0);
  EXPECT_TRUE(std::isnan(ranks.values[2]));
  EXPECT_DOUBLE_EQ(ranks.values[11], 1.0);
  EXPECT_DOUBLE_EQ(log_transformed(output).values[4], std::log(0.1));
}

TEST(Sobol, DesignsThatDoNotFitAreRefusedByName) {
  const auto message = [](const SobolDesign& design) {
    try {
      SaltelliSample sample(design);
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(message({2, {{"a", {0}}}, 8, 1}).find("factor 1 is in 0 groups"), std::string::npos);
  EXPECT_NE(message({2, {{"a", {0, 1}}, {"b", {1}}}, 8, 1}).find("factor 1 is in 2 groups"),
            std::string::npos);
  EXPECT_NE(message({2, {{"a", {0, 2}}}, 8, 1}).find("'a' names factor 2 of 2"), std::string::npos);
  EXPECT_NE(message({2, {{"a", {0, 1}}, {"b", {}}}, 8, 1}).find("'b' has no factor"), std::string::npos);
  EXPECT_NE(message({2, {}, 1, 1}).find("two samples"), std::string::npos);
  BootstrapOptions options;
  options.replicates = 1;
  SampleOutput output;
  EXPECT_THROW(sobol_indices(output, options), std::invalid_argument);
  EXPECT_THROW(sobol_indices(output), std::invalid_argument);
}

}  // namespace
}  // namespace rootzone::stats
