#include "rootzone/study/ensemble_draws.hpp"

#include <gtest/gtest.h>

#include "rootzone/core/error.hpp"

namespace rootzone::study {
namespace {

TEST(EnsembleDraws, HaveMeanZeroAndUnitCovariance) {
  for (const std::int64_t members : {5, 20, 101}) {
    constexpr std::int64_t dimensions = 4;
    const auto draws = exact_normal_ensemble(members, dimensions, {7, 301});
    ASSERT_EQ(draws.size(), static_cast<std::size_t>(members * dimensions));
    for (std::int64_t a = 0; a < dimensions; ++a) {
      double sum = 0.0;
      for (std::int64_t m = 0; m < members; ++m) sum += draws[static_cast<std::size_t>(m * dimensions + a)];
      EXPECT_NEAR(sum, 0.0, 1e-12);
      for (std::int64_t b = 0; b < dimensions; ++b) {
        double products = 0.0;
        for (std::int64_t m = 0; m < members; ++m)
          products += draws[static_cast<std::size_t>(m * dimensions + a)] *
                      draws[static_cast<std::size_t>(m * dimensions + b)];
        EXPECT_NEAR(products / static_cast<double>(members - 1), a == b ? 1.0 : 0.0, 1e-12);
      }
    }
  }
}

TEST(EnsembleDraws, DependOnTheSeedAlone) {
  EXPECT_EQ(exact_normal_ensemble(20, 4, {1, 301}), exact_normal_ensemble(20, 4, {1, 301}));
  EXPECT_NE(exact_normal_ensemble(20, 4, {1, 301}), exact_normal_ensemble(20, 4, {2, 301}));
}

TEST(EnsembleDraws, RefuseFewerMembersThanNumbers) {
  EXPECT_THROW(exact_normal_ensemble(4, 4, {1, 0}), core::Error);
  EXPECT_THROW(exact_normal_ensemble(4, 0, {1, 0}), core::Error);
}

}  // namespace
}  // namespace rootzone::study
