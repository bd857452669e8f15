#include "rootzone/moisture/smar.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

namespace rootzone::moisture {
namespace {

using core::Flag;
using core::FlagBits;

constexpr float nan_f = std::numeric_limits<float>::quiet_NaN();

SmarSite site() {
  return {0.25, 0.5, 0.125, 0.25, 0.5, 0.5, 400.0, 0.5};
}  // all exact in float

SmarSettings relative(SmarScheme scheme = SmarScheme::paper, SmarGapPolicy policy = SmarGapPolicy::decay) {
  SmarSettings settings;
  settings.scheme = scheme;
  settings.gap_policy = policy;
  settings.surface_units = SurfaceUnits::relative_saturation;
  settings.warm_up_days = 0.0;
  return settings;
}

/// The recursion as the page has it, one pixel, doubles, gaps and all; independent of the kernel.
struct Reference {
  double sw2, sc1, a, b, initial;
  SmarSettings settings;
  double s = 0.0, capped = 0.0;
  double since = -1.0;
  int wait = 0;

  double step(float surface) {  // NaN = no output
    const bool seen = std::isfinite(surface);
    if (since < 0 && !seen) return std::nan("");
    if (since < 0) s = initial;
    const double gap = since;
    double dt_in = settings.observation_step_days;
    const bool whole_gap =
        settings.gap_policy == SmarGapPolicy::hold && gap >= 0 && gap <= settings.max_gap_days;
    if (whole_gap) dt_in = gap + settings.step_days;
    const double y = seen ? std::max(0.0, std::min<double>(surface, 1.0) - sc1) : 0.0;
    const double time = settings.scheme == SmarScheme::paper ? dt_in : (1 - std::exp(-a * dt_in)) / a;
    s = sw2 + (s - sw2) * std::exp(-a * settings.step_days) + (1 - sw2) * b * y * time;
    if (s > 1) {
      capped += s - 1;
      s = 1;
    }
    if (s < 0) s = 0;
    const bool waiting = wait > 0;
    if (seen && waiting) --wait;
    since = seen ? 0 : (since < 0 ? 0 : since) + settings.step_days;
    if (since > settings.max_gap_days) wait = static_cast<int>(settings.respin_days);
    if (since > settings.max_gap_days || waiting) return std::nan("");
    if (!seen && settings.gap_policy == SmarGapPolicy::missing) return std::nan("");
    return s;
  }
};

std::vector<float> random_surface(std::size_t days, unsigned seed, double missing_share) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  std::vector<float> series(days);
  for (float& x : series) {
    x = static_cast<float>(1.1 * uniform(generator));
    if (uniform(generator) < missing_share) x = nan_f;
  }
  return series;
}

TEST(Smar, EquationNineByHand) {
  // sw2 0.25, a 0.125, b 0.25, s 0.5; s1 = 0.9: y = 0.4, s = 0.25 + 0.25·e^(−0.125) + 0.75·0.25·0.4
  const SmarSeries series = smar_series(site(), relative(), std::vector<float>{0.9F, 0.25F});
  const double first = 0.25 + 0.25 * std::exp(-0.125) + 0.075;
  EXPECT_NEAR(series.saturation[0], first, 1e-7);
  EXPECT_NEAR(series.water_content[0], 0.5 * first, 1e-7);
  EXPECT_NEAR(series.saturation[1], 0.25 + (first - 0.25) * std::exp(-0.125), 1e-7);
}

TEST(Smar, KernelFollowsTheScalarReference) {
  for (SmarScheme scheme : {SmarScheme::paper, SmarScheme::exact})
    for (SmarGapPolicy policy : {SmarGapPolicy::decay, SmarGapPolicy::hold, SmarGapPolicy::missing})
      for (double step : {1.0, 0.5}) {
        SmarSettings settings = relative(scheme, policy);
        settings.step_days = step;
        settings.max_gap_days = 4.0;
        settings.respin_days = 3.0;
        const std::vector<float> surface = random_surface(500, 7, 0.5);
        Reference reference{0.25, 0.5, 0.125, 0.25, 0.5, settings};
        const SmarSeries series = smar_series(site(), settings, surface);
        int shown = 0;
        for (std::size_t t = 0; t < surface.size(); ++t) {
          const double expected = reference.step(surface[t]);
          ASSERT_EQ(std::isnan(series.saturation[t]), std::isnan(expected)) << "day " << t;
          if (std::isnan(expected)) continue;
          ++shown;
          ASSERT_NEAR(series.saturation[t], expected, 1e-7) << "day " << t;
        }
        EXPECT_GT(shown, 50);
        EXPECT_NEAR(series.capped_mm, reference.capped * 0.5 * 400.0, 1e-6);
      }
}

TEST(Smar, ZeroFieldCapacityExactSchemeIsAConstantGainFilter) {
  SmarSite s = site();
  s.sc1 = 0.0;
  s.b = s.a;  // x2 = (s2 − sw2)/(1 − sw2) ← x2·e^(−1/T) + s1·(1 − e^(−1/T)), T = 1/a
  const std::vector<float> surface = random_surface(300, 11, 0.0);
  const SmarSeries series = smar_series(s, relative(SmarScheme::exact), surface);
  const double q = std::exp(-s.a);
  double x = (s.initial_saturation - s.sw2) / (1 - s.sw2);
  for (std::size_t t = 0; t < surface.size(); ++t) {
    x = x * q + std::min(1.0F, surface[t]) * (1 - q);
    ASSERT_NEAR((static_cast<double>(series.saturation[t]) - s.sw2) / (1 - s.sw2), x, 2e-7);
  }
}

TEST(Smar, ConstantInputConvergesToTheAnalyticLevel) {
  SmarSite s = site();
  s.a = 0.5;
  const std::vector<float> surface(200, 0.75F);  // y = 0.25
  const SmarSeries series = smar_series(s, relative(SmarScheme::exact), surface);
  EXPECT_NEAR(series.saturation.back(), 0.25 + 0.75 * 0.25 * 0.25 / 0.5, 1e-7);
}

TEST(Smar, RectangleRuleOverestimatesInputAsThePageSays) {
  SmarSite s = site();
  for (const auto& [a, step, factor] : {std::tuple{0.1, 1.0, 1.05}, std::tuple{0.2, 5.0, 1.58}}) {
    s.a = a;
    s.sw2 = 0.0;
    s.initial_saturation = 0.0;
    s.b = 0.05;
    double input[2];
    for (SmarScheme scheme : {SmarScheme::paper, SmarScheme::exact}) {
      SmarSettings settings = relative(scheme);
      settings.step_days = settings.observation_step_days = step;
      input[static_cast<int>(scheme)] = smar_series(s, settings, std::vector<float>{1.0F}).saturation[0];
    }
    EXPECT_NEAR(input[0] / input[1], factor, 0.005);
  }
}

TEST(Smar, WithoutInputItDecaysAlikeWhateverTheStep) {
  for (SmarScheme scheme : {SmarScheme::paper, SmarScheme::exact})
    for (double step : {0.25, 1.0, 2.0, 8.0}) {
      SmarSettings settings = relative(scheme);
      settings.step_days = step;
      const std::vector<float> dry(static_cast<std::size_t>(16.0 / step), 0.25F);
      EXPECT_NEAR(smar_series(site(), settings, dry).saturation.back(), 0.25 + 0.25 * std::exp(-0.125 * 16.0),
                  1e-7);
    }
}

TEST(Smar, HoldIsEquationNineOverTheWholeGap) {
  const std::vector<float> surface{0.75F, nan_f, nan_f, nan_f, 1.0F};
  const SmarSeries series = smar_series(site(), relative(SmarScheme::paper, SmarGapPolicy::hold), surface);
  const double first = 0.25 + 0.25 * std::exp(-0.125) + 0.75 * 0.25 * 0.25;
  const double last = 0.25 + (first - 0.25) * std::exp(-0.125 * 4) + 0.75 * 0.25 * 0.5 * 4;
  EXPECT_NEAR(series.saturation[4], last, 1e-7);
  const SmarSeries decays = smar_series(site(), relative(), surface);
  EXPECT_NEAR(decays.saturation[4], 0.25 + (first - 0.25) * std::exp(-0.125 * 4) + 0.75 * 0.25 * 0.5, 1e-7);
}

// Half-day steps, observations that stand for a day: the first has no step behind it and covers its day, the
// second follows half a day later, the third a day and a half.
TEST(Smar, HoldCoversTheStepThatLiesBehindNotTheObservations) {
  const std::vector<float> surface{0.75F, 1.0F, nan_f, nan_f, 1.0F};
  for (const SmarScheme scheme : {SmarScheme::paper, SmarScheme::exact}) {
    SmarSettings settings = relative(scheme, SmarGapPolicy::hold);
    settings.step_days = 0.5;
    const auto time = [&](double days) {
      return scheme == SmarScheme::paper ? days : -std::expm1(-0.125 * days) / 0.125;
    };
    const SmarSeries series = smar_series(site(), settings, surface);
    const double first = 0.25 + 0.25 * std::exp(-0.0625) + 0.75 * 0.25 * 0.25 * time(1.0);
    const double second = 0.25 + (first - 0.25) * std::exp(-0.0625) + 0.75 * 0.25 * 0.5 * time(0.5);
    const double last = 0.25 + (second - 0.25) * std::exp(-0.1875) + 0.75 * 0.25 * 0.5 * time(1.5);
    EXPECT_NEAR(series.saturation[0], first, 1e-7);
    EXPECT_NEAR(series.saturation[1], second, 1e-7);
    EXPECT_NEAR(series.saturation[4], last, 1e-7);
  }
}

TEST(Smar, GapDaysAreFlaggedAndShownByPolicy) {
  const std::vector<float> surface{0.75F, nan_f, 0.75F};
  const auto gap_flags =
      static_cast<FlagBits>(core::bits(Flag::input_missing) | core::bits(Flag::gap_filled));
  EXPECT_EQ(smar_series(site(), relative(), surface).flags[1], gap_flags);
  const SmarSeries hidden = smar_series(site(), relative(SmarScheme::paper, SmarGapPolicy::missing), surface);
  EXPECT_TRUE(std::isnan(hidden.saturation[1]));
  EXPECT_EQ(hidden.flags[1], core::bits(Flag::input_missing));
  EXPECT_EQ(hidden.flags[2], 0);
  EXPECT_EQ(hidden.saturation[2], smar_series(site(), relative(), surface).saturation[2]);
}

TEST(Smar, LongGapBlanksTheOutputUntilRespun) {
  SmarSettings settings = relative();
  settings.max_gap_days = 2.0;
  settings.respin_days = 2.0;
  const std::vector<float> surface{0.75F, nan_f, nan_f, nan_f, 0.75F, nan_f, 0.75F, 0.75F};
  const SmarSeries series = smar_series(site(), settings, surface);
  const bool shown[] = {true, true, true, false, false, false, false, true};
  for (std::size_t t = 0; t < 8; ++t) EXPECT_EQ(!std::isnan(series.saturation[t]), shown[t]) << t;
  EXPECT_EQ(series.flags[3], core::bits(Flag::input_missing));
  EXPECT_EQ(series.flags[4], core::bits(Flag::spinning_up));
  EXPECT_EQ(series.flags[7], 0);
}

TEST(Smar, NothingIsShownBeforeTheFirstObservation) {
  const std::vector<float> surface{nan_f, nan_f, 0.75F};
  const SmarSeries series = smar_series(site(), relative(), surface);
  EXPECT_TRUE(std::isnan(series.saturation[0]));
  EXPECT_EQ(series.flags[1], core::bits(Flag::input_missing) | core::bits(Flag::spinning_up));
  EXPECT_EQ(series.saturation[2], smar_series(site(), relative(), std::vector<float>{0.75F}).saturation[0]);
}

TEST(Smar, SpinsUpForFourPointSixOverA) {
  SmarSettings settings = relative();
  settings.warm_up_days = -1.0;
  const SmarSeries series = smar_series(site(), settings, std::vector<float>(60, 0.25F));
  int flagged = 0;
  for (FlagBits flags : series.flags) flagged += core::has(flags, Flag::spinning_up);
  EXPECT_EQ(flagged, 37);  // 4.6/0.125 = 36.8
  settings.warm_up_days = 20.0;
  const SmarSeries fixed = smar_series(site(), settings, std::vector<float>(60, 0.25F));
  EXPECT_TRUE(core::has(fixed.flags[19], Flag::spinning_up));
  EXPECT_FALSE(core::has(fixed.flags[20], Flag::spinning_up));
}

TEST(Smar, CapIsInsideTheRecursionAndItsWaterCounted) {
  SmarSite s = site();
  s.sc1 = 0.0;
  s.b = 0.875;
  s.initial_saturation = 1.0;
  const SmarSeries series = smar_series(s, relative(), std::vector<float>{1.0F, 0.0F});
  const double uncapped = 0.25 + 0.75 * std::exp(-0.125) + 0.75 * 0.875;
  EXPECT_EQ(series.saturation[0], 1.0F);
  EXPECT_TRUE(core::has(series.flags[0], Flag::capped));
  EXPECT_NEAR(series.capped_mm, (uncapped - 1.0) * 0.5 * 400.0, 1e-9);
  EXPECT_NEAR(series.saturation[1], 0.25 + 0.75 * std::exp(-0.125), 1e-7);  // from 1, not from above
}

TEST(Smar, SurfaceUnitsAgree) {
  SmarSettings settings = relative();
  const float expected = smar_series(site(), settings, std::vector<float>{0.75F}).saturation[0];
  settings.surface_units = SurfaceUnits::percent_of_saturation;
  EXPECT_FLOAT_EQ(smar_series(site(), settings, std::vector<float>{75.0F}).saturation[0], expected);
  settings.surface_units = SurfaceUnits::volumetric;
  EXPECT_FLOAT_EQ(smar_series(site(), settings, std::vector<float>{0.375F}).saturation[0], expected);
}

TEST(Smar, UnusablePixelIsMissingWithItsReasonEveryDay) {
  SmarSite s = site();
  s.b = 1.0;
  const SmarSeries series = smar_series(s, relative(), std::vector<float>{0.75F, nan_f});
  for (std::size_t t = 0; t < 2; ++t) {
    EXPECT_TRUE(std::isnan(series.saturation[t]));
    EXPECT_TRUE(std::isnan(series.water_content[t]));
    EXPECT_EQ(series.flags[t], core::bits(Flag::not_applicable));
  }
}

/// A strip of many different pixels with state of its own.
struct Map {
  std::size_t pixels;
  std::vector<std::vector<float>> parameters;
  SmarSettings settings;
  SmarCoefficients coefficients;
  std::array<std::vector<double>, 5> state;

  static std::vector<std::vector<float>> draw(std::size_t pixels) {
    std::mt19937 generator(3);
    const std::pair<float, float> ranges[] = {{0.0F, 0.3F}, {0.2F, 0.8F}, {0.01F, 0.6F}, {0.05F, 1.05F},
                                              {0.3F, 0.6F}, {0.3F, 0.6F}, {100, 900},    {0.2F, 0.9F}};
    std::vector<std::vector<float>> columns(8, std::vector<float>(pixels));
    for (std::size_t c = 0; c < 8; ++c) {
      std::uniform_real_distribution<float> uniform(ranges[c].first, ranges[c].second);
      for (float& x : columns[c]) x = uniform(generator);
    }
    return columns;
  }

  explicit Map(std::size_t count, SmarSettings chosen)
      : pixels(count),
        parameters(draw(count)),
        settings(chosen),
        coefficients({parameters[0], parameters[1], parameters[2], parameters[3], parameters[4],
                      parameters[5], parameters[6], parameters[7]},
                     settings) {
    for (std::size_t f = 0; f < 5; ++f) state[f].assign(pixels, smar_state_fields[f].initial);
  }

  void advance(const std::vector<float>& surface, std::size_t first, std::size_t n, std::vector<float>& out,
               std::vector<FlagBits>& flags) {
    const auto part = [&](std::size_t f) { return std::span(state[f]).subspan(first, n); };
    advance_smar(coefficients.view(static_cast<std::int64_t>(first), static_cast<std::int64_t>(n)), settings,
                 {part(0), part(1), part(2), part(3), part(4)},
                 {std::span(surface).subspan(first, n),
                  std::span(out).subspan(first, n),
                  {},
                  std::span(flags).subspan(first, n)});
  }
};

TEST(Smar, AnyCutIntoStripsGivesTheSameBytes) {
  SmarSettings settings = relative(SmarScheme::exact, SmarGapPolicy::hold);
  settings.max_gap_days = 3.0;
  constexpr std::size_t pixels = 613;
  Map whole(pixels, settings), cut(pixels, settings);
  for (unsigned day = 0; day < 60; ++day) {
    const std::vector<float> surface = random_surface(pixels, 100 + day, 0.4);
    std::vector<float> a(pixels), b(pixels);
    std::vector<FlagBits> fa(pixels), fb(pixels);
    whole.advance(surface, 0, pixels, a, fa);
    for (std::size_t first = 0; first < pixels;) {
      const std::size_t n = std::min<std::size_t>(1 + (first * 7 + day) % 97, pixels - first);
      cut.advance(surface, first, n, b, fb);
      first += n;
    }
    ASSERT_EQ(std::memcmp(a.data(), b.data(), pixels * sizeof(float)), 0) << "day " << day;
    ASSERT_EQ(fa, fb);
  }
  EXPECT_EQ(whole.state, cut.state);
}

// A pixel that has spun up while others have not, and the same pixel alone, on days without a gap.
TEST(Smar, DaysLeftToSpinUpEndAtZeroWhateverTheNeighbours) {
  constexpr std::size_t pixels = 40;
  SmarSettings settings = relative();
  settings.warm_up_days = -1.0;  // 4.6/a
  Map whole(pixels, settings), alone(pixels, settings);
  std::vector<float> values(pixels);
  std::vector<FlagBits> flags(pixels);
  for (unsigned day = 0; day < 470; ++day) {  // 460 at most
    const std::vector<float> surface = random_surface(pixels, 100 + day, 0.0);
    whole.advance(surface, 0, pixels, values, flags);
    for (std::size_t i = 0; i < pixels; ++i) alone.advance(surface, i, 1, values, flags);
  }
  EXPECT_EQ(whole.state, alone.state);
  EXPECT_EQ(whole.state[2], std::vector<double>(pixels, 0.0));
}

TEST(Smar, RestartFromStateGivesTheSameBytes) {
  SmarSettings settings = relative();
  settings.max_gap_days = 3.0;
  constexpr std::size_t pixels = 300;
  Map through(pixels, settings);
  std::vector<float> a(pixels), b(pixels);
  std::vector<FlagBits> fa(pixels), fb(pixels);
  for (unsigned day = 0; day < 25; ++day) through.advance(random_surface(pixels, day, 0.5), 0, pixels, a, fa);
  Map resumed(pixels, settings);
  resumed.state = through.state;
  for (unsigned day = 25; day < 50; ++day) {
    const std::vector<float> surface = random_surface(pixels, day, 0.5);
    through.advance(surface, 0, pixels, a, fa);
    resumed.advance(surface, 0, pixels, b, fb);
    ASSERT_EQ(std::memcmp(a.data(), b.data(), pixels * sizeof(float)), 0);
    ASSERT_EQ(fa, fb);
  }
}

TEST(Smar, SaturationStaysBetweenZeroAndOne) {
  Map map(400, relative());
  std::vector<float> out(400);
  std::vector<FlagBits> flags(400);
  int shown = 0;
  for (unsigned day = 0; day < 100; ++day) {
    map.advance(random_surface(400, day, 0.2), 0, 400, out, flags);
    for (float s : out)
      if (!std::isnan(s)) {
        ++shown;
        ASSERT_TRUE(s >= 0.0F && s <= 1.0F) << s;
      }
  }
  EXPECT_GT(shown, 30000);
}

}  // namespace
}  // namespace rootzone::moisture
