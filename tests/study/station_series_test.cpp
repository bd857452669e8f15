#include "rootzone/study/station_series.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace rootzone::study {
namespace {

const float missing = std::numeric_limits<float>::quiet_NaN();

SensorSeries point(double depth_m, std::vector<float> daily) {
  return {depth_m, depth_m, std::move(daily)};
}

std::int64_t hour_of(const core::Date& date, int hour) {
  return core::day_number(date, core::Calendar::standard) * 86400 + hour * 3600;
}

TEST(DailyMeans, MidnightBeginsTheUtcDay) {
  const core::TimeAxis axis({2016, 2, 28}, {2016, 3, 1});
  std::vector<std::int64_t> times;
  std::vector<float> values;
  for (int hour = 0; hour < 24; ++hour) {
    times.push_back(hour_of({2016, 2, 28}, hour));
    values.push_back(1.0F);
    times.push_back(hour_of({2016, 2, 29}, hour));
    values.push_back(static_cast<float>(hour));
  }
  const auto means = daily_means(times, values, axis);
  EXPECT_FLOAT_EQ(means[0], 1.0F) << "00:00 of the 29th is not of the 28th";
  EXPECT_FLOAT_EQ(means[1], 11.5F);
  EXPECT_TRUE(std::isnan(means[2]));
}

TEST(DailyMeans, SeventeenHoursAreNotEnoughAndRepeatsOfAnHourCountOnce) {
  const core::TimeAxis axis({1969, 12, 31}, {1970, 1, 1});
  std::vector<std::int64_t> times;
  std::vector<float> values;
  for (int hour = 0; hour < 17; ++hour) {
    times.push_back(-86400 + hour * 3600);
    values.push_back(0.2F);
    times.push_back(-86400 + hour * 3600 + 1800);
    values.push_back(0.4F);
  }
  times.push_back(-3600);
  values.push_back(missing);
  EXPECT_TRUE(std::isnan(daily_means(times, values, axis)[0]));
  EXPECT_FLOAT_EQ(daily_means(times, values, axis, 17)[0], 0.3F);
  times.push_back(-1);
  values.push_back(0.3F);
  EXPECT_FLOAT_EQ(daily_means(times, values, axis)[0], 0.3F);
  EXPECT_TRUE(std::isnan(daily_means(times, values, axis)[1]));
}

TEST(DailyMeans, CivilDatesCarryOverToOtherCalendars) {
  const core::TimeAxis axis({2016, 2, 27}, {2016, 3, 2}, core::Calendar::noleap);
  ASSERT_EQ(axis.count(), 4);
  const std::vector<std::int64_t> times{hour_of({2016, 2, 28}, 12), hour_of({2016, 2, 29}, 12),
                                        hour_of({2016, 3, 1}, 12)};
  const auto means = daily_means(times, std::vector<float>{1, 2, 3}, axis, 1);
  EXPECT_EQ(means[1], 1.0F);
  EXPECT_EQ(means[2], 3.0F) << "29 February does not exist here";
}

TEST(DailyMeans, BadArgumentsAreRefused) {
  const core::TimeAxis axis({2016, 2, 27}, {2016, 3, 2});
  EXPECT_THROW(daily_means(std::vector<std::int64_t>{1}, std::vector<float>{}, axis), std::invalid_argument);
  EXPECT_THROW(daily_means({}, {}, axis, 0), std::invalid_argument);
  EXPECT_THROW(daily_means({}, {}, axis, 25), std::invalid_argument);
}

//        5        10        20             50 cm      midpoints 7.5, 15, 35
//   0 ───●──┊──────●────┊────●────────┊─────●──
//                 [10 … zone … … … … … … … 50]       10 cm: 5 cm, 20 cm: 20 cm, 50 cm: 15 cm
TEST(ZoneReference, ThicknessesAreTheMidpointsClippedToTheZone) {
  const std::vector<SensorSeries> sensors{point(0.50, {0.4F}), point(0.05, {0.1F}), point(0.20, {0.3F}),
                                          point(0.10, {0.2F})};
  const ZoneReference reference = zone_reference(sensors, {0.10, 0.50});
  ASSERT_EQ(reference.weights.size(), 3u);
  EXPECT_NEAR(reference.weights[0].thickness_m, 0.05, 1e-12);
  EXPECT_NEAR(reference.weights[1].thickness_m, 0.20, 1e-12);
  EXPECT_NEAR(reference.weights[2].thickness_m, 0.15, 1e-12);
  EXPECT_NEAR(reference.values[0], (0.05 * 0.2 + 0.20 * 0.3 + 0.15 * 0.4) / 0.40, 1e-7);
  const ZoneReference surface = zone_reference(sensors, {0.0, 0.10});
  ASSERT_EQ(surface.weights.size(), 2u);
  EXPECT_NEAR(surface.values[0], (0.075 * 0.1 + 0.025 * 0.2) / 0.10, 1e-7);
}

TEST(ZoneReference, TheOutermostSensorsReachTheEdges) {
  const ZoneReference reference =
      zone_reference(std::vector<SensorSeries>{point(0.15, {0.2F}), point(0.30, {0.4F})}, {0.10, 0.50});
  ASSERT_EQ(reference.weights.size(), 2u);
  EXPECT_NEAR(reference.weights[0].thickness_m, 0.125, 1e-12);
  EXPECT_NEAR(reference.weights[1].thickness_m, 0.275, 1e-12);
}

TEST(ZoneReference, EveryDepthOfTheZoneMustBeValid) {
  const std::vector<SensorSeries> sensors{point(0.05, {missing, 0.1F, 0.1F}),
                                          point(0.10, {0.2F, 0.2F, missing}),
                                          point(0.40, {0.3F, missing, 0.3F})};
  const ZoneReference reference = zone_reference(sensors, {0.10, 0.50});
  EXPECT_FALSE(std::isnan(reference.values[0])) << "the 5 cm sensor lies above the zone";
  EXPECT_TRUE(std::isnan(reference.values[1]));
  EXPECT_TRUE(std::isnan(reference.values[2]));
}

TEST(ZoneReference, SensorsAtOneDepthAreAveraged) {
  const std::vector<SensorSeries> sensors{point(0.10, {0.2F, missing}), point(0.1004, {0.4F, 0.4F}),
                                          point(0.40, {0.3F, 0.3F})};
  const ZoneReference reference = zone_reference(sensors, {0.0, 0.20});
  ASSERT_EQ(reference.weights.size(), 1u);
  EXPECT_EQ(reference.weights[0].sensors, 2);
  EXPECT_NEAR(reference.values[0], 0.3F, 1e-6);
  EXPECT_NEAR(reference.values[1], 0.4F, 1e-6);
}

TEST(ZoneReference, SensorsThatCannotSpeakForTheZoneGiveAReason) {
  EXPECT_EQ(zone_reference(std::vector<SensorSeries>{point(1.0, {0.2F})}, {0.10, 0.50}).problem,
            "no sensor in the zone");
  EXPECT_EQ(zone_reference({}, {0.10, 0.50}).problem, "no sensor in the zone");
  const std::vector<SensorSeries> shallow{point(0.10, {0.2F}), point(0.15, {0.2F})};
  EXPECT_NE(zone_reference(shallow, {0.10, 0.50}).problem.find("19 % of the zone, 50 %"), std::string::npos)
      << zone_reference(shallow, {0.10, 0.50}).problem;
  EXPECT_TRUE(
      zone_reference(shallow, {0.10, 0.50}, {.calibration = {}, .min_coverage = 0.1}).problem.empty());
  const std::vector<SensorSeries> cosmic{{0.0, 0.19, {0.25F}}};
  EXPECT_NEAR(zone_reference(cosmic, {0.0, 0.10}).values.at(0), 0.25, 1e-7);
  EXPECT_NE(zone_reference(std::vector<SensorSeries>{point(-1.0, {0.2F})}, {0.0, 0.10}).problem, "")
      << "above ground";
}

TEST(ZoneReference, TheNamedCalibrationIsThePapers) {
  const auto calibration = SensorCalibration::named("liu2023-5tm");
  ASSERT_TRUE(calibration.has_value());
  const ZoneReference reference = zone_reference(std::vector<SensorSeries>{point(0.05, {0.2F})}, {0.0, 0.10},
                                                 {.calibration = *calibration});
  EXPECT_NEAR(reference.values[0], 1.0614 * 0.2 + 0.0134, 1e-7);
  EXPECT_FALSE(SensorCalibration::named("5tm").has_value());
  EXPECT_EQ(SensorCalibration::named("none")->gain, 1.0);
}

TEST(ZoneReference, BadArgumentsAreRefused) {
  const std::vector<SensorSeries> uneven{point(0.05, {0.2F}), point(0.10, {0.2F, 0.3F})};
  EXPECT_THROW(zone_reference(uneven, {0.0, 0.10}), std::invalid_argument);
  EXPECT_THROW(zone_reference({}, {0.5, 0.1}), std::invalid_argument);
  EXPECT_THROW(zone_reference(std::vector<SensorSeries>{{0.2, 0.1, {0.1F}}}, {0.0, 0.10}),
               std::invalid_argument);
}

}  // namespace
}  // namespace rootzone::study
