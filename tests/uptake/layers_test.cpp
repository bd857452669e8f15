#include "rootzone/uptake/layers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <stdexcept>

namespace rootzone::uptake {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

//  cells   10 cm: 1 2 3 | 20 cm: 4        layers  15, 25 cm; 10 cm are left below
const std::array<double, 4> cell_cm{10.0, 10.0, 10.0, 20.0};
const std::array<double, 2> layer_cm{15.0, 25.0};

TEST(Layers, MeansFollowTheOverlap) {
  const std::array<double, 4> cells{1.0, 2.0, 3.0, 4.0};
  EXPECT_THAT(layer_means(cells, cell_cm, layer_cm),
              ElementsAre(DoubleEq((10.0 + 10.0) / 15.0), DoubleEq((10.0 + 30.0 + 40.0) / 25.0)));
}

TEST(Layers, SumsShareTheCellThatAnEdgeCuts) {
  const std::array<double, 4> cells{1.0, 2.0, 3.0, 4.0};
  EXPECT_THAT(layer_sums(cells, cell_cm, layer_cm), ElementsAre(DoubleEq(2.0), DoubleEq(1.0 + 3.0 + 2.0)));
}

TEST(Layers, BottomsBetweenCellEdgesAreLinear) {
  const std::array<double, 4> bottoms{3.0, 2.0, 2.0, 6.0};
  EXPECT_THAT(at_layer_bottoms(5.0, bottoms, cell_cm, layer_cm), ElementsAre(DoubleEq(2.5), DoubleEq(4.0)));
}

TEST(Layers, EdgesARoundingErrorAwayTakeWholeCells) {
  const std::vector<double> cells(100, 1.0);
  const std::vector<double> one_cm(100, 1.0);
  for (std::size_t count : {3U, 7U, 10U}) {
    const auto layers = equal_layers(100.0, count);
    double sum = 0.0;
    for (double layer : layer_sums(cells, one_cm, layers)) sum += layer;
    EXPECT_DOUBLE_EQ(sum, 100.0) << count;
  }
  for (double mean : layer_means(cells, one_cm, equal_layers(100.0, 10))) EXPECT_EQ(mean, 1.0);
}

TEST(Layers, WhatDoesNotFitIsRefused) {
  const std::array<double, 4> cells{1.0, 2.0, 3.0, 4.0};
  const std::array<double, 1> deep{60.0};
  const std::array<double, 2> empty_layer{10.0, 0.0};
  EXPECT_THROW(layer_means(cells, cell_cm, deep), std::invalid_argument);
  EXPECT_THROW(layer_sums(cells, cell_cm, empty_layer), std::invalid_argument);
  EXPECT_THROW(layer_means(layer_cm, cell_cm, layer_cm), std::invalid_argument);
  EXPECT_THROW(equal_layers(0.0, 3), std::invalid_argument);
  EXPECT_THROW(equal_layers(10.0, 0), std::invalid_argument);
}

}  // namespace
}  // namespace rootzone::uptake
