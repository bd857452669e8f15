#include "rootzone/stats/autocorrelation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "coverage.hpp"

namespace rootzone::stats {
namespace {

std::vector<std::int64_t> every(std::int64_t step, std::size_t n) {
  std::vector<std::int64_t> days(n);
  for (std::size_t i = 0; i < n; ++i) days[i] = static_cast<std::int64_t>(i) * step;
  return days;
}

TEST(Autocorrelation, GapsMakeNoNeighbours) {
  // Two runs of 20 days, far apart, each alternating +1 −1, the second inverted at the seam: squeezed
  // together, the seam would be one more pair (+1, +1).
  std::vector<std::int64_t> days;
  std::vector<double> values;
  for (int run = 0; run < 2; ++run)
    for (int i = 0; i < 20; ++i) {
      days.push_back(run * 1000 + i);
      values.push_back((i + run) % 2 == 0 ? 1.0 : -1.0);
    }
  const DayPattern pattern(days);
  EXPECT_EQ(pattern.pair_count(1), 38);
  EXPECT_EQ(pattern.pair_count(981), 1);
  EXPECT_DOUBLE_EQ(lag1_autocorrelation(values, pattern), -1.0);
}

TEST(Autocorrelation, LagOneIsTheDaysEvenIfOnlyEveryThirdIsSeen) {
  testing::Normal normal(5);
  const auto full = testing::autoregressive(normal, 0.9, 9000);
  std::vector<double> seen;
  for (std::size_t i = 0; i < full.size(); i += 3) seen.push_back(full[i]);
  EXPECT_NEAR(lag1_autocorrelation(seen, DayPattern(every(3, seen.size()))), 0.9, 0.02);
  EXPECT_NEAR(lag1_autocorrelation(full, DayPattern(every(1, full.size()))), 0.9, 0.02);
}

TEST(Autocorrelation, ConstantAndEmptySeriesHaveNone) {
  EXPECT_EQ(lag1_autocorrelation(std::vector<double>(50, 0.1), DayPattern(every(1, 50))), 0.0);
  EXPECT_EQ(lag1_autocorrelation(std::vector<double>{}, DayPattern({})), 0.0);
  EXPECT_EQ(sampled_inflation(std::vector<double>(50, 0.1), DayPattern(every(1, 50))), 1.0);
}

TEST(Autocorrelation, InflationOfAGapFreeRecordIsTheTextbooks) {
  const DayPattern pattern(every(1, 500));
  for (double decay : {0.0, 0.3, 0.81, 0.9})
    EXPECT_NEAR(decay_inflation(decay, pattern), (1.0 + decay) / (1.0 - decay), 1e-9) << decay;
}

TEST(Autocorrelation, ValuesFarApartCountAsIndependent) {
  EXPECT_NEAR(decay_inflation(0.9, DayPattern(every(60, 100))), 1.0 + 2.0 * std::pow(0.9, 60), 0.02);
  EXPECT_LT(decay_inflation(0.9, DayPattern(every(3, 400))), decay_inflation(0.9, DayPattern(every(1, 400))));
}

TEST(Autocorrelation, EffectivePairsFollowTheFormula) {
  testing::Normal normal(9);
  const auto x = testing::autoregressive(normal, 0.9, 365);
  const auto y = testing::autoregressive(normal, 0.6, 365);
  const DayPattern pattern(every(1, 365));
  const double product = lag1_autocorrelation(x, pattern) * lag1_autocorrelation(y, pattern);
  EXPECT_NEAR(effective_pairs(x, y, pattern), 365.0 * (1.0 - product) / (1.0 + product), 1e-6);
  std::vector<double> alternating(365);
  for (std::size_t i = 0; i < 365; ++i) alternating[i] = i % 2 == 0 ? 1.0 : -1.0;
  EXPECT_EQ(effective_pairs(x, alternating, pattern), 365.0) << "never more pairs than there are";
}

TEST(Autocorrelation, ASlowPartUnderNoiseIsSeen) {
  // Half white noise, half AR(0.98): lag 1 says 0.49 and an inflation of 3, the truth is 50.
  testing::Normal normal(13);
  const auto slow = testing::autoregressive(normal, 0.98, 4000);
  std::vector<double> sum(slow.size());
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = slow[i] + normal();
  const DayPattern pattern(every(1, sum.size()));
  EXPECT_LT(decay_inflation(lag1_autocorrelation(sum, pattern), pattern), 5.0);
  EXPECT_GT(sampled_inflation(sum, pattern), 20.0);
}

TEST(Autocorrelation, DaysMustIncrease) {
  EXPECT_THROW(DayPattern({3, 3}), std::invalid_argument);
  EXPECT_THROW(DayPattern({1, 2}).scatter(std::vector<double>{1.0}), std::invalid_argument);
}

}  // namespace
}  // namespace rootzone::stats
