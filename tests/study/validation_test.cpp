#include "rootzone/study/validation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace rootzone::study {
namespace {

constexpr std::size_t days = 300;
const float missing = std::numeric_limits<float>::quiet_NaN();

float wave(std::size_t day, double period) {
  return static_cast<float>(std::sin(static_cast<double>(day) / period));
}

/// Reference around `level`; smar = reference + 0.01, spinning up for 20 days with nonsense; an index in 0
/// … 1.
StationData station(const std::string& name, float level) {
  StationData data{name, std::vector<float>(days), {}};
  ProductSeries smar{"smar", std::vector<float>(days), std::vector<core::FlagBits>(days, 0),
                     ProductUnit::volumetric};
  ProductSeries index{"exponential_filter", std::vector<float>(days), {}, ProductUnit::index};
  for (std::size_t i = 0; i < days; ++i) {
    data.reference[i] = level + 0.05F * wave(i, 9.0);
    smar.values[i] = data.reference[i] + 0.01F;
    index.values[i] = 0.5F + 0.25F * wave(i, 9.0);
    if (i < 20) {
      smar.values[i] = 9.0F;
      smar.flags[i] = core::bits(core::Flag::spinning_up);
    }
  }
  data.products = {smar, index};
  return data;
}

const ValidationRow& row(const ValidationResult& result, const std::string& name, const std::string& product,
                         ValidationPeriod period) {
  for (const ValidationRow& candidate : result.rows)
    if (candidate.station == name && candidate.product == product && candidate.period == period)
      return candidate;
  throw std::out_of_range(name + " " + product);
}

TEST(Validation, EveryCombinationHasARowInOrder) {
  const std::vector<StationData> stations{station("A", 0.2F), station("B", 0.3F)};
  const ValidationResult result = validate_stations(stations);
  EXPECT_EQ(result.calibration_days, 200);
  ASSERT_EQ(result.rows.size(), 16u);
  EXPECT_EQ(result.rows[0].product, "smar");
  EXPECT_EQ(result.rows[1].product, "exponential_filter");
  EXPECT_EQ(result.rows[2].product, "constant_mean");
  EXPECT_EQ(result.rows[3].product, "station_mean");
  EXPECT_EQ(result.rows[4].period, ValidationPeriod::validation);
  EXPECT_EQ(result.rows[8].station, "B");
}

TEST(Validation, DaysOfSpinUpDoNotCountForAnyProduct) {
  const std::vector<StationData> stations{station("A", 0.2F), station("B", 0.3F)};
  const ValidationResult result = validate_stations(stations);
  for (const char* product : {"smar", "exponential_filter", "constant_mean", "station_mean"}) {
    EXPECT_EQ(row(result, "A", product, ValidationPeriod::calibration).metrics.n, 180) << product;
    EXPECT_EQ(row(result, "A", product, ValidationPeriod::validation).metrics.n, 100) << product;
  }
  EXPECT_NEAR(row(result, "A", "smar", ValidationPeriod::calibration).metrics.rmse.value, 0.01, 1e-6);
  ValidationOptions own;
  own.days = ComparedDays::own;
  EXPECT_EQ(
      row(validate_stations(stations, own), "A", "station_mean", ValidationPeriod::calibration).metrics.n,
      200);
}

TEST(Validation, AnIndexIsMappedOnTheCalibrationPeriodOnly) {
  std::vector<StationData> stations{station("A", 0.2F)};
  // The relation changes after the split: a map fitted on all days would see it.
  for (std::size_t i = 200; i < days; ++i) stations[0].reference[i] += 0.1F;
  const ValidationResult result = validate_stations(stations);
  ASSERT_EQ(result.maps.size(), 1u);
  EXPECT_NEAR(result.maps[0].map.slope, 0.2, 1e-5);
  EXPECT_NEAR(result.maps[0].map.intercept, 0.1, 1e-5);
  EXPECT_NEAR(row(result, "A", "exponential_filter", ValidationPeriod::calibration).metrics.rmse.value, 0.0,
              1e-6);
  EXPECT_NEAR(row(result, "A", "exponential_filter", ValidationPeriod::validation).metrics.bias.value, -0.1,
              1e-6);
  EXPECT_EQ(row(result, "A", "exponential_filter", ValidationPeriod::validation).note, "mapped: 0.1 + 0.2 x");
}

TEST(Validation, ConstantMeanIsOfTheOtherStationsAndStationMeanItsOwn) {
  std::vector<StationData> stations{station("A", 0.20F), station("B", 0.30F), station("C", 0.40F)};
  for (auto& [level, data] :
       {std::pair<float, StationData&>{0.20F, stations[0]}, {0.30F, stations[1]}, {0.40F, stations[2]}})
    for (std::size_t i = 0; i < days; ++i)
      data.reference[i] = level + (i < 200 ? 0.0F : 0.05F) + 0.01F * (i % 2 == 0 ? 1.0F : -1.0F);
  const ValidationResult result = validate_stations(stations);
  const auto bias = [&](const char* name, const char* product) {
    return row(result, name, product, ValidationPeriod::validation).metrics.bias.value;
  };
  EXPECT_NEAR(bias("A", "constant_mean"), 0.35 - 0.25, 1e-6);
  EXPECT_NEAR(bias("B", "constant_mean"), 0.30 - 0.35, 1e-6);
  EXPECT_NEAR(bias("C", "constant_mean"), 0.25 - 0.45, 1e-6);
  for (const char* name : {"A", "B", "C"}) EXPECT_NEAR(bias(name, "station_mean"), -0.05, 1e-6);
  const auto& constant = row(result, "A", "constant_mean", ValidationPeriod::validation).metrics;
  EXPECT_TRUE(std::isnan(constant.pearson_r.value)) << "a constant has no correlation";
  EXPECT_LT(constant.nse.value, 0.0);
}

TEST(Validation, ALoneStationHasNoOthersAndSaysSo) {
  const std::vector<StationData> stations{station("A", 0.2F)};
  const auto result = validate_stations(stations);
  const ValidationRow& lone = row(result, "A", "constant_mean", ValidationPeriod::validation);
  EXPECT_EQ(lone.metrics.status, stats::MetricStatus::not_enough_data);
  EXPECT_EQ(lone.note, "not enough data: no other station has a calibration period");
}

TEST(Validation, TooFewDaysGiveNoNumbersAndDoNotLimitTheOthers) {
  std::vector<StationData> stations{station("A", 0.2F), station("B", 0.3F)};
  for (std::size_t i = 20; i < days; ++i) stations[0].products[0].values[i] = missing;  // smar not applicable
  const ValidationResult result = validate_stations(stations);
  const ValidationRow& smar = row(result, "A", "smar", ValidationPeriod::validation);
  EXPECT_EQ(smar.metrics.n, 0);
  EXPECT_EQ(smar.note, "not enough data");
  EXPECT_EQ(row(result, "A", "exponential_filter", ValidationPeriod::validation).metrics.n, 100);
}

TEST(Validation, AnIndexThatCannotBeMappedIsMissingEverywhere) {
  std::vector<StationData> stations{station("A", 0.2F), station("B", 0.3F)};
  for (std::size_t i = 0; i < 200; ++i) stations[0].reference[i] = missing;
  ValidationOptions options;
  options.calibration_days = 200;
  const ValidationResult result = validate_stations(stations, options);
  const ValidationRow& mapped = row(result, "A", "exponential_filter", ValidationPeriod::validation);
  EXPECT_EQ(mapped.metrics.n, 0);
  EXPECT_NE(mapped.note.find("not enough data in the calibration period"), std::string::npos);
  EXPECT_EQ(row(result, "A", "station_mean", ValidationPeriod::validation).note,
            "not enough data: the station has no calibration period");
  EXPECT_EQ(row(result, "A", "smar", ValidationPeriod::validation).metrics.n, 100);
  EXPECT_EQ(row(result, "A", "constant_mean", ValidationPeriod::validation).metrics.n, 100);
  EXPECT_EQ(row(result, "B", "constant_mean", ValidationPeriod::validation).metrics.n, 0)
      << "A has no mean to give";
}

TEST(Validation, TheSplitCountsDaysWithData) {
  std::vector<StationData> stations{{"A", std::vector<float>(100, missing), {}},
                                    {"B", std::vector<float>(100, missing), {}}};
  for (std::size_t i = 40; i < 60; ++i) stations[0].reference[i] = 0.2F;
  for (std::size_t i = 90; i < 100; ++i) stations[1].reference[i] = 0.3F;
  EXPECT_EQ(default_calibration_days(stations), 90) << "30 days with data: the 21st is day 90";
  EXPECT_EQ(default_calibration_days({}), 0);
  ValidationOptions options;
  options.calibration_days = 101;
  EXPECT_THROW(validate_stations(stations, options), std::invalid_argument);
}

TEST(Validation, ScaledTwinsAreNamedAndComeBesideTheUnscaled) {
  std::vector<StationData> stations{station("A", 0.2F), station("B", 0.3F)};
  for (StationData& data : stations)
    for (std::size_t i = 20; i < days; ++i) data.products[0].values[i] = 0.1F + 2.0F * data.reference[i];
  for (const auto& [scaling, suffix] :
       {std::pair{Scaling::mean_std, "+mean_std"}, std::pair{Scaling::cdf, "+cdf"}}) {
    ValidationOptions options;
    options.scaling = scaling;
    const ValidationResult result = validate_stations(stations, options);
    EXPECT_NEAR(
        row(result, "A", std::string("smar") + suffix, ValidationPeriod::validation).metrics.rmse.value, 0.0,
        2e-4);
    EXPECT_GT(row(result, "A", "smar", ValidationPeriod::validation).metrics.rmse.value, 0.2);
  }
}

TEST(Validation, ColumnsAndFieldsAreThoseOfMetricsCsv) {
  const std::vector<std::string> columns = metrics_csv_columns();
  const std::vector<std::string> fixed{"station", "product",   "period",       "n",   "rmse", "bias",
                                       "ubrmse",  "pearson_r", "spearman_rho", "nse", "r2",   "r2_adjusted",
                                       "kge",     "slope",     "intercept"};
  ASSERT_GE(columns.size(), fixed.size());
  EXPECT_TRUE(std::equal(fixed.begin(), fixed.end(), columns.begin()));
  for (std::size_t i = 4; i < fixed.size(); ++i)
    for (const char* bound : {"_low", "_high"})
      EXPECT_EQ(std::count(columns.begin(), columns.end(), fixed[i] + bound), 1) << fixed[i] + bound;
  const std::vector<StationData> stations{station("A", 0.2F), station("B", 0.3F)};
  const ValidationResult result = validate_stations(stations);
  for (const ValidationRow& r : result.rows) {
    const auto fields = metrics_csv_fields(r);
    ASSERT_EQ(fields.size(), columns.size());
    const auto field = [&](const std::string& name) {
      const auto found = std::find(columns.begin(), columns.end(), name);
      return fields.at(static_cast<std::size_t>(found - columns.begin()));
    };
    EXPECT_NEAR(std::stod(field("bias_low")), r.metrics.bias.low, 1e-8);
    EXPECT_NEAR(std::stod(field("rmse_high")), r.metrics.rmse.high, 1e-8);
    EXPECT_NEAR(std::stod(field("intercept_high")), r.metrics.intercept.high, 1e-8);
    EXPECT_EQ(field("pearson_r").empty(), std::isnan(r.metrics.pearson_r.value))
        << "undefined numbers are empty";
    EXPECT_EQ(field("note"), r.note);
  }
}

TEST(Validation, SeriesOfOtherLengthAreRefusedByName) {
  std::vector<StationData> stations{station("A", 0.2F)};
  stations[0].products[0].values.pop_back();
  try {
    validate_stations(stations);
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("smar at station A"), std::string::npos);
  }
  EXPECT_TRUE(validate_stations({}).rows.empty());
}

}  // namespace
}  // namespace rootzone::study
