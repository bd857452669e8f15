#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "rootzone/soil/richards_column.hpp"
#include "soil/hydraulic_checks.hpp"

namespace rootzone::soil::test {

/// Daily weather of a temperate place: rain on a share of the days, a yearly wave of evapotranspiration and
/// leaf area.
inline ColumnForcing daily_weather(int days, std::uint64_t seed, double rainy_share = 0.3) {
  Draws draws(seed);
  ColumnForcing forcing;
  for (int day = 0; day < days; ++day) {
    const double angle = 2.0 * std::numbers::pi * (day - 100) / 365.0;
    const auto shares = partition_potential(0.3 + 0.25 * std::sin(angle), 2.0 + 1.5 * std::sin(angle));
    const bool rain = draws.uniform(0.0, 1.0) < rainy_share;
    const double amount = -0.9 * std::log(draws.uniform(1e-6, 1.0));
    forcing.duration_d.push_back(1.0);
    forcing.precipitation_cm_d.push_back(rain ? amount : 0.0);
    forcing.potential_evaporation_cm_d.push_back(shares.evaporation);
    forcing.potential_transpiration_cm_d.push_back(shares.transpiration);
  }
  return forcing;
}

/// The three soils of Vanderborght et al. (2005); the clay with air entry at −2 cm where asked.
inline VanGenuchten sand() {
  return {0.43, 0.045, 0.15, 3.0, 1000.0};
}
inline VanGenuchten loam() {
  return {0.43, 0.08, 0.04, 1.6, 50.0};
}
inline VanGenuchten clay() {
  return {0.4, 0.1, 0.01, 1.1, 10.0};
}

/// The set-up of Qi et al. (2026): 50 cm, roots to 40 cm, S-shaped uptake, atmosphere above, free drainage.
inline RichardsColumn pedotransfer_column(const SoilHydraulics& soil, const ColumnGrid& grid,
                                          const ColumnForcing& forcing, double half_head_cm = -500.0) {
  RichardsColumn column;
  column.materials = {soil};
  column.uptake = SShapedUptake{half_head_cm, 3.0};
  column.root_fraction = hoffman_roots(grid, 40.0);
  column.forcing = &forcing;
  return column;
}

/// One interval with nothing going on.
inline ColumnForcing still(double days) {
  ColumnForcing forcing;
  forcing.duration_d = {days};
  return forcing;
}

inline void expect_balance_closes(const ColumnResult& result, double share = 1e-6) {
  ASSERT_EQ(result.status, ColumnStatus::complete);
  EXPECT_GT(result.throughput_cm, 0.0);
  EXPECT_LE(result.closure_error_cm, share * result.throughput_cm);
}

}  // namespace rootzone::soil::test
