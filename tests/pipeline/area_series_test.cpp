#include "area_series.hpp"

#include <gtest/gtest.h>

namespace rootzone::pipeline {
namespace {

TEST(AreaSeries, ColumnsOfWholePercentsHaveTwoDigits) {
  for (int percent = 1; percent < 100; ++percent)
    EXPECT_EQ(quantile_column(percent / 100.0), (percent < 10 ? "q0" : "q") + std::to_string(percent));
  EXPECT_EQ(quantile_column(0.07), "q07");
  EXPECT_EQ(quantile_column(0.29), "q29");
  EXPECT_EQ(quantile_column(0.0), "q00");
  EXPECT_EQ(quantile_column(1.0), "q100");
  EXPECT_EQ(quantile_column(0.025), "q2p5");
  EXPECT_EQ(quantile_column(0.001), "q0p1");
}

}  // namespace
}  // namespace rootzone::pipeline
