#include "rootzone/soil/richards_column.hpp"

#include <algorithm>
#include <cstring>

#include "column_run.hpp"
#include "rootzone/core/error.hpp"
#include "soil/column_checks.hpp"

namespace rootzone::soil {
namespace {

using test::daily_weather;
using test::Draws;
using test::pedotransfer_column;

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

VanGenuchten draw_soil(Draws& draws) {
  VanGenuchten soil;
  soil.residual_water_content = draws.uniform(0.0, 0.15);
  soil.saturated_water_content = draws.uniform(0.32, 0.5);
  soil.alpha_per_cm = draws.log_uniform(0.0015, 0.23);
  soil.n = draws.log_uniform(1.05, 8.0);
  soil.saturated_conductivity_cm_d = draws.log_uniform(0.3, 8000.0);
  soil.air_entry_head_cm = -2.0;
  return soil;
}

std::vector<RichardsColumn> mixed_columns(const ColumnGrid& grid, const ColumnForcing& forcing, int count) {
  Draws draws(11);
  std::vector<RichardsColumn> columns;
  for (int k = 0; k < count; ++k)
    columns.push_back(pedotransfer_column(draw_soil(draws), grid, forcing, -draws.log_uniform(50.0, 2000.0)));
  return columns;
}

TEST(RichardsColumn, DoesNotDependOnItsPlace) {
  const auto grid = ColumnGrid::graded_50cm();
  const ColumnForcing forcing = daily_weather(60, 1);
  std::vector<RichardsColumn> columns = mixed_columns(grid, forcing, 21);
  columns[3].materials = {FredlundXing{}};
  columns[7].bottom = BottomBoundary::no_flow;
  ColumnRequest request;
  request.depths_cm = {5.0, 30.0};
  for (const bool tangent : {false, true}) {
    request.tangent = tangent;
    const auto together = run_columns(grid, columns, {}, request);
    for (const std::size_t k : {0UL, 3UL, 7UL, 8UL, 20UL}) {
      const auto alone = run_columns(grid, {&columns[k], 1}, {}, request);
      EXPECT_TRUE(same_bits(alone[0].water_content, together[k].water_content)) << "column " << k;
      EXPECT_TRUE(same_bits(alone[0].tangent, together[k].tangent)) << "column " << k;
      EXPECT_TRUE(same_bits(alone[0].drainage_cm, together[k].drainage_cm)) << "column " << k;
      EXPECT_EQ(alone[0].iterations, together[k].iterations);
    }
  }
}

TEST(RichardsColumn, GivesTheSameBitsOnEveryInstructionSet) {
  const auto grid = ColumnGrid::graded_50cm();
  const ColumnForcing forcing = daily_weather(40, 2);
  std::vector<RichardsColumn> columns = mixed_columns(grid, forcing, 8);
  columns[1].materials = {FredlundXing{}};
  columns[2].materials = {BrooksCorey{}};
  ColumnRequest request;
  request.depths_cm = {5.0};
  request.tangent = true;
  const auto kernels = [](InstructionSet set) -> KernelChoice {
    if (set == InstructionSet::avx512)
      return [](ModelKind m) { return column_kernel(m, InstructionSet::avx512); };
    if (set == InstructionSet::avx2)
      return [](ModelKind m) { return column_kernel(m, InstructionSet::avx2); };
    return [](ModelKind m) { return column_kernel(m, InstructionSet::baseline); };
  };
  const auto plain = run_columns_with(kernels(InstructionSet::baseline), grid, columns, {}, request);
  if (best_instruction_set() == InstructionSet::baseline) GTEST_SKIP() << "no wider registers here";
  for (const InstructionSet set : {InstructionSet::avx2, best_instruction_set()}) {
    const auto wide = run_columns_with(kernels(set), grid, columns, {}, request);
    for (std::size_t k = 0; k < columns.size(); ++k) {
      EXPECT_TRUE(same_bits(plain[k].water_content, wide[k].water_content)) << "column " << k;
      EXPECT_TRUE(same_bits(plain[k].tangent, wide[k].tangent)) << "column " << k;
    }
  }
}

TEST(RichardsColumn, InterfaceFluxesEqualStorageChanges) {
  const auto grid = ColumnGrid::uniform(100.0, 50);
  const ColumnForcing forcing = sinusoidal(daily_weather(10, 3), 24);
  RichardsColumn column = pedotransfer_column(test::loam(), grid, forcing);
  ColumnRequest request;
  request.profiles = request.interface_fluxes = true;
  const auto result = run_columns(grid, {&column, 1}, {}, request)[0];
  ASSERT_EQ(result.status, ColumnStatus::complete);
  const std::size_t n = grid.cells();
  for (std::size_t k = 0; k < forcing.intervals(); ++k) {
    double taken = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      const double change = grid.thickness_cm()[i] * (result.profile_water_content[(k + 1) * n + i] -
                                                      result.profile_water_content[k * n + i]);
      const double* flux = &result.interface_flux_cm[k * (n + 1) + i];
      EXPECT_NEAR(change, flux[0] - flux[1] - result.uptake_cm[k * n + i], 1e-14);
      taken += result.uptake_cm[k * n + i];
    }
    EXPECT_NEAR(taken, result.transpiration_cm[k], 1e-14);
    EXPECT_EQ(result.interface_flux_cm[k * (n + 1)], result.infiltration_cm[k]);
    EXPECT_EQ(result.interface_flux_cm[k * (n + 1) + n], result.drainage_cm[k]);
    EXPECT_NEAR(forcing.precipitation_cm_d[k] / 24.0 - result.runoff_cm[k] - result.evaporation_cm[k],
                result.infiltration_cm[k], 1e-13);
  }
}

TEST(RichardsColumn, BalanceClosesThroughTheYears) {
  const auto grid = ColumnGrid::graded_50cm();
  const ColumnForcing forcing = daily_weather(1095, 4);
  std::vector<RichardsColumn> columns;
  for (const SoilHydraulics& soil : {SoilHydraulics(test::sand()), SoilHydraulics(test::loam()),
                                     SoilHydraulics(with_air_entry_if_fine(test::clay()))})
    columns.push_back(pedotransfer_column(soil, grid, forcing));
  columns.push_back(pedotransfer_column(FredlundXing{}, grid, forcing));
  for (const auto& result : run_columns(grid, columns, {}, {})) test::expect_balance_closes(result);
}

TEST(RichardsColumn, RefusesImpossibleInput) {
  const auto grid = ColumnGrid::graded_50cm();
  const ColumnForcing forcing = daily_weather(3, 5);
  const auto refused = [&](RichardsColumn column, const char* word, ColumnSettings settings = {}) {
    try {
      run_columns(grid, {&column, 1}, settings, {});
      ADD_FAILURE() << "accepted: " << word;
    } catch (const core::Error& error) {
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
    }
  };
  RichardsColumn good = pedotransfer_column(test::loam(), grid, forcing);
  RichardsColumn bad = good;
  bad.materials.clear();
  refused(bad, "1 to 255 materials");
  bad = good;
  bad.materials.push_back(FredlundXing{});
  refused(bad, "one hydraulic model");
  bad = good;
  bad.root_fraction.pop_back();
  refused(bad, "root_fraction");
  bad = good;
  bad.forcing = nullptr;
  refused(bad, "no forcing");
  ColumnForcing negative = forcing;
  negative.precipitation_cm_d[1] = -1.0;
  bad = good;
  bad.forcing = &negative;
  refused(bad, "precipitation_cm_d of interval 2");
  ColumnSettings settings;
  settings.warm_up_intervals = 4;
  refused(good, "warm_up_intervals", settings);
}

}  // namespace
}  // namespace rootzone::soil
