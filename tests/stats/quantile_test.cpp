#include "rootzone/stats/quantile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace rootzone::stats {
namespace {

const float missing = std::numeric_limits<float>::quiet_NaN();

TEST(Quantile, TypeSevenByHand) {
  const std::vector<float> values{4, 1, missing, 3, 2};  // R: quantile(c(4,1,3,2), type = 7)
  EXPECT_DOUBLE_EQ(quantile(std::span<const float>(values), 0.0), 1.0);
  EXPECT_DOUBLE_EQ(quantile(std::span<const float>(values), 0.25), 1.75);
  EXPECT_DOUBLE_EQ(quantile(std::span<const float>(values), 0.5), 2.5);
  EXPECT_DOUBLE_EQ(quantile(std::span<const float>(values), 1.0), 4.0);
}

TEST(Quantile, NothingLeftIsMissingAndOneValueIsItself) {
  EXPECT_TRUE(std::isnan(quantile(std::span<const float>(std::vector<float>{missing, missing}), 0.5)));
  EXPECT_TRUE(std::isnan(quantile(std::span<const double>{}, 0.5)));
  EXPECT_EQ(quantile(std::span<const double>(std::vector<double>{7.0}), 0.3), 7.0);
}

TEST(Quantile, SelectionAgreesWithSortingInAnyOrderOfProbabilities) {
  std::mt19937 engine(4);
  for (std::size_t n : {1u, 2u, 3u, 10u, 101u, 1000u}) {
    std::vector<double> values(n);
    for (double& value : values) value = static_cast<double>(engine() % 50);
    std::vector<double> sorted = values;
    std::sort(sorted.begin(), sorted.end());
    const std::vector<double> probabilities{0.95, 0.05, 0.5, 0.5, 1.0, 0.0, 0.051, 0.33};
    std::vector<double> results(probabilities.size());
    quantiles_in_place(values, probabilities, results);
    for (std::size_t i = 0; i < results.size(); ++i) {
      const double position = static_cast<double>(n - 1) * probabilities[i];
      const auto low = static_cast<std::size_t>(position);
      const std::size_t high = std::min(low + 1, n - 1);
      const double expected = sorted[low] + (position - std::floor(position)) * (sorted[high] - sorted[low]);
      EXPECT_DOUBLE_EQ(results[i], expected) << "n " << n << " p " << probabilities[i];
    }
  }
}

TEST(Quantile, ProbabilitiesOutsideTheUnitIntervalAreRefused) {
  const std::vector<double> values{1, 2};
  EXPECT_THROW(quantile(std::span<const double>(values), 50.0), std::invalid_argument);
  EXPECT_THROW(quantile(std::span<const double>(values), std::nan("")), std::invalid_argument);
}

}  // namespace
}  // namespace rootzone::stats
