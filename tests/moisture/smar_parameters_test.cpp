#include "rootzone/moisture/smar_parameters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <vector>

#include "rootzone/core/error.hpp"

namespace rootzone::moisture {
namespace {

using core::Error;
using core::Flag;
using ::testing::HasSubstr;

constexpr float nan_f = std::numeric_limits<float>::quiet_NaN();

SmarSoil loam() {
  return {0.45, 100.0, 0.42, 400.0, 0.18, 0.084, 10.0};
}

TEST(SmarParameters, PhysicalDefinitionsByHand) {
  const PhysicalSmar p = physical_parameters(loam());
  EXPECT_EQ(p.issue, SmarIssue::none);
  EXPECT_NEAR(p.sw2, 0.2, 1e-14);
  EXPECT_NEAR(p.sc1, 0.4, 1e-14);
  EXPECT_NEAR(p.a, 10.0 / (0.8 * 0.42 * 400.0), 1e-14);  // 0.0744 1/d
  EXPECT_NEAR(p.b, 45.0 / 134.4, 1e-14);                 // 0.335
}

TEST(SmarParameters, PhysicalDefinitionsSayWhyTheyFail) {
  SmarSoil soil = loam();
  soil.surface_porosity = 0.0;
  EXPECT_EQ(physical_parameters(soil).issue, SmarIssue::porosity);
  soil = loam();
  soil.root_zone_porosity = 45.0;  // per cent
  EXPECT_EQ(physical_parameters(soil).issue, SmarIssue::porosity);
  soil = loam();
  soil.root_zone_thickness_mm = 0.0;
  EXPECT_EQ(physical_parameters(soil).issue, SmarIssue::thickness);
  soil = loam();
  soil.root_zone_wilting_point = 0.42;
  EXPECT_EQ(physical_parameters(soil).issue, SmarIssue::no_available_water);
  soil = loam();
  soil.loss_mm_per_day = std::nan("");
  EXPECT_EQ(physical_parameters(soil).issue, SmarIssue::missing);
  EXPECT_TRUE(std::isnan(physical_parameters(soil).a));
}

TEST(SmarParameters, ThinRootZoneExceedsTheModel) {
  SmarSoil soil = loam();
  soil.root_zone_thickness_mm = 100.0;  // 10–20 cm below 0–10 cm
  const PhysicalSmar p = physical_parameters(soil);
  EXPECT_GT(p.b, 1.0);
  EXPECT_EQ(p.issue, SmarIssue::surface_too_thick);
}

struct OnePixel {
  float sw2 = 0.2F, sc1 = 0.4F, a = 0.1F, b = 0.3F, n1 = 0.45F, n2 = 0.4F, z2 = 400.0F, initial = 0.6F;
  SmarCoefficients coefficients(const SmarSettings& settings = {}) const {
    return SmarCoefficients(
        {{&sw2, 1}, {&sc1, 1}, {&a, 1}, {&b, 1}, {&n1, 1}, {&n2, 1}, {&z2, 1}, {&initial, 1}}, settings);
  }
};

double status(const OnePixel& pixel) {
  return pixel.coefficients().view().status[0];
}

TEST(SmarParameters, UnusablePixelsCarryTheirReason) {
  EXPECT_EQ(status({}), 0.0);
  EXPECT_EQ(status({.b = 1.0F}), core::bits(Flag::not_applicable));
  EXPECT_EQ(status({.n1 = 0.0F}), core::bits(Flag::not_applicable));
  EXPECT_EQ(status({.n2 = 0.0F}), core::bits(Flag::not_applicable));
  EXPECT_EQ(status({.n2 = 42.0F}), core::bits(Flag::not_applicable));
  EXPECT_EQ(status({.a = nan_f}), core::bits(Flag::input_missing));
  EXPECT_EQ(status({.initial = nan_f}), core::bits(Flag::input_missing));
  EXPECT_EQ(OnePixel{.b = 1.2F}.coefficients().counts().not_applicable, 1);
  EXPECT_EQ(OnePixel{.n2 = 0.0F}.coefficients().counts().invalid_porosity, 1);
  EXPECT_EQ(OnePixel{.sc1 = nan_f}.coefficients().counts().missing, 1);
}

TEST(SmarParameters, OutOfBoundsIsClippedCountedAndFlagged) {
  const OnePixel pixel{.sw2 = -0.1F, .sc1 = 1.3F, .a = -0.02F, .b = -0.5F};
  const SmarCoefficients coefficients = pixel.coefficients();
  const SmarCoefficientView view = coefficients.view();
  EXPECT_EQ(view.sw2[0], 0.0);
  EXPECT_EQ(view.sc1[0], 1.0);
  EXPECT_EQ(view.loss[0], smar_smallest_rate);
  EXPECT_NEAR(view.gain[0], smar_smallest_rate, 1e-18);
  EXPECT_EQ(view.status[0], core::bits(Flag::clipped_parameter));
  EXPECT_EQ(coefficients.counts().clipped, (std::array<std::int64_t, 4>{1, 1, 1, 1}));
  EXPECT_EQ(OnePixel{}.coefficients().view().status[0], 0.0);
}

TEST(SmarParameters, PartsSideBySideAreAsOneAfterTheOther) {
  constexpr std::size_t n = 100'003;  // no multiple of a part
  std::vector<float> sw2(n), sc1(n, 0.5F), a(n), b(n), porosity(n, 0.4F);
  for (std::size_t i = 0; i < n; ++i) {
    sw2[i] = i % 11 == 0 ? nan_f : -0.05F + 0.001F * static_cast<float>(i % 400);
    a[i] = 0.01F + 0.0001F * static_cast<float>(i % 997);
    b[i] = 0.01F * static_cast<float>(i % 103);
  }
  const SmarParameters parameters{sw2, sc1, a, b, porosity, porosity, {}, sc1};
  const auto backwards = [](std::int64_t count, const std::function<void(std::int64_t)>& body) {
    while (count-- > 0) body(count);
  };
  const SmarCoefficients one(parameters, {}), other(parameters, {}, backwards);
  const SmarCoefficientView x = one.view(), y = other.view();
  const auto same = [](const auto& u, const auto& v) {
    return std::memcmp(u.data(), v.data(), u.size_bytes()) == 0;
  };
  EXPECT_TRUE(same(x.decay, y.decay) && same(x.gain, y.gain) && same(x.status, y.status) &&
              same(x.warm_up_days, y.warm_up_days) && same(x.sw2, y.sw2) && same(x.initial, y.initial));
  EXPECT_EQ(one.counts().missing, 9092);  // multiples of 11 below 100 003
  EXPECT_EQ(one.counts().usable + one.counts().missing + one.counts().not_applicable, 100'003);
  EXPECT_GT(one.counts().clipped[0], 0);
  EXPECT_EQ(one.counts().usable, other.counts().usable);
  EXPECT_EQ(one.counts().clipped, other.counts().clipped);
}

TEST(SmarParameters, VolumetricInputNeedsThePorosity) {
  const OnePixel p;
  const SmarParameters without{{&p.sw2, 1}, {&p.sc1, 1}, {&p.a, 1}, {&p.b, 1},
                               {},          {&p.n2, 1},  {},        {&p.initial, 1}};
  EXPECT_THROW(SmarCoefficients(without, SmarSettings{}), Error);
  SmarSettings relative;
  relative.surface_units = SurfaceUnits::relative_saturation;
  EXPECT_EQ(SmarCoefficients(without, relative).view().surface_scale[0], 1.0);
}

TEST(SmarParameters, SchemesDoNotMix) {
  EXPECT_NO_THROW(require_same_scheme(SmarScheme::exact, SmarScheme::exact, "p.toml"));
  try {
    require_same_scheme(SmarScheme::exact, SmarScheme::paper, "parameters.toml");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::usage);
    EXPECT_THAT(error.what(), HasSubstr("parameters.toml"));
    EXPECT_THAT(error.what(), HasSubstr("\"exact\""));
  }
}

TEST(SmarParameters, WordsAreUnderstoodOrSuggested) {
  EXPECT_EQ(parse_smar_scheme("exact"), SmarScheme::exact);
  EXPECT_EQ(parse_smar_gap_policy("hold"), SmarGapPolicy::hold);
  EXPECT_EQ(parse_surface_units("volumetric"), SurfaceUnits::volumetric);
  try {
    parse_smar_gap_policy("decya");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("Did you mean \"decay\"?"));
  }
}

TEST(SmarParameters, SettingsOutOfRangeAreNamed) {
  SmarSettings settings;
  settings.step_days = 0.0;
  EXPECT_THROW(settings.validate(), Error);
  settings = {};
  settings.max_gap_days = -1.0;
  try {
    settings.validate();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("max_gap_days"));
  }
}

}  // namespace
}  // namespace rootzone::moisture
