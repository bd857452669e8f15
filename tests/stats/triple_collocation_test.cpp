#include "rootzone/stats/triple_collocation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "coverage.hpp"

namespace rootzone::stats {
namespace {

struct Products {
  std::vector<double> x, y, z;
};

Products three_products(std::size_t n) {
  testing::Normal normal(21);
  const auto truth = testing::autoregressive(normal, 0.9, n);
  Products products;
  for (double t : truth) {
    products.x.push_back(0.25 + 0.05 * t + 0.02 * normal());
    products.y.push_back(0.20 + 0.04 * t + 0.03 * normal());
    products.z.push_back(50.0 + 10.0 * t + 5.0 * normal());  // per cent of saturation
  }
  return products;
}

TEST(TripleCollocation, FindsTheErrorsThatWerePutIn) {
  const Products p = three_products(40000);
  const TripleCollocation result = collocate(p.x, p.y, p.z);
  ASSERT_EQ(result.status, CollocationStatus::ok);
  EXPECT_NEAR(result.products[0].error_standard_deviation, 0.02, 0.001);
  EXPECT_NEAR(result.products[1].error_standard_deviation, 0.03, 0.001);
  EXPECT_NEAR(result.products[2].error_standard_deviation, 5.0, 0.15);
  EXPECT_NEAR(result.products[0].snr_db, 10.0 * std::log10(6.25), 0.4);
  EXPECT_NEAR(result.products[2].correlation_with_truth, std::sqrt(0.8), 0.01);
}

TEST(TripleCollocation, OnlyDaysWithAllThreeCount) {
  Products p = three_products(130);
  for (std::size_t i = 0; i < 20; ++i) p.x[i] = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 110; i < 121; ++i) p.z[i] = std::numeric_limits<double>::quiet_NaN();
  const TripleCollocation few = collocate(p.x, p.y, p.z);
  EXPECT_EQ(few.n, 99);
  EXPECT_EQ(few.status, CollocationStatus::not_enough_data);
  EXPECT_TRUE(std::isnan(few.products[0].error_standard_deviation));
  EXPECT_EQ(collocate(p.x, p.y, p.z, 50).n, 99);
}

TEST(TripleCollocation, ProductsWithoutCommonSignalAreSaidToBeSo) {
  const std::vector<double> up{1, 2, 3, 4, 5, 6, 7, 8};
  const std::vector<double> down{8, 7, 6, 5, 4, 3, 2, 1};
  const std::vector<double> flat(8, 3.0);
  EXPECT_EQ(collocate(up, up, flat, 3).status, CollocationStatus::not_collocated);
  // x·y > 0, x·z < 0, y·z > 0: no truth can do this
  const std::vector<double> x{1, 0, -1, 0, 0, 0};
  const std::vector<double> y{1, 1, 0, -1, -1, 0};
  const std::vector<double> z{-1, 2, 0, 0, -1, 0};
  EXPECT_EQ(collocate(x, y, z, 3).status, CollocationStatus::not_collocated);
  EXPECT_NE(collocate(up, down, up, 3).status, CollocationStatus::not_collocated)
      << "an inverted scale is no fault";
}

TEST(TripleCollocation, LengthsAndMinimumAreChecked) {
  const std::vector<double> a(5, 1.0);
  EXPECT_THROW(collocate(a, a, std::vector<double>(4, 1.0)), std::invalid_argument);
  EXPECT_THROW(collocate(a, a, a, 2), std::invalid_argument);
}

}  // namespace
}  // namespace rootzone::stats
