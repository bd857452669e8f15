#include "rootzone/study/station_transfer.hpp"

#include <gtest/gtest.h>

#include <array>

#include "rootzone/core/error.hpp"

namespace rootzone::study {
namespace {

constexpr std::array<SitePlace, 3> places{{{45.0, 9.0}, {45.0, 10.0}, {46.0, 9.0}}};
constexpr std::array<double, 3> values{0.1, 0.2, 0.6};

// One degree of latitude on the sphere: 6371.0088 · π/180 = 111.19508 km; of longitude at 45°: chord and arc
// 78.62630 km by the haversine, 2·R·asin(cos 45°·sin 0.5°).
TEST(StationTransfer, DistanceOnTheSphere) {
  EXPECT_NEAR(distance_km(places[0], places[2]), 111.19508, 1e-4);
  EXPECT_NEAR(distance_km(places[0], places[1]), 78.62630, 1e-4);
  EXPECT_EQ(distance_km(places[0], places[0]), 0.0);
  EXPECT_NEAR(distance_km({0.0, 179.9}, {0.0, -179.9}), 0.2 * 111.19508, 1e-4);
}

TEST(StationTransfer, NearestTakesOneStation) {
  EXPECT_EQ(transfer(TransferMethod::nearest_station, places, values, {45.8, 9.1}), 0.6);
  EXPECT_EQ(transfer(TransferMethod::nearest_station, places, values, {45.0, 9.0}), 0.1);
}

// At a place 1 km from one station and 2 km from the other the weights are 4 : 1 with power 2, 2 : 1 with 1.
TEST(StationTransfer, InverseDistanceByHand) {
  const double km = 1.0 / 111.19508;
  const std::array<SitePlace, 2> two{{{45.0 + km, 9.0}, {45.0 - 2.0 * km, 9.0}}};
  const std::array<double, 2> known{1.0, 6.0};
  EXPECT_NEAR(transfer(TransferMethod::inverse_distance, two, known, {45.0, 9.0}), 2.0, 1e-9);
  EXPECT_NEAR(transfer(TransferMethod::inverse_distance, two, known, {45.0, 9.0}, 1.0), 8.0 / 3.0, 1e-9);
  EXPECT_EQ(transfer(TransferMethod::inverse_distance, two, known, two[1]), 6.0);
}

TEST(StationTransfer, MedianIsTheSameEverywhere) {
  EXPECT_EQ(transfer(TransferMethod::global_median, places, values, {-30.0, 100.0}), 0.2);
}

TEST(StationTransfer, RefusesWhatItCannotWeigh) {
  EXPECT_THROW(station_weights(TransferMethod::regression, places, {45.0, 9.0}), core::Error);
  EXPECT_THROW(station_weights(TransferMethod::nearest_station, {}, {45.0, 9.0}), core::Error);
  EXPECT_THROW(station_weights(TransferMethod::inverse_distance, places, {45.0, 9.0}, 0.0), core::Error);
}

TEST(StationTransfer, EveryMethodHasAName) {
  for (const TransferMethod method : transfer_methods)
    EXPECT_EQ(parse_transfer_method(name_of(method)), method);
  EXPECT_FALSE(parse_transfer_method("kriging").has_value());
}

}  // namespace
}  // namespace rootzone::study
