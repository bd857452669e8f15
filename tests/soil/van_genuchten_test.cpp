#include "rootzone/soil/van_genuchten.hpp"

#include "rootzone/core/error.hpp"
#include "soil/hydraulic_checks.hpp"

namespace rootzone::soil {
namespace {

using test::Draws;

VanGenuchten draw_from_table_1(Draws& draws) {
  VanGenuchten soil;
  soil.residual_water_content = draws.uniform(0.0, 0.15);
  soil.saturated_water_content = draws.uniform(0.32, 0.5);
  soil.alpha_per_cm = draws.log_uniform(0.0015, 0.23);
  soil.n = draws.log_uniform(1.05, 8.0);
  soil.saturated_conductivity_cm_d = draws.log_uniform(0.3, 8000.0);
  return soil;
}

void expect_all_parameter_derivatives(const VanGenuchten& soil, double head) {
  test::expect_parameter_derivative(soil, head, 0,
                                    [](VanGenuchten& s) -> double& { return s.saturated_water_content; });
  test::expect_parameter_derivative(soil, head, 1,
                                    [](VanGenuchten& s) -> double& { return s.residual_water_content; });
  test::expect_parameter_derivative(soil, head, 2, [](VanGenuchten& s) -> double& { return s.alpha_per_cm; });
  test::expect_parameter_derivative(soil, head, 3, [](VanGenuchten& s) -> double& { return s.n; });
  test::expect_parameter_derivative(soil, head, 4,
                                    [](VanGenuchten& s) -> double& { return s.saturated_conductivity_cm_d; });
}

TEST(VanGenuchten, EqualsThePrintedForm) {
  VanGenuchten soil;
  soil.n = 1.6;
  for (const double head : {-1.0, -10.0, -46.0, -300.0, -1500.0}) {
    const double m = 1.0 - 1.0 / soil.n;
    const double se = std::pow(1.0 + std::pow(soil.alpha_per_cm * -head, soil.n), -m);
    const double k = 50.0 * std::sqrt(se) * std::pow(1.0 - std::pow(1.0 - std::pow(se, 1.0 / m), m), 2.0);
    EXPECT_NEAR(soil.water_content(head), 0.08 + 0.35 * se, 1e-14);
    EXPECT_NEAR(soil.conductivity_cm_d(head), k, 1e-9 * k);
  }
}

TEST(VanGenuchten, SteadyHeadsOfVanderborght) {
  // Unit gradient at 0.5 cm/d: K(h) = 0.5.
  const auto k = [](double r, double s, double a, double n, double ks, double head) {
    return VanGenuchten{s, r, a, n, ks}.conductivity_cm_d(head);
  };
  EXPECT_NEAR(k(0.045, 0.43, 0.15, 3.0, 1000.0, -17.30889), 0.5, 1e-6);
  EXPECT_NEAR(k(0.08, 0.43, 0.04, 1.6, 50.0, -46.03630), 0.5, 1e-6);
  EXPECT_NEAR(k(0.1, 0.4, 0.01, 1.1, 10.0, -8.39601), 0.5, 1e-6);
}

TEST(VanGenuchten, RandomDrawsAreFiniteAndMonotone) {
  Draws draws(1);
  for (int draw = 0; draw < 20000; ++draw) {
    VanGenuchten soil = draw_from_table_1(draws);
    if (draw % 2 == 1) soil.air_entry_head_cm = -2.0;
    test::expect_finite_and_monotone(soil, soil.residual_water_content);
    if (HasFatalFailure()) FAIL() << "draw " << draw;
  }
}

TEST(VanGenuchten, DerivativesEqualFiniteDifferences) {
  Draws draws(2);
  for (int draw = 0; draw < 300; ++draw) {
    VanGenuchten soil = draw_from_table_1(draws);
    soil.tortuosity = draws.uniform(-1.0, 2.0);
    if (draw % 2 == 1) soil.air_entry_head_cm = -2.0;
    const double head = -draws.log_uniform(2.5, 1e4);
    test::expect_head_derivatives(soil, head);
    expect_all_parameter_derivatives(soil, head);
  }
}

TEST(VanGenuchten, AirEntryCutsTheCurve) {
  VanGenuchten soil{0.4, 0.1, 0.01, 1.1, 10.0};
  const VanGenuchten cut = with_air_entry_if_fine(soil);
  EXPECT_EQ(cut.air_entry_head_cm, -2.0);
  EXPECT_EQ(cut.water_content(-1.9), 0.4);
  EXPECT_EQ(cut.conductivity_cm_d(-1.9), 10.0);
  EXPECT_NEAR(cut.conductivity_cm_d(-2.000001), 10.0, 1e-4);
  // Se(−2) and K(−2) of the plain curve scale the rest.
  const double se = (soil.water_content(-2.0) - 0.1) / 0.3;
  EXPECT_NEAR(cut.water_content(-100.0), 0.1 + (soil.water_content(-100.0) - 0.1) / se, 1e-14);
  EXPECT_NEAR(cut.conductivity_cm_d(-100.0),
              soil.conductivity_cm_d(-100.0) * 10.0 / soil.conductivity_cm_d(-2.0), 1e-10);
  soil.n = 1.2;
  EXPECT_EQ(with_air_entry_if_fine(soil).air_entry_head_cm, 0.0);
}

TEST(VanGenuchten, HeadInvertsWaterContent) {
  Draws draws(3);
  for (int draw = 0; draw < 1000; ++draw) {
    VanGenuchten soil = draw_from_table_1(draws);
    if (draw % 2 == 1) soil.air_entry_head_cm = -2.0;
    const double head = -draws.log_uniform(3.0, 1e5);
    const double theta = soil.water_content(head);
    EXPECT_NEAR(soil.water_content(soil.pressure_head_cm(theta)), theta, 1e-13) << "draw " << draw;
  }
  const VanGenuchten soil;
  EXPECT_EQ(soil.pressure_head_cm(0.5), 0.0);
  EXPECT_EQ(soil.pressure_head_cm(0.01), -1e8);
}

TEST(VanGenuchten, RefusesImpossibleParameters) {
  VanGenuchten soil;
  soil.n = 1.0;
  try {
    soil.validate();
    FAIL();
  } catch (const core::Error& error) {
    EXPECT_STREQ(error.what(), "van Genuchten soil: n must be at least 1.001 and at most 100, found 1");
  }
  soil = {};
  soil.residual_water_content = 0.5;
  EXPECT_THROW(soil.validate(), core::Error);
  soil = {};
  soil.alpha_per_cm = std::nan("");
  EXPECT_THROW(soil.validate(), core::Error);
}

}  // namespace
}  // namespace rootzone::soil
