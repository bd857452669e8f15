#include "rootzone/io/day_mapping.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "raster_fixture.hpp"

namespace rootzone::io {
namespace {

using core::Calendar;
using core::TimeAxis;
using testing::HasSubstr;
using namespace test;

std::vector<std::int64_t> records_of(const DayMapping& mapping) {
  std::vector<std::int64_t> records;
  for (std::int64_t step = 0; step < mapping.steps(); ++step)
    records.push_back(mapping.day(step).empty() ? -1 : mapping.day(step).front().record);
  return records;
}

std::map<std::int64_t, double> sums_of(const DayMapping& mapping) {
  std::map<std::int64_t, double> sums;
  for (const DayShare& share : mapping.shares) sums[share.record] += share.weight;
  return sums;
}

DayRules rules_with(TimeLabel label, Cadence cadence = Cadence::automatic) {
  return {"rain", label, cadence, false, LeapDay::repeat};
}

std::vector<RecordTime> daily(double first, int count) {
  std::vector<RecordTime> times;
  for (int i = 0; i < count; ++i) times.push_back(at(first + i));
  return times;
}

std::vector<RecordTime> months(int year, int count, Calendar calendar, bool bounds) {
  std::vector<RecordTime> times;
  for (int i = 0; i < count; ++i) {
    const double begin = day(year + i / 12, i % 12 + 1, 1, calendar);
    const double end = day(year + (i + 1) / 12, (i + 1) % 12 + 1, 1, calendar);
    times.push_back(bounds ? over(begin, end) : at(begin));
  }
  return times;
}

TEST(FieldPains, Case13APulseLandsOnItsDayUnderEachLabel) {
  // Rain of 5 March stamped at the start, the middle and the end of its day, and LISFLOOD's 06:00 end.
  const TimeAxis axis({2016, 3, 4}, {2016, 3, 6});
  const double fifth = day(2016, 3, 5);
  EXPECT_EQ(records_of(map_days(daily(fifth - 1, 3), Calendar::standard, rules_with(TimeLabel::start), axis)),
            (std::vector<std::int64_t>{0, 1, 2}));
  EXPECT_EQ(
      records_of(map_days(daily(fifth - 0.5, 3), Calendar::standard, rules_with(TimeLabel::centre), axis)),
      (std::vector<std::int64_t>{0, 1, 2}));
  EXPECT_EQ(records_of(map_days(daily(fifth, 3), Calendar::standard, rules_with(TimeLabel::end), axis)),
            (std::vector<std::int64_t>{0, 1, 2}));
  EXPECT_EQ(
      records_of(map_days(daily(fifth + 0.25, 3), Calendar::standard, rules_with(TimeLabel::end), axis)),
      (std::vector<std::int64_t>{0, 1, 2}));
}

TEST(DayMapping, LisfloodEndLabelAtSixNamesTheDayBefore) {
  const TimeAxis axis({2016, 1, 1}, {2016, 1, 3});
  const auto mapping = map_days(daily(day(2016, 1, 2) + 0.25, 3), Calendar::proleptic_gregorian,
                                rules_with(TimeLabel::end), axis);
  EXPECT_EQ(records_of(mapping), (std::vector<std::int64_t>{0, 1, 2}));
  EXPECT_EQ(mapping.first_date, "2016-01-01");
  EXPECT_EQ(mapping.cadence, "daily");
  EXPECT_EQ(mapping.missing_days, 0);
}

TEST(DayMapping, AutomaticNeverTakesAStampForAnEnd) {
  const TimeAxis axis({2016, 1, 2}, {2016, 1, 3});
  for (const double hour : {0.0, 0.25, 0.5, 0.75})
    EXPECT_EQ(records_of(map_days(daily(day(2016, 1, 2) + hour, 2), Calendar::standard,
                                  rules_with(TimeLabel::automatic), axis)),
              (std::vector<std::int64_t>{0, 1}));
}

TEST(DayMapping, BoundsWinOverTheLabel) {
  const TimeAxis axis({2016, 1, 1}, {2016, 1, 2});
  std::vector<RecordTime> times{over(day(2016, 1, 1), day(2016, 1, 2)),
                                over(day(2016, 1, 2), day(2016, 1, 3))};
  for (RecordTime& time : times) time.stamp = time.end;
  EXPECT_EQ(records_of(map_days(times, Calendar::standard, rules_with(TimeLabel::start), axis)),
            (std::vector<std::int64_t>{0, 1}));
}

TEST(DayMapping, ThreeHourlyStampsMakeEachDayFromItsOwnEight) {
  const TimeAxis axis({2016, 1, 1}, {2016, 1, 2});
  std::vector<RecordTime> starts;
  std::vector<RecordTime> ends;
  for (int i = 0; i < 16; ++i) {
    starts.push_back(at(day(2016, 1, 1) + i / 8.0));
    ends.push_back(at(day(2016, 1, 1) + (i + 1) / 8.0));
  }
  for (const auto& [times, label] : {std::pair{starts, TimeLabel::start}, std::pair{ends, TimeLabel::end}}) {
    const auto mapping =
        map_days(times, Calendar::standard, {"rain", label, Cadence::automatic, true, LeapDay::repeat}, axis);
    ASSERT_EQ(mapping.day(0).size(), 8U);
    EXPECT_EQ(mapping.day(0).front().record, 0);
    EXPECT_EQ(mapping.day(1).back().record, 15);
    EXPECT_TRUE(mapping.sub_daily);
    EXPECT_THAT(mapping.cadence, HasSubstr("3 h"));
  }
}

TEST(DayMapping, ADayOfTotalsNotWhollyCoveredIsMissing) {
  const TimeAxis axis({2016, 1, 1}, {2016, 1, 2});
  std::vector<RecordTime> times;
  for (int i = 0; i < 15; ++i) times.push_back(at(day(2016, 1, 1) + i / 8.0));
  const auto total = map_days(times, Calendar::standard,
                              {"rain", TimeLabel::start, Cadence::automatic, true, LeapDay::repeat}, axis);
  EXPECT_EQ(total.missing_days, 1);
  EXPECT_EQ(total.missing_dates, std::vector<std::string>{"2016-01-02"});
  ASSERT_EQ(total.warnings.size(), 1U);
  const auto mean = map_days(times, Calendar::standard, rules_with(TimeLabel::start), axis);
  EXPECT_EQ(mean.day(1).size(), 7U);
}

TEST(DayMapping, EightDayPeriodsStartAnewEachYear) {
  const TimeAxis axis({2015, 12, 20}, {2016, 1, 20});
  std::vector<RecordTime> times;
  for (const int start : {345, 353, 361}) times.push_back(at(day(2015, 1, 1) + start - 1));
  for (const int start : {1, 9, 17}) times.push_back(at(day(2016, 1, 1) + start - 1));
  const auto mapping =
      map_days(times, Calendar::standard,
               {"lai", TimeLabel::automatic, Cadence::automatic, true, LeapDay::repeat}, axis);
  EXPECT_EQ(mapping.cadence, "eight_day");
  // Day 361 (27 December) has 5 days in a common year.
  const auto new_year_eve = mapping.day(*axis.index({2015, 12, 31}));
  ASSERT_EQ(new_year_eve.size(), 1U);
  EXPECT_EQ(new_year_eve.front().record, 2);
  EXPECT_DOUBLE_EQ(new_year_eve.front().weight, 0.2);
  EXPECT_EQ(mapping.day(*axis.index({2016, 1, 1})).front().record, 3);
  EXPECT_EQ(mapping.day(*axis.index({2016, 1, 8})).front().record, 3);
  EXPECT_EQ(mapping.day(*axis.index({2016, 1, 9})).front().record, 4);
}

TEST(DayMapping, DekadsEndWithTheirMonth) {
  const TimeAxis axis({2016, 2, 1}, {2016, 3, 5});
  std::vector<RecordTime> times{at(day(2016, 2, 1)), at(day(2016, 2, 11)), at(day(2016, 2, 21)),
                                at(day(2016, 3, 1))};
  const auto mapping = map_days(times, Calendar::standard,
                                {"x", TimeLabel::automatic, Cadence::automatic, true, LeapDay::repeat}, axis);
  EXPECT_EQ(mapping.cadence, "dekadal");
  const auto leap_day = mapping.day(*axis.index({2016, 2, 29}));
  EXPECT_EQ(leap_day.front().record, 2);
  EXPECT_DOUBLE_EQ(leap_day.front().weight, 1.0 / 9.0);
  EXPECT_EQ(mapping.day(*axis.index({2016, 2, 10})).front().record, 0);
}

TEST(FieldPains, Case13MonthlyTotalsAreConservedInEveryCalendar) {
  for (const Calendar file :
       {Calendar::standard, Calendar::noleap, Calendar::all_leap, Calendar::day_360, Calendar::julian})
    for (const Calendar model : {Calendar::standard, Calendar::noleap, Calendar::day_360})
      for (const bool bounds : {true, false}) {
        const TimeAxis axis({2015, 1, 1}, {2016, 12, model == Calendar::day_360 ? 30 : 31}, model);
        const auto mapping =
            map_days(months(2015, 24, file, bounds), file,
                     {"rain", TimeLabel::automatic, Cadence::automatic, true, LeapDay::repeat}, axis);
        EXPECT_EQ(mapping.missing_days, 0)
            << core::calendar_name(file) << " on " << core::calendar_name(model);
        const auto sums = sums_of(mapping);
        ASSERT_EQ(sums.size(), 24U);
        for (const auto& [record, sum] : sums) EXPECT_NEAR(sum, 1.0, 1e-12) << "month " << record;
      }
}

TEST(DayMapping, MonthsStampedAnywhereWithinAreThatMonth) {
  const TimeAxis axis({2016, 1, 1}, {2016, 3, 31});
  for (const auto& [label, stamps] :
       {std::pair{TimeLabel::automatic, std::vector{day(2016, 1, 1), day(2016, 2, 1), day(2016, 3, 1)}},
        std::pair{TimeLabel::centre, std::vector{day(2016, 1, 16), day(2016, 2, 15), day(2016, 3, 16)}},
        std::pair{TimeLabel::end, std::vector{day(2016, 2, 1), day(2016, 3, 1), day(2016, 4, 1)}},
        std::pair{TimeLabel::end, std::vector{day(2016, 1, 31), day(2016, 2, 29), day(2016, 3, 31)}}}) {
    std::vector<RecordTime> times;
    for (const double stamp : stamps) times.push_back(at(stamp));
    const auto mapping = map_days(times, Calendar::standard, rules_with(label), axis);
    EXPECT_EQ(mapping.cadence, "monthly");
    EXPECT_EQ(mapping.missing_days, 0);
    EXPECT_EQ(mapping.day(0).front().record, 0);
    EXPECT_EQ(mapping.day(31).front().record, 1);
    EXPECT_EQ(mapping.day(59).front().record, 1);
    EXPECT_EQ(mapping.day(60).front().record, 2);
  }
}

TEST(DayMapping, MonthlyClimatologyServesEveryYear) {
  const TimeAxis axis({2015, 12, 31}, {2016, 3, 1});
  const auto mapping =
      map_days(months(1990, 12, Calendar::standard, false), Calendar::standard,
               {"lai", TimeLabel::automatic, Cadence::climatology_monthly, true, LeapDay::repeat}, axis);
  EXPECT_EQ(mapping.day(0).front(), (DayShare{11, 1.0 / 31.0}));
  EXPECT_EQ(mapping.day(*axis.index({2016, 2, 29})).front(), (DayShare{1, 1.0 / 29.0}));
  EXPECT_EQ(mapping.day(*axis.index({2016, 3, 1})).front().record, 2);
}

TEST(FieldPains, Case12DailyClimatologiesOf365And366Records) {
  const TimeAxis leap({2016, 2, 28}, {2016, 3, 1});
  const TimeAxis common({2015, 2, 28}, {2015, 3, 1});
  const DayRules rules{"kc", TimeLabel::automatic, Cadence::climatology_daily, false, LeapDay::repeat};
  EXPECT_EQ(records_of(map_days(daily(day(2004, 1, 1), 366), Calendar::standard, rules, leap)),
            (std::vector<std::int64_t>{58, 59, 60}));
  EXPECT_EQ(records_of(map_days(daily(day(2004, 1, 1), 366), Calendar::standard, rules, common)),
            (std::vector<std::int64_t>{58, 60}));
  EXPECT_EQ(records_of(map_days(daily(day(2003, 1, 1), 365), Calendar::standard, rules, leap)),
            (std::vector<std::int64_t>{58, 58, 59}));
  DayRules strict = rules;
  strict.leap_day = LeapDay::missing;
  EXPECT_EQ(records_of(map_days(daily(day(2003, 1, 1), 365), Calendar::standard, strict, leap)),
            (std::vector<std::int64_t>{58, -1, 59}));
  EXPECT_THAT(message_of(core::ErrorKind::data,
                         [&] { map_days(daily(day(2003, 1, 1), 364), Calendar::standard, rules, leap); }),
              HasSubstr("364"));
}

TEST(FieldPains, Case12NoleapAnd360DayMeetTheStandardCalendarByDate) {
  const TimeAxis axis({2016, 2, 27}, {2016, 3, 31});
  const auto noleap = map_days(daily(day(2016, 2, 27, Calendar::noleap), 33), Calendar::noleap,
                               rules_with(TimeLabel::start), axis);
  EXPECT_EQ(noleap.day(2).front().record, noleap.day(1).front().record);  // 29 February repeats the 28th
  EXPECT_EQ(noleap.day(3).front().record, 2);                             // 1 March
  EXPECT_EQ(noleap.missing_days, 0);
  DayRules strict = rules_with(TimeLabel::start);
  strict.leap_day = LeapDay::missing;
  EXPECT_EQ(
      map_days(daily(day(2016, 2, 27, Calendar::noleap), 33), Calendar::noleap, strict, axis).missing_dates,
      std::vector<std::string>{"2016-02-29"});
  const auto short_year = map_days(daily(day(2016, 2, 27, Calendar::day_360), 34), Calendar::day_360,
                                   rules_with(TimeLabel::start), axis);
  EXPECT_EQ(short_year.day(2).front().record, 2);  // 29 February is there
  EXPECT_EQ(short_year.day(3).front().record, 4);  // 30 February (3) is dropped
  EXPECT_EQ(short_year.day(33).front().record,
            short_year.day(32).front().record);  // the 31st repeats the 30th
  ASSERT_EQ(short_year.warnings.size(), 1U);
  EXPECT_THAT(short_year.warnings.front(), HasSubstr("2016-02-30"));
}

TEST(DayMapping, GapsAreCountedAndListed) {
  const TimeAxis axis({2016, 1, 1}, {2016, 2, 29});
  auto times = daily(day(2016, 1, 1), 60);
  times.erase(times.begin() + 10, times.begin() + 35);
  const auto mapping = map_days(times, Calendar::standard, rules_with(TimeLabel::start), axis);
  EXPECT_EQ(mapping.missing_days, 25);
  ASSERT_EQ(mapping.missing_dates.size(), 20U);
  EXPECT_EQ(mapping.missing_dates.front(), "2016-01-11");
}

TEST(DayMapping, TimesAMinuteOffMidnightAreMidnight) {
  const TimeAxis axis({2016, 1, 1}, {2016, 1, 3});
  std::vector<RecordTime> times{at(day(2016, 1, 1) - 1e-4), at(day(2016, 1, 2) + 1e-4),
                                at(day(2016, 1, 3) - 2e-4)};
  EXPECT_EQ(records_of(map_days(times, Calendar::standard, rules_with(TimeLabel::start), axis)),
            (std::vector<std::int64_t>{0, 1, 2}));
}

TEST(DayMapping, TwoRecordsOfOneDateAreNamed) {
  const TimeAxis axis({2016, 1, 1}, {2016, 1, 5});
  auto times = daily(day(2016, 1, 1), 5);
  times.insert(times.begin() + 2, at(day(2016, 1, 2) + 0.01));
  times[1].source = "a.nc";
  times[2].source = "b.nc";
  const std::string message = message_of(core::ErrorKind::data, [&] {
    map_days(times, Calendar::standard, rules_with(TimeLabel::start), axis);
  });
  EXPECT_THAT(message, HasSubstr("a.nc"));
  EXPECT_THAT(message, HasSubstr("b.nc"));
  EXPECT_THAT(message, HasSubstr("2016-01-02"));
  times[2] = at(day(2016, 1, 2) + 0.5);  // two overpasses of a satellite
  EXPECT_EQ(map_days(times, Calendar::standard, rules_with(TimeLabel::start, Cadence::daily),
                     {{2016, 1, 2}, {2016, 1, 2}})
                .day(0)
                .size(),
            1U);
  EXPECT_EQ(map_days(times, Calendar::standard, rules_with(TimeLabel::automatic), axis).day(1).size(), 2U);
}

TEST(DayMapping, RefusesRecordsOffTheAxisAndUnclearCadences) {
  const TimeAxis axis({2016, 1, 1}, {2016, 12, 31});
  const std::string off = message_of(core::ErrorKind::data, [&] {
    map_days(daily(day(2010, 1, 1), 10), Calendar::standard, rules_with(TimeLabel::start), axis);
  });
  EXPECT_THAT(off, HasSubstr("2010-01-01 … 2010-01-10"));
  std::vector<RecordTime> odd;
  for (int i = 0; i < 10; ++i) odd.push_back(at(day(2016, 1, 1) + 17.0 * i));
  EXPECT_THAT(message_of(core::ErrorKind::data,
                         [&] { map_days(odd, Calendar::standard, rules_with(TimeLabel::start), axis); }),
              HasSubstr("set `cadence`"));
  EXPECT_THAT(message_of(core::ErrorKind::data,
                         [&] { map_days({}, Calendar::standard, rules_with(TimeLabel::start), axis); }),
              HasSubstr("no dates"));
}

TEST(DayMapping, ADateThatACalendarLacksStepsBack) {
  EXPECT_EQ(last_date_by({2020, 2, 30}, core::Calendar::standard), (core::Date{2020, 2, 29}));
  EXPECT_EQ(last_date_by({2019, 2, 30}, core::Calendar::standard), (core::Date{2019, 2, 28}));
  EXPECT_EQ(last_date_by({2020, 2, 29}, core::Calendar::noleap), (core::Date{2020, 2, 28}));
  EXPECT_EQ(last_date_by({2020, 1, 31}, core::Calendar::day_360), (core::Date{2020, 1, 30}));
  EXPECT_EQ(last_date_by({2020, 1, 31}, core::Calendar::standard), (core::Date{2020, 1, 31}));
}

}  // namespace
}  // namespace rootzone::io
