#include "rootzone/stats/metrics.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <vector>

#include "coverage.hpp"
#include "rootzone/stats/autocorrelation.hpp"

namespace rootzone::stats {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
const MetricOptions four_pairs{.min_pairs = 4};

// estimate 1 2 4 5, observation 2 2 3 5: d = −1 0 1 0
//   mean e = 3, mean o = 3; Se = 10, So = 6, Seo = 7
TEST(Metrics, HandComputedPairGivesEveryMetric) {
  const Metrics m =
      compute_metrics(std::vector<double>{1, 2, 4, 5}, std::vector<double>{2, 2, 3, 5}, four_pairs);
  EXPECT_EQ(m.n, 4);
  EXPECT_EQ(m.status, MetricStatus::ok);
  EXPECT_DOUBLE_EQ(m.rmse.value, std::sqrt(0.5));
  EXPECT_DOUBLE_EQ(m.bias.value, 0.0);
  EXPECT_DOUBLE_EQ(m.ubrmse.value, std::sqrt(0.5));
  const double r = 7.0 / std::sqrt(60.0);
  EXPECT_NEAR(m.pearson_r.value, r, 1e-15);
  // ranks 1 2 3 4 against 1.5 1.5 3 4: Σ products of departures 4.5 over √(5 · 4.5)
  EXPECT_NEAR(m.spearman_rho.value, 4.5 / std::sqrt(22.5), 1e-15);
  EXPECT_DOUBLE_EQ(m.nse.value, 1.0 - 2.0 / 6.0);
  EXPECT_NEAR(m.r2.value, 49.0 / 60.0, 1e-15);
  EXPECT_NEAR(m.r2_adjusted.value, 1.0 - (11.0 / 60.0) * 3.0 / 2.0, 1e-15);
  EXPECT_NEAR(m.kge.value, 1.0 - std::hypot(r - 1.0, std::sqrt(10.0 / 6.0) - 1.0), 1e-15);
  EXPECT_NEAR(m.kge_2012.value, m.kge.value, 1e-15) << "equal means: both forms agree";
  EXPECT_DOUBLE_EQ(m.slope.value, 7.0 / 6.0);
  EXPECT_NEAR(m.intercept.value, 3.0 - 3.5, 1e-15);
}

TEST(Metrics, EstimateComesFirst) {
  std::vector<double> observation(40);
  for (std::size_t i = 0; i < observation.size(); ++i)
    observation[i] = 0.2 + 0.01 * std::sin(0.3 * static_cast<double>(i));
  std::vector<double> estimate = observation;
  for (double& value : estimate) value = 0.05 + 2.0 * value;
  const Metrics m = compute_metrics(estimate, observation);
  EXPECT_GT(m.bias.value, 0.2) << "an estimate above the observation has a positive bias";
  EXPECT_NEAR(m.slope.value, 2.0, 1e-12);
  EXPECT_NEAR(m.intercept.value, 0.05, 1e-12);
}

// The misprint of the seed's Eq. 12 (mean of the estimate in the numerator) gives 1 − Σ(o − ē)²/Σ(o − ō)² ≤ 0
// always.
TEST(Metrics, NseOfAPerfectEstimateIsOneAndOfTheMeanZero) {
  std::vector<double> observation(50);
  for (std::size_t i = 0; i < observation.size(); ++i) observation[i] = static_cast<double>(i % 7);
  const Metrics perfect = compute_metrics(observation, observation);
  EXPECT_EQ(perfect.nse.value, 1.0);
  EXPECT_EQ(perfect.kge.value, 1.0);
  EXPECT_EQ(perfect.rmse.value, 0.0);
  EXPECT_EQ(perfect.rmse.high, 0.0);
  EXPECT_EQ(perfect.pearson_r.low, 1.0);
  double mean = 0.0;
  for (double value : observation) mean += value / 50.0;
  const Metrics flat = compute_metrics(std::vector<double>(50, mean), observation);
  EXPECT_NEAR(flat.nse.value, 0.0, 1e-14);
}

TEST(Metrics, Kge2012UsesCoefficientsOfVariation) {
  // estimate = 2 · observation: r = 1, σ ratio 2, CV ratio 1, mean ratio 2
  std::vector<double> observation(30);
  for (std::size_t i = 0; i < 30; ++i) observation[i] = 1.0 + static_cast<double>(i);
  std::vector<double> estimate = observation;
  for (double& value : estimate) value *= 2.0;
  const Metrics m = compute_metrics(estimate, observation);
  EXPECT_NEAR(m.kge.value, 1.0 - std::sqrt(2.0), 1e-12);
  EXPECT_NEAR(m.kge_2012.value, 0.0, 1e-12);
}

TEST(Metrics, ConstantSeriesHaveNoCorrelationInsteadOfNoise) {
  // 0.1 summed and averaged leaves a variance of some 1e-33: r would be a quotient of rounding errors.
  std::vector<double> observation(60);
  for (std::size_t i = 0; i < 60; ++i) observation[i] = 0.2 + 0.001 * static_cast<double>(i % 11);
  const Metrics flat = compute_metrics(std::vector<double>(60, 0.1), observation);
  for (const MetricValue& value :
       {flat.pearson_r, flat.spearman_rho, flat.r2, flat.r2_adjusted, flat.kge, flat.kge_2012}) {
    EXPECT_TRUE(std::isnan(value.value));
    EXPECT_TRUE(std::isnan(value.low) && std::isnan(value.high));
  }
  EXPECT_EQ(flat.slope.value, 0.0);
  EXPECT_NEAR(flat.intercept.value, 0.1, 1e-15);
  EXPECT_LT(flat.nse.value, 0.0);
  const Metrics blind = compute_metrics(observation, std::vector<double>(60, 0.1));
  for (const MetricValue& value : {blind.pearson_r, blind.nse, blind.slope, blind.intercept, blind.kge})
    EXPECT_TRUE(std::isnan(value.value));
  EXPECT_TRUE(std::isfinite(blind.rmse.value) && std::isfinite(blind.rmse.high));
}

TEST(Metrics, TooFewPairsGiveNoNumbers) {
  std::vector<double> estimate(100, missing);
  std::vector<double> observation(100, 0.3);
  for (std::size_t i = 0; i < 29; ++i) estimate[3 * i] = 0.2 + 0.001 * static_cast<double>(i);
  Metrics m = compute_metrics(estimate, observation);
  EXPECT_EQ(m.n, 29);
  EXPECT_EQ(m.status, MetricStatus::not_enough_data);
  for (const MetricField& field : metric_fields)
    EXPECT_TRUE(std::isnan((m.*field.member).value)) << field.name;
  estimate[99] = 0.25;
  m = compute_metrics(estimate, observation);
  EXPECT_EQ(m.n, 30);
  EXPECT_EQ(m.status, MetricStatus::ok);
  EXPECT_EQ(compute_metrics(std::vector<double>{}, std::vector<double>{}).n, 0);
}

TEST(Metrics, APairWithANanIsDroppedFromBoth) {
  const Metrics with = compute_metrics(std::vector<double>{1, missing, 2, 9, 4, 5, missing},
                                       std::vector<double>{2, 7, 2, missing, 3, 5, missing}, four_pairs);
  const Metrics without =
      compute_metrics(std::vector<double>{1, 2, 4, 5}, std::vector<double>{2, 2, 3, 5}, four_pairs);
  EXPECT_EQ(with.n, 4);
  for (const MetricField& field : metric_fields)
    EXPECT_EQ((with.*field.member).value, (without.*field.member).value) << field.name;
}

TEST(Metrics, IntervalsHoldTheirValueAndTheDecompositionCloses) {
  testing::Normal normal(7);
  for (int round = 0; round < 20; ++round) {
    const double phi = 0.048 * round;
    const auto estimate = testing::autoregressive(normal, phi, 120);
    const auto observation = testing::autoregressive(normal, phi, 120);
    const Metrics m = compute_metrics(estimate, observation);
    EXPECT_NEAR(m.rmse.value * m.rmse.value, m.bias.value * m.bias.value + m.ubrmse.value * m.ubrmse.value,
                1e-12);
    for (const MetricField& field : metric_fields) {
      const MetricValue& value = m.*field.member;
      EXPECT_LE(value.low, value.value) << field.name << " phi " << phi;
      EXPECT_GE(value.high, value.value) << field.name << " phi " << phi;
    }
    EXPECT_GE(m.rmse.low, 0.0);
    EXPECT_LE(m.nse.high, 1.0);
    EXPECT_LE(m.pearson_r.high, 1.0);
  }
}

TEST(Metrics, PearsonIntervalIsFishersWithEffectivePairs) {
  testing::Normal normal(11);
  const auto x = testing::autoregressive(normal, 0.8, 400);
  auto y = testing::autoregressive(normal, 0.8, 400);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += x[i];
  const Metrics m = compute_metrics(x, y);
  std::vector<std::int64_t> days(400);
  for (std::size_t i = 0; i < 400; ++i) days[i] = static_cast<std::int64_t>(i);
  const DayPattern pattern(days);
  const double product = lag1_autocorrelation(x, pattern) * lag1_autocorrelation(y, pattern);
  const double n_eff = 400.0 * (1.0 - product) / (1.0 + product);
  const double half = 1.959963984540054 / std::sqrt(n_eff - 3.0);
  EXPECT_NEAR(m.pearson_r.low, std::tanh(std::atanh(m.pearson_r.value) - half), 1e-9);
  EXPECT_NEAR(m.pearson_r.high, std::tanh(std::atanh(m.pearson_r.value) + half), 1e-9);
}

// Two years of a soil that forgets in 200 days: some four independent values. Student's t with one degree of
// freedom and the exponential of its width gave an NSE of −1e13 and a bias of ±1 m3 m-3 at real stations.
TEST(Metrics, AVerySlowRecordGivesWideBoundsThatStayBelievable) {
  testing::Normal normal(17);
  for (int round = 0; round < 20; ++round) {
    auto observation = testing::autoregressive(normal, 0.995, 700);
    auto estimate = testing::autoregressive(normal, 0.995, 700);
    for (std::size_t i = 0; i < 700; ++i) {
      observation[i] = 0.25 + 0.05 * observation[i];
      estimate[i] = 0.5 * observation[i] + 0.1 + 0.02 * estimate[i];
    }
    const Metrics m = compute_metrics(estimate, observation);
    EXPECT_LT(m.bias.high - m.bias.low, 0.5);
    EXPECT_LT(m.rmse.high, 0.5);
    EXPECT_GT(m.nse.low, -1000.0);
    EXPECT_GT(m.kge.low, -100.0);
    for (const MetricField& field : metric_fields)
      EXPECT_TRUE(std::isfinite((m.*field.member).low)) << field.name;
  }
}

TEST(Metrics, BadSettingsAreNamed) {
  const std::vector<double> one(5, 1.0);
  EXPECT_THROW(compute_metrics(one, one, {.min_pairs = 3}), std::invalid_argument);
  EXPECT_THROW(compute_metrics(one, one, {.min_pairs = 30, .confidence = 1.0}), std::invalid_argument);
  EXPECT_THROW(compute_metrics(one, std::vector<double>(4, 1.0)), std::invalid_argument);
}

TEST(Metrics, TiesShareTheirMeanRank) {
  const std::vector<double> values{3, 1, 3, 2, 3, 1};
  std::vector<double> ranks(6);
  mean_ranks(values, ranks);
  EXPECT_EQ(ranks, (std::vector<double>{5, 1.5, 5, 3, 5, 1.5}));
}

TEST(MetricCoverage, NominalIntervalsHoldUnderAutocorrelation) {
  for (double phi : {0.0, 0.5, 0.9}) {
    testing::Experiment experiment;
    experiment.phi = phi;
    const auto held = testing::coverage(experiment);
    ASSERT_EQ(held.size(), 10u);
    // 300 repetitions: a true coverage of 0.93 stays above 0.885 but once in a thousand.
    for (const auto& [name, share] : held) {
      EXPECT_GE(share, 0.89) << name << " phi " << phi;
      EXPECT_LE(share, 0.995) << name << " phi " << phi;
    }
  }
}

TEST(MetricCoverage, GapsDoNotBreakTheIntervals) {
  testing::Experiment experiment;
  experiment.phi = 0.9;
  experiment.kept_share = 0.5;
  for (const auto& [name, share] : testing::coverage(experiment)) {
    EXPECT_GE(share, 0.89) << name;
    EXPECT_LE(share, 0.995) << name;
  }
}

TEST(MetricCoverage, FiftyStationsTimesSixProductsTakeSeconds) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers take ten times as long";
#endif
  testing::Normal normal(3);
  const auto observation = testing::autoregressive(normal, 0.95, 1461);
  const auto estimate = testing::autoregressive(normal, 0.95, 1461);
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) ASSERT_EQ(compute_metrics(estimate, observation).n, 1461);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  EXPECT_LT(seconds / 10.0 * 300.0, 30.0) << "300 comparisons of four years, in this build";
}

}  // namespace
}  // namespace rootzone::stats
