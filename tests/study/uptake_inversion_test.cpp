#include "rootzone/study/uptake_inversion.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <thread>

#include "rootzone/core/error.hpp"

namespace rootzone::study {
namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

/// A soil that hardly conducts: the storage change is the uptake.
soil::BrooksCorey tight_soil() {
  soil::BrooksCorey soil = uptake_paper_soil();
  soil.saturated_conductivity_cm_d = 1e-6;
  return soil;
}

/// Three layers that lose 1.2, 0.9 and 0.6 mm a day over 30 cm each.
ProfileSeries drying(int days, const soil::SoilHydraulics& soil) {
  ProfileSeries series;
  series.axis = core::TimeAxis(
      {2011, 4, 14}, core::date_of(core::day_number({2011, 4, 14}, core::Calendar::standard) + days - 1,
                                   core::Calendar::standard));
  series.thickness_cm = {30.0, 30.0, 30.0};
  const double loss[] = {0.004, 0.003, 0.002};
  for (double per_day : loss) {
    series.water_content.emplace_back();
    for (int day = 0; day < days; ++day) series.water_content.back().push_back(0.25 - per_day * day);
  }
  series.precipitation_mm.assign(static_cast<std::size_t>(days), 0.0);
  series.evaporation_mm.assign(static_cast<std::size_t>(days), 0.0);
  series.soil = {soil};
  return series;
}

UptakeInversionSettings exact_data() {
  UptakeInversionSettings settings;
  settings.errors.water_content = 1e-5;
  settings.errors.evaporation = 0.0;
  settings.samples = 400;
  return settings;
}

bool says(const IntervalUptake& interval, const std::string& words) {
  for (const std::string& reason : interval.reasons)
    if (reason.find(words) != std::string::npos) return true;
  return false;
}

TEST(UptakeInversion, FindsWhatTheLayersLose) {
  const auto intervals = invert_uptake(drying(4, tight_soil()), exact_data());
  ASSERT_EQ(intervals.size(), 3U);
  EXPECT_EQ(core::iso_date(intervals[1].first), "2011-04-15");
  EXPECT_EQ(core::iso_date(intervals[1].last), "2011-04-16");
  const double loss[] = {1.2, 0.9, 0.6};
  for (const IntervalUptake& one : intervals) {
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(one.layers[i].uptake_mm, loss[i], 1e-3);
      EXPECT_NEAR(one.layers[i].share, loss[i] / 2.7, 1e-3);
      EXPECT_NEAR(one.layers[i].storage_change_mm, -loss[i], 1e-12);
    }
    EXPECT_NEAR(one.uptake_mm, 2.7, 1e-3);
    EXPECT_EQ(one.verdict, UptakeVerdict::usable);
    EXPECT_TRUE(one.reasons.empty());
    EXPECT_EQ(one.success.share, 1.0);
  }
}

TEST(UptakeInversion, SensorErrorsOfThePaperMakeItUnidentifiable) {
  UptakeInversionSettings settings;  // ±1 % of the water content is ±0.75 mm per layer and end
  settings.samples = 400;
  const auto intervals = invert_uptake(drying(2, tight_soil()), settings);
  ASSERT_EQ(intervals.size(), 1U);
  EXPECT_EQ(intervals[0].verdict, UptakeVerdict::not_identifiable);
  EXPECT_LT(intervals[0].success.share, 0.2);
  // ±1 % uniform at both ends of 30 cm at 0.25: sd = 300 mm·0.0025·√(2/3)
  EXPECT_NEAR(intervals[0].layers[0].standard_deviation_mm, 300.0 * 0.0025 * std::sqrt(2.0 / 3.0), 0.02);
  EXPECT_TRUE(says(intervals[0], "under the stated errors only"));
  EXPECT_GT(intervals[0].bearable_water_content_error, 0.0);
  EXPECT_LT(intervals[0].bearable_water_content_error, 0.01);
  EXPECT_TRUE(says(intervals[0], "would do"));
}

TEST(UptakeInversion, BearableErrorIsBorneAndTwiceItIsNot) {
  UptakeInversionSettings settings;
  settings.samples = 2000;
  const ProfileSeries series = drying(2, tight_soil());
  const double bearable = invert_uptake(series, settings)[0].bearable_water_content_error;
  settings.errors.soil = 0.0;
  settings.errors.water_content = bearable;
  EXPECT_GE(invert_uptake(series, settings)[0].success.share, 0.75);
  settings.errors.water_content = 2.0 * bearable;
  EXPECT_LT(invert_uptake(series, settings)[0].success.share, 0.85);
}

TEST(UptakeInversion, RainHidesTheUptake) {
  ProfileSeries series = drying(2, tight_soil());
  series.precipitation_mm = {0.0, 20.0};  // half of it before noon
  series.water_content[0][1] += 10.0 / 300.0;
  const IntervalUptake wet = invert_uptake(series, exact_data())[0];
  EXPECT_NEAR(wet.precipitation_mm, 10.0, 1e-12);
  EXPECT_NEAR(wet.layers[0].uptake_mm, 1.2, 2e-3);
  EXPECT_NEAR(wet.rain_share, 10.0 / (10.0 + 2.7), 1e-3);
  EXPECT_EQ(wet.verdict, UptakeVerdict::not_identifiable);
  EXPECT_TRUE(says(wet, "rain is 79 % of the balance"));
}

TEST(UptakeInversion, LongIntervalsAndManyLayersAreOnlyQualitative) {
  UptakeInversionSettings settings = exact_data();
  settings.interval_days = 3;
  const auto intervals = invert_uptake(drying(8, tight_soil()), settings);
  ASSERT_EQ(intervals.size(), 2U);  // the last day is no whole interval
  EXPECT_EQ(intervals[0].verdict, UptakeVerdict::qualitative);
  EXPECT_TRUE(says(intervals[0], "3 days between observations"));
  EXPECT_NEAR(intervals[0].layers[0].uptake_mm, 3.6, 3e-3);
  settings.interval_days = 1;
  settings.limits.usable_layers = 2;
  EXPECT_TRUE(says(invert_uptake(drying(2, tight_soil()), settings)[0], "3 layers"));
}

TEST(UptakeInversion, NegativeUptakeIsShownAndNamed) {
  ProfileSeries series = drying(2, tight_soil());
  series.water_content[1][1] = 0.252;  // gains 0.6 mm from nowhere
  const IntervalUptake one = invert_uptake(series, exact_data())[0];
  EXPECT_NEAR(one.layers[1].uptake_mm, -0.6, 1e-3);
  EXPECT_EQ(one.verdict, UptakeVerdict::not_identifiable);
  EXPECT_TRUE(says(one, "negative uptake at 30–60 cm: −0.60"));
  EXPECT_TRUE(says(one, "beyond the stated errors"));
}

TEST(UptakeInversion, NoUptakeAtAllIsSaid) {
  ProfileSeries series = drying(2, tight_soil());
  for (auto& layer : series.water_content) layer[1] = 0.251;
  const IntervalUptake one = invert_uptake(series, exact_data())[0];
  EXPECT_EQ(one.verdict, UptakeVerdict::not_identifiable);
  EXPECT_TRUE(says(one, "the balance leaves no uptake"));
}

TEST(UptakeInversion, AKnownTranspirationIsTheMeasure) {
  ProfileSeries series = drying(2, tight_soil());
  series.transpiration_mm = {2.7, 2.7};
  IntervalUptake one = invert_uptake(series, exact_data())[0];
  EXPECT_NEAR(one.layers[0].share, 1.2 / 2.7, 1e-3);
  EXPECT_EQ(one.verdict, UptakeVerdict::usable);
  series.transpiration_mm = {5.4, 5.4};
  one = invert_uptake(series, exact_data())[0];
  EXPECT_NEAR(one.layers[0].share, 1.2 / 5.4, 1e-3);
  EXPECT_EQ(one.verdict, UptakeVerdict::qualitative);
  EXPECT_TRUE(says(one, "far from the transpiration of 5.40 mm"));
}

TEST(UptakeInversion, MissingValuesKeepTheirPlaceAndAreNamed) {
  ProfileSeries series = drying(4, tight_soil());
  series.water_content[1][1] = nan_value;
  series.precipitation_mm[3] = nan_value;
  const auto intervals = invert_uptake(series, exact_data());
  ASSERT_EQ(intervals.size(), 3U);
  EXPECT_TRUE(intervals[0].layers.empty());
  EXPECT_TRUE(says(intervals[0], "no water content at 30–60 cm on 2011-04-15"));
  EXPECT_TRUE(says(intervals[1], "no water content"));
  EXPECT_TRUE(says(intervals[2], "no precipitation on 2011-04-17"));
  EXPECT_EQ(intervals[2].verdict, UptakeVerdict::not_identifiable);
}

/// Odd and even ones at once, from the last to the first.
void two_threads(std::int64_t count, const std::function<void(std::int64_t)>& body) {
  const auto run = [&](std::int64_t parity) {
    for (std::int64_t i = count - 1; i >= 0; --i)
      if (i % 2 == parity) body(i);
  };
  std::thread other(run, 1);
  run(0);
  other.join();
}

TEST(UptakeInversion, TheSameForAnyNumberOfThreads) {
  UptakeInversionSettings settings;
  settings.samples = 200;
  const ProfileSeries series = drying(12, uptake_paper_soil());
  const auto one = invert_uptake(series, settings);
  const auto many = invert_uptake(series, settings, two_threads);
  ASSERT_EQ(one.size(), many.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].success.share, many[i].success.share);
    EXPECT_EQ(one[i].layers[2].uptake_mm, many[i].layers[2].uptake_mm);
    EXPECT_EQ(one[i].reasons, many[i].reasons);
  }
}

TEST(UptakeInversion, SeriesThatDoNotFitAreRefused) {
  ProfileSeries series = drying(3, tight_soil());
  series.precipitation_mm.pop_back();
  EXPECT_THROW(invert_uptake(series, exact_data()), core::Error);
  UptakeInversionSettings settings = exact_data();
  settings.interval_days = 5;
  EXPECT_THROW(invert_uptake(drying(3, tight_soil()), settings), core::Error);
  settings.interval_days = 0;
  EXPECT_THROW(invert_uptake(drying(3, tight_soil()), settings), core::Error);
}

}  // namespace
}  // namespace rootzone::study
