#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "calibration_rig.hpp"
#include "rootzone/moisture/exponential_filter.hpp"
#include "rootzone/study/filter_fit.hpp"
#include "rootzone/study/plausibility.hpp"
#include "rootzone/study/texture_class.hpp"

namespace rootzone::study {
namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

std::vector<float> wavy(int days) {
  std::vector<float> values;
  for (int day = 0; day < days; ++day) values.push_back(static_cast<float>(0.3 + 0.1 * std::sin(0.1 * day)));
  return values;
}

TEST(Plausibility, SoilKeepsEveryRule) {
  EXPECT_TRUE(implausible(wavy(2000)).empty());
  EXPECT_TRUE(implausible(rig::showers(2000, 3, 0.2)).empty());
  EXPECT_TRUE(implausible({}).empty());
}

TEST(Plausibility, NamesEachBrokenRuleWithItsNumbers) {
  auto high = wavy(1000);
  for (std::size_t day : {10U, 11U, 12U}) high[day] = 1.05F;
  const auto above = implausible(high);
  ASSERT_EQ(above.size(), 1u) << "up and down are two jumps, which are allowed";
  EXPECT_EQ(above[0], "3 of 1000 days above 1 m3 m-3");
  high[11] = high[12] = 0.4F;
  EXPECT_TRUE(implausible(high).empty()) << "one day in a thousand may be wrong";

  auto low = wavy(1000);
  for (std::size_t day = 100; day < 105; ++day) low[day] = -0.02F;
  EXPECT_EQ(implausible(low)[0], "5 of 1000 days below 0 m3 m-3");

  auto stuck = wavy(1000);
  for (std::size_t day = 200; day < 230; ++day) stuck[day] = 0.25F;
  EXPECT_EQ(implausible(stuck)[0], "stuck at 0.25 m3 m-3 for 30 days");
  stuck[215] = missing;
  EXPECT_TRUE(implausible(stuck).empty()) << "a gap ends the run";

  EXPECT_EQ(implausible(std::vector<float>(100, 0.3F))[0], "constant: all values between 0.3 and 0.3 m3 m-3");

  auto jumps = wavy(1000);
  for (std::size_t day = 500; day < 1000; ++day) jumps[day] += 0.3F;
  for (std::size_t day = 600; day < 700; ++day) jumps[day] -= 0.3F;
  EXPECT_EQ(implausible(jumps)[0], "3 jumps of more than 0.25 m3 m-3 from day to day");

  auto spikes = wavy(1000);
  for (std::size_t day : {100U, 300U, 500U}) spikes[day] += 0.2F;
  EXPECT_EQ(implausible(spikes)[0], "3 spikes of more than 0.15 m3 m-3");
}

TEST(Plausibility, RefusesRulesThatMakeNoSense) {
  PlausibilityRules rules;
  rules.highest = -1.0;
  EXPECT_THROW(implausible(wavy(10), rules), std::invalid_argument);
}

// Corners and the middle of each class of the triangle (Soil Survey Manual, 2017, figure 3-7).
TEST(TextureClass, FollowsTheTriangle) {
  const auto name = [](double sand, double clay) {
    const auto found = texture_class(sand, clay);
    return found ? std::string(name_of(*found)) : std::string("none");
  };
  EXPECT_EQ(name(92, 3), "sand");
  EXPECT_EQ(name(82, 6), "loamy sand");
  EXPECT_EQ(name(65, 10), "sandy loam");
  EXPECT_EQ(name(48, 5), "sandy loam") << "little clay, less than half silt";
  EXPECT_EQ(name(42, 18), "loam");
  EXPECT_EQ(name(20, 15), "silt loam");
  EXPECT_EQ(name(15, 5), "silt");
  EXPECT_EQ(name(5, 13), "silt loam") << "12 % clay ends silt";
  EXPECT_EQ(name(60, 28), "sandy clay loam");
  EXPECT_EQ(name(33, 33), "clay loam");
  EXPECT_EQ(name(10, 34), "silty clay loam");
  EXPECT_EQ(name(52, 42), "sandy clay");
  EXPECT_EQ(name(7, 47), "silty clay");
  EXPECT_EQ(name(20, 60), "clay");
  EXPECT_EQ(name(100, 0), "sand");
  EXPECT_EQ(name(0, 100), "clay");
  EXPECT_EQ(name(0, 0), "silt");
  EXPECT_EQ(name(60, 41), "none");
  EXPECT_EQ(name(-1, 41), "none");
  EXPECT_EQ(name(std::nan(""), 41), "none");
  EXPECT_EQ(name(60.2, 40.1), "sandy clay") << "rounding of the parts";
}

TEST(TextureClass, EveryMixtureHasOne) {
  for (int sand = 0; sand <= 100; ++sand)
    for (int clay = 0; clay + sand <= 100; ++clay) EXPECT_TRUE(texture_class(sand, clay).has_value());
}

TEST(FilterFit, FindsTheTimeAndTheLine) {
  const std::vector<float> surface = rig::showers(700, 9, 0.3);
  std::vector<float> root_zone;
  moisture::SeriesFilter filter{12.0};
  for (std::size_t day = 0; day < surface.size(); ++day) {
    if (!std::isnan(surface[day])) filter.update(static_cast<double>(day), static_cast<double>(surface[day]));
    root_zone.push_back(static_cast<float>(0.1 + 0.8 * filter.value()));
  }
  const std::vector<double> times{5, 10, 11, 12, 13, 20, 40};
  for (const auto objective : {FilterObjective::pearson_r, FilterObjective::nse}) {
    const auto fit = fit_filter(surface, root_zone, {0, 500}, 20, objective, times, 100);
    ASSERT_TRUE(fit.has_value());
    EXPECT_EQ(fit->time_days, 12.0);
    EXPECT_NEAR(fit->objective, 1.0, 1e-6);
    EXPECT_NEAR(fit->map.slope, 0.8, 1e-5);
    EXPECT_NEAR(fit->map.intercept, 0.1, 1e-5);
    for (std::size_t day = 500; day < 700; ++day) EXPECT_NEAR(fit->values[day], root_zone[day], 1e-5F);
  }
  EXPECT_FALSE(fit_filter(surface, root_zone, {0, 60}, 20, FilterObjective::nse, times, 100).has_value());
  EXPECT_FALSE(fit_filter(std::vector<float>(700, 0.3F), root_zone, {0, 500}, 20, FilterObjective::pearson_r,
                          times, 100)
                   .has_value())
      << "a constant surface has no correlation";
}

}  // namespace
}  // namespace rootzone::study
