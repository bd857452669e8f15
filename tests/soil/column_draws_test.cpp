#include "soil/column_draws.hpp"

namespace rootzone::soil {
namespace {

// The ten thousand of each model: tests/soil/column_draws_slow_test.cpp.

TEST(RichardsColumn, RandomVanGenuchtenSoilsAreAllSolved) {
  const auto run = test::run_drawn_columns(false, 200, 21);
  EXPECT_EQ(run.failed, 0U);
  EXPECT_LE(run.worst_closure, 1e-6);
}

TEST(RichardsColumn, RandomFredlundXingSoilsAreAllSolved) {
  const auto run = test::run_drawn_columns(true, 200, 22);
  EXPECT_EQ(run.failed, 0U);
  EXPECT_LE(run.worst_closure, 1e-6);
}

}  // namespace
}  // namespace rootzone::soil
