#include "rootzone/study/station_match.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

namespace rootzone::study {
namespace {

const float missing = std::numeric_limits<float>::quiet_NaN();

double total(const CellWeights& weights) {
  double sum = 0.0;
  for (int i = 0; i < weights.count; ++i) sum += weights.cells[static_cast<std::size_t>(i)].weight;
  return sum;
}

TEST(StationMatch, NearestIsTheCellThePointLiesIn) {
  const auto cells = match_cells(3, 4, 1.999, 0.0, Matching::nearest);
  ASSERT_TRUE(cells.has_value());
  ASSERT_EQ(cells->count, 1);
  EXPECT_EQ(cells->cells[0].row, 1);
  EXPECT_EQ(cells->cells[0].col, 0);
  const auto corner = match_cells(3, 4, 3.0, 4.0, Matching::nearest);
  EXPECT_EQ(corner->cells[0].row, 2) << "the outer edge belongs to the last cell";
  EXPECT_EQ(corner->cells[0].col, 3);
}

TEST(StationMatch, PointsOutsideHaveNoCell) {
  EXPECT_FALSE(match_cells(3, 4, -0.01, 1.0, Matching::nearest).has_value());
  EXPECT_FALSE(match_cells(3, 4, 1.0, 4.01, Matching::bilinear).has_value());
  EXPECT_FALSE(match_cells(3, 4, std::nan(""), 1.0, Matching::nearest).has_value());
}

TEST(StationMatch, BilinearWeighsTheFourCentresAround) {
  // a quarter of the way from the centre of row 0 to that of row 1, half-way between columns 1 and 2
  const auto cells = match_cells(3, 4, 0.75, 2.0, Matching::bilinear);
  ASSERT_TRUE(cells.has_value());
  ASSERT_EQ(cells->count, 4);
  EXPECT_DOUBLE_EQ(cells->cells[0].weight, 0.375);
  EXPECT_EQ(cells->cells[0].col, 1);
  EXPECT_DOUBLE_EQ(cells->cells[3].weight, 0.125);
  EXPECT_EQ(cells->cells[3].row, 1);
  EXPECT_EQ(cells->cells[3].col, 2);
  // row + col is linear: bilinear gives it back
  const std::vector<float> values{1.0F, 2.0F, 2.0F, 3.0F};
  EXPECT_FLOAT_EQ(weigh_cells(*cells, values).value, 0.25F + 1.5F);
}

TEST(StationMatch, BilinearEndsAtTheOutermostCentres) {
  for (double row : {0.0, 0.2, 0.5, 2.5, 2.9, 3.0})
    for (double col : {0.0, 0.5, 3.7, 4.0}) {
      const auto cells = match_cells(3, 4, row, col, Matching::bilinear);
      ASSERT_TRUE(cells.has_value());
      EXPECT_EQ(cells->count, 1) << row << " " << col;
      EXPECT_DOUBLE_EQ(total(*cells), 1.0);
    }
  const auto lone = match_cells(1, 1, 0.9, 0.1, Matching::bilinear);
  EXPECT_EQ(lone->count, 1);
}

TEST(StationMatch, MissingCellsAreLeftOutDownToHalfTheWeight) {
  const auto cells = match_cells(2, 2, 1.0, 1.0, Matching::bilinear);
  ASSERT_EQ(cells->count, 4);
  const std::vector<core::FlagBits> flags{1, 2, 4, 8};
  const MatchedValue half = weigh_cells(*cells, std::vector<float>{0.2F, missing, 0.4F, missing}, flags);
  EXPECT_FLOAT_EQ(half.value, 0.3F);
  EXPECT_EQ(half.flags, 5);
  const MatchedValue quarter =
      weigh_cells(*cells, std::vector<float>{0.2F, missing, missing, missing}, flags);
  EXPECT_TRUE(std::isnan(quarter.value));
  EXPECT_EQ(quarter.flags, 15) << "the reasons of the missing cells come along";
  EXPECT_THROW(weigh_cells(*cells, std::vector<float>{0.2F}), std::invalid_argument);
}

}  // namespace
}  // namespace rootzone::study
