#include "rootzone/storage/extremes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "rootzone/core/error.hpp"
#include "rootzone/storage/return_level_errors.hpp"

namespace rootzone::storage {
namespace {

using core::Error;
using ::testing::HasSubstr;

const std::vector<double> reference{76.584127,  106.801695, 46.022031, 123.280649, 153.669072,
                                    117.693244, 39.448022,  71.835714, 127.542176, 86.621857};
constexpr std::array<double, 5> periods{2, 10, 20, 40, 80};
constexpr std::array<FitMethod, 6> methods{
    FitMethod::gumbel_l_moments,          FitMethod::gumbel_moments, FitMethod::gumbel_moments_population,
    FitMethod::gumbel_maximum_likelihood, FitMethod::gev_l_moments,  FitMethod::gev_maximum_likelihood};

void expect_levels(FitMethod method, const std::array<double, 5>& expected) {
  const ExtremeFit fit = fit_maxima(method, reference);
  for (std::size_t i = 0; i < periods.size(); ++i)
    EXPECT_NEAR(return_level(fit, periods[i]), expected[i], 0.00051)
        << name_of(method) << " T " << periods[i];
}

TEST(Extremes, ReferenceLevelsByMoments) {
  expect_levels(FitMethod::gumbel_moments_population, {89.168, 140.862, 160.614, 179.988, 199.183});
  expect_levels(FitMethod::gumbel_moments, {88.855, 143.345, 164.166, 184.588, 204.821});
}

TEST(Extremes, ReferenceLevelsByLMoments) {
  const ExtremeFit fit = fit_maxima(FitMethod::gumbel_l_moments, reference);
  EXPECT_NEAR(fit.location, 76.4503, 5e-5);
  EXPECT_NEAR(fit.scale, 32.0497, 5e-5);
  EXPECT_EQ(fit.shape, 0.0);
  expect_levels(FitMethod::gumbel_l_moments, {88.197, 148.574, 171.644, 194.273, 216.691});
}

TEST(Extremes, ReferenceLevelsByMaximumLikelihood) {
  const ExtremeFit fit = fit_maxima(FitMethod::gumbel_maximum_likelihood, reference);
  EXPECT_NEAR(fit.location, 77.277117, 5e-7);
  EXPECT_NEAR(fit.scale, 32.608033, 5e-7);
  expect_levels(FitMethod::gumbel_maximum_likelihood, {89.228, 150.657, 174.129, 197.152, 219.962});
}

TEST(Extremes, ReferenceLevelsByGevMaximumLikelihood) {
  expect_levels(FitMethod::gev_maximum_likelihood, {97.302, 138.610, 147.616, 154.188, 159.053});
}

double gev_likelihood(const ExtremeFit& fit, const std::vector<double>& maxima) {
  double sum = 0.0;
  for (double x : maxima) {
    const double t = std::pow(1.0 + fit.shape * (x - fit.location) / fit.scale, -1.0 / fit.shape);
    sum += -std::log(fit.scale) + (fit.shape + 1.0) * std::log(t) - t;
  }
  return sum;
}

TEST(Extremes, GevLikelihoodIsHighestAtTheFit) {
  const ExtremeFit fit = fit_maxima(FitMethod::gev_maximum_likelihood, reference);
  const double best = gev_likelihood(fit, reference);
  for (double step : {-1e-3, 1e-3}) {
    EXPECT_LT(gev_likelihood({fit.location * (1 + step), fit.scale, fit.shape}, reference), best);
    EXPECT_LT(gev_likelihood({fit.location, fit.scale * (1 + step), fit.shape}, reference), best);
    EXPECT_LT(gev_likelihood({fit.location, fit.scale, fit.shape * (1 + step)}, reference), best);
  }
}

TEST(Extremes, GevByLMomentsReproducesTheSampleLMoments) {
  // l1, l2 and t3 of the reference by the definition over all pairs and triples.
  double l1 = 0.0, l2 = 0.0, l3 = 0.0;
  const std::size_t n = reference.size();
  int pairs = 0, triples = 0;
  for (std::size_t i = 0; i < n; ++i) {
    l1 += reference[i] / static_cast<double>(n);
    for (std::size_t j = i + 1; j < n; ++j) {
      l2 += std::abs(reference[i] - reference[j]) / 2.0;
      ++pairs;
      for (std::size_t k = j + 1; k < n; ++k) {
        std::array<double, 3> x{reference[i], reference[j], reference[k]};
        std::sort(x.begin(), x.end());
        l3 += (x[2] - 2.0 * x[1] + x[0]) / 3.0;
        ++triples;
      }
    }
  }
  l2 /= pairs;
  l3 /= triples;
  const ExtremeFit fit = fit_maxima(FitMethod::gev_l_moments, reference);
  const double k = -fit.shape;
  const double gamma = std::tgamma(1.0 + k);
  EXPECT_NEAR(fit.location + fit.scale * (1.0 - gamma) / k, l1, 1e-9);
  EXPECT_NEAR(fit.scale * (1.0 - std::pow(2.0, -k)) * gamma / k, l2, 1e-9);
  EXPECT_NEAR(2.0 * (1.0 - std::pow(3.0, -k)) / (1.0 - std::pow(2.0, -k)) - 3.0, l3 / l2, 1e-9);
}

TEST(Extremes, EightyYearLevelRangesByHalfWithTheMethod) {
  double low = 1e9, high = 0.0;
  for (FitMethod method : methods) {
    const double level = return_level(fit_maxima(method, reference), 80.0);
    low = std::min(low, level);
    high = std::max(high, level);
  }
  EXPECT_NEAR(low, 159.053, 1e-3);
  EXPECT_GT(high, 215.0);
}

TEST(Extremes, FitsFollowUnitsAndOrigin) {
  std::vector<double> moved;
  for (auto it = reference.rbegin(); it != reference.rend(); ++it) moved.push_back(1000.0 * *it - 5000.0);
  for (FitMethod method : methods) {
    const ExtremeFit a = fit_maxima(method, reference), b = fit_maxima(method, moved);
    EXPECT_NEAR(b.location, 1000.0 * a.location - 5000.0, 1e-2) << name_of(method);
    EXPECT_NEAR(b.scale, 1000.0 * a.scale, 1e-2) << name_of(method);
    EXPECT_NEAR(b.shape, a.shape, 1e-6) << name_of(method);
  }
}

TEST(Extremes, AllEqualMaximaHaveNoScale) {
  for (FitMethod method : methods) {
    const ExtremeFit fit = fit_maxima(method, std::vector<double>(12, 88.0));
    EXPECT_EQ(fit.scale, 0.0);
    EXPECT_EQ(return_level(fit, 80.0), 88.0);
  }
}

TEST(Extremes, MissingMaximaAreLeftOut) {
  std::vector<double> gappy = reference;
  gappy.insert(gappy.begin() + 3, std::nan(""));
  gappy.push_back(std::nan(""));
  for (FitMethod method : methods)
    EXPECT_EQ(fit_maxima(method, gappy).location, fit_maxima(method, reference).location) << name_of(method);
}

TEST(Extremes, TooFewMaximaGiveNoFit) {
  EXPECT_TRUE(std::isnan(fit_maxima(FitMethod::gumbel_l_moments, std::vector<double>{5.0}).scale));
  EXPECT_TRUE(std::isnan(fit_maxima(FitMethod::gev_l_moments, std::vector<double>{5.0, 6.0}).scale));
  EXPECT_TRUE(std::isnan(fit_maxima(FitMethod::gumbel_moments, {}).location));
  EXPECT_GT(fit_maxima(FitMethod::gumbel_l_moments, std::vector<double>{5.0, 6.0}).scale, 0.0);
}

TEST(Extremes, ReturnPeriodOfAYearOrLessIsAnError) {
  const ExtremeFit fit{76.0, 32.0, 0.0};
  for (double period : {1.0, 0.5, -3.0, std::nan("")})
    EXPECT_THROW(return_level(fit, period), Error) << period;
  EXPECT_NO_THROW(return_level(fit, 1.01));
}

TEST(Extremes, ALevelMayBeNegativeForTheCallerToFlag) {
  EXPECT_LT(return_level({10.0, 30.0, 0.0}, 1.2), 0.0);
}

TEST(Extremes, LevelsRiseWithThePeriodAndShapeTendsToGumbel) {
  for (FitMethod method : methods) {
    const ExtremeFit fit = fit_maxima(method, reference);
    double last = -1e9;
    for (double period : {1.1, 2.0, 5.0, 10.0, 100.0, 1e6}) {
      const double level = return_level(fit, period);
      EXPECT_GT(level, last);
      last = level;
    }
  }
  EXPECT_NEAR(return_level({76.0, 32.0, 1e-9}, 80.0), return_level({76.0, 32.0, 0.0}, 80.0), 1e-5);
}

TEST(Extremes, MethodNamesAreUnderstoodOrSuggested) {
  for (FitMethod method : methods) EXPECT_EQ(parse_fit_method(name_of(method)), method);
  try {
    parse_fit_method("gumbel_lmoments");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("Did you mean \"gumbel_l_moments\"?"));
  }
}

TEST(ExtremesBootstrap, UniformNumbersAreOpenSpreadAndRepeatable) {
  double sum = 0.0, squares = 0.0;
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const double u = uniform_variate(42, 7, i);
    ASSERT_TRUE(u > 0.0 && u < 1.0);
    sum += u;
    squares += u * u;
  }
  EXPECT_NEAR(sum / 20000, 0.5, 0.01);
  EXPECT_NEAR(squares / 20000, 1.0 / 3.0, 0.01);
  EXPECT_EQ(uniform_variate(42, 7, 3), uniform_variate(42, 7, 3));
  EXPECT_NE(uniform_variate(42, 7, 3), uniform_variate(42, 8, 3));
  EXPECT_NE(uniform_variate(42, 7, 3), uniform_variate(43, 7, 3));
}

TEST(ExtremesBootstrap, GumbelErrorsMatchAsymptoticTheory) {
  // Maximum likelihood, large n: var(location) = 1.1087 σ²/n, var(scale) = 0.6079 σ²/n.
  const ExtremeFit fit{100.0, 30.0, 0.0};
  const FitErrors errors =
      bootstrap_errors(FitMethod::gumbel_maximum_likelihood, fit, 100, periods, {.samples = 2000, .seed = 5});
  EXPECT_NEAR(errors.location, 30.0 * std::sqrt(1.1087 / 100), 0.15);
  EXPECT_NEAR(errors.scale, 30.0 * std::sqrt(0.6079 / 100), 0.15);
  EXPECT_NEAR(errors.shape, 0.0, 0.0);
  EXPECT_LT(errors.levels[0], errors.levels[4]);
}

TEST(ExtremesBootstrap, RepeatsWithItsSeedOnly) {
  const ExtremeFit fit = fit_maxima(FitMethod::gumbel_l_moments, reference);
  const auto run = [&](std::uint64_t seed, std::uint64_t stream) {
    return bootstrap_errors(FitMethod::gumbel_l_moments, fit, 10, periods, {100, seed}, stream).levels;
  };
  EXPECT_EQ(run(1, 3), run(1, 3));
  EXPECT_NE(run(1, 3), run(2, 3));
  EXPECT_NE(run(1, 3), run(1, 4));
}

TEST(ExtremesBootstrap, TableOfGumbelErrorsEqualsTheBootstrap) {
  const BootstrapSettings settings{200, 9};
  for (FitMethod method : {FitMethod::gumbel_l_moments, FitMethod::gumbel_maximum_likelihood}) {
    const GumbelErrorTable table(method, 12, periods, settings);
    const ExtremeFit fit = fit_maxima(method, reference);
    const FitErrors direct = bootstrap_errors(method, fit, 10, periods, settings),
                    scaled = table.errors(fit, 10);
    EXPECT_NEAR(scaled.location, direct.location, 1e-8);
    EXPECT_NEAR(scaled.scale, direct.scale, 1e-8);
    for (std::size_t p = 0; p < periods.size(); ++p) {
      EXPECT_NEAR(scaled.levels[p], direct.levels[p], 1e-8);
      EXPECT_EQ(table.level_error(fit, 10, p), scaled.levels[p]);
    }
  }
  EXPECT_THROW(GumbelErrorTable(FitMethod::gev_l_moments, 12, periods, settings), Error);
}

TEST(ExtremesBootstrap, GevErrorsIncludeTheShape) {
  const ExtremeFit fit = fit_maxima(FitMethod::gev_l_moments, reference);
  const FitErrors errors = bootstrap_errors(FitMethod::gev_l_moments, fit, 10, periods, {200, 1});
  EXPECT_GT(errors.shape, 0.05);
  EXPECT_LT(errors.shape, 1.0);
}

TEST(ExtremesBootstrap, DegenerateFitsAndSettings) {
  EXPECT_EQ(bootstrap_errors(FitMethod::gumbel_l_moments, {88.0, 0.0, 0.0}, 10, periods, {}).levels[4], 0.0);
  const double nan = std::nan("");
  EXPECT_TRUE(
      std::isnan(bootstrap_errors(FitMethod::gumbel_l_moments, {nan, nan, nan}, 1, periods, {}).levels[4]));
  EXPECT_THROW(bootstrap_errors(FitMethod::gumbel_l_moments, {88.0, 1.0, 0.0}, 10, periods, {.samples = 1}),
               Error);
}

}  // namespace
}  // namespace rootzone::storage
