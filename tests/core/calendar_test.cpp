#include "rootzone/core/calendar.hpp"

#include <gtest/gtest.h>

#include "rootzone/core/error.hpp"

namespace rootzone::core {
namespace {

constexpr Calendar all_calendars[] = {Calendar::standard, Calendar::proleptic_gregorian,
                                      Calendar::julian,   Calendar::noleap,
                                      Calendar::all_leap, Calendar::day_360};

TEST(Calendar, DayNumberCountsFromTheUnixEpoch) {
  EXPECT_EQ(day_number({1970, 1, 1}, Calendar::standard), 0);
  EXPECT_EQ(day_number({2000, 3, 1}, Calendar::standard), 11017);
  EXPECT_EQ(day_number({1969, 12, 31}, Calendar::proleptic_gregorian), -1);
  EXPECT_EQ(day_number({1971, 1, 1}, Calendar::noleap), 365);
  EXPECT_EQ(day_number({1971, 1, 1}, Calendar::all_leap), 366);
  EXPECT_EQ(day_number({1971, 1, 1}, Calendar::day_360), 360);
}

TEST(Calendar, EveryDayRoundTripsInEveryCalendar) {
  for (Calendar calendar : all_calendars)
    for (std::int64_t day = -800000; day < 100000; day += 37) {
      const Date date = date_of(day, calendar);
      ASSERT_TRUE(is_valid(date, calendar)) << iso_date(date) << " " << calendar_name(calendar);
      ASSERT_EQ(day_number(date, calendar), day) << calendar_name(calendar);
    }
}

TEST(Calendar, StandardSkipsTheTenDaysOfOctober1582) {
  EXPECT_EQ(day_number({1582, 10, 15}, Calendar::standard) - day_number({1582, 10, 4}, Calendar::standard),
            1);
  EXPECT_FALSE(is_valid({1582, 10, 10}, Calendar::standard));
  EXPECT_TRUE(is_valid({1582, 10, 10}, Calendar::proleptic_gregorian));
  EXPECT_THROW(day_number({1582, 10, 10}, Calendar::standard), Error);
}

TEST(Calendar, LeapDaysExistWhereTheCalendarHasThem) {
  EXPECT_TRUE(is_valid({2016, 2, 29}, Calendar::standard));
  EXPECT_FALSE(is_valid({1900, 2, 29}, Calendar::standard));
  EXPECT_TRUE(is_valid({1900, 2, 29}, Calendar::julian));
  EXPECT_FALSE(is_valid({2016, 2, 29}, Calendar::noleap));
  EXPECT_TRUE(is_valid({2015, 2, 29}, Calendar::all_leap));
  EXPECT_TRUE(is_valid({2015, 2, 30}, Calendar::day_360));
  EXPECT_FALSE(is_valid({2015, 1, 31}, Calendar::day_360));
}

TEST(Calendar, NamesOfTheConventionsAreUnderstood) {
  EXPECT_EQ(parse_calendar("Gregorian"), Calendar::standard);
  EXPECT_EQ(parse_calendar("365_day"), Calendar::noleap);
  EXPECT_EQ(parse_calendar("366_day"), Calendar::all_leap);
  EXPECT_EQ(parse_calendar("360_day"), Calendar::day_360);
  EXPECT_FALSE(parse_calendar("mayan").has_value());
}

TEST(Calendar, IsoDatesAreReadStrictly) {
  EXPECT_EQ(parse_iso_date("2016-02-29"), (Date{2016, 2, 29}));
  for (const char* bad :
       {"2016-2-29", "2016/02/29", "2016-13-01", "2016-00-10", "20160229", "2016-02-2x", ""})
    EXPECT_FALSE(parse_iso_date(bad).has_value()) << bad;
  EXPECT_EQ(iso_date({987, 6, 5}), "0987-06-05");
  EXPECT_EQ(compact_date({2016, 1, 2}), "20160102");
}

TEST(Calendar, DayOfYearKnowsLeapYears) {
  EXPECT_EQ(day_of_year({2016, 12, 31}, Calendar::standard), 366);
  EXPECT_EQ(day_of_year({2015, 12, 31}, Calendar::standard), 365);
  EXPECT_EQ(day_of_year({2015, 3, 1}, Calendar::day_360), 61);
  EXPECT_EQ(days_in_year(1582, Calendar::standard), 355);
}

}  // namespace
}  // namespace rootzone::core
