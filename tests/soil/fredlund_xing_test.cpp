#include "rootzone/soil/fredlund_xing.hpp"

#include "rootzone/core/error.hpp"
#include "soil/hydraulic_checks.hpp"

namespace rootzone::soil {
namespace {

using test::Draws;

FredlundXing draw_from_table_1(Draws& draws) {
  FredlundXing soil;
  soil.saturated_water_content = draws.uniform(0.32, 0.5);
  soil.alpha_per_cm = draws.log_uniform(0.0015, 0.2);
  soil.n = draws.log_uniform(1.05, 13.5);
  soil.m = draws.uniform(0.2, 1.6);
  soil.saturated_conductivity_cm_d = draws.log_uniform(0.5, 8000.0);
  return soil;
}

TEST(Fxw, WorkedValues) {
  const FredlundXing soil{0.4, 0.006, 1.1, 0.66, 100.0};
  EXPECT_NEAR(soil.water_content(-16.0), 0.392818, 5e-7);
  EXPECT_NEAR(soil.water_content(-330.0), 0.295124, 5e-7);
  EXPECT_NEAR(soil.water_content(-15300.0), 0.122342, 5e-7);
  EXPECT_NEAR(soil.conductivity_cm_d(-1.0), 76.4862, 5e-5);
  EXPECT_NEAR(soil.conductivity_cm_d(-16.0), 0.403206, 5e-7);
  EXPECT_NEAR(soil.conductivity_cm_d(-1000.0), 1.04949e-3, 5e-9);
  EXPECT_NEAR(soil.water_content(-6.3e6), 0.0, 1e-9);
}

TEST(Fxw, IsContinuousWhereStructureEnds) {
  Draws draws(4);
  for (int draw = 0; draw < 1000; ++draw) {
    const FredlundXing soil = draw_from_table_1(draws);
    const double wet = soil.conductivity_cm_d(-16.0), dry = soil.conductivity_cm_d(-16.0 * (1.0 + 1e-14));
    EXPECT_NEAR(wet, dry, 1e-9 * wet) << "draw " << draw;
    EXPECT_NEAR(soil.matrix_conductivity_cm_d(), wet, 1e-9 * wet) << "draw " << draw;
  }
}

TEST(Fxw, RandomDrawsAreFiniteAndMonotone) {
  Draws draws(5);
  for (int draw = 0; draw < 20000; ++draw) {
    const FredlundXing soil = draw_from_table_1(draws);
    test::expect_finite_and_monotone(soil, 0.0);
    if (HasFatalFailure()) FAIL() << "draw " << draw;
  }
}

TEST(Fxw, DerivativesEqualFiniteDifferences) {
  Draws draws(6);
  using S = FredlundXing;
  for (int draw = 0; draw < 400; ++draw) {
    FredlundXing soil = draw_from_table_1(draws);
    if (draw % 3 == 0) soil.residual_suction_cm = 1500.0;
    double head = -draws.log_uniform(0.5, 1e5);
    if (std::abs(head + 16.0) < 0.1) head = -15.0;
    test::expect_head_derivatives(soil, head);
    test::expect_parameter_derivative(soil, head, 0,
                                      [](S& s) -> double& { return s.saturated_water_content; });
    test::expect_parameter_derivative(soil, head, 1, [](S& s) -> double& { return s.alpha_per_cm; });
    test::expect_parameter_derivative(soil, head, 2, [](S& s) -> double& { return s.n; });
    test::expect_parameter_derivative(soil, head, 3, [](S& s) -> double& { return s.m; });
    test::expect_parameter_derivative(soil, head, 4,
                                      [](S& s) -> double& { return s.saturated_conductivity_cm_d; });
  }
}

TEST(Fxw, HeadInvertsWaterContent) {
  Draws draws(7);
  for (int draw = 0; draw < 1000; ++draw) {
    const FredlundXing soil = draw_from_table_1(draws);
    const double head = -draws.log_uniform(1.0, 1e6);
    const double theta = soil.water_content(head);
    EXPECT_NEAR(soil.water_content(soil.pressure_head_cm(theta)), theta, 1e-12) << "draw " << draw;
  }
  EXPECT_EQ(FredlundXing{}.pressure_head_cm(0.5), 0.0);
  EXPECT_EQ(FredlundXing{}.pressure_head_cm(0.0), -6.3e6);
}

TEST(Fxw, RefusesImpossibleParameters) {
  FredlundXing soil;
  soil.m = 0.0;
  EXPECT_THROW(soil.validate(), core::Error);
  EXPECT_NO_THROW(FredlundXing{}.validate());
}

}  // namespace
}  // namespace rootzone::soil
