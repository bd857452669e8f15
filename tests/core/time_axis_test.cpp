#include "rootzone/core/time_axis.hpp"

#include <gtest/gtest.h>

#include "rootzone/core/error.hpp"

namespace rootzone::core {
namespace {

TEST(TimeAxis, HoldsBothEndDays) {
  const TimeAxis axis({2016, 2, 28}, {2016, 3, 1});
  EXPECT_EQ(axis.count(), 3);
  EXPECT_EQ(axis.date(1), (Date{2016, 2, 29}));
  EXPECT_EQ(axis.index({2016, 3, 1}), 2);
  EXPECT_FALSE(axis.index({2016, 3, 2}).has_value());
  EXPECT_FALSE(axis.index({2015, 2, 29}).has_value());
}

TEST(TimeAxis, RefusesAnEmptySpanAndDatesThatDoNotExist) {
  EXPECT_THROW(TimeAxis({2016, 3, 1}, {2016, 2, 1}), Error);
  EXPECT_THROW(TimeAxis({2015, 2, 29}, {2016, 2, 1}), Error);
}

TEST(TimeAxis, MonthsCoverEveryDayOnce) {
  const TimeAxis axis({2015, 12, 20}, {2016, 3, 5});
  const auto months = periods_of(axis, PeriodKind::month);
  ASSERT_EQ(months.size(), 4U);
  EXPECT_EQ(months[0].label, "201512");
  EXPECT_EQ(months[0].steps, 12);
  EXPECT_EQ(months[0].full_steps, 31);
  EXPECT_EQ(months[2].label, "201602");
  EXPECT_EQ(months[2].steps, 29);
  EXPECT_EQ(months[3].first_step + months[3].steps, axis.count());
}

TEST(TimeAxis, WinterIsNamedAfterItsJanuary) {
  const TimeAxis axis({2015, 12, 1}, {2016, 11, 30});
  const auto seasons = periods_of(axis, PeriodKind::season);
  ASSERT_EQ(seasons.size(), 4U);
  EXPECT_EQ(seasons[0].label, "2016DJF");
  EXPECT_EQ(seasons[0].steps, 91);
  EXPECT_EQ(seasons[3].label, "2016SON");
  const auto february = periods_of(TimeAxis({2016, 2, 1}, {2016, 2, 3}), PeriodKind::season);
  EXPECT_EQ(february[0].label, "2016DJF");
  EXPECT_EQ(february[0].full_steps, 91);
}

TEST(TimeAxis, YearsMayBeginInAnyMonth) {
  const TimeAxis axis({2001, 1, 1}, {2002, 12, 31});
  const auto years = periods_of(axis, PeriodKind::year, 10);
  ASSERT_EQ(years.size(), 3U);
  EXPECT_EQ(years[0].label, "2000");
  EXPECT_EQ(years[0].steps, 273);
  EXPECT_EQ(years[1].steps, 365);
}

}  // namespace
}  // namespace rootzone::core
