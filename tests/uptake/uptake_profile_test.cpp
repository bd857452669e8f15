#include "rootzone/uptake/uptake_profile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <stdexcept>

namespace rootzone::uptake {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

const std::array<double, 3> thickness{30.0, 30.0, 30.0};

TEST(UptakeProfile, SharesOfTheSumAndOfAKnownTranspiration) {
  const std::array<double, 3> uptake{0.2, -0.05, 0.1};
  EXPECT_THAT(proportions_of_sum(uptake), ElementsAre(DoubleEq(0.8), DoubleEq(-0.2), DoubleEq(0.4)));
  EXPECT_THAT(proportions_of(uptake, 0.5), ElementsAre(DoubleEq(0.4), DoubleEq(-0.1), DoubleEq(0.2)));
  EXPECT_THROW(proportions_of(uptake, 0.0), std::invalid_argument);
  EXPECT_FALSE(std::isfinite(proportions_of_sum(std::array<double, 2>{0.1, -0.1})[0]));
}

TEST(EarthMover, ByHand) {
  const std::array<double, 3> u{0.5, 0.3, 0.2};
  const std::array<double, 3> v{0.2, 0.3, 0.5};
  // 0.3 is moved two layers down: 0.3 · 60 cm
  EXPECT_DOUBLE_EQ(earth_movers_distance(u, v, thickness), 0.3 * 60.0);
  EXPECT_DOUBLE_EQ(earth_movers_distance(v, u, thickness), 0.3 * 60.0);
  EXPECT_EQ(earth_movers_distance(u, u, thickness), 0.0);
}

TEST(EarthMover, IsADistance) {
  const std::array<std::array<double, 3>, 3> profiles{{{0.6, 0.3, 0.1}, {0.1, 0.1, 0.8}, {-0.2, 1.4, -0.2}}};
  for (const auto& a : profiles)
    for (const auto& b : profiles)
      for (const auto& c : profiles)
        EXPECT_LE(earth_movers_distance(a, c, thickness),
                  earth_movers_distance(a, b, thickness) + earth_movers_distance(b, c, thickness) + 1e-12);
}

TEST(EarthMover, AFinerCutOfTheSameProfilesMeasuresNearlyTheSame) {
  // Two exponential profiles over 90 cm; the distance is the area between their cumulative curves.
  const auto distance = [](int layers) {
    std::vector<double> u, v, cm;
    for (int i = 0; i < layers; ++i) {
      const double top = 90.0 * i / layers;
      const double bottom = 90.0 * (i + 1) / layers;
      const auto share = [&](double scale) {
        return (std::exp(-top / scale) - std::exp(-bottom / scale)) / (1.0 - std::exp(-90.0 / scale));
      };
      u.push_back(share(25.0));
      v.push_back(share(60.0));
      cm.push_back(bottom - top);
    }
    return earth_movers_distance(u, v, cm);
  };
  EXPECT_NEAR(distance(2000), distance(1000), 0.01);
  EXPECT_NEAR(distance(30), distance(2000), 0.3);
}

}  // namespace
}  // namespace rootzone::uptake
