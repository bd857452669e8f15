#include "rootzone/stats/binomial_interval.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace rootzone::stats {
namespace {

TEST(BinomialInterval, AgreesWithTheTablesOfClopperAndPearson) {
  // R: binom.test(k, n)$conf.int
  const BinomialShare some = clopper_pearson(7, 20);
  EXPECT_DOUBLE_EQ(some.share, 0.35);
  EXPECT_NEAR(some.low, 0.1539092, 1e-6);
  EXPECT_NEAR(some.high, 0.5921885, 1e-6);
  const BinomialShare none = clopper_pearson(0, 10);
  EXPECT_EQ(none.low, 0.0);
  EXPECT_NEAR(none.high, 1.0 - std::pow(0.025, 0.1), 1e-12);
  const BinomialShare all = clopper_pearson(10, 10);
  EXPECT_NEAR(all.low, std::pow(0.025, 0.1), 1e-12);
  EXPECT_EQ(all.high, 1.0);
}

TEST(BinomialInterval, CoversAtLeastAsOftenAsItSays) {
  // The chance of every count is known: add up those whose interval holds the probability.
  for (double p : {0.02, 0.2, 0.5, 0.83}) {
    const int n = 40;
    double covered = 0.0;
    for (int k = 0; k <= n; ++k) {
      const double chance = std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0) +
                                     k * std::log(p) + (n - k) * std::log(1.0 - p));
      const BinomialShare interval = clopper_pearson(k, n, 0.9);
      if (interval.low <= p && p <= interval.high) covered += chance;
    }
    EXPECT_GE(covered, 0.9) << p;
    EXPECT_LT(covered, 0.995) << p;
  }
}

TEST(BinomialInterval, RefusesWhatIsNoTrial) {
  EXPECT_THROW(clopper_pearson(3, 2), std::invalid_argument);
  EXPECT_THROW(clopper_pearson(-1, 2), std::invalid_argument);
  EXPECT_THROW(clopper_pearson(0, 0), std::invalid_argument);
  EXPECT_THROW(clopper_pearson(1, 2, 1.0), std::invalid_argument);
}

}  // namespace
}  // namespace rootzone::stats
