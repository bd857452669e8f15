#include "rootzone/stats/scaling.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "coverage.hpp"

namespace rootzone::stats {
namespace {

const double missing = std::numeric_limits<double>::quiet_NaN();

TEST(LinearMap, LeastSquaresByHand) {
  // x 0 1 2, y 1 2 6: slope 5/2, intercept 3 − 2.5
  const auto map =
      fit_linear_map(std::vector<double>{0, missing, 1, 2, 5}, std::vector<double>{1, 9, 2, 6, missing});
  ASSERT_TRUE(map.has_value());
  EXPECT_DOUBLE_EQ(map->slope, 2.5);
  EXPECT_NEAR(map->intercept, 0.5, 1e-14);
  std::vector<double> values{2.0, missing};
  map->apply(values);
  EXPECT_DOUBLE_EQ(values[0], 5.5);
  EXPECT_TRUE(std::isnan(values[1]));
}

TEST(LinearMap, NothingToFitGivesNone) {
  EXPECT_FALSE(fit_linear_map(std::vector<double>{1}, std::vector<double>{2}).has_value());
  EXPECT_FALSE(fit_linear_map(std::vector<double>(9, 0.1), std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9})
                   .has_value());
  EXPECT_FALSE(fit_linear_map(std::vector<double>{1, 2, 3}, std::vector<double>{1, 2, 3}, 4).has_value());
  EXPECT_THROW(fit_linear_map(std::vector<double>{1, 2}, std::vector<double>{1}), std::invalid_argument);
}

TEST(Scaling, MeanStdGivesTheReferencesMoments) {
  testing::Normal normal(1);
  std::vector<double> source(200);
  std::vector<double> reference(200);
  for (std::size_t i = 0; i < 200; ++i) {
    source[i] = 40.0 + 12.0 * normal();
    reference[i] = 0.25 + 0.05 * normal();
  }
  source[3] = missing;
  reference[8] = missing;
  const auto map = fit_mean_std(source, reference);
  ASSERT_TRUE(map.has_value());
  map->apply(source);
  double n = 0, mean_s = 0, mean_r = 0, square_s = 0, square_r = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    if (i == 3 || i == 8) continue;
    n += 1;
    mean_s += source[i];
    mean_r += reference[i];
    square_s += source[i] * source[i];
    square_r += reference[i] * reference[i];
  }
  EXPECT_NEAR(mean_s / n, mean_r / n, 1e-12);
  EXPECT_NEAR(square_s / n, square_r / n, 1e-12);
  EXPECT_FALSE(fit_mean_std(std::vector<double>(50, 1.0), std::vector<double>(50, 2.0)).has_value());
}

TEST(Scaling, CdfMatchMapsPercentilesOntoPercentilesAndGoesOnBeyond) {
  // source 0 … 100, reference = its square: at the percentiles the image is the square, linear between.
  std::vector<double> source(101);
  std::vector<double> reference(101);
  for (std::size_t i = 0; i <= 100; ++i) {
    source[i] = static_cast<double>(i);
    reference[i] = source[i] * source[i];
  }
  const auto match = CdfMatch::fit(source, reference, 30, {0, 50, 100});
  ASSERT_TRUE(match.has_value());
  EXPECT_DOUBLE_EQ((*match)(50.0), 2500.0);
  EXPECT_DOUBLE_EQ((*match)(25.0), 1250.0);
  EXPECT_DOUBLE_EQ((*match)(75.0), 6250.0);
  EXPECT_DOUBLE_EQ((*match)(-10.0), -500.0);
  EXPECT_DOUBLE_EQ((*match)(110.0), 10000.0 + 10.0 * 150.0);
  EXPECT_TRUE(std::isnan((*match)(missing)));
}

TEST(Scaling, CdfMatchOfASeriesWithTiesStaysMonotone) {
  std::vector<double> source(100, 0.0);
  std::vector<double> reference(100);
  for (std::size_t i = 0; i < 100; ++i) {
    if (i >= 60) source[i] = static_cast<double>(i);
    reference[i] = static_cast<double>(i);
  }
  const auto match = CdfMatch::fit(source, reference);
  ASSERT_TRUE(match.has_value());
  double before = (*match)(-1.0);
  for (double x = 0.0; x < 120.0; x += 0.5) {
    ASSERT_TRUE(std::isfinite((*match)(x)));
    ASSERT_GE((*match)(x), before) << x;
    before = (*match)(x);
  }
  EXPECT_FALSE(CdfMatch::fit(std::vector<double>(100, 0.1), reference).has_value());
  EXPECT_THROW(CdfMatch::fit(source, reference, 30, {50, 40}), std::invalid_argument);
}

}  // namespace
}  // namespace rootzone::stats
