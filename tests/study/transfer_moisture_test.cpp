#include "rootzone/study/transfer_moisture.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "rootzone/moisture/smar.hpp"
#include "rootzone/study/random_field.hpp"

namespace rootzone::study {
namespace {

constexpr std::int64_t days = 300;

std::vector<float> surface_series(std::uint64_t seed) {
  std::vector<float> surface;
  double moisture = 0.25;
  for (std::int64_t day = 0; day < days; ++day) {
    if (uniform_deviate({seed, 1}, static_cast<std::uint64_t>(day)) < 0.15) moisture = 0.42;
    moisture = 0.08 + (moisture - 0.08) * 0.88;
    surface.push_back(static_cast<float>(moisture));
  }
  return surface;
}

/// A station whose measured root zone is SMAR's own run.
StationMoisture perfect_station(std::uint64_t seed, const SmarVector& p) {
  StationMoisture station;
  station.surface = surface_series(seed);
  station.surface_porosity = 0.45;
  station.root_zone_porosity = 0.42;
  station.field_capacity = 0.25;
  station.first_validation_day = 200;
  station.end_validation_day = days;
  moisture::SmarSettings settings;
  settings.warm_up_days = 20.0;
  station.root_zone =
      moisture::smar_series({p[0], p[1], p[2], p[3], 0.45, 0.42, 0.0, 0.25 / 0.42}, settings, station.surface)
          .water_content;
  return station;
}

struct Example {
  std::vector<RegionalStation> stations;
  std::vector<StationMoisture> moisture;
  std::vector<TransferTest> tests;
  moisture::SmarSettings settings;
  Example() {
    const SmarVector truth{0.2, 0.4, 0.05, 0.3};
    for (std::uint64_t i = 0; i < 3; ++i) {
      RegionalStation station;
      station.name = "S" + std::to_string(i);
      station.parameters = truth;
      stations.push_back(station);
      moisture.push_back(perfect_station(i, truth));
    }
    tests.resize(2);
    tests[0].method = "regression";
    tests[1].method = "global_median";
    tests[0].predicted.assign(3, {0.21, 0.41, 0.05, 0.3});
    tests[1].predicted.assign(3, {0.35, 0.55, 0.05, 0.3});
    settings.warm_up_days = 20.0;
  }
  std::vector<MoistureScore> scores() const {
    return moisture_without_each(stations, moisture, tests, settings, {}, core::serial_for);
  }
};

const MoistureScore* find(const std::vector<MoistureScore>& scores, std::size_t station, const char* method) {
  for (const MoistureScore& score : scores)
    if (score.station == station && score.method == method) return &score;
  return nullptr;
}

TEST(TransferMoisture, OwnParametersReproduceTheirRun) {
  const auto scores = Example().scores();
  ASSERT_EQ(scores.size(), 9U);
  for (std::size_t s = 0; s < 3; ++s) {
    EXPECT_EQ(find(scores, s, "calibrated")->metrics.rmse.value, 0.0);
    EXPECT_EQ(find(scores, s, "calibrated")->metrics.n, 100);
    EXPECT_GT(find(scores, s, "regression")->metrics.rmse.value, 0.0);
    EXPECT_LT(find(scores, s, "regression")->metrics.rmse.value,
              find(scores, s, "global_median")->metrics.rmse.value);
  }
}

TEST(TransferMoisture, ComparesMethodsStationByStation) {
  Example example;
  example.tests[1].predicted[2] = {0.2, 0.4, 0.05, 0.3};  // here the median is the truth
  const auto scores = example.scores();
  const MethodComparison compared = compare_methods(scores, "regression", "global_median");
  EXPECT_EQ(compared.stations, 3);
  EXPECT_EQ(compared.better, 2);
  double sum = 0.0;
  for (std::size_t s = 0; s < 3; ++s) sum += find(scores, s, "regression")->metrics.rmse.value;
  EXPECT_NEAR(compared.mean_rmse, sum / 3.0, 1e-15);
  EXPECT_LT(compared.mean_rmse, compared.mean_rmse_against);
}

TEST(TransferMoisture, AStationWithoutPredictionHasNoScoreByThatMethod) {
  Example example;
  example.tests[0].predicted[1][3] = std::numeric_limits<double>::quiet_NaN();
  example.tests[0].predicted[2][3] = 1.0;  // b = 1: SMAR does not apply
  example.moisture[0].surface.clear();
  const auto scores = example.scores();
  EXPECT_EQ(find(scores, 0, "calibrated"), nullptr) << "no series";
  EXPECT_EQ(find(scores, 1, "regression"), nullptr);
  EXPECT_NE(find(scores, 1, "global_median"), nullptr);
  EXPECT_EQ(find(scores, 2, "regression"), nullptr);
  EXPECT_EQ(find(scores, 2, "calibrated")->metrics.n, 100);
  EXPECT_EQ(compare_methods(scores, "regression", "global_median").stations, 0);
}

}  // namespace
}  // namespace rootzone::study
