#include "rootzone/study/uptake_errors.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "rootzone/core/error.hpp"

namespace rootzone::study {
namespace {

LayeredInterval dry_day() {
  LayeredInterval interval;
  interval.thickness_cm = {30.0, 30.0, 30.0};
  interval.initial_water_content = {0.22, 0.22, 0.22};
  interval.final_water_content = {0.2133, 0.2180, 0.2190};
  interval.evaporation_cm = 0.1;
  interval.precipitation_cm = 0.2;
  return interval;
}

std::vector<double> found(const LayeredInterval& interval, const soil::SoilHydraulics& soil) {
  return invert_interval(interval, soil, DrainageSource::trapezoid).uptake_cm;
}

TEST(UptakeErrors, TheCentreOfTheCubeIsTheInversionWithoutErrors) {
  const soil::SoilHydraulics soil = uptake_paper_soil();
  LayeredInterval interval = dry_day();
  interval.true_uptake_cm = {0.1, 0.1, 0.1};
  const auto plain = found(interval, soil);
  for (ErrorCase error_case : {ErrorCase::soil, ErrorCase::data, ErrorCase::both}) {
    InversionUnderErrors inversion(interval, {soil}, {}, error_case);
    std::vector<double> uptake(3);
    inversion.uptake(std::vector<double>(inversion.factors(), 0.5), uptake);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(uptake[i], plain[i], 1e-12) << name_of(error_case);
  }
}

TEST(UptakeErrors, FactorsAreGroupedByWhatTheyAre) {
  InversionErrors errors;
  errors.precipitation = 0.1;
  const InversionUnderErrors both(dry_day(), {uptake_paper_soil()}, errors, ErrorCase::both);
  EXPECT_EQ(both.factors(), 5U + 6U + 2U);
  ASSERT_EQ(both.groups().size(), 8U);
  EXPECT_EQ(both.groups()[2].name, "n");
  EXPECT_EQ(both.groups()[5].name, "theta");
  EXPECT_EQ(both.groups()[5].factors.size(), 6U);
  EXPECT_EQ(both.groups()[7].name, "precipitation");
  EXPECT_EQ(InversionUnderErrors(dry_day(), {uptake_paper_soil()}, {}, ErrorCase::soil).factors(), 5U);
  EXPECT_EQ(InversionUnderErrors(dry_day(), {uptake_paper_soil()}, {}, ErrorCase::data).factors(), 7U);
}

TEST(UptakeErrors, EndsOfTheCubeAreTheStatedErrors) {
  const soil::SoilHydraulics soil = uptake_paper_soil();
  InversionErrors errors;
  errors.soil = 0.2;
  InversionUnderErrors inversion(dry_day(), {soil}, errors, ErrorCase::both);
  std::vector<double> point(inversion.factors(), 1.0);
  for (std::size_t i = 8; i < 11; ++i) point[i] = 0.0;  // the water contents at the end
  std::vector<double> uptake(3);
  inversion.uptake(point, uptake);
  LayeredInterval changed = dry_day();
  for (double& theta : changed.initial_water_content) theta *= 1.01;
  for (double& theta : changed.final_water_content) theta *= 0.99;
  changed.evaporation_cm *= 1.05;
  changed.true_uptake_cm = {1.0, 1.0, 1.0};
  soil::BrooksCorey wide = uptake_paper_soil();
  wide.saturated_water_content *= 1.2;
  wide.residual_water_content *= 1.2;
  wide.n *= 1.2;
  wide.air_entry_head_cm *= 1.2;
  wide.saturated_conductivity_cm_d *= 1.2;
  wide.conductivity_exponent = 2.0 / wide.n + 3.0;
  const auto expected = found(changed, wide);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(uptake[i], expected[i], 1e-12) << i;
}

TEST(UptakeErrors, AbsoluteErrorsAreAdded) {
  InversionErrors errors;
  errors.water_content = 0.02;
  errors.water_content_kind = WaterErrorKind::absolute;
  errors.evaporation = 0.0;
  InversionUnderErrors inversion(dry_day(), {uptake_paper_soil()}, errors, ErrorCase::data);
  ASSERT_EQ(inversion.factors(), 6U);
  std::vector<double> uptake(3);
  inversion.uptake(std::vector<double>(6, 1.0), uptake);
  LayeredInterval changed = dry_day();
  for (double& theta : changed.initial_water_content) theta += 0.02;
  for (double& theta : changed.final_water_content) theta += 0.02;
  changed.true_uptake_cm = {1.0, 1.0, 1.0};
  const auto expected = found(changed, uptake_paper_soil());
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(uptake[i], expected[i], 1e-12) << i;
}

TEST(UptakeErrors, EverySoilModelIsPerturbedWithinItsBounds) {
  const std::vector<soil::SoilHydraulics> soils{uptake_paper_soil(), soil::VanGenuchten{},
                                                soil::FredlundXing{}};
  for (const soil::SoilHydraulics& soil : soils) {
    ASSERT_EQ(uncertain_parameters(soil).size(), 5U);
    for (double factor : {0.5, 1.5})
      EXPECT_NO_THROW(soil::validate(perturbed_soil(soil, std::vector<double>(5, factor))));
    const std::vector<double> ones(5, 1.0);
    EXPECT_EQ(soil::water_content(perturbed_soil(soil, ones), -330.0), soil::water_content(soil, -330.0));
  }
  // An exponent of its own does not follow n.
  soil::BrooksCorey own = uptake_paper_soil();
  own.conductivity_exponent = 5.0;
  const auto changed = perturbed_soil(own, std::vector<double>(5, 1.1));
  EXPECT_EQ(std::get<soil::BrooksCorey>(changed).conductivity_exponent, 5.0);
}

TEST(UptakeErrors, ImpossibleErrorsAreRefused) {
  InversionErrors errors;
  errors.evaporation = 1.0;
  EXPECT_THROW(InversionUnderErrors(dry_day(), {uptake_paper_soil()}, errors, ErrorCase::both), core::Error);
  errors = {};
  errors.soil = -0.1;
  EXPECT_THROW(errors.validate(), core::Error);
}

}  // namespace
}  // namespace rootzone::study
