// The published equations at one loam (sand 40, silt 40, clay 20 %, 1.4 g/cm³, 1.2 % organic carbon,
// topsoil), computed independently; tolerances are half of the last digit given.
#include "rootzone/soil/pedotransfer_functions.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace rootzone::soil {
namespace {

const SoilSample loam{40.0, 40.0, 20.0, 1.4, 1.2, true};

TEST(Cosby, WorkedValue) {
  const CosbyParameters p = cosby_1984(loam);
  EXPECT_NEAR(p.b, 6.09, 5e-3);
  EXPECT_NEAR(p.air_entry_head_cm, 22.699, 5e-4);
  EXPECT_NEAR(p.saturated_conductivity_cm_per_day, 32.587, 5e-4);
  EXPECT_NEAR(p.saturated_water_content, 0.4386, 5e-5);
}

TEST(Cosby, ScatterOfTheRegressionsFollowsTexture) {
  const CosbyScatter scatter = cosby_1984_scatter(loam);
  EXPECT_NEAR(scatter.b, 2.34, 1e-12);
  EXPECT_NEAR(scatter.log10_conductivity, 0.5874, 1e-12);
  EXPECT_NEAR(scatter.saturated_water_content, 0.0627, 1e-12);
}

TEST(Cosby, SandConductsBetter) {
  EXPECT_GT(cosby_1984({90, 5, 5, 1.5, 1.0}).saturated_conductivity_cm_per_day,
            cosby_1984(loam).saturated_conductivity_cm_per_day);
}

TEST(Saxton, WorkedValue) {
  const SaxtonRawlsWater water = saxton_rawls_2006(loam);
  EXPECT_NEAR(water.water_content_1500kpa, 0.134369, 5e-7);
  EXPECT_NEAR(water.water_content_33kpa, 0.274866, 5e-7);
  EXPECT_NEAR(water.saturated_water_content, 0.448103, 5e-7);
  EXPECT_NEAR(water.saturated_conductivity_cm_per_day, 33.4546, 5e-5);  // 13.9394 mm/h
}

TEST(RawlsBrakensiek, WorkedValue) {
  const RawlsBrakensiekParameters p = rawls_brakensiek_1985(loam);
  EXPECT_NEAR(p.porosity, 0.471698, 5e-7);
  EXPECT_NEAR(p.residual_water_content, 0.082421, 5e-7);
  EXPECT_NEAR(p.bubbling_head_cm, 23.346, 5e-4);
  EXPECT_NEAR(p.pore_size_index, 0.32097, 5e-6);
  EXPECT_NEAR(p.saturated_conductivity_cm_per_day, 18.514, 5e-4);
}

TEST(Vereecken, WorkedValue) {
  const RetentionParameters curve = vereecken_1989(loam);
  EXPECT_NEAR(curve.residual_water_content, 0.1318, 5e-5);
  EXPECT_NEAR(curve.saturated_water_content, 0.4338, 5e-5);
  EXPECT_NEAR(curve.alpha_per_cm, 0.002403, 5e-7);
  EXPECT_NEAR(curve.n, 0.72108, 5e-6);
}

TEST(Wosten, WorkedValue) {
  const MualemParameters p = wosten_1999(loam);
  EXPECT_NEAR(p.retention.saturated_water_content, 0.434365, 5e-7);
  EXPECT_NEAR(p.retention.alpha_per_cm, 0.036227, 5e-7);
  EXPECT_NEAR(p.retention.n, 1.198039, 5e-7);
  EXPECT_NEAR(p.conductivity_cm_per_day, 32.460, 5e-4);
}

TEST(Wosten, SubsoilsDifferFromTopsoils) {
  SoilSample subsoil = loam;
  subsoil.topsoil = false;
  const MualemParameters top = wosten_1999(loam);
  const MualemParameters sub = wosten_1999(subsoil);
  EXPECT_NEAR(sub.retention.saturated_water_content - top.retention.saturated_water_content, 0.0001664 * 40.0,
              1e-12);
  EXPECT_NEAR(std::log(top.retention.alpha_per_cm / sub.retention.alpha_per_cm), -0.192 + 0.00673 * 20.0,
              1e-12);
  EXPECT_NEAR(std::log((top.retention.n - 1) / (sub.retention.n - 1)), 0.00718 * 20.0, 1e-11);
  EXPECT_NEAR(std::log(top.conductivity_cm_per_day / sub.conductivity_cm_per_day),
              0.93 + 0.02986 * 20.0 - 0.03305 * 40.0, 1e-12);
}

TEST(Weynants, WorkedValue) {
  const MualemParameters p = weynants_2009(loam);
  EXPECT_EQ(p.retention.residual_water_content, 0.0);
  EXPECT_NEAR(p.retention.saturated_water_content, 0.432824, 5e-7);
  EXPECT_NEAR(p.retention.alpha_per_cm, 0.017213, 5e-7);
  EXPECT_NEAR(p.retention.n, 1.186953, 5e-7);
  EXPECT_NEAR(p.conductivity_cm_per_day, 8.5358, 5e-5);
}

TEST(Toth, WorkedValue) {
  const TothWater water = toth_2015(loam);
  EXPECT_NEAR(water.water_content_330cm, 0.304354, 5e-7);
  EXPECT_NEAR(water.water_content_15849cm, 0.142260, 1e-6);  // 0.1422606: the last digit was cut, not rounded
}

TEST(RetentionForms, MeetTheirLimits) {
  const RetentionParameters curve{0.05, 0.45, 0.02, 1.4};
  EXPECT_DOUBLE_EQ(water_content_mualem(curve, 0.0), 0.45);
  EXPECT_DOUBLE_EQ(water_content_m1(curve, 0.0), 0.45);
  EXPECT_DOUBLE_EQ(water_content_m1(curve, 50.0), 0.25);  // α·h = 1: half way with m = 1
  EXPECT_NEAR(water_content_mualem(curve, 50.0), 0.05 + 0.4 * std::pow(2.0, -0.4 / 1.4), 1e-15);
  EXPECT_DOUBLE_EQ(water_content_brooks_corey(0.05, 0.45, 30.0, 0.3, 29.0), 0.45);
  EXPECT_NEAR(water_content_brooks_corey(0.05, 0.45, 30.0, 0.5, 120.0), 0.25, 1e-15);
}

TEST(RetentionForms, HeadsOfFieldCapacityAndWiltingPoint) {
  EXPECT_NEAR(head_33kpa_cm, 336.5, 0.05);
  EXPECT_NEAR(head_1500kpa_cm, 15296.0, 0.6);
}

}  // namespace
}  // namespace rootzone::soil
