// Solutions of Richards' equation with known answers.
#include <algorithm>
#include <functional>

#include "soil/column_checks.hpp"
#include "soil/test_soils.hpp"

namespace rootzone::soil {
namespace {

using test::gardner_alpha;
using test::gardner_head;
using test::still;

/// The material of columns whose soil is the test's own: only its floor of 0 counts.
VanGenuchten foreign_material() {
  VanGenuchten soil;
  soil.residual_water_content = 0.0;
  return soil;
}

ColumnSettings steps_of(double step, double residual = 1e-12) {
  ColumnSettings settings;
  settings.fixed_step_d = step;
  settings.residual_cm = residual;
  return settings;
}

ColumnRequest whole_profile() {
  ColumnRequest request;
  request.profiles = true;
  return request;
}

/// Head at the end, linear between cell centres.
double head_at(const ColumnGrid& grid, const ColumnResult& result, double depth_cm) {
  const auto place = grid.at_depth(depth_cm);
  const double* last = &result.profile_head_cm[result.profile_head_cm.size() - grid.cells()];
  return (1.0 - place.lower_weight) * last[place.upper] + place.lower_weight * last[place.lower];
}

RichardsColumn closed_column(const SoilHydraulics& soil, const ColumnForcing& forcing, double head) {
  RichardsColumn column;
  column.materials = {soil};
  column.uptake = PrescribedUptake{};
  column.top = TopBoundary::flux;
  column.bottom = BottomBoundary::no_flow;
  column.initial_head_cm = {head};
  column.forcing = &forcing;
  return column;
}

// --- rest and steady flow
// --------------------------------------------------------------------------------------

TEST(Column, HydrostaticStaysAndIsReached) {
  const auto grid = ColumnGrid::uniform(100.0, 50);
  const ColumnForcing forcing = still(3000.0);
  RichardsColumn column = closed_column(test::loam(), forcing, -60.0);
  column.bottom = BottomBoundary::water_table;
  column.bottom_value = 120.0;
  ColumnSettings settings;
  settings.largest_step_d = 50.0;
  settings.residual_cm = 1e-11;
  const auto reached = run_columns(grid, {&column, 1}, settings, whole_profile())[0];
  test::expect_balance_closes(reached);
  for (const double depth : {1.0, 33.0, 99.0})
    EXPECT_NEAR(head_at(grid, reached, depth), depth - 120.0, 1e-6);
  column.initial_head_cm.clear();
  for (const double depth : grid.centre_cm()) column.initial_head_cm.push_back(depth - 120.0);
  const auto stays = run_columns(grid, {&column, 1}, settings, whole_profile())[0];
  EXPECT_NEAR(head_at(grid, stays, 1.0), -119.0, 1e-9);
  EXPECT_NEAR(stays.drainage_cm[0], 0.0, 1e-9);
}

TEST(Column, UnitGradientDrainsAtConductivity) {
  const auto grid = ColumnGrid::uniform(100.0, 50);
  ColumnForcing forcing = still(5.0);
  for (const VanGenuchten& soil : {test::sand(), test::loam(), test::clay()}) {
    const double head = soil.pressure_head_cm(0.7 * soil.saturated_water_content);
    const double k = soil.conductivity_cm_d(head);
    forcing.precipitation_cm_d = {k};
    RichardsColumn column = closed_column(soil, forcing, head);
    column.bottom = BottomBoundary::free_drainage;
    const auto result = run_columns(grid, {&column, 1}, {}, whole_profile())[0];
    test::expect_balance_closes(result);
    EXPECT_NEAR(result.drainage_cm[0], 5.0 * k, 1e-9 * k);
    EXPECT_NEAR(head_at(grid, result, 50.0), head, 1e-9 * std::abs(head));
  }
}

TEST(Vanderborght, SteadyInfiltration) {
  const auto grid = ColumnGrid::uniform(100.0, 100);
  ColumnForcing forcing = still(4000.0);
  forcing.precipitation_cm_d = {0.5};
  const VanGenuchten soils[] = {test::sand(), test::loam(), test::clay()};
  const double heads[] = {-17.30889, -46.03630, -8.39601};
  ColumnSettings settings;
  settings.largest_step_d = settings.largest_step_in_rain_d = 100.0;
  for (int k = 0; k < 3; ++k) {
    RichardsColumn column = closed_column(soils[k], forcing, -100.0);
    column.bottom = BottomBoundary::free_drainage;
    const auto result = run_columns(grid, {&column, 1}, settings, whole_profile())[0];
    test::expect_balance_closes(result);
    for (const double depth : {5.0, 50.0, 95.0})
      EXPECT_NEAR(head_at(grid, result, depth), heads[k], 2e-5) << k;
  }
}

/// Steady flux q (downward, in units of Ks) above a water table: K = q + (1 − q)·e^−Z (Srivastava & Yeh 1991,
/// Eq. 6).
double steady_gardner_head(double height_cm, double flux) {
  return gardner_head(flux + (1.0 - flux) * std::exp(-gardner_alpha * height_cm));
}

TEST(Gardner, SteadyUpwardFlowConvergesWithSecondOrder) {
  constexpr double flux = -0.01;  // half of what 40 cm above a water table can give
  double errors[3];
  for (int level = 0; level < 3; ++level) {
    const auto grid = ColumnGrid::uniform(40.0, static_cast<std::size_t>(40 << level));
    ColumnForcing forcing = still(5000.0);
    forcing.potential_evaporation_cm_d = {-flux};
    RichardsColumn column = closed_column(foreign_material(), forcing, -10.0);
    column.bottom = BottomBoundary::head;
    ColumnSettings settings;
    settings.largest_step_d = 50.0;
    settings.residual_cm = 1e-12;
    const auto result =
        run_columns_with(test::gardner_kernel, grid, {&column, 1}, settings, whole_profile())[0];
    ASSERT_EQ(result.status, ColumnStatus::complete);
    EXPECT_LE(result.closure_error_cm, 1e-6 * result.throughput_cm);
    errors[level] = 0.0;
    const double* heads = &result.profile_head_cm[grid.cells()];
    for (std::size_t i = 0; i < grid.cells(); ++i)
      errors[level] =
          std::max(errors[level], std::abs(heads[i] - steady_gardner_head(40.0 - grid.centre_cm()[i], flux)));
  }
  EXPECT_LT(errors[2], 0.02);
  EXPECT_GT(std::log2(errors[0] / errors[1]), 1.8);
  EXPECT_GT(std::log2(errors[1] / errors[2]), 1.8);
}

// --- the exact transient
// ---------------------------------------------------------------------------------------

/// Roots λ of tan(λL) + 2λ = 0, one in each ((k − ½)π/L, kπ/L).
std::vector<double> srivastava_yeh_roots(double L) {
  std::vector<double> roots;
  for (int k = 1; k <= 200; ++k) {
    double low = (k - 0.5 + 1e-12) * std::numbers::pi / L, high = k * std::numbers::pi / L;
    for (int step = 0; step < 60; ++step) {
      const double middle = 0.5 * (low + high);
      (std::tan(middle * L) + 2.0 * middle < 0.0 ? low : high) = middle;
    }
    roots.push_back(0.5 * (low + high));
  }
  return roots;
}

/// h at height z (cm) and time t (h) for infiltration qB into a column in steady flow qA, Srivastava & Yeh
/// (1991).
double srivastava_yeh_head(double z, double t) {
  constexpr double A = 0.1, B = 0.9, L = 10.0;  // Ks 1 cm/h, α 0.1, 100 cm
  const double Z = gardner_alpha * z, T = gardner_alpha * t / 0.34;
  double sum = 0.0;
  static const std::vector<double> roots = srivastava_yeh_roots(L);
  for (const double lambda : roots)
    sum += std::sin(lambda * Z) * std::sin(lambda * L) * std::exp(-lambda * lambda * T) /
           (1.0 + 0.5 * L + 2.0 * lambda * lambda * L);
  const double k =
      B - (B - 1.0) * std::exp(-Z) - 4.0 * (B - A) * std::exp(0.5 * (L - Z)) * std::exp(-0.25 * T) * sum;
  return gardner_head(k);
}

/// Largest error of h after 10 h.
double srivastava_yeh_error(std::size_t cells, double step) {
  const auto grid = ColumnGrid::uniform(100.0, cells);
  ColumnForcing forcing = still(10.0);
  forcing.precipitation_cm_d = {0.9};
  RichardsColumn column = closed_column(foreign_material(), forcing, 0.0);
  column.bottom = BottomBoundary::head;
  column.initial_head_cm.clear();
  for (const double depth : grid.centre_cm())
    column.initial_head_cm.push_back(steady_gardner_head(100.0 - depth, 0.1));
  const auto result =
      run_columns_with(test::gardner_kernel, grid, {&column, 1}, steps_of(step), whole_profile())[0];
  test::expect_balance_closes(result);
  double worst = 0.0;
  const double* heads = &result.profile_head_cm[grid.cells()];
  for (std::size_t i = 0; i < grid.cells(); ++i)
    worst = std::max(worst, std::abs(heads[i] - srivastava_yeh_head(100.0 - grid.centre_cm()[i], 10.0)));
  return worst;
}

TEST(Srivastava, ExactSolutionHasThePublishedValues) {
  const double z[] = {10, 25, 50, 75, 90, 100};
  const double h[] = {-8.3354, -16.4987, -14.1901, -6.1793, -3.1062, -1.9129};
  for (int k = 0; k < 6; ++k) EXPECT_NEAR(srivastava_yeh_head(z[k], 10.0), h[k], 6e-5);
}

TEST(Srivastava, ConvergesInSpaceWithSecondOrder) {
  const double coarse = srivastava_yeh_error(20, 0.001), middle = srivastava_yeh_error(40, 0.001),
               fine = srivastava_yeh_error(80, 0.001);
  EXPECT_GT(std::log2(coarse / middle), 1.8);
  EXPECT_GT(std::log2(middle / fine), 1.7);
  EXPECT_LT(fine, 0.05);
}

TEST(Srivastava, ConvergesInTimeWithFirstOrder) {
  const double coarse = srivastava_yeh_error(400, 0.5), middle = srivastava_yeh_error(400, 0.25),
               fine = srivastava_yeh_error(400, 0.125);
  EXPECT_NEAR(std::log2(coarse / middle), 1.0, 0.15);
  EXPECT_NEAR(std::log2(middle / fine), 1.0, 0.1);
}

// --- Celia et al. (1990)
// ---------------------------------------------------------------------------------------

TEST(Celia, HaverkampSand) {
  const auto grid = ColumnGrid::uniform(40.0, 160);
  ColumnForcing forcing = still(360.0);  // s
  forcing.top_head_cm = {-20.7};
  RichardsColumn column = closed_column(foreign_material(), forcing, -61.5);
  column.top = TopBoundary::head;
  column.bottom = BottomBoundary::head;
  column.bottom_value = -61.5;
  const auto result =
      run_columns_with(test::haverkamp_kernel, grid, {&column, 1}, steps_of(0.25), whole_profile())[0];
  test::expect_balance_closes(result);
  const double depth[] = {5, 10, 15, 20}, head[] = {-21.943, -25.075, -37.119, -60.789};
  for (int k = 0; k < 4; ++k) EXPECT_NEAR(head_at(grid, result, depth[k]), head[k], 0.06) << depth[k];
  EXPECT_NEAR(result.infiltration_cm[0], 2.376,
              0.01);  // 2.3814 at 640 cells and 0.1 s, where the heads agree to 0.005
  const double gained = result.storage_cm[0] - result.start_storage_cm;
  EXPECT_NEAR(gained / (result.infiltration_cm[0] - result.drainage_cm[0]), 1.0, 5e-8);
}

TEST(Celia, NewMexico) {
  const auto grid = ColumnGrid::uniform(100.0, 400);
  const VanGenuchten soil{0.368, 0.102, 0.0335, 2.0, 0.00922 * 86400.0};
  ColumnForcing forcing = still(1.0);
  forcing.top_head_cm = {-75.0};
  RichardsColumn column = closed_column(soil, forcing, -1000.0);
  column.top = TopBoundary::head;
  column.bottom = BottomBoundary::head;
  column.bottom_value = -1000.0;
  const auto result = run_columns(grid, {&column, 1}, steps_of(1.0 / 1440.0, 1e-10), whole_profile())[0];
  test::expect_balance_closes(result);
  const double depth[] = {20, 40, 50}, head[] = {-80.278, -100.448, -142.853};
  const double tolerance[] = {0.05, 0.2, 1.0};
  for (int k = 0; k < 3; ++k) EXPECT_NEAR(head_at(grid, result, depth[k]), head[k], tolerance[k]) << depth[k];
  EXPECT_NEAR(result.infiltration_cm[0], 4.108, 0.01);
}

// --- Vanderborght et al. (2005)
// --------------------------------------------------------------------------------

/// Depth of the front: where θ is half way between both sides.
double front_cm(const ColumnGrid& grid, const double* theta, double dry, double wet) {
  const double middle = 0.5 * (dry + wet);
  for (std::size_t i = 1; i < grid.cells(); ++i)
    if (theta[i] < middle)
      return grid.centre_cm()[i - 1] + (theta[i - 1] - middle) / (theta[i - 1] - theta[i]) *
                                           (grid.centre_cm()[i] - grid.centre_cm()[i - 1]);
  return grid.depth_cm();
}

/// Speed of a front between two steady states.
double wave_speed(const VanGenuchten& soil, double wet_head, double dry_head) {
  return (soil.conductivity_cm_d(wet_head) - soil.conductivity_cm_d(dry_head)) /
         (soil.water_content(wet_head) - soil.water_content(dry_head));
}

TEST(Vanderborght, WaveSpeedsOfTheSoils) {
  // 100 cm/d enter the sand unsaturated; loam and clay pond.
  double low = -100.0, high = 0.0;
  for (int step = 0; step < 200; ++step) {
    const double middle = 0.5 * (low + high);
    (test::sand().conductivity_cm_d(middle) < 100.0 ? low : high) = middle;
  }
  EXPECT_NEAR(wave_speed(test::sand(), low, -400.0), 421.410, 6e-4);
  EXPECT_NEAR(wave_speed(test::loam(), 0.0, -400.0), 176.068, 6e-4);
  EXPECT_NEAR(wave_speed(test::clay(), 0.0, -400.0), 229.985, 6e-4);
}

/// The column's front against the speed of its soil; the clay with air entry at −2 cm (its plain form loses
/// two thirds of its conductivity in the first 0.1 mm of suction).
void expect_wave_speed(const VanGenuchten& soil, double speed, double depth_cm, double tolerance) {
  const auto grid = ColumnGrid::uniform(depth_cm, static_cast<std::size_t>(2.0 * depth_cm));
  const double end = 0.8 * depth_cm / speed;
  ColumnForcing forcing;
  forcing.duration_d = {0.6 * end, 0.4 * end};
  forcing.precipitation_cm_d = {100.0, 100.0};
  RichardsColumn column = closed_column(soil, forcing, -400.0);
  column.top = TopBoundary::atmosphere;
  column.bottom = BottomBoundary::free_drainage;
  ColumnSettings settings;
  settings.water_content_change = 0.1;
  const auto result = run_columns(grid, {&column, 1}, settings, whole_profile())[0];
  test::expect_balance_closes(result);
  const std::size_t n = grid.cells();
  const double dry = soil.water_content(-400.0), wet = result.profile_water_content[2 * n];
  const double first = front_cm(grid, &result.profile_water_content[n], dry, wet);
  const double second = front_cm(grid, &result.profile_water_content[2 * n], dry, wet);
  EXPECT_LT(second, 0.99 * depth_cm);
  EXPECT_NEAR((second - first) / forcing.duration_d[1], speed, tolerance * speed);
}

TEST(Vanderborght, InfiltrationWaveIntoSand) {
  expect_wave_speed(test::sand(), 421.410, 200.0, 0.01);
}

TEST(Vanderborght, InfiltrationWaveIntoLoam) {
  expect_wave_speed(test::loam(), 176.068, 250.0, 0.03);
}

TEST(Vanderborght, InfiltrationWaveIntoClay) {
  const VanGenuchten soil = with_air_entry_if_fine(test::clay());
  expect_wave_speed(soil, wave_speed(soil, 0.0, -400.0), 400.0, 0.05);
}

TEST(Vanderborght, EvaporationFromLoam) {
  std::vector<double> thickness;  // 0.05 cm at the surface, growing to 2 cm
  double depth = 0.0;
  for (double cell = 0.05; depth < 100.0; cell = std::min(cell * 1.05, 2.0))
    thickness.push_back(cell), depth += cell;
  const ColumnGrid grid(thickness);
  ColumnForcing forcing;
  forcing.duration_d.assign(1000, 0.01);
  forcing.potential_evaporation_cm_d.assign(1000, 0.1);
  RichardsColumn column = closed_column(test::loam(), forcing, -200.0);
  column.top = TopBoundary::atmosphere;
  ColumnSettings settings;
  settings.driest_surface_head_cm = -1e4;
  settings.residual_cm = 1e-9;
  const auto result = run_columns(grid, {&column, 1}, settings, {})[0];
  test::expect_balance_closes(result);
  // E = ½S/√(t − t0) once the surface is dry; the rates 0.09679, 0.05648, 0.03273 and 0.02255 cm/d at 1, 2, 5
  // and 10 d give S = 0.1391 cm/d^½ and t0 = 0.4832 d. The solution knows no gravity and no bottom.
  const double S = 0.1391, t0 = 0.4832, dries = t0 + 0.25 * S * S / 0.01;
  double total = 0.0;
  for (std::size_t k = 0; k < 1000; ++k) {
    total += result.evaporation_cm[k];
    const double time = 0.01 * static_cast<double>(k + 1);
    if ((k + 1) % 100 != 0 || time < 1.5) continue;
    const double expected = 0.1 * dries + S * (std::sqrt(time - t0) - std::sqrt(dries - t0));
    EXPECT_NEAR(total, expected, 0.04 * expected) << time;
  }
  EXPECT_NEAR(result.evaporation_cm[50], 0.1 * 0.01, 1e-12);
}

// --- ponding
// ---------------------------------------------------------------------------------------------------

TEST(GreenAmpt, PondingTimeOfASharpFront) {
  // A soil whose conductivity falls so steeply that the front is sharp: suction at the front ψ = ∫K dh/Ks.
  const BrooksCorey soil{0.4, 0.05, -20.0, 4.0, 10.0, 12.0};
  const double slope = soil.n * soil.conductivity_exponent;
  const double suction = 20.0 * slope / (slope - 1.0);
  const auto grid = ColumnGrid::uniform(40.0, 200);
  for (const double rain : {20.0, 40.0}) {
    const double start = soil.water_content(-60.0);
    const double expected = 10.0 * suction * (0.4 - start) / (rain * (rain - 10.0));
    ColumnForcing forcing;
    forcing.duration_d.assign(80, expected / 40.0);
    forcing.precipitation_cm_d.assign(80, rain);
    RichardsColumn column = closed_column(soil, forcing, -60.0);
    column.top = TopBoundary::atmosphere;
    column.bottom = BottomBoundary::free_drainage;
    const auto result = run_columns(grid, {&column, 1}, {}, {})[0];
    test::expect_balance_closes(result);
    const auto ponds =
        std::find_if(result.runoff_cm.begin(), result.runoff_cm.end(), [](double r) { return r > 0.0; });
    const double time = static_cast<double>(ponds - result.runoff_cm.begin() + 1) * expected / 40.0;
    EXPECT_NEAR(time, expected, 0.1 * expected) << rain;
  }
}

}  // namespace
}  // namespace rootzone::soil
