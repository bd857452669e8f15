#include "rootzone/storage/mass_curve.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mass_curve_rig.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::storage {
namespace {

using core::Date;
using core::Error;
using core::Flag;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Field = MassCurveField;

TEST(MassCurve, MicroCaseOfNetFluxes) {
  Curve curve({}, {2001, 3, 1}, {2001, 3, 4});
  std::vector<float> deficits;
  for (const auto& [out, in] : {std::pair{2.0F, 0.0F}, {3.0F, 0.0F}, {0.0F, 2.0F}, {0.0F, 3.0F}}) {
    curve.one(in, out);
    deficits.push_back(curve.deficit[0]);
  }
  EXPECT_THAT(deficits, ElementsAre(2.0F, 5.0F, 3.0F, 0.0F));
}

TEST(MassCurve, MicroCaseWithOverflow) {
  Curve curve({}, {2001, 3, 1}, {2001, 3, 4});
  std::vector<float> deficits, overflows;
  for (float in : {0.0F, 1.0F, 10.0F, 0.0F}) {
    curve.one(in, 2.0F);
    deficits.push_back(curve.deficit[0]);
    overflows.push_back(curve.overflow[0]);
  }
  EXPECT_THAT(deficits, ElementsAre(2.0F, 3.0F, 0.0F, 2.0F));
  EXPECT_THAT(overflows, ElementsAre(0.0F, 0.0F, 5.0F, 0.0F));
}

TEST(MassCurve, FirstAndLastStepCount) {
  Curve first({}, {2001, 1, 1}, {2001, 1, 2});
  first.one(0.0F, 7.0F);
  first.one(7.0F, 0.0F);
  EXPECT_EQ(first.conclude().record_maximum_mm, 7.0);
  Curve last({}, {2001, 1, 1}, {2001, 1, 2});
  last.one(1.0F, 0.0F);
  last.one(0.0F, 7.0F);
  EXPECT_EQ(last.conclude().record_maximum_mm, 7.0);
}

TEST(MassCurve, NegativeEvaporationIsInflow) {
  Curve curve({}, {2001, 3, 1}, {2001, 3, 2});
  curve.one(0.0F, 4.0F);
  curve.one(0.0F, -1.5F);
  EXPECT_EQ(curve.deficit[0], 2.5F);
  EXPECT_EQ(curve.at(Field::inflow_sum), 1.5);
  EXPECT_EQ(curve.at(Field::outflow_sum), 4.0);
}

TEST(MassCurve, NegativePrecipitationIsMissingAndCounted) {
  Curve curve({}, {2001, 3, 1}, {2001, 3, 3});
  curve.one(0.0F, 2.0F);
  curve.one(-5.0F, 2.0F);
  EXPECT_TRUE(std::isnan(curve.deficit[0]));
  EXPECT_EQ(curve.flags[0], core::bits(Flag::input_missing));
  curve.one(0.0F, 2.0F);
  EXPECT_EQ(curve.deficit[0], 6.0F);
  EXPECT_EQ(curve.conclude().negative_input_days, 1);
}

TEST(MassCurve, ShortGapIsInterpolatedWhenItsEndIsKnown) {
  MassCurveSettings settings;
  settings.max_gap_days = 2;
  Curve curve(settings, {2001, 3, 1}, {2001, 3, 5});
  curve.one(0.0F, 1.0F);
  for (int gap = 0; gap < 2; ++gap) {
    curve.one(nan_f, 1.0F);
    EXPECT_TRUE(std::isnan(curve.deficit[0]));
    EXPECT_EQ(curve.flags[0], core::bits(Flag::input_missing));
  }
  curve.one(0.0F, 4.0F);  // between 1 and 4: 2, 3
  EXPECT_EQ(curve.deficit[0], 10.0F);
  EXPECT_EQ(curve.flags[0], core::bits(Flag::gap_filled));
  const MassCurveSummary summary = curve.conclude();
  EXPECT_EQ(summary.filled_days, 2);
  EXPECT_EQ(summary.missing_days, 2);
  EXPECT_TRUE(core::has(summary.flags, Flag::gap_filled));
}

TEST(MassCurve, LongGapIsNeitherZeroFilledNorEndsTheEvent) {
  MassCurveSettings settings;
  settings.max_gap_days = 2;
  Curve curve(settings, {2001, 1, 1}, {2001, 12, 31});
  for (int t = 0; t < 365; ++t) curve.one(t >= 100 && t < 103 ? nan_f : 0.0F, 1.0F);
  EXPECT_EQ(curve.deficit[0], 362.0F);
  const MassCurveSummary summary = curve.conclude();
  EXPECT_EQ(summary.filled_days, 0);
  EXPECT_EQ(summary.valid_years, 0);  // 362 valid days, but the gap voids the year
  EXPECT_TRUE(std::isnan(curve.maxima[0]));
  EXPECT_EQ(summary.record_maximum_mm, 362.0);
}

TEST(MassCurve, AYearNeedsItsValidDays) {
  MassCurveSettings settings;
  for (const auto& [begin, valid] : {std::pair{Date{2001, 2, 5}, 1}, {Date{2001, 2, 6}, 0}}) {
    Curve curve(settings, begin, {2001, 12, 31});  // 330 and 329 days
    while (curve.date().year == 2001) curve.one(0.0F, 1.0F);
    EXPECT_EQ(curve.conclude().valid_years, valid);
  }
}

TEST(MassCurve, YearsAreYearsOfTheDatasOwnCalendar) {
  const std::pair<core::Calendar, int> cases[] = {
      {core::Calendar::standard, 366}, {core::Calendar::noleap, 365}, {core::Calendar::day_360, 360}};
  for (const auto& [calendar, days] : cases) {
    MassCurveSettings settings;
    settings.minimum_valid_days = days;
    settings.reset = YearReset::yearly;
    Curve curve(settings, {2004, 1, 1}, {2005, 12, 30}, 1, {}, calendar);
    for (int t = 0; t < days + 1; ++t) curve.one(0.0F, 1.0F);
    EXPECT_EQ(curve.deficit[0], 1.0F) << "reset on 1 January 2005";
    curve.conclude();
    EXPECT_EQ(curve.maxima[0], days);
  }
}

TEST(MassCurve, YearStartMonthSplitsTheRecord) {
  MassCurveSettings settings;
  settings.year_start_month = 10;
  settings.reset = YearReset::yearly;
  Curve curve(settings, {2000, 10, 1}, {2002, 9, 30});
  EXPECT_EQ(curve.record.first_year(), 2000);
  EXPECT_EQ(curve.record.years(), 2);
  while (curve.date() < Date{2002, 10, 1}) curve.one(0.0F, 1.0F);
  const MassCurveSummary summary = curve.conclude();
  EXPECT_THAT(curve.maxima, ElementsAre(365.0, 365.0));
  EXPECT_EQ(summary.record_maximum_day,
            static_cast<double>(core::day_number({2001, 9, 30}, core::Calendar::standard)));
}

/// Ten years with a dry summer; D is back at 0 every January.
std::vector<float> dry_summers(const Date& date) {
  const bool dry = date.month >= 5 && date.month <= 9;
  return {dry ? 0.5F : 9.0F, dry ? 3.0F + 0.1F * static_cast<float>(date.year - 2000) : 0.5F};
}

TEST(MassCurve, ResetWhereTheDeficitIsZeroChangesNothing) {
  for (AnnualStatistic statistic : {AnnualStatistic::maximum, AnnualStatistic::rise}) {
    MassCurveSettings plain, resetting;
    plain.statistic = resetting.statistic = statistic;
    resetting.reset = YearReset::yearly;
    Curve a(plain, {2001, 1, 1}, {2010, 12, 31}), b(resetting, {2001, 1, 1}, {2010, 12, 31});
    while (a.date().year < 2011) {
      const auto flux = dry_summers(a.date());
      a.one(flux[0], flux[1]);
      b.one(flux[0], flux[1]);
      ASSERT_EQ(a.deficit[0], b.deficit[0]);
    }
    EXPECT_TRUE(same_state(a, b));
    EXPECT_EQ(a.conclude().valid_years, 10);
    EXPECT_GT(a.maxima[9], a.maxima[0]);
    EXPECT_EQ(b.conclude().valid_years, 10);
    EXPECT_EQ(a.maxima, b.maxima);
  }
}

TEST(MassCurve, RiseTakesOutWhatWasCarriedOver) {
  MassCurveSettings settings;
  settings.statistic = AnnualStatistic::rise;
  settings.minimum_valid_days = 1;
  Curve curve(settings, {2001, 12, 28}, {2002, 1, 6});
  for (float net : {20.0F, 30.0F, 30.0F, 20.0F}) curve.one(0.0F, net);  // D = 100 at the year's end
  for (float in : {40.0F, 40.0F}) curve.one(in, 0.0F);                  // 60, 20
  for (float out : {30.0F, 35.0F}) curve.one(0.0F, out);                // 50, 85
  const MassCurveSummary summary = curve.conclude();
  EXPECT_THAT(curve.maxima, ElementsAre(100.0, 65.0));
  EXPECT_EQ(summary.record_maximum_mm, 100.0);
}

TEST(MassCurve, RiseOnAYearsFirstDayCountsFromTheDayBefore) {
  MassCurveSettings settings;
  settings.statistic = AnnualStatistic::rise;
  settings.minimum_valid_days = 1;
  Curve curve(settings, {2001, 12, 31}, {2002, 1, 1});
  curve.one(0.0F, 10.0F);
  curve.one(0.0F, 7.0F);
  curve.conclude();
  EXPECT_THAT(curve.maxima, ElementsAre(10.0, 7.0));
}

TEST(MassCurve, IrrigationNeverRaisesTheCapacity) {
  const Weather weather(3653, 4, 0.0);
  Curve dry({}, {2001, 1, 1}, {2010, 12, 31}), wet({}, {2001, 1, 1}, {2010, 12, 31});
  for (std::size_t t = 0; t < 3652; ++t) {
    const float irrigation = dry.date().month == 7 ? 2.0F : 0.0F;
    dry.day({weather.in[t]}, {weather.out[t]});
    wet.day({weather.in[t]}, {weather.out[t]}, {irrigation});
    ASSERT_LE(wet.deficit[0], dry.deficit[0]);
  }
  dry.conclude();
  wet.conclude();
  int lower = 0;
  for (std::size_t y = 0; y < dry.maxima.size(); ++y) {
    EXPECT_LE(wet.maxima[y], dry.maxima[y]);
    lower += wet.maxima[y] < dry.maxima[y];
  }
  EXPECT_GT(lower, 5);
}

TEST(MassCurve, MissingIrrigationIsAMissingDay) {
  Curve curve({}, {2001, 1, 1}, {2001, 1, 2});
  curve.day({0.0F}, {1.0F}, {0.0F});
  curve.day({0.0F}, {1.0F}, {nan_f});
  EXPECT_TRUE(std::isnan(curve.deficit[0]));
}

TEST(MassCurve, WaterCloses) {
  for (YearReset reset : {YearReset::none, YearReset::yearly}) {
    MassCurveSettings settings;
    settings.reset = reset;
    const Weather weather(2000, 6, 0.02);
    Curve curve(settings, {2001, 1, 1}, {2006, 6, 23});
    double overflow = 0.0;
    for (std::size_t t = 0; t < 2000; ++t) {
      curve.one(weather.in[t], weather.out[t]);
      if (!std::isnan(curve.overflow[0])) overflow += static_cast<double>(curve.overflow[0]);
    }
    const MassCurveSummary summary = curve.conclude();
    EXPECT_GT(summary.filled_days, 20);
    EXPECT_GT(overflow, 100.0);
    const double days =
        2000.0 - static_cast<double>(summary.missing_days) + static_cast<double>(summary.filled_days);
    EXPECT_NEAR(summary.mean_overflow_mm_per_day * days, overflow, 1e-2);  // daily overflow is float
  }
}

TEST(MassCurve, TheMeanFluxesOfTheRecordClose) {
  const Weather weather(1500, 11, 0.0);
  Curve curve({}, {2001, 1, 1}, {2005, 2, 8});
  for (std::size_t t = 0; t < 1500; ++t) curve.one(weather.in[t], weather.out[t]);
  const MassCurveSummary summary = curve.conclude();
  ASSERT_EQ(summary.filled_days, 0);
  EXPECT_GT(summary.mean_inflow_mm_per_day, 1.0);
  EXPECT_GT(summary.mean_overflow_mm_per_day, 0.1);
  EXPECT_NEAR(summary.mean_inflow_mm_per_day - summary.mean_outflow_mm_per_day -
                  summary.mean_overflow_mm_per_day + summary.mean_growth_mm_per_day,
              0.0, 1e-12);
  EXPECT_NEAR(summary.mean_outflow_mm_per_day / summary.mean_inflow_mm_per_day, summary.closure_ratio, 1e-12);
  EXPECT_NEAR(summary.mean_growth_mm_per_day * 1500.0, curve.at(Field::deficit), 1e-9);
}

TEST(MassCurve, NothingObservedIsMissing) {
  Curve curve({}, {2001, 1, 1}, {2001, 12, 31});
  for (int t = 0; t < 365; ++t) curve.one(nan_f, nan_f);
  const MassCurveSummary summary = curve.conclude();
  EXPECT_TRUE(std::isnan(summary.record_maximum_mm));
  EXPECT_TRUE(std::isnan(summary.closure_ratio));
  EXPECT_EQ(summary.missing_days, 365);
  EXPECT_EQ(summary.flags, core::bits(Flag::input_missing) | core::bits(Flag::too_few_years));
  EXPECT_TRUE(std::isnan(curve.maxima[0]));
}

// Outside a gauge's catchment no factor closes the balance: 0 mm there would read as a soil that is always
// full.
TEST(MassCurve, AnUnknownOutflowScaleLeavesThePixelMissing) {
  const std::vector<double> scale{0.7, std::nan("")};
  MassCurvePixels own;
  own.outflow_scale = scale;
  Curve curve({}, {2001, 1, 1}, {2001, 1, 3}, 2, own);
  for (int day = 0; day < 3; ++day) {  // the first is a year's first day, the others are ordinary
    curve.day({0.0F, 0.0F}, {10.0F, 10.0F});
    EXPECT_FLOAT_EQ(curve.deficit[0], 7.0F * static_cast<float>(day + 1));
    EXPECT_TRUE(std::isnan(curve.deficit[1]));
    EXPECT_TRUE(std::isnan(curve.overflow[1]));
    EXPECT_EQ(curve.flags[0], 0);
    EXPECT_EQ(curve.flags[1], core::bits(Flag::input_missing));
  }
  EXPECT_TRUE(std::isnan(curve.conclude(1).record_maximum_mm));
  EXPECT_EQ(curve.conclude(1).missing_days, 3);
  EXPECT_NEAR(curve.conclude(0).record_maximum_mm, 21.0, 1e-12);
}

TEST(MassCurve, ADeficitThatGrowsWithoutEndIsFlagged) {
  Curve curve({}, {2001, 1, 1}, {2012, 12, 31});
  while (curve.date().year < 2013) curve.one(1.0F, 1.5F);
  const MassCurveSummary summary = curve.conclude();
  EXPECT_NEAR(summary.closure_ratio, 1.5, 1e-12);
  EXPECT_NEAR(summary.years_since_zero, 12.0, 0.01);
  EXPECT_TRUE(core::has(summary.flags, Flag::non_closing_balance));
  EXPECT_TRUE(core::has(summary.flags, Flag::maximum_in_last_year));
  EXPECT_FALSE(core::has(summary.flags, Flag::too_few_years));
  EXPECT_EQ(summary.record_maximum_mm, 0.5 * 4383);
}

TEST(MassCurve, MaskLeavesOnlyFlagsWhereTheBalanceDoesNotClose) {
  MassCurveSettings settings;
  settings.closure_policy = ClosurePolicy::mask;
  Curve curve(settings, {2001, 1, 1}, {2002, 12, 31});
  while (curve.date().year < 2003) curve.one(1.0F, 1.5F);
  const MassCurveSummary summary = curve.conclude();
  EXPECT_TRUE(std::isnan(summary.record_maximum_mm));
  EXPECT_TRUE(std::isnan(curve.maxima[0]));
  EXPECT_TRUE(core::has(summary.flags, Flag::non_closing_balance));
  EXPECT_NEAR(summary.closure_ratio, 1.5, 1e-12);
}

TEST(MassCurve, ClosingBalanceCarriesNoFlag) {
  Curve curve({}, {2001, 1, 1}, {2010, 12, 31});
  while (curve.date().year < 2011) {
    const auto flux = dry_summers(curve.date());
    curve.one(flux[0], flux[1]);
  }
  const MassCurveSummary summary = curve.conclude();
  EXPECT_EQ(summary.flags & ~core::bits(Flag::maximum_in_last_year), 0);
}

TEST(MassCurve, ADayOutsideTheRecordIsRefused) {
  Curve curve({}, {2001, 1, 1}, {2001, 12, 31});
  curve.next = core::day_number({2002, 1, 1}, core::Calendar::standard);
  try {
    curve.one(0.0F, 1.0F);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::state);
    EXPECT_THAT(error.what(), HasSubstr("2002-01-01"));
  }
}

TEST(MassCurve, SettingsOutOfRangeAreNamed) {
  MassCurveSettings settings;
  settings.year_start_month = 13;
  EXPECT_THROW(settings.validate(), Error);
  settings = {};
  settings.max_gap_days = 300;
  try {
    settings.validate();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("max_gap_days"));
  }
  EXPECT_EQ(parse_closure_policy("scale_outflow"), ClosurePolicy::scale_outflow);
  EXPECT_THROW(parse_closure_policy("scale"), Error);
  EXPECT_EQ(parse_annual_statistic("rise"), AnnualStatistic::rise);
  EXPECT_EQ(parse_year_reset("yearly"), YearReset::yearly);
}

}  // namespace
}  // namespace rootzone::storage
