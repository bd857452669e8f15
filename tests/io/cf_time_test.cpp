#include "rootzone/io/cf_time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

using core::Calendar;
using core::Date;
using ::testing::HasSubstr;

double day(int year, int month, int day_of_month, Calendar calendar = Calendar::standard) {
  return static_cast<double>(core::day_number({year, month, day_of_month}, calendar));
}

std::string refusal(const std::string& units, Calendar calendar = Calendar::standard) {
  try {
    CfTime(units, calendar);
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::data);
    return error.what();
  }
  ADD_FAILURE() << units << " was accepted";
  return {};
}

TEST(CfTime, ReadsTheSpellingsOfTheField) {
  EXPECT_DOUBLE_EQ(CfTime("Days since 1901-01-01", Calendar::standard).to_days(36525), day(2001, 1, 1));
  EXPECT_DOUBLE_EQ(CfTime("days since 2016-01-02 06:00:00.0", Calendar::proleptic_gregorian).to_days(1),
                   day(2016, 1, 3) + 0.25);
  EXPECT_DOUBLE_EQ(CfTime("hours since 1990-1-1 00:00:00", Calendar::standard).to_days(743),
                   day(1990, 1, 31) + 23.0 / 24.0);
  EXPECT_DOUBLE_EQ(CfTime("seconds since 1970-01-01T00:00:00Z", Calendar::standard).to_days(86400.0 * 365),
                   365.0);
  EXPECT_DOUBLE_EQ(CfTime("minutes since 2000-01-01 12:00 UTC", Calendar::standard).to_days(720),
                   day(2000, 1, 2));
  EXPECT_DOUBLE_EQ(CfTime("hrs since 20000101", Calendar::standard).to_days(48), day(2000, 1, 3));
  EXPECT_DOUBLE_EQ(CfTime("milliseconds since 1970-01-01", Calendar::standard).to_days(43200e3), 0.5);
  EXPECT_DOUBLE_EQ(CfTime("weeks since 1970/01/01", Calendar::standard).to_days(2), 14.0);
  EXPECT_DOUBLE_EQ(CfTime("days since 1-1-1 00:00:0.0", Calendar::proleptic_gregorian).to_days(719162), 0.0);
}

TEST(CfTime, TakesTheOffsetFromUtcOff) {
  EXPECT_DOUBLE_EQ(CfTime("days since 2000-01-01 00:00:00 +06:00", Calendar::standard).to_days(0),
                   day(1999, 12, 31) + 0.75);
  EXPECT_DOUBLE_EQ(CfTime("days since 2000-01-01 00:00 -6", Calendar::standard).to_days(0),
                   day(2000, 1, 1) + 0.25);
  EXPECT_DOUBLE_EQ(CfTime("days since 2000-01-01T00:00:00+0130", Calendar::standard).to_days(0),
                   day(2000, 1, 1) - 0.0625);
}

TEST(CfTime, CountsMonthsAndYearsByTheCalendar) {
  const CfTime months("months since 2000-01-01", Calendar::standard);
  EXPECT_DOUBLE_EQ(months.to_days(1), day(2000, 2, 1));
  EXPECT_DOUBLE_EQ(months.to_days(2), day(2000, 3, 1));
  EXPECT_DOUBLE_EQ(months.to_days(600), day(2050, 1, 1));  // UDUNITS' months would be 12 days off
  EXPECT_DOUBLE_EQ(months.to_days(-1), day(1999, 12, 1));
  EXPECT_DOUBLE_EQ(months.to_days(1.5), day(2000, 2, 1) + 14.5);
  EXPECT_DOUBLE_EQ(CfTime("months since 2001-01-31", Calendar::standard).to_days(1), day(2001, 2, 28));
  EXPECT_DOUBLE_EQ(CfTime("months since 2001-01-31 12:00", Calendar::standard).to_days(2),
                   day(2001, 3, 31) + 0.5);
  EXPECT_DOUBLE_EQ(CfTime("years since 1850", Calendar::standard).to_days(150), day(2000, 1, 1));
  EXPECT_DOUBLE_EQ(CfTime("months since 1999-12-16", Calendar::day_360).to_days(3),
                   day(2000, 3, 16, Calendar::day_360));
}

TEST(CfTime, HoldsInEveryCalendar) {
  // 1 March 2000 is 59 days after 1 January in a year without leap day, 60 with, 60 in one of 30-day months.
  const std::pair<Calendar, double> expected[] = {
      {Calendar::standard, 60}, {Calendar::proleptic_gregorian, 60},
      {Calendar::julian, 60},   {Calendar::noleap, 59},
      {Calendar::all_leap, 60}, {Calendar::day_360, 60}};
  for (const auto& [calendar, days] : expected) {
    const CfTime time("days since 2000-01-01", calendar);
    EXPECT_DOUBLE_EQ(time.to_days(days), day(2000, 3, 1, calendar)) << core::calendar_name(calendar);
    const CfTime leap_free("days since 2001-01-01", calendar);
    const double in_2001 = calendar == Calendar::all_leap || calendar == Calendar::day_360 ? 60 : 59;
    EXPECT_DOUBLE_EQ(leap_free.to_days(in_2001), day(2001, 3, 1, calendar)) << core::calendar_name(calendar);
  }
  // The standard calendar jumps from 4 to 15 October 1582.
  EXPECT_DOUBLE_EQ(CfTime("days since 1582-10-04", Calendar::standard).to_days(1), day(1582, 10, 15));
}

TEST(CfTime, ReadsAbsoluteDates) {
  const CfTime time("day as %Y%m%d.%f", Calendar::standard);
  EXPECT_DOUBLE_EQ(time.to_days(20160131.25), day(2016, 1, 31) + 0.25);
  EXPECT_THROW(time.to_days(20160230), core::Error);
}

TEST(CfTime, EncodesWhatItDecodes) {
  for (const char* units :
       {"days since 1990-01-01", "hours since 1990-01-01 06:00", "seconds since 1970-01-01",
        "weeks since 2000-02-29", "months since 1990-01-01", "years since 1981-05-31"})
    for (const double value : {0.0, 1.0, 37.5, -12.25, 400.0}) {
      const CfTime time(units, Calendar::standard);
      EXPECT_NEAR(time.from_days(time.to_days(value)), value, 1e-6) << units;
    }
  EXPECT_TRUE(std::isnan(CfTime("days since 1990-01-01", Calendar::standard).to_days(std::nan(""))));
}

TEST(CfTime, SaysWhatItCannotRead) {
  EXPECT_THAT(refusal("days"), HasSubstr("no \"since\""));
  EXPECT_THAT(refusal("fortnights since 2000-01-01"), HasSubstr("\"fortnights\" is no unit of time"));
  EXPECT_THAT(refusal("days since yesterday"), HasSubstr("no date"));
  EXPECT_THAT(refusal("days since 2001-02-29"),
              HasSubstr("2001-02-29 does not exist in the calendar 'standard'"));
  EXPECT_THAT(refusal("days since 2000-02-29", Calendar::noleap),
              HasSubstr("does not exist in the calendar 'noleap'"));
  EXPECT_THAT(refusal("days since 2000-01-01 00:00 Paris"), HasSubstr("Paris"));
  EXPECT_THAT(refusal("days since 2000-13-01"), HasSubstr("2000-13-01"));
}

TEST(CfTime, NamesAnInstant) {
  EXPECT_EQ(iso_instant(day(2016, 1, 31), Calendar::standard), "2016-01-31");
  EXPECT_EQ(iso_instant(day(2016, 1, 31) + 0.25, Calendar::standard), "2016-01-31T06:00:00");
  EXPECT_EQ(iso_instant(day(2016, 2, 1) - 1e-7, Calendar::standard), "2016-02-01");
}

TEST(CfTime, NamesNoInstantForFillValues) {
  for (const double days : {std::nan(""), HUGE_VAL, 9.969209968386869e36, -1.4615e48, 4e8})
    EXPECT_EQ(iso_instant(days, Calendar::standard), "not a time") << days;
}

}  // namespace
}  // namespace rootzone::io
