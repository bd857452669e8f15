#include "rootzone/study/retention_fit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "retention_line.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/soil/brooks_corey.hpp"
#include "rootzone/soil/fredlund_xing.hpp"
#include "rootzone/soil/van_genuchten.hpp"

namespace rootzone::study {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// 1 cm … 10^6 cm.
std::vector<double> suctions() {
  std::vector<double> heads;
  for (double power = 0.0; power <= 6.0; power += 0.15) heads.push_back(std::pow(10.0, power));
  return heads;
}

template <class Soil>
std::vector<double> curve_of(const Soil& soil, const std::vector<double>& heads) {
  std::vector<double> water;
  for (double head : heads) water.push_back(soil.water_content(-head));
  return water;
}

TEST(RetentionFit, RecoversVanGenuchtenCurves) {
  const auto heads = suctions();
  for (const double n : {1.1, 1.3, 2.0, 4.0})
    for (const double alpha : {0.002, 0.02, 0.15}) {
      soil::VanGenuchten soil;
      soil.saturated_water_content = 0.46;
      soil.residual_water_content = 0.07;
      soil.alpha_per_cm = alpha;
      soil.n = n;
      const RetentionFit fit = fit_retention(RetentionModel::van_genuchten, heads, curve_of(soil, heads));
      SCOPED_TRACE("alpha " + std::to_string(alpha) + ", n " + std::to_string(n));
      EXPECT_LT(fit.rmse, 1e-5);
      EXPECT_NEAR(fit.n / n, 1.0, 1e-2);  // at n = 1.1 θr and n trade places at almost no cost
      EXPECT_NEAR(fit.saturated_water_content, 0.46, 1e-4);
      EXPECT_EQ(fit.points, static_cast<std::int64_t>(heads.size()));
      EXPECT_THAT(fit.at_bound, IsEmpty());
      EXPECT_NEAR(fit.water_content(500.0), soil.water_content(-500.0), 2e-5);
    }
}

TEST(RetentionFit, RecoversFredlundXingCurves) {
  const auto heads = suctions();
  for (const double n : {1.1, 2.0, 5.0})
    for (const double m : {0.3, 1.2}) {
      soil::FredlundXing soil;
      soil.saturated_water_content = 0.42;
      soil.alpha_per_cm = 0.012;
      soil.n = n;
      soil.m = m;
      const RetentionFit fit = fit_retention(RetentionModel::fredlund_xing, heads, curve_of(soil, heads));
      SCOPED_TRACE("n " + std::to_string(n) + ", m " + std::to_string(m));
      EXPECT_LT(fit.rmse, 1e-5);
      EXPECT_NEAR(fit.alpha_per_cm / 0.012, 1.0, 1e-2);
      EXPECT_NEAR(fit.m / m, 1.0, 1e-2);
      EXPECT_EQ(fit.residual_water_content, 0.0);
    }
}

TEST(RetentionFit, RecoversBrooksCoreyCurves) {
  const auto heads = suctions();
  for (const double lambda : {0.15, 0.5, 1.5})
    for (const double entry : {5.0, 40.0, 300.0}) {
      soil::BrooksCorey soil;
      soil.saturated_water_content = 0.4;
      soil.residual_water_content = 0.05;
      soil.air_entry_head_cm = -entry;
      soil.n = lambda;
      const RetentionFit fit = fit_retention(RetentionModel::brooks_corey, heads, curve_of(soil, heads));
      SCOPED_TRACE("lambda " + std::to_string(lambda) + ", entry " + std::to_string(entry));
      EXPECT_LT(fit.rmse, 1e-5);
      EXPECT_NEAR(fit.alpha_per_cm * entry, 1.0, 1e-3);
      EXPECT_NEAR(fit.n / lambda, 1.0, 1e-3);
      EXPECT_TRUE(std::isnan(fit.m));
    }
}

/// A measured curve: a soil with noise. mt19937_64 gives the same everywhere.
std::vector<double> noisy(const std::vector<double>& water, std::uint64_t seed, double noise) {
  std::mt19937_64 bits(seed);
  std::vector<double> result;
  for (double value : water) {
    double sum = 0.0;
    for (int i = 0; i < 12; ++i) sum += static_cast<double>(bits() >> 11) * 0x1p-53;
    result.push_back(std::clamp(value + noise * (sum - 6.0), 0.0, 1.0));
  }
  return result;
}

// The plain way: every (α, n) of a fine grid, θr and θs at their best.
TEST(RetentionFit, NoGridSearchFindsBetter) {
  const auto heads = suctions();
  soil::VanGenuchten soil;
  soil.residual_water_content = 0.02;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    soil.n = 1.15 + 0.3 * static_cast<double>(seed);
    const auto water = noisy(curve_of(soil, heads), seed, 0.01);
    const RetentionFit fit = fit_retention(RetentionModel::van_genuchten, heads, water);
    double best = std::numeric_limits<double>::infinity();
    for (double ln_alpha = -7.0; ln_alpha < 1.0; ln_alpha += 0.05)
      for (double n = 1.05; n < 4.0; n *= 1.01) {
        std::vector<double> saturation;
        for (double head : heads)
          saturation.push_back(std::pow(1.0 + std::pow(std::exp(ln_alpha) * head, n), 1.0 / n - 1.0));
        best = std::min(best, fit_retention_line(saturation, water, 1.0, 1.0).mean_square);
      }
    EXPECT_LE(fit.rmse * fit.rmse, best * (1.0 + 1e-9)) << "seed " << seed;
    EXPECT_GT(fit.rmse * fit.rmse, best * 0.98) << "seed " << seed;
  }
}

TEST(RetentionFit, LinearPartIsTheBestWithinItsBounds) {
  const std::vector<double> saturation{1.0, 0.9, 0.6, 0.3, 0.1};
  const auto square = [&](const std::vector<double>& water, double r, double s) {
    double sum = 0.0;
    for (std::size_t i = 0; i < water.size(); ++i) sum += std::pow(r + (s - r) * saturation[i] - water[i], 2);
    return sum / 5.0;
  };
  const std::vector<std::vector<double>> samples{{0.5, 0.46, 0.34, 0.22, 0.14},  // exact: r 0.1, s 0.5
                                                 {0.5, 0.44, 0.26, 0.08, 0.0},   // r wants to be negative
                                                 {1.0, 1.0, 0.9, 0.5, 0.2},      // s wants to be above 1
                                                 {0.1, 0.2, 0.3, 0.4, 0.5}};     // r wants to be above s
  for (const auto& water : samples) {
    const RetentionLine line = fit_retention_line(saturation, water, 1.0, 1.0);
    EXPECT_GE(line.residual, 0.0);
    EXPECT_LE(line.residual, line.saturated);
    EXPECT_LE(line.saturated, 1.0);
    EXPECT_NEAR(line.mean_square, square(water, line.residual, line.saturated), 1e-15);
    for (double r = 0.0; r <= 1.0; r += 0.01)
      for (double s = r; s <= 1.0; s += 0.01)
        ASSERT_GE(square(water, r, s), line.mean_square - 1e-12) << r << " " << s;
  }
  EXPECT_NEAR(fit_retention_line(saturation, samples[0], 1.0, 1.0).residual, 0.1, 1e-12);
  EXPECT_NEAR(fit_retention_line(saturation, samples[0], 0.05, 1.0).residual, 0.05, 1e-12);
}

TEST(RetentionFit, SaysWhichParametersLieOnABound) {
  const auto heads = suctions();
  soil::VanGenuchten soil;
  soil.n = 1.03;  // below the bound
  const RetentionFit flat = fit_retention(RetentionModel::van_genuchten, heads, curve_of(soil, heads));
  EXPECT_THAT(flat.at_bound, ElementsAre("n"));
  EXPECT_NEAR(flat.n, 1.05, 1e-9);

  soil.n = 1.6;
  soil.residual_water_content = -0.05;  // as unbounded fits of curves that end early have it
  const std::vector<double> wet(heads.begin(), heads.begin() + 20);
  const RetentionFit early = fit_retention(RetentionModel::van_genuchten, wet, curve_of(soil, wet));
  EXPECT_THAT(early.at_bound, ElementsAre("residual_water_content"));
  EXPECT_EQ(early.residual_water_content, 0.0);
}

TEST(RetentionFit, LeavesOutMissingPairs) {
  auto heads = suctions();
  soil::VanGenuchten soil;
  auto water = curve_of(soil, heads);
  const RetentionFit whole = fit_retention(RetentionModel::van_genuchten, heads, water);
  heads.push_back(100.0);
  water.push_back(std::numeric_limits<double>::quiet_NaN());
  const RetentionFit with_gap = fit_retention(RetentionModel::van_genuchten, heads, water);
  EXPECT_EQ(with_gap.n, whole.n);
  EXPECT_EQ(with_gap.points, whole.points);
}

TEST(RetentionFit, RefusesWhatIsNoCurve) {
  const auto refusal = [](std::vector<double> heads, std::vector<double> water, RetentionBounds bounds = {}) {
    try {
      fit_retention(RetentionModel::van_genuchten, heads, water, bounds);
    } catch (const core::Error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_THAT(refusal({1, 10, 100}, {0.4, 0.3, 0.2}), HasSubstr("at least 4"));
  EXPECT_THAT(refusal({1, 10, 100, 1000}, {0.4, 0.3, 0.2}), HasSubstr("pairs"));
  EXPECT_THAT(refusal({1, 10, -100, 1000}, {0.4, 0.3, 0.2, 0.1}), HasSubstr("positive"));
  EXPECT_THAT(refusal({1, 10, 100, 1000}, {40, 30, 20, 10}), HasSubstr("0 … 1"));
  EXPECT_THAT(refusal({1, 10, 100, 1000}, {0.3, 0.3, 0.3, 0.3}), HasSubstr("the same"));
  RetentionBounds bounds;
  bounds.n = {0.9, 2.0};
  EXPECT_THAT(refusal({1, 10, 100, 1000}, {0.4, 0.3, 0.2, 0.1}, bounds), HasSubstr("bounds of n"));
  EXPECT_THROW(parse_retention_model("van_genuchen"), core::Error);
  EXPECT_EQ(parse_retention_model("brooks_corey"), RetentionModel::brooks_corey);
}

}  // namespace
}  // namespace rootzone::study
