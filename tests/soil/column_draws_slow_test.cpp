#include "soil/column_draws.hpp"

namespace rootzone::soil {
namespace {

TEST(RichardsColumn, TenThousandVanGenuchtenSoilsAreAllSolved) {
  const auto run = test::run_drawn_columns(false, 10000, 23);
  EXPECT_EQ(run.failed, 0U);
  EXPECT_LE(run.worst_closure, 1e-6);
}

TEST(RichardsColumn, TenThousandFredlundXingSoilsAreAllSolved) {
  const auto run = test::run_drawn_columns(true, 10000, 24);
  EXPECT_EQ(run.failed, 0U);
  EXPECT_LE(run.worst_closure, 1e-6);
}

}  // namespace
}  // namespace rootzone::soil
