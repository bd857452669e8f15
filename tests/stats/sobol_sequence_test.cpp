#include "rootzone/stats/sobol_sequence.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <stdexcept>

namespace rootzone::stats {
namespace {

/// Cells of a 2^a × 2^b partition of two coordinates that the first 2^(a+b) points meet.
std::size_t cells_met(const std::vector<double>& points, std::size_t dimensions, std::size_t x, std::size_t y,
                      int a, int b) {
  std::set<std::pair<int, int>> met;
  for (std::size_t i = 0; i < (std::size_t{1} << (a + b)); ++i)
    met.insert({static_cast<int>(std::ldexp(points[i * dimensions + x], a)),
                static_cast<int>(std::ldexp(points[i * dimensions + y], b))});
  return met.size();
}

TEST(SobolSequence, EveryCoordinateIsStratified) {
  const std::size_t dimensions = 40;
  const auto points = scrambled_sobol(256, dimensions, 7);
  for (std::size_t d = 0; d < dimensions; ++d) {
    std::set<int> met;
    for (std::size_t i = 0; i < 256; ++i) met.insert(static_cast<int>(256.0 * points[i * dimensions + d]));
    EXPECT_EQ(met.size(), 256U) << d;
  }
}

TEST(SobolSequence, TheFirstTwoCoordinatesAreANet) {
  // A (0, m, 2)-net in base 2: one point in each elementary interval, of any shape. Scrambling keeps it, a
  // sequence that lacks its first point has it not.
  for (std::uint64_t seed : {1U, 2U, 99U}) {
    const auto points = scrambled_sobol(1024, 2, seed);
    for (int a = 0; a <= 10; ++a) EXPECT_EQ(cells_met(points, 2, 0, 1, a, 10 - a), 1024U) << seed << ' ' << a;
  }
}

TEST(SobolSequence, SeedsGiveOtherPointsAndTheSameSeedTheSame) {
  const auto one = scrambled_sobol(64, 5, 1);
  EXPECT_EQ(one, scrambled_sobol(64, 5, 1));
  const auto two = scrambled_sobol(64, 5, 2);
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_NE(one[i], two[i]);
  for (double x : one) {
    EXPECT_GT(x, 0.0);
    EXPECT_LT(x, 1.0);
  }
}

TEST(SobolSequence, ScrambledPointsAreUniformOverSeeds) {
  // The first point alone, under many seeds: mean 1/2, variance 1/12, coordinates independent.
  const int seeds = 4000;
  double mean = 0.0;
  double square = 0.0;
  double product = 0.0;
  for (int seed = 0; seed < seeds; ++seed) {
    const auto point = scrambled_sobol(1, 3, static_cast<std::uint64_t>(seed));
    mean += point[0] / seeds;
    square += (point[0] - 0.5) * (point[0] - 0.5) / seeds;
    product += (point[0] - 0.5) * (point[2] - 0.5) / seeds;
  }
  EXPECT_NEAR(mean, 0.5, 0.02);
  EXPECT_NEAR(square, 1.0 / 12.0, 0.004);
  EXPECT_NEAR(product, 0.0, 0.004);
}

TEST(SobolSequence, IntegratesASmoothFunctionFarBetterThanChance) {
  // ∏ (1 + (x_d − 1/2)/d²) has mean 1; with 4096 random points the error would be about 4e-3.
  const std::size_t dimensions = 12;
  const auto points = scrambled_sobol(4096, dimensions, 3);
  double mean = 0.0;
  for (std::size_t i = 0; i < 4096; ++i) {
    double product = 1.0;
    for (std::size_t d = 0; d < dimensions; ++d)
      product *= 1.0 + (points[i * dimensions + d] - 0.5) / static_cast<double>((d + 1) * (d + 1));
    mean += product / 4096.0;
  }
  EXPECT_NEAR(mean, 1.0, 5e-5);
}

TEST(SobolSequence, RefusesWhatItCannotGive) {
  EXPECT_THROW(scrambled_sobol(8, 0, 1), std::invalid_argument);
  EXPECT_THROW(scrambled_sobol(8, most_sobol_dimensions + 1, 1), std::invalid_argument);
  EXPECT_THROW(scrambled_sobol(0, 2, 1), std::invalid_argument);
  EXPECT_EQ(scrambled_sobol(2, most_sobol_dimensions, 1).size(), 2 * most_sobol_dimensions);
}

}  // namespace
}  // namespace rootzone::stats
