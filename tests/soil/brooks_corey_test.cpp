#include "rootzone/soil/brooks_corey.hpp"

#include "rootzone/core/error.hpp"
#include "soil/hydraulic_checks.hpp"

namespace rootzone::soil {
namespace {

using test::Draws;

BrooksCorey draw_soil(Draws& draws) {
  BrooksCorey soil;
  soil.residual_water_content = draws.uniform(0.0, 0.1);
  soil.saturated_water_content = draws.uniform(0.32, 0.5);
  soil.air_entry_head_cm = -draws.log_uniform(2.0, 100.0);
  soil.n = draws.log_uniform(0.05, 5.0);
  soil.saturated_conductivity_cm_d = draws.log_uniform(0.3, 8000.0);
  soil.conductivity_exponent = BrooksCorey::exponent_of(soil.n);
  return soil;
}

TEST(BrooksCorey, EqualsThePrintedForm) {
  BrooksCorey soil{0.35, 0.01, -19.3, 0.22, 1.0627, BrooksCorey::exponent_of(0.22)};
  const double se = (0.22 - 0.01) / 0.34;
  const double head = -19.3 * std::pow(se, -1.0 / 0.22);
  EXPECT_NEAR(soil.pressure_head_cm(0.22), head, 1e-10);
  EXPECT_NEAR(soil.water_content(head), 0.22, 1e-14);
  EXPECT_NEAR(soil.conductivity_cm_d(head), 1.0627 * std::pow(se, 2.0 / 0.22 + 3.0), 1e-14);
  EXPECT_EQ(soil.water_content(-10.0), 0.35);
  EXPECT_EQ(soil.conductivity_cm_d(-10.0), 1.0627);
}

TEST(BrooksCorey, RandomDrawsAreFiniteAndMonotone) {
  Draws draws(8);
  for (int draw = 0; draw < 20000; ++draw) {
    const BrooksCorey soil = draw_soil(draws);
    test::expect_finite_and_monotone(soil, soil.residual_water_content);
    if (HasFatalFailure()) FAIL() << "draw " << draw;
  }
}

TEST(BrooksCorey, DerivativesEqualFiniteDifferences) {
  Draws draws(9);
  using S = BrooksCorey;
  for (int draw = 0; draw < 300; ++draw) {
    const BrooksCorey soil = draw_soil(draws);
    const double head = soil.air_entry_head_cm * draws.log_uniform(1.01, 100.0);
    test::expect_head_derivatives(soil, head);
    test::expect_parameter_derivative(soil, head, 0,
                                      [](S& s) -> double& { return s.saturated_water_content; });
    test::expect_parameter_derivative(soil, head, 1,
                                      [](S& s) -> double& { return s.residual_water_content; });
    test::expect_parameter_derivative(soil, head, 2, [](S& s) -> double& { return s.air_entry_head_cm; });
    test::expect_parameter_derivative(soil, head, 3, [](S& s) -> double& { return s.n; });
    test::expect_parameter_derivative(soil, head, 4,
                                      [](S& s) -> double& { return s.saturated_conductivity_cm_d; });
    test::expect_parameter_derivative(soil, head, 5, [](S& s) -> double& { return s.conductivity_exponent; });
  }
}

TEST(BrooksCorey, RefusesImpossibleParameters) {
  BrooksCorey soil;
  soil.air_entry_head_cm = 0.0;
  EXPECT_THROW(soil.validate(), core::Error);
  EXPECT_NO_THROW(BrooksCorey{}.validate());
}

}  // namespace
}  // namespace rootzone::soil
