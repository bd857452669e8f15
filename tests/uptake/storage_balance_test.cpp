#include "rootzone/uptake/storage_balance.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace rootzone::uptake {
namespace {

const std::array<double, 3> thickness{30.0, 20.0, 40.0};

/// The soil of the paper: 1.23e-7 m/s is 1.06272 cm/d.
soil::BrooksCorey paper_soil() {
  soil::BrooksCorey model;
  model.saturated_conductivity_cm_d = 1.06272;
  return model;
}

TEST(StorageBalance, ResidualByHand) {
  const std::array<double, 3> before{0.20, 0.25, 0.30};
  const std::array<double, 3> after{0.21, 0.24, 0.29};
  const std::array<double, 3> drainage{0.5, 0.3, 0.4};
  std::array<double, 3> uptake{};
  balance_uptake({thickness, before, after, 1.2, 0.1}, drainage, uptake);
  EXPECT_NEAR(uptake[0], 1.2 - 0.1 - 0.5 - 0.3, 1e-15);
  EXPECT_NEAR(uptake[1], 0.5 - 0.3 + 0.2, 1e-15);
  EXPECT_NEAR(uptake[2], 0.3 - 0.4 + 0.4, 1e-15);
}

TEST(StorageBalance, UptakeClosesTheColumnsWaterBalance) {
  const std::array<double, 3> before{0.20, 0.25, 0.30};
  const std::array<double, 3> after{0.26, 0.22, 0.31};
  const std::array<double, 3> drainage{0.7, -0.2, 0.4};
  std::array<double, 3> uptake{};
  balance_uptake({thickness, before, after, 0.9, 0.3}, drainage, uptake);
  double change = 0.0;
  for (std::size_t i = 0; i < 3; ++i) change += thickness[i] * (after[i] - before[i]);
  EXPECT_NEAR(uptake[0] + uptake[1] + uptake[2], 0.9 - 0.3 - 0.4 - change, 1e-15);
}

TEST(StorageBalance, ALayerThatGainsUnexplainedWaterHasNegativeUptake) {
  const std::array<double, 3> before{0.20, 0.20, 0.20};
  const std::array<double, 3> after{0.20, 0.21, 0.20};
  const std::array<double, 3> drainage{};
  std::array<double, 3> uptake{};
  balance_uptake({thickness, before, after, 0.0, 0.0}, drainage, uptake);
  EXPECT_NEAR(uptake[1], -0.2, 1e-15);
}

TEST(StorageBalance, AMissingLayerStaysItsOwnAndTheNextOnesBusiness) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::array<double, 3> before{0.20, 0.20, 0.20};
  std::array<double, 3> uptake{};
  balance_uptake({thickness, before, before, 0.0, 0.0}, std::array<double, 3>{nan, 0.0, 0.0}, uptake);
  EXPECT_TRUE(std::isnan(uptake[0]));
  EXPECT_TRUE(std::isnan(uptake[1]));
  EXPECT_EQ(uptake[2], 0.0);
}

TEST(StorageBalance, DarcyFluxesByHand) {
  const std::array<double, 3> conductivity{0.4, 0.2, 0.1};
  const std::array<double, 3> head{-100.0, -150.0, -110.0};
  std::array<double, 3> flux{};
  darcy_fluxes(thickness, conductivity, head, flux);
  EXPECT_NEAR(flux[0], -0.3 * (-50.0 / 25.0 - 1.0), 1e-15);
  EXPECT_NEAR(flux[1], -0.15 * (40.0 / 30.0 - 1.0), 1e-15);  // upward
  EXPECT_EQ(flux[2], 0.1);                                   // free drainage
}

TEST(StorageBalance, AProfileAtRestHasNoFluxBetweenItsLayers) {
  // Hydrostatic: the head rises by the distance of the centres.
  const std::array<double, 3> conductivity{0.4, 0.2, 0.1};
  const std::array<double, 3> head{-100.0, -75.0, -45.0};
  std::array<double, 3> flux{};
  darcy_fluxes(thickness, conductivity, head, flux);
  EXPECT_EQ(flux[0], 0.0);
  EXPECT_EQ(flux[1], 0.0);
}

TEST(StorageBalance, BrooksCoreyStateIsThePapersFormula) {
  const soil::BrooksCorey model = paper_soil();
  const std::array<soil::SoilHydraulics, 1> soils{model};
  const std::array<double, 4> water{0.12, 0.22, 0.349, 0.36};
  std::array<double, 4> conductivity{};
  std::array<double, 4> head{};
  hydraulic_state(soils, water, conductivity, head);
  for (std::size_t i = 0; i < 4; ++i) {
    const double saturation = std::min(1.0, (water[i] - 0.01) / 0.34);
    EXPECT_NEAR(conductivity[i] / (1.06272 * std::pow(saturation, 2.0 / 0.22 + 3.0)), 1.0, 1e-9) << water[i];
    EXPECT_NEAR(head[i] / (-19.3 * std::pow(saturation, -1.0 / 0.22)), 1.0, 1e-9) << water[i];
  }
}

TEST(StorageBalance, VanGenuchtenStateIsMualems) {
  soil::VanGenuchten model;
  const std::array<soil::SoilHydraulics, 1> soils{model};
  const std::array<double, 2> water{0.15, 0.40};
  std::array<double, 2> conductivity{};
  std::array<double, 2> head{};
  hydraulic_state(soils, water, conductivity, head);
  const double m = 1.0 - 1.0 / model.n;
  for (std::size_t i = 0; i < 2; ++i) {
    const double saturation = (water[i] - 0.08) / 0.35;
    const double mualem = 1.0 - std::pow(1.0 - std::pow(saturation, 1.0 / m), m);
    EXPECT_NEAR(conductivity[i] / (50.0 * std::sqrt(saturation) * mualem * mualem), 1.0, 1e-8);
    EXPECT_NEAR(head[i] / (-std::pow(std::pow(saturation, -1.0 / m) - 1.0, 1.0 / model.n) / 0.04), 1.0, 1e-8);
  }
}

TEST(StorageBalance, TrapezoidIsTheMeanOfBothEndsTimesTheInterval) {
  const std::array<soil::SoilHydraulics, 3> soils{paper_soil(), soil::VanGenuchten{}, paper_soil()};
  const std::array<double, 3> before{0.20, 0.25, 0.30};
  const std::array<double, 3> after{0.21, 0.24, 0.29};
  std::array<double, 3> conductivity{}, head{}, first{}, last{}, drainage{};
  hydraulic_state(soils, before, conductivity, head);
  darcy_fluxes(thickness, conductivity, head, first);
  hydraulic_state(soils, after, conductivity, head);
  darcy_fluxes(thickness, conductivity, head, last);
  DrainageWorkspace workspace(3);
  trapezoid_drainage({thickness, before, after, 0.0, 0.0}, soils, 7.0, workspace, drainage);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_DOUBLE_EQ(drainage[i], 3.5 * (first[i] + last[i]));
}

TEST(StorageBalance, ProfilesThatDoNotFitAreRefused) {
  const std::array<double, 3> before{0.20, 0.25, 0.30};
  const std::array<double, 2> after{0.21, 0.24};
  const std::array<double, 3> flat{1.0, 0.0, 1.0};
  EXPECT_THROW((ProfileInterval{thickness, before, after, 0.0, 0.0}.validate()), std::invalid_argument);
  EXPECT_THROW((ProfileInterval{flat, before, before, 0.0, 0.0}.validate()), std::invalid_argument);
  EXPECT_NO_THROW((ProfileInterval{thickness, before, before, 0.0, 0.0}.validate()));
}

}  // namespace
}  // namespace rootzone::uptake
