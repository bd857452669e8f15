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
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
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

TEST(RichardsColumn, GradedGridIsCloseToAFineOne) {
  const auto graded = ColumnGrid::graded_50cm(), fine = ColumnGrid::uniform(50.0, 200);
  const ColumnForcing forcing = daily_weather(150, 1);
  std::vector<RichardsColumn> on_graded, on_fine;
  for (const SoilHydraulics& soil :
       {SoilHydraulics(test::sand()), SoilHydraulics(test::loam()),
        SoilHydraulics(with_air_entry_if_fine(test::clay())), SoilHydraulics(FredlundXing{})}) {
    on_graded.push_back(pedotransfer_column(soil, graded, forcing));
    on_fine.push_back(pedotransfer_column(soil, fine, forcing));
  }
  ColumnRequest request;
  request.depths_cm = {5.0};
  const auto coarse = run_columns(graded, on_graded, {}, request),
             reference = run_columns(fine, on_fine, {}, request);
  for (std::size_t k = 0; k < coarse.size(); ++k) {
    double sum = 0.0;
    for (std::size_t day = 0; day < 150; ++day)
      sum += std::pow(coarse[k].water_content[day] - reference[k].water_content[day], 2.0);
    EXPECT_LE(std::sqrt(sum / 150.0), 0.003) << "soil " << k;
  }
}

TEST(RichardsColumn, AConstantRateMayBeCutAnywhere) {
  // The same weather by days and by hours: only the steps differ.
  const auto grid = ColumnGrid::graded_50cm();
  const ColumnForcing daily = daily_weather(30, 12);
  ColumnForcing hourly;
  for (std::size_t day = 0; day < 30; ++day)
    for (int hour = 0; hour < 24; ++hour) {
      hourly.duration_d.push_back(1.0 / 24.0);
      hourly.precipitation_cm_d.push_back(daily.precipitation_cm_d[day]);
      hourly.potential_evaporation_cm_d.push_back(daily.potential_evaporation_cm_d[day]);
      hourly.potential_transpiration_cm_d.push_back(daily.potential_transpiration_cm_d[day]);
    }
  ColumnRequest request;
  request.depths_cm = {5.0};
  const RichardsColumn columns[] = {pedotransfer_column(test::loam(), grid, daily),
                                    pedotransfer_column(test::loam(), grid, hourly)};
  const auto results = run_columns(grid, columns, {}, request);
  for (std::size_t day = 0; day < 30; ++day)
    EXPECT_NEAR(results[0].water_content[day], results[1].water_content[24 * day + 23], 0.004) << day;
}

TEST(RichardsColumn, WarmUpIsARunOfTheFirstIntervals) {
  const auto grid = ColumnGrid::graded_50cm();
  const ColumnForcing year = daily_weather(50, 13);
  ColumnForcing twice = year;
  const auto append = [](std::vector<double>& to, const std::vector<double>& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  append(twice.duration_d, year.duration_d);
  append(twice.precipitation_cm_d, year.precipitation_cm_d);
  append(twice.potential_evaporation_cm_d, year.potential_evaporation_cm_d);
  append(twice.potential_transpiration_cm_d, year.potential_transpiration_cm_d);
  ColumnRequest request;
  request.depths_cm = {5.0};
  ColumnSettings settings;
  const RichardsColumn long_run = pedotransfer_column(test::loam(), grid, twice);
  const auto by_hand = run_columns(grid, {&long_run, 1}, settings, request)[0];
  settings.warm_up_intervals = 50;
  const RichardsColumn column = pedotransfer_column(test::loam(), grid, year);
  const auto warm = run_columns(grid, {&column, 1}, settings, request)[0];
  for (std::size_t day = 0; day < 50; ++day)
    EXPECT_NEAR(warm.water_content[day], by_hand.water_content[50 + day], 2e-5);
  test::expect_balance_closes(warm);
}

TEST(RichardsColumn, MayBeCutBetweenAnyTwoDays) {
  const auto grid = ColumnGrid::graded_50cm();
  const ColumnForcing whole = daily_weather(60, 15);
  const auto part = [&](std::size_t from, std::size_t to) {
    const auto cut = [&](const std::vector<double>& all) {
      return std::vector<double>(all.begin() + static_cast<std::ptrdiff_t>(from),
                                 all.begin() + static_cast<std::ptrdiff_t>(to));
    };
    ColumnForcing forcing;
    forcing.duration_d = cut(whole.duration_d);
    forcing.precipitation_cm_d = cut(whole.precipitation_cm_d);
    forcing.potential_evaporation_cm_d = cut(whole.potential_evaporation_cm_d);
    forcing.potential_transpiration_cm_d = cut(whole.potential_transpiration_cm_d);
    return forcing;
  };
  ColumnRequest request;
  request.depths_cm = {5.0};
  for (const UptakeModel& uptake : {UptakeModel(SShapedUptake{}), UptakeModel(FeddesUptake{})}) {
    RichardsColumn column = pedotransfer_column(test::loam(), grid, whole);
    column.uptake = uptake;
    const auto at_once = run_columns(grid, {&column, 1}, {}, request)[0];
    ColumnState state;
    std::vector<double> pieces;
    for (const auto& [from, to] : {std::pair(0UL, 17UL), std::pair(17UL, 18UL), std::pair(18UL, 60UL)}) {
      const ColumnForcing forcing = part(from, to);
      column.forcing = &forcing;
      auto result = run_columns(grid, {&column, 1}, {}, request)[0];
      pieces.insert(pieces.end(), result.water_content.begin(), result.water_content.end());
      state = std::move(result.end);
      column.start = &state;
    }
    EXPECT_TRUE(same_bits(pieces, at_once.water_content));
  }
}

TEST(RichardsColumn, LayersAndFeddesAndExponentialRoots) {
  const auto grid = ColumnGrid::uniform(100.0, 50);
  const ColumnForcing forcing = daily_weather(120, 14);
  RichardsColumn column = pedotransfer_column(test::loam(), grid, forcing);
  column.materials = {test::loam(), with_air_entry_if_fine(test::clay()), test::sand()};
  for (std::size_t i = 0; i < 50; ++i) column.material_of_cell.push_back(i < 15 ? 0 : i < 30 ? 1 : 2);
  column.uptake = FeddesUptake{};
  column.root_fraction = exponential_roots(grid, 20.0, 80.0);
  ColumnRequest request;
  request.profiles = true;
  const auto result = run_columns(grid, {&column, 1}, {}, request)[0];
  test::expect_balance_closes(result);
  // Each layer keeps its own curve.
  for (const std::size_t cell : {3UL, 20UL, 45UL}) {
    const auto& soil = column.materials[column.material_of_cell[cell]];
    const double head = result.profile_head_cm[120 * 50 + cell];
    EXPECT_NEAR(result.profile_water_content[120 * 50 + cell], water_content(soil, head), 1e-6);
  }
  double potential = 0.0, actual = 0.0;
  for (std::size_t day = 0; day < 120; ++day) {
    potential += forcing.potential_transpiration_cm_d[day];
    actual += result.transpiration_cm[day];
  }
  EXPECT_GT(actual, 0.2 * potential);
  EXPECT_LE(actual, potential * (1.0 + 1e-12));
}

TEST(RichardsColumn, WaterTableFeedsTheRoots) {
  const auto grid = ColumnGrid::uniform(100.0, 50);
  ColumnForcing forcing = test::still(1.0);
  forcing.duration_d.assign(200, 1.0);
  forcing.potential_transpiration_cm_d.assign(200, 0.1);
  RichardsColumn column = pedotransfer_column(test::loam(), grid, forcing);
  column.bottom = BottomBoundary::water_table;
  column.bottom_value = 80.0;
  ColumnRequest request;
  request.profiles = true;
  const auto result = run_columns(grid, {&column, 1}, {}, request)[0];
  test::expect_balance_closes(result);
  EXPECT_NEAR(result.profile_head_cm[200 * 50 + 49], 19.0,
              0.5);  // 1 cm above the bottom, 19 cm below the table
  EXPECT_NEAR(result.drainage_cm[199], -result.transpiration_cm[199], 1e-3);
  EXPECT_GT(result.transpiration_cm[199], 0.05);
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
