#include "rootzone/sptf/predictor.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "lstm_reference.hpp"

namespace rootzone::sptf {
namespace {

Network network_of(HydraulicModel model, bool knows_observed) {
  Network network;
  network.model = model;
  network.inputs = published_inputs();
  if (knows_observed)
    network.inputs.insert(network.inputs.begin() + 2, {"surface_soil_moisture_observed", "1", false});
  network.inputs[0].offset = 0.2;
  network.inputs[0].scale = 0.12;
  network.inputs[1].offset = 2.0;
  network.inputs[1].scale = 6.0;
  network.outputs = published_outputs(model);
  network.weights = random_lstm_weights({knows_observed ? 6 : 5, 4, 16, 6}, 3);
  for (float& w : network.weights.output()) w *= 8.0F;  // so that places differ
  return network;
}

/// Series of one place in the order of daily_variables: moisture, rain, PET, temperature, LAI.
struct Place {
  explicit Place(std::uint64_t seed, std::size_t days = 50) {
    TestRandom random(seed);
    for (std::size_t day = 0; day < days; ++day) {
      series[0].push_back(random.uniform(0.0, 1.0) < 0.3 ? NAN
                                                         : static_cast<float>(random.uniform(0.1, 0.4)));
      series[1].push_back(static_cast<float>(random.uniform(0.0, 20.0)));
      series[2].push_back(static_cast<float>(random.uniform(0.0, 6.0)));
      series[3].push_back(static_cast<float>(random.uniform(-3.0, 20.0)));
      series[4].push_back(static_cast<float>(random.uniform(0.0, 4.0)));
    }
    constants = {random.uniform(0.2, 0.5), 0.3, 0.2, random.uniform(1.2, 1.5)};
  }
  void put(Predictor& predictor, std::int64_t place) const {
    std::vector<std::span<const float>> views;
    for (const auto& one : series) views.emplace_back(one);
    predictor.set(place, views, constants);
  }
  std::array<std::vector<float>, 5> series;
  std::vector<double> constants;
};

SoilEstimate alone(const Network& network, const Place& place) {
  Predictor predictor(network, best_instruction_set(), static_cast<std::int64_t>(place.series[0].size()), 1);
  place.put(predictor, 0);
  return predictor.run(1)[0];
}

bool same(const SoilEstimate& a, const SoilEstimate& b) {
  return a.saturated_water_content == b.saturated_water_content && a.alpha_per_cm == b.alpha_per_cm &&
         a.n == b.n && a.saturated_conductivity_cm_per_day == b.saturated_conductivity_cm_per_day &&
         a.shape == b.shape && a.half_uptake_head_cm == b.half_uptake_head_cm &&
         a.water_content_33kpa == b.water_content_33kpa && a.observed_days == b.observed_days;
}

TEST(Sptf, NamesTheSeriesItWants) {
  const Network network = network_of(HydraulicModel::van_genuchten, true);
  EXPECT_EQ(
      Predictor::daily_variables(network),
      (std::vector<std::string>{"surface_soil_moisture", "precipitation", "potential_evapotranspiration",
                                "land_surface_temperature", "leaf_area_index"}));
  EXPECT_EQ(Predictor::constant_variables(network),
            (std::vector<std::string>{"sand", "silt", "clay", "bulk_density"}));
}

// The whole way by hand: standardise, mask, run the double-precision reference, spread over the ranges.
TEST(Sptf, AnEstimateEqualsTheReference) {
  for (const bool knows_observed : {false, true})
    for (const auto model : {HydraulicModel::van_genuchten, HydraulicModel::fredlund_xing}) {
      const Network network = network_of(model, knows_observed);
      const Place place(5);
      const std::int64_t days = 50, inputs = network.weights.shape.daily_inputs;
      std::vector<float> daily, usable, constants;
      std::int64_t observed = 0;
      double wettest = 0.0;
      for (std::size_t day = 0; day < 50; ++day) {
        const float moisture = place.series[0][day];
        const bool there = !std::isnan(moisture);
        daily.push_back(there ? (moisture - 0.2F) / 0.12F : 0.0F);
        daily.push_back((place.series[1][day] - 2.0F) / 6.0F);
        if (knows_observed) daily.push_back(there ? 1.0F : 0.0F);
        daily.push_back(place.series[2][day]);
        daily.push_back(place.series[3][day] >= 0.0F ? 1.0F : 0.0F);
        daily.push_back(place.series[4][day]);
        usable.push_back(there || knows_observed ? 1.0F : 0.0F);
        observed += there;
        if (there) wettest = std::max(wettest, static_cast<double>(moisture));
      }
      for (const double c : place.constants) constants.push_back(static_cast<float>(c));
      ASSERT_EQ(static_cast<std::int64_t>(daily.size()), days * inputs);
      const auto unit =
          LstmReference(network.weights, network.readout).forward({1, days, daily, constants, usable});
      const SoilEstimate estimate = alone(network, place);
      EXPECT_EQ(estimate.observed_days, observed);
      const auto expected = [&](std::size_t i) {
        return parameter_value(network.outputs[i], unit[i], wettest);
      };
      EXPECT_NEAR(estimate.saturated_water_content, expected(0), 1e-6);
      EXPECT_NEAR(estimate.alpha_per_cm / expected(1), 1.0, 1e-4);
      EXPECT_NEAR(estimate.n / expected(2), 1.0, 1e-4);
      EXPECT_NEAR(estimate.saturated_conductivity_cm_per_day / expected(3), 1.0, 1e-4);
      EXPECT_NEAR(estimate.shape, expected(4), 1e-5);
      EXPECT_NEAR(estimate.half_uptake_head_cm / expected(5), 1.0, 1e-4);
    }
}

// van Genuchten by hand: θs .4, θr .1, α .01, n 2 at 336.5 and 15296 cm.
TEST(Sptf, DerivedWaterContentsByHand) {
  SoilEstimate soil{0.4, 0.01, 2.0, 10.0, 0.1};
  const auto saturation = [](double h) { return 1.0 / std::sqrt(1.0 + 0.01 * h * 0.01 * h); };
  // Air enters at −2 cm.
  const auto theta = [&](double h) { return 0.1 + 0.3 * saturation(h) / saturation(2.0); };
  EXPECT_NEAR(water_content_of(HydraulicModel::van_genuchten, soil, head_33kpa_cm), theta(336.5), 1e-12);
  EXPECT_NEAR(water_content_of(HydraulicModel::van_genuchten, soil, head_1500kpa_cm), theta(15296.0), 1e-12);
  // FXW at −330 cm, the published value.
  soil = {0.4, 0.006, 1.1, 100.0, 0.66};
  EXPECT_NEAR(water_content_of(HydraulicModel::fredlund_xing, soil, -330.0), 0.295124, 1e-6);
}

TEST(Sptf, DerivedParametersHangTogether) {
  for (const auto model : {HydraulicModel::van_genuchten, HydraulicModel::fredlund_xing}) {
    const SoilEstimate soil = alone(network_of(model, true), Place(6));
    EXPECT_GT(soil.water_content_33kpa, soil.water_content_1500kpa);
    EXPECT_GT(soil.saturated_water_content, soil.water_content_33kpa);
    EXPECT_DOUBLE_EQ(soil.sw2, soil.water_content_1500kpa / soil.saturated_water_content);
    EXPECT_DOUBLE_EQ(soil.sc1, soil.water_content_33kpa / soil.saturated_water_content);
  }
}

TEST(Sptf, NeighboursDoNotChangeAnEstimate) {
  const Network network = network_of(HydraulicModel::van_genuchten, true);
  for (const std::int64_t most : {1, 48, 49, 144, 256}) {
    Predictor predictor(network, best_instruction_set(), 50, most);
    for (std::int64_t place = 0; place < most; ++place)
      Place(100 + static_cast<std::uint64_t>(place)).put(predictor, place);
    const auto estimates = predictor.run(most);
    for (const std::int64_t place : {std::int64_t{0}, most / 2, most - 1})
      EXPECT_TRUE(same(estimates[static_cast<std::size_t>(place)],
                       alone(network, Place(100 + static_cast<std::uint64_t>(place)))));
  }
}

TEST(Sptf, WithoutTheObservedInputADayWithoutMoistureIsPassedBy) {
  const Network network = network_of(HydraulicModel::van_genuchten, false);
  Place place(7), shorter(7);
  for (auto& series : shorter.series) series.clear();
  for (std::size_t day = 0; day < 50; ++day) {
    if (std::isnan(place.series[0][day])) continue;
    for (std::size_t i = 0; i < 5; ++i) shorter.series[i].push_back(place.series[i][day]);
  }
  EXPECT_LT(shorter.series[0].size(), 50U);
  EXPECT_TRUE(same(alone(network, place), alone(network, shorter)));
}

TEST(Sptf, AMissingConstantOrNoWeatherLeavesNothing) {
  const Network network = network_of(HydraulicModel::van_genuchten, true);
  Place place(8);
  place.constants[2] = NAN;
  EXPECT_TRUE(std::isnan(alone(network, place).saturated_water_content));
  EXPECT_EQ(alone(network, place).observed_days, 0);
  Place dry(9);
  std::fill(dry.series[1].begin(), dry.series[1].end(), NAN);
  EXPECT_TRUE(std::isnan(alone(network, dry).sw2));
  EXPECT_EQ(alone(network, dry).observed_days, 0);
}

TEST(Sptf, WetObservationsRaiseTheSaturatedWaterContent) {
  const Network network = network_of(HydraulicModel::van_genuchten, true);
  Place place(10), wetter(10);
  for (float& value : wetter.series[0])
    if (!std::isnan(value)) {
      value = 0.75F;
      break;
    }
  EXPECT_GT(alone(network, wetter).saturated_water_content, 0.42);
  EXPECT_LE(alone(network, place).saturated_water_content, 0.41);
}

}  // namespace
}  // namespace rootzone::sptf
