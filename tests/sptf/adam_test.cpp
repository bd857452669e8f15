#include "rootzone/sptf/adam.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "rootzone/core/error.hpp"

namespace rootzone::sptf {
namespace {

// Kingma & Ba 2015, algorithm 1, by hand: g = 2 then −1, rate 0.1.
TEST(Adam, TwoStepsByHand) {
  std::vector<float> w{1.0F};
  Adam adam({0.1, 0.9, 0.999, 1e-8}, 1);
  adam.step(w, std::vector<float>{2.0F});
  EXPECT_NEAR(w[0], 1.0 - 0.1 * 2.0 / (2.0 + 1e-8),
              1e-7);  // the first step is the rate, whatever the gradient
  adam.step(w, std::vector<float>{-1.0F});
  const double m = 0.9 * 0.2 - 0.1, v = 0.999 * 0.004 + 0.001;
  const double expected = 0.9 - 0.1 * (m / (1.0 - 0.81)) / (std::sqrt(v / (1.0 - 0.998001)) + 1e-8);
  EXPECT_NEAR(w[0], expected, 1e-7);
  EXPECT_EQ(adam.steps, 2);
}

TEST(Adam, FindsTheLowestPoint) {
  std::vector<float> w{3.0F, -2.0F};
  Adam adam({0.05, 0.9, 0.999, 1e-8}, 2);
  for (int i = 0; i < 2000; ++i)
    adam.step(w, std::vector<float>{2.0F * (w[0] - 1.0F), 20.0F * (w[1] - 0.5F)});
  EXPECT_NEAR(w[0], 1.0, 1e-3);
  EXPECT_NEAR(w[1], 0.5, 1e-3);
}

TEST(Adam, RefusesAnotherLength) {
  std::vector<float> w(3);
  Adam adam({}, 2);
  EXPECT_THROW(adam.step(w, std::vector<float>(3)), core::Error);
}

TEST(Adam, ClipsALongGradientAndDropsABrokenOne) {
  std::vector<float> g{3.0F, 4.0F};
  EXPECT_DOUBLE_EQ(clip_gradient(g, 10.0), 5.0);
  EXPECT_EQ(g, (std::vector<float>{3.0F, 4.0F}));
  EXPECT_DOUBLE_EQ(clip_gradient(g, 1.0), 5.0);
  EXPECT_NEAR(gradient_norm(g), 1.0, 1e-7);
  EXPECT_NEAR(g[0], 0.6, 1e-7);
  g[1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isinf(clip_gradient(g, 1.0)));
  EXPECT_EQ(g, (std::vector<float>{0.0F, 0.0F}));
}

}  // namespace
}  // namespace rootzone::sptf
