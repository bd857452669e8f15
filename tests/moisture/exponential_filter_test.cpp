#include "rootzone/moisture/exponential_filter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "rootzone/core/error.hpp"

namespace rootzone::moisture {
namespace {

using core::Flag;
using core::FlagBits;

constexpr float nan_f = std::numeric_limits<float>::quiet_NaN();

struct Daily {
  explicit Daily(float time_days, FilterSettings chosen = {})
      : settings(chosen), coefficients(std::span<const float>(&time_days, 1), chosen) {}
  void advance(float surface) {
    advance_exponential_filter(coefficients.view(), settings,
                               {{&state[0], 1}, {&state[1], 1}, {&state[2], 1}},
                               {{&surface, 1}, {&value, 1}, {&quality, 1}, {&flags, 1}});
  }
  FilterSettings settings;
  FilterCoefficients coefficients;
  double state[3] = {0.0, 0.0, 0.0};
  float value = 0.0F, quality = 0.0F;
  FlagBits flags = 0;
};

std::vector<float> random_series(std::size_t days, unsigned seed, double missing_share) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  std::vector<float> series(days);
  for (float& x : series) {
    x = static_cast<float>(uniform(generator));
    if (uniform(generator) < missing_share) x = nan_f;
  }
  return series;
}

TEST(ExponentialFilter, FirstObservationIsTheIndex) {
  Daily filter(20.0F);
  filter.advance(0.3F);
  EXPECT_EQ(filter.value, 0.3F);
}

TEST(ExponentialFilter, EqualsTheGainForm) {
  const std::vector<float> series = random_series(400, 5, 0.4);
  for (double T : usual_filter_times_days) {
    Daily filter(static_cast<float>(T));
    double swi = 0.0, gain = 1.0, last = -1.0;
    for (std::size_t t = 0; t < series.size(); ++t) {
      filter.advance(series[t]);
      if (std::isnan(series[t])) continue;
      const auto now = static_cast<double>(t);
      const double x = series[t];
      if (last < 0) {
        swi = x;
      } else {
        gain = gain / (gain + std::exp(-(now - last) / T));
        swi += gain * (x - swi);
      }
      last = now;
      ASSERT_NEAR(filter.value, swi, 1e-7) << "T " << T << " day " << t;
    }
  }
}

TEST(ExponentialFilter, DailyStepsAndIrregularObservationsAgree) {
  const std::vector<float> series = random_series(500, 9, 0.7);
  Daily daily(12.5F);
  SeriesFilter irregular{12.5};
  for (std::size_t t = 0; t < series.size(); ++t) {
    const auto now = static_cast<double>(t);
    daily.advance(series[t]);
    irregular.update(now, series[t]);
    if (irregular.denominator == 0.0) continue;
    ASSERT_NEAR(daily.value, irregular.value(), 1e-7);
    ASSERT_NEAR(daily.quality, irregular.quality_percent(now), 1e-5);
  }
}

TEST(ExponentialFilter, QualityIsTheSumOfWeightsOverAThousandDays) {
  for (double T : {1.0, 5.0, 12.5, 100.0}) {
    double full = 0.0;
    for (int k = 0; k < 1000; ++k) full += std::exp(-k / T);
    Daily filter(static_cast<float>(T));
    filter.advance(0.5F);
    EXPECT_NEAR(filter.quality, 100.0 / full, 1e-5 * 100.0 / full);
    filter.advance(nan_f);
    EXPECT_NEAR(filter.quality, 100.0 * std::exp(-1.0 / T) / full, 1e-4);
    for (int t = 0; t < 3000; ++t) filter.advance(0.5F);
    EXPECT_FLOAT_EQ(filter.quality, 100.0F);
  }
}

TEST(ExponentialFilter, ANanDoesNotPoisonTheRest) {
  Daily filter(10.0F);
  filter.advance(0.2F);
  filter.advance(nan_f);
  EXPECT_EQ(filter.value, 0.2F);
  EXPECT_EQ(filter.flags,
            core::bits(Flag::input_missing) | core::bits(Flag::gap_filled) | core::bits(Flag::spinning_up));
  filter.advance(0.4F);
  const double q = std::exp(-2.0 / 10.0);
  EXPECT_NEAR(filter.value, (0.2 * q + 0.4) / (q + 1.0), 1e-7);
}

TEST(ExponentialFilter, LeadingNansAreMissing) {
  Daily filter(10.0F);
  filter.advance(nan_f);
  EXPECT_TRUE(std::isnan(filter.value));
  EXPECT_EQ(filter.quality, 0.0F);
  filter.advance(0.4F);
  EXPECT_EQ(filter.value, 0.4F);
}

TEST(ExponentialFilter, FractionalTimeIsNotTruncated) {
  Daily filter(1.5F);
  filter.advance(0.0F);
  filter.advance(1.0F);
  EXPECT_NEAR(filter.value, 1.0 / (1.0 + std::exp(-1.0 / 1.5)), 1e-7);
}

TEST(ExponentialFilter, RunningADayTwiceDoesNotChangeTheState) {
  SeriesFilter filter{5.0};
  filter.update(100.0, 0.3);
  filter.update(101.0, 0.5);
  const SeriesFilter before = filter;
  EXPECT_THROW(filter.update(101.0, 0.5), core::Error);
  EXPECT_THROW(filter.update(99.0, 0.5), core::Error);
  EXPECT_EQ(filter.numerator, before.numerator);
  EXPECT_EQ(filter.denominator, before.denominator);
  EXPECT_EQ(filter.last_day, before.last_day);
  EXPECT_NO_THROW(filter.update(101.0, std::nan("")));
  EXPECT_EQ(filter.value(), before.value());
}

TEST(ExponentialFilter, BatchAndIncrementalRunsGiveTheSameBytes) {
  const std::vector<float> series = random_series(300, 21, 0.3);
  Daily batch(15.0F);
  std::vector<float> expected;
  for (float x : series) {
    batch.advance(x);
    expected.push_back(batch.value);
  }
  double kept[3] = {0.0, 0.0, 0.0};  // what a state file would hold
  for (std::size_t t = 0; t < series.size(); ++t) {
    Daily nightly(15.0F);
    std::copy(std::begin(kept), std::end(kept), nightly.state);
    nightly.advance(series[t]);
    ASSERT_EQ(std::memcmp(&nightly.value, &expected[t], sizeof(float)), 0) << t;
    std::copy(std::begin(nightly.state), std::end(nightly.state), kept);
  }
}

TEST(ExponentialFilter, ConstantInputGivesTheConstant) {
  Daily filter(60.0F);
  for (int t = 0; t < 1000; ++t) filter.advance(0.3F);
  EXPECT_FLOAT_EQ(filter.value, 0.3F);
}

TEST(ExponentialFilter, VeryLongGapEndsInMissingNotInNoise) {
  Daily filter(1.0F);
  filter.advance(0.3F);
  for (int t = 0; t < 200; ++t) filter.advance(nan_f);
  EXPECT_FLOAT_EQ(filter.value, 0.3F);
  for (int t = 0; t < 800; ++t) filter.advance(nan_f);
  EXPECT_TRUE(std::isnan(filter.value));
  EXPECT_EQ(filter.state[1], 0.0);
  filter.advance(0.7F);
  EXPECT_EQ(filter.value, 0.7F);
}

TEST(ExponentialFilter, LowQualityIsMissing) {
  FilterSettings settings;
  settings.minimum_quality_percent = 30.0;
  Daily filter(2.0F, settings);  // one observation: 39 %, a day later 24 %
  filter.advance(0.5F);
  EXPECT_EQ(filter.value, 0.5F);
  filter.advance(nan_f);
  EXPECT_TRUE(std::isnan(filter.value));
  EXPECT_EQ(filter.flags & core::bits(Flag::gap_filled), 0);
}

TEST(ExponentialFilter, GapDaysCanBeLeftMissing) {
  FilterSettings settings;
  settings.value_on_gap_days = false;
  Daily filter(10.0F, settings);
  filter.advance(0.5F);
  filter.advance(nan_f);
  EXPECT_TRUE(std::isnan(filter.value));
  filter.advance(0.5F);
  EXPECT_FLOAT_EQ(filter.value, 0.5F);
}

TEST(ExponentialFilter, SpinningUpForFourPointSixT) {
  Daily filter(10.0F);
  int flagged = 0;
  for (int t = 0; t < 100; ++t) {
    filter.advance(0.5F);
    flagged += core::has(filter.flags, Flag::spinning_up);
  }
  EXPECT_EQ(flagged, 46);
}

TEST(ExponentialFilter, PixelsWithoutAUsableTimeAreMissing) {
  Daily none(nan_f), negative(-3.0F);
  none.advance(0.5F);
  negative.advance(0.5F);
  EXPECT_TRUE(std::isnan(none.value));
  EXPECT_TRUE(std::isnan(negative.value));
  EXPECT_EQ(none.flags, core::bits(Flag::input_missing));
  EXPECT_EQ(negative.flags, core::bits(Flag::not_applicable));
  EXPECT_THROW(FilterCoefficients(0.0, 4, {}), core::Error);
}

// Whether every pixel beside it is observed decides which loop it goes through.
TEST(ExponentialFilter, TheStateOfAPixelWithoutTimeDoesNotDependOnItsNeighbours) {
  const std::vector<float> times{nan_f, 10.0F, -1.0F};
  const FilterSettings settings;
  const FilterCoefficients coefficients(times, settings);
  for (const float neighbour : {0.3F, nan_f}) {
    std::vector<double> numerator(3, 0.0), denominator(3, 0.0), elapsed(3, 0.0);
    const std::vector<float> surface{0.2F, neighbour, 0.4F};
    for (int day = 0; day < 2; ++day)
      advance_exponential_filter(coefficients.view(), settings, {numerator, denominator, elapsed},
                                 {surface, {}, {}, {}});
    for (const std::size_t without : {0U, 2U}) {
      EXPECT_EQ(numerator[without], 0.0) << neighbour;
      EXPECT_EQ(denominator[without], 0.0) << neighbour;
      EXPECT_EQ(elapsed[without], 0.0) << neighbour;
    }
    EXPECT_EQ(elapsed[1], std::isnan(neighbour) ? 0.0 : 2.0);
  }
}

TEST(ExponentialFilter, AnyCutIntoStripsGivesTheSameBytes) {
  constexpr std::size_t pixels = 517;
  std::vector<float> times(pixels);
  for (std::size_t i = 0; i < pixels; ++i) times[i] = 1.0F + static_cast<float>(i % 40) * 1.3F;
  const FilterSettings settings;
  const FilterCoefficients coefficients(times, settings);
  std::array<std::vector<double>, 3> whole, cut;
  for (auto& field : whole) field.assign(pixels, 0.0);
  cut = whole;
  const auto run = [&](std::array<std::vector<double>, 3>& state, const std::vector<float>& surface,
                       std::vector<float>& out, std::size_t first, std::size_t n) {
    const auto part = [&](std::size_t f) { return std::span(state[f]).subspan(first, n); };
    advance_exponential_filter(
        coefficients.view(static_cast<std::int64_t>(first), static_cast<std::int64_t>(n)), settings,
        {part(0), part(1), part(2)},
        {std::span(surface).subspan(first, n), std::span(out).subspan(first, n), {}, {}});
  };
  for (unsigned day = 0; day < 40; ++day) {
    const std::vector<float> surface = random_series(pixels, day, 0.4);
    std::vector<float> a(pixels), b(pixels);
    run(whole, surface, a, 0, pixels);
    for (std::size_t first = 0; first < pixels; first += 37)
      run(cut, surface, b, first, std::min<std::size_t>(37, pixels - first));
    ASSERT_EQ(std::memcmp(a.data(), b.data(), pixels * sizeof(float)), 0) << day;
  }
  EXPECT_EQ(whole, cut);
}

}  // namespace
}  // namespace rootzone::moisture
