#include "rootzone/core/grid.hpp"

#include <gtest/gtest.h>

#include "rootzone/core/error.hpp"

namespace rootzone::core {
namespace {

TEST(Grid, CentresLieHalfAStepInside) {
  const Grid grid("", {10.0, 40.0, 14.0, 46.0}, 3, 2);
  EXPECT_DOUBLE_EQ(grid.dx(), 2.0);
  EXPECT_DOUBLE_EQ(grid.dy(), 2.0);
  EXPECT_DOUBLE_EQ(grid.x_centre(0), 11.0);
  EXPECT_DOUBLE_EQ(grid.y_centre(0), 45.0);
  EXPECT_DOUBLE_EQ(grid.fractional_col(13.0), 1.5);
  EXPECT_DOUBLE_EQ(grid.fractional_row(41.0), 2.5);
}

TEST(Grid, AWindowOfAWindowIsTheSameCells) {
  const Grid grid("", {0.0, 0.0, 100.0, 50.0}, 50, 100);
  const Grid part = grid.window(10, 20, 30, 40).window(5, 10, 10, 20);
  EXPECT_TRUE(part.same_cells(grid.window(15, 10, 40, 20)));
  EXPECT_FALSE(part.same_cells(grid.window(15, 10, 41, 20)));
}

TEST(Grid, RefusesEmptyAndNonsenseExtents) {
  EXPECT_THROW(Grid("", {0, 0, 0, 1}, 1, 1), Error);
  EXPECT_THROW(Grid("", {170, 0, -170, 1}, 1, 20), Error);
  EXPECT_THROW(Grid("", {0, 0, 1, 1}, 0, 1), Error);
  EXPECT_THROW(Grid::from_resolution("", {0, 0, 10, 10}, 3, 5), Error);
  EXPECT_EQ(Grid::from_resolution("", {4.05e6, 2.33e6, 4.45e6, 2.615e6}, 5000, 5000).cells(), 80 * 57);
}

}  // namespace
}  // namespace rootzone::core
