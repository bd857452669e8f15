#include <gtest/gtest.h>

#include <algorithm>

#include "mass_curve_rig.hpp"
#include "rootzone/storage/mass_curve_survey.hpp"

namespace rootzone::storage {
namespace {

using core::Calendar;
using core::Date;
using core::Flag;
using Field = MassCurveField;

/// The whole record at once, one pixel, with the end of every gap in sight; independent of the kernel.
struct Batch {
  std::vector<double> deficit;  ///< NaN on days without observation
  std::vector<double> maxima;
  double record = -1.0;
  std::size_t record_day = 0;

  Batch(const Weather& w, const MassCurveSettings& settings, const Date& first, int start_month) {
    const std::size_t n = w.in.size();
    std::vector<double> net(n, std::nan(""));
    for (std::size_t t = 0; t < n; ++t)
      if (!std::isnan(w.in[t]) && !std::isnan(w.out[t]))
        net[t] = static_cast<double>(w.out[t]) - static_cast<double>(w.in[t]);
    std::vector<bool> observed(n), long_gap(n);
    for (std::size_t t = 0; t < n; ++t) observed[t] = !std::isnan(net[t]);
    fill(net, observed, long_gap, static_cast<std::size_t>(settings.max_gap_days));
    const std::int64_t day0 = core::day_number(first, Calendar::standard);
    const int year0 = MassCurveRecord::year_of(first, start_month);
    double d = 0.0, largest = -1.0, least = 0.0, rise = 0.0;
    int days = 0;
    bool broken = false;
    for (std::size_t t = 0; t <= n; ++t) {
      const Date date = core::date_of(day0 + static_cast<std::int64_t>(t), Calendar::standard);
      const bool boundary = t > 0 && date.day == 1 && date.month == start_month;
      if (boundary || t == n) {
        const int year = MassCurveRecord::year_of(date, start_month) - (boundary ? 1 : 0);
        maxima.resize(static_cast<std::size_t>(year - year0 + 1), std::nan(""));
        if (days >= settings.minimum_valid_days && !broken)
          maxima.back() = settings.statistic == AnnualStatistic::rise ? rise : largest;
        if (settings.reset == YearReset::yearly) d = 0.0;
        largest = -1.0;
        least = d;
        rise = 0.0;
        days = 0;
        broken = false;
      }
      if (t == n) break;
      if (!std::isnan(net[t])) d = std::max(0.0, d + net[t]);
      if (!std::isnan(net[t])) {
        largest = std::max(largest, d);
        least = std::min(least, d);
        rise = std::max(rise, d - least);
        if (d > record) {
          record = d;
          record_day = t;
        }
      }
      days += observed[t];
      broken = broken || long_gap[t];
      deficit.push_back(observed[t] ? d : std::nan(""));
    }
  }

  static void fill(std::vector<double>& net, const std::vector<bool>& observed, std::vector<bool>& long_gap,
                   std::size_t longest) {
    const std::size_t n = net.size();
    for (std::size_t t = 0; t < n;) {
      if (observed[t]) {
        ++t;
        continue;
      }
      std::size_t end = t;
      while (end < n && !observed[end]) ++end;
      const std::size_t length = end - t;
      for (std::size_t j = t; j < end; ++j) {
        if (length > longest)
          long_gap[j] = true;
        else if (t > 0 && end < n)
          net[j] = net[t - 1] +
                   (net[end] - net[t - 1]) * static_cast<double>(j - t + 1) / static_cast<double>(length + 1);
      }
      t = end;
    }
  }
};

TEST(MassCurve, StreamEqualsTheBatchThatSeesEveryGapsEnd) {
  int valid = 0, shown = 0;
  for (unsigned seed = 1; seed <= 12; ++seed)
    for (YearReset reset : {YearReset::none, YearReset::yearly})
      for (AnnualStatistic statistic : {AnnualStatistic::maximum, AnnualStatistic::rise}) {
        MassCurveSettings settings;
        settings.reset = reset;
        settings.statistic = statistic;
        settings.max_gap_days = 12;
        settings.minimum_valid_days = 250;
        settings.year_start_month = static_cast<int>(seed);
        const Date first{2001, 4, 17};
        const Weather weather(1500, seed, 0.01);
        const Batch batch(weather, settings, first, settings.year_start_month);
        Curve curve(settings, first, {2006, 1, 1});
        for (std::size_t t = 0; t < 1500; ++t) {
          curve.one(weather.in[t], weather.out[t]);
          ASSERT_EQ(std::isnan(curve.deficit[0]), std::isnan(batch.deficit[t])) << seed << " day " << t;
          if (std::isnan(curve.deficit[0])) continue;
          ++shown;
          ASSERT_NEAR(curve.deficit[0], batch.deficit[t], 1e-4) << seed << " day " << t;
        }
        const MassCurveSummary summary = curve.conclude();
        for (std::size_t y = 0; y < batch.maxima.size(); ++y) {
          ASSERT_EQ(std::isnan(curve.maxima[y]), std::isnan(batch.maxima[y]))
              << "seed " << seed << " year " << y;
          if (std::isnan(batch.maxima[y])) continue;
          ++valid;
          ASSERT_NEAR(curve.maxima[y], batch.maxima[y], 1e-9) << "seed " << seed << " year " << y;
        }
        EXPECT_NEAR(summary.record_maximum_mm, batch.record, 1e-9);
        EXPECT_EQ(summary.record_maximum_day - static_cast<double>(curve.record.first_day()),
                  static_cast<double>(batch.record_day));
      }
  EXPECT_GT(valid, 40);
  EXPECT_GT(shown, 40000);
}

TEST(MassCurve, AGapAcrossTheYearsEndBelongsToBothYears) {
  MassCurveSettings settings;
  settings.reset = YearReset::yearly;
  settings.minimum_valid_days = 300;
  Curve curve(settings, {2001, 1, 1}, {2002, 12, 31});
  while (curve.date() < Date{2001, 12, 29}) curve.one(0.0F, 1.0F);
  while (curve.date() < Date{2002, 1, 4}) curve.one(nan_f, 1.0F);  // 3 days and 3 days
  curve.one(0.0F, 1.0F);
  EXPECT_EQ(curve.deficit[0], 4.0F);
  while (curve.date().year < 2003) curve.one(5.0F, 1.0F);
  curve.conclude();
  EXPECT_EQ(curve.maxima[0], 365.0);
  EXPECT_EQ(curve.maxima[1], 4.0);
}

TEST(MassCurve, ALongGapAcrossTheYearsEndVoidsBoth) {
  MassCurveSettings settings;
  settings.max_gap_days = 5;
  Curve curve(settings, {2001, 1, 1}, {2003, 12, 31});
  while (curve.date() < Date{2001, 12, 29}) curve.one(0.0F, 1.0F);
  while (curve.date() < Date{2002, 1, 4}) curve.one(nan_f, 1.0F);
  while (curve.date().year < 2004) curve.one(0.0F, 1.0F);
  EXPECT_EQ(curve.conclude().valid_years, 1);
  EXPECT_TRUE(std::isnan(curve.maxima[0]));
  EXPECT_TRUE(std::isnan(curve.maxima[1]));
  EXPECT_EQ(curve.maxima[2], 3.0 * 365 - 6);
}

TEST(MassCurve, AGapOpenAtTheEndDoesNotVoidAYearThatHasEnoughDays) {
  Curve curve({}, {2001, 1, 1}, {2001, 12, 31});
  while (curve.date() < Date{2001, 12, 28}) curve.one(0.0F, 1.0F);
  while (curve.date().year < 2002) curve.one(nan_f, nan_f);
  const auto before = curve.values;
  EXPECT_EQ(curve.conclude().valid_years, 1);
  EXPECT_EQ(curve.maxima[0], 361.0);
  for (std::size_t f = 0; f < before.size(); ++f)
    for (std::size_t v = 0; v < before[f].size(); ++v)
      EXPECT_TRUE(same(before[f][v][0], curve.values[f][v][0]));
}

TEST(MassCurve, ARecordThatBeginsLateCountsFromItsFirstDay) {
  Curve curve({}, {2001, 1, 1}, {2002, 12, 31});
  while (curve.date() < Date{2001, 3, 1}) curve.one(nan_f, nan_f);
  while (curve.date().year < 2003) curve.one(0.0F, 1.0F);
  const MassCurveSummary summary = curve.conclude();
  EXPECT_EQ(summary.missing_days, 59);
  EXPECT_EQ(summary.valid_years, 1);
  EXPECT_EQ(summary.record_maximum_mm, 671.0);
  EXPECT_EQ(curve.maxima[1], 671.0);
}

struct Strip {
  static constexpr std::size_t pixels = 301;
  std::vector<Weather> weather;
  std::vector<std::uint8_t> start, reset;
  std::vector<double> scale;
  Strip() {
    for (unsigned i = 0; i < pixels; ++i) {
      weather.emplace_back(800, i, i % 3 == 0 ? 0.0 : 0.02);
      start.push_back(static_cast<std::uint8_t>(1 + i % 12));
      reset.push_back(i % 5 == 0);
      scale.push_back(i % 4 == 0 ? 0.9 : 1.0);
    }
  }
  std::vector<float> in(std::size_t t) const { return pick(t, &Weather::in); }
  std::vector<float> out(std::size_t t) const { return pick(t, &Weather::out); }
  std::vector<float> pick(std::size_t t, std::vector<float> Weather::*series) const {
    std::vector<float> day;
    for (const Weather& w : weather) day.push_back((w.*series)[t]);
    return day;
  }
  Curve curve(AnnualStatistic statistic) const {
    MassCurveSettings settings;
    settings.statistic = statistic;
    settings.minimum_valid_days = 200;
    return Curve(settings, {2001, 5, 10}, {2003, 12, 31}, pixels, {start, reset, scale});
  }
};

TEST(MassCurve, AnyCutIntoStripsGivesTheSameBytes) {
  const Strip strip;
  for (AnnualStatistic statistic : {AnnualStatistic::maximum, AnnualStatistic::rise}) {
    Curve whole = strip.curve(statistic), cut = strip.curve(statistic), single = strip.curve(statistic);
    for (std::size_t t = 0; t < 400; ++t) {
      const auto in = strip.in(t), out = strip.out(t);
      whole.day(in, out);
      cut.day(in, out, {}, 1 + t % 83);
      ASSERT_EQ(std::memcmp(whole.deficit.data(), cut.deficit.data(), Strip::pixels * sizeof(float)), 0) << t;
      ASSERT_EQ(std::memcmp(whole.overflow.data(), cut.overflow.data(), Strip::pixels * sizeof(float)), 0)
          << t;
      ASSERT_EQ(whole.flags, cut.flags);
    }
    EXPECT_TRUE(same_state(whole, cut));
  }
}

TEST(MassCurve, PixelsWithTheirOwnYearEqualRunsWithThatYear) {
  const Strip strip;
  Curve together = strip.curve(AnnualStatistic::maximum);
  for (std::size_t t = 0; t < 800; ++t) together.day(strip.in(t), strip.out(t));
  for (std::size_t i : {std::size_t{1}, std::size_t{3}, std::size_t{11}, std::size_t{22}}) {
    MassCurveSettings settings;
    settings.minimum_valid_days = 200;
    settings.year_start_month = strip.start[i];
    settings.reset = strip.reset[i] != 0 ? YearReset::yearly : YearReset::none;
    Curve alone(settings, {2001, 5, 10}, {2003, 12, 31});
    for (std::size_t t = 0; t < 800; ++t) alone.one(strip.weather[i].in[t], strip.weather[i].out[t]);
    const MassCurveSummary a = alone.conclude(), b = together.conclude(i);
    EXPECT_EQ(a.record_maximum_mm, b.record_maximum_mm);
    EXPECT_EQ(a.valid_years, b.valid_years);
    const auto shift = static_cast<std::size_t>(alone.record.first_year() - together.record.first_year());
    for (std::size_t y = 0; y < alone.maxima.size(); ++y)
      if (y + shift < together.maxima.size()) {
        EXPECT_TRUE(same(alone.maxima[y], together.maxima[y + shift])) << i << " " << y;
      }
  }
}

TEST(MassCurve, RestartFromStateGivesTheSameBytes) {
  const Strip strip;
  Curve through = strip.curve(AnnualStatistic::rise), resumed = strip.curve(AnnualStatistic::rise);
  for (std::size_t t = 0; t < 300; ++t) through.day(strip.in(t), strip.out(t));
  resumed.values = through.values;
  resumed.next = through.next;
  for (std::size_t t = 300; t < 600; ++t) {
    through.day(strip.in(t), strip.out(t));
    resumed.day(strip.in(t), strip.out(t));
    ASSERT_EQ(std::memcmp(through.deficit.data(), resumed.deficit.data(), Strip::pixels * sizeof(float)), 0);
  }
  EXPECT_TRUE(same_state(through, resumed));
}

struct Survey {
  double in = 0.0, out = 0.0;
  std::vector<double> net = std::vector<double>(12, 0.0), days = std::vector<double>(12, 0.0);
  void day(int month, float p, float e) {
    const auto m = static_cast<std::size_t>(month - 1);
    survey_mass_curve({{&in, 1}, {&out, 1}, {&net[m], 1}, {&days[m], 1}}, {&p, 1}, {&e, 1}, {});
  }
};

TEST(MassCurveSurvey, WettestMonthIsThatOfTheLargestMean) {
  Survey survey;
  EXPECT_EQ(wettest_month(survey.net, survey.days), 0);
  for (int t = 0; t < 30; ++t) survey.day(3, 3.0F, 1.0F);
  for (int t = 0; t < 3; ++t) survey.day(11, 5.0F, 1.0F);  // fewer days, larger mean
  survey.day(12, nan_f, 1.0F);
  survey.day(12, -9.0F, 1.0F);
  EXPECT_EQ(wettest_month(survey.net, survey.days), 11);
  EXPECT_EQ(survey.days[11], 0.0);
  EXPECT_EQ(survey.in, 105.0);
  EXPECT_EQ(survey.out, 33.0);
}

TEST(MassCurveSurvey, TreatmentFollowsThePolicy) {
  MassCurveSettings settings;
  EXPECT_FALSE(closure_treatment(settings, 100.0, 150.0).closes);
  EXPECT_EQ(closure_treatment(settings, 100.0, 150.0).outflow_scale, 1.0);
  settings.closure_policy = ClosurePolicy::scale_outflow;
  EXPECT_DOUBLE_EQ(closure_treatment(settings, 100.0, 150.0).outflow_scale, 2.0 / 3.0);
  EXPECT_EQ(closure_treatment(settings, 100.0, 90.0).outflow_scale, 1.0);
  settings.closure_policy = ClosurePolicy::reset_yearly;
  EXPECT_TRUE(closure_treatment(settings, 100.0, 150.0).reset);
  EXPECT_FALSE(closure_treatment(settings, 100.0, 90.0).reset);
  EXPECT_TRUE(closure_treatment(settings, 0.0, 0.0).closes);
}

TEST(MassCurveSurvey, ScaledOutflowClosesTheBalance) {
  MassCurveSettings settings;
  settings.closure_policy = ClosurePolicy::scale_outflow;
  Survey survey;
  for (int t = 0; t < 730; ++t) survey.day(1, t % 10 == 0 ? 10.0F : 0.0F, 1.5F);
  const std::vector<double> scale{closure_treatment(settings, survey.in, survey.out).outflow_scale};
  Curve curve(settings, {2001, 1, 1}, {2002, 12, 31}, 1, {{}, {}, scale});
  for (int t = 0; t < 730; ++t) curve.one(t % 10 == 0 ? 10.0F : 0.0F, 1.5F);
  const MassCurveSummary summary = curve.conclude();
  EXPECT_NEAR(summary.closure_ratio, 1.0, 1e-12);
  EXPECT_LT(summary.record_maximum_mm, 12.0);  // unscaled it grows to 365 mm
}

}  // namespace
}  // namespace rootzone::storage
