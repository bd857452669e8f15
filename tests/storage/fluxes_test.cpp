#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "rootzone/core/error.hpp"
#include "rootzone/storage/budyko.hpp"
#include "rootzone/storage/interception.hpp"
#include "rootzone/storage/potential_evapotranspiration.hpp"
#include "rootzone/storage/snow.hpp"
#include "storage/mass_curve_rig.hpp"

namespace rootzone::storage {
namespace {

using core::Error;

float snow_day(const SnowSettings& settings, float precipitation, float temperature, double& store) {
  float liquid = -1.0F;
  advance_snow(settings, {&precipitation, 1}, {&temperature, 1}, {&store, 1}, {&liquid, 1});
  return liquid;
}

TEST(Snow, OrthByHand) {
  const SnowSettings orth = snow_preset("orth2013");
  double store = 0.0;
  EXPECT_EQ(snow_day(orth, 10.0F, 0.0F, store), 0.0F);  // all snow
  EXPECT_EQ(store, 10.0);
  EXPECT_EQ(snow_day(orth, 0.0F, 4.0F, store), 3.0F);  // 1 mm/K/d · 3 K
  EXPECT_EQ(store, 7.0);
  EXPECT_EQ(snow_day(orth, 5.0F, 11.0F, store), 12.0F);  // rain + what is left
  EXPECT_EQ(store, 0.0);
}

TEST(Snow, SecondPresetMeltsTwiceAsFastAboveFreezing) {
  const SnowSettings preset = snow_preset("degree_day_2");
  double store = 20.0;
  EXPECT_EQ(snow_day(preset, 1.0F, 3.0F, store), 7.0F);
  EXPECT_EQ(store, 14.0);
  EXPECT_EQ(snow_day(preset, 2.0F, 0.0F, store), 2.0F);  // snow falls below the threshold, not at it
  EXPECT_EQ(store, 14.0);
  EXPECT_EQ(snow_day(preset, 2.0F, -0.1F, store), 0.0F);
  EXPECT_EQ(store, 16.0);
  EXPECT_THROW(snow_preset("orth"), Error);
}

TEST(Snow, WaterIsConserved) {
  double store = 0.0, in = 0.0, out = 0.0;
  for (int t = 0; t < 730; ++t) {
    const auto p = static_cast<float>(t % 5), temperature = static_cast<float>(-15.0 * std::cos(t * 0.0172));
    in += static_cast<double>(p);
    out += static_cast<double>(snow_day(snow_preset("orth2013"), p, temperature, store));
  }
  EXPECT_NEAR(in, out + store, 1e-3);
}

TEST(Snow, MissingDaysLeaveTheStore) {
  double store = 5.0;
  EXPECT_TRUE(std::isnan(snow_day({}, nan_f, 5.0F, store)));
  EXPECT_TRUE(std::isnan(snow_day({}, 1.0F, nan_f, store)));
  EXPECT_EQ(snow_day({}, -3.0F, 5.0F, store), -3.0F);  // for the mass curve to count
  EXPECT_EQ(store, 5.0);
}

TEST(Snow, SpunUpStoreIsThatOfTheYearsEnd) {
  const std::vector<float> p{10, 10, 10}, temperature{-5, 3, -5};
  EXPECT_EQ(spun_up_snow({}, p, temperature), 10.0 - 2.0 + 10.0);
}

TEST(Snow, CoverStopsEvaporationAndSweReplacesTheModel) {
  std::vector<float> evaporation{1, 1, 1, nan_f};
  const std::vector<float> cover{5, 50, nan_f, 50};
  stop_evaporation_under_snow(evaporation, cover);
  EXPECT_EQ(evaporation[0], 1.0F);
  EXPECT_EQ(evaporation[1], 0.0F);
  EXPECT_TRUE(std::isnan(evaporation[2]));
  EXPECT_TRUE(std::isnan(evaporation[3]));

  double last = swe_state_fields[0].initial, gap_days = swe_state_fields[1].initial;
  const std::vector<float> p{4, 4, 0, nan_f, 1, 1}, swe{10, 13, 8, 8, nan_f, 12},
      expected{4, 1, 5, nan_f, nan_f, 0};
  for (std::size_t t = 0; t < p.size(); ++t) {
    float liquid = -1.0F;
    advance_snow_water_equivalent({&p[t], 1}, {&swe[t], 1}, {{&last, 1}, {&gap_days, 1}}, {&liquid, 1});
    if (std::isnan(expected[t]))
      EXPECT_TRUE(std::isnan(liquid)) << t;
    else
      EXPECT_EQ(liquid, expected[t]) << t;
  }
}

// 100 mm of snow melt by 10 mm a day; five days of it are not observed. The day back carries one day's melt:
// with that of six, 60 mm, the interpolation made 175 mm of the 50 mm that melted in the gap.
TEST(Snow, MeltInAGapOfSweIsSpreadOverItsDays) {
  double last = swe_state_fields[0].initial, gap_days = swe_state_fields[1].initial;
  MassCurveSettings settings;
  settings.max_gap_days = 7;
  Curve curve(settings, {2001, 1, 1}, {2001, 12, 31});
  for (int t = 0; t <= 10; ++t) {
    const bool seen = t < 3 || t > 7;
    const float dry = 0.0F, swe = seen ? static_cast<float>(100 - 10 * t) : nan_f;
    float liquid = -1.0F;
    advance_snow_water_equivalent({&dry, 1}, {&swe, 1}, {{&last, 1}, {&gap_days, 1}}, {&liquid, 1});
    EXPECT_PRED2(same, liquid, t == 0 ? 0.0F : seen ? 10.0F : nan_f) << t;
    curve.one(liquid, t == 0 ? 500.0F : 20.0F);
  }
  EXPECT_EQ(curve.at(MassCurveField::deficit), 500.0 + 10 * 20.0 - 100.0);
}

TEST(Snow, SettingsOutOfRangeAreRefused) {
  EXPECT_THROW((SnowSettings{1.0, 1.0, 0.0}.validate()), Error);
  EXPECT_NO_THROW(SnowSettings{}.validate());
}

struct Canopy {
  double store = 0.0;
  float effective = 0.0F, evaporated = 0.0F;
  void day(double maximum, float p, float pet) {
    advance_interception(maximum, {{&p, 1}, {&pet, 1}, {&effective, 1}, {&evaporated, 1}}, {&store, 1});
  }
};

TEST(Interception, BucketByHand) {
  Canopy canopy;
  canopy.day(2.0, 5.0F, 1.5F);
  EXPECT_EQ(canopy.effective, 3.0F);
  EXPECT_EQ(canopy.evaporated, 1.5F);
  EXPECT_EQ(canopy.store, 0.5);
  canopy.day(2.0, 1.0F, 4.0F);
  EXPECT_EQ(canopy.effective, 0.0F);
  EXPECT_EQ(canopy.evaporated, 1.5F);
  EXPECT_EQ(canopy.store, 0.0);
}

TEST(Interception, OffLetsEverythingThrough) {
  Canopy canopy;
  canopy.day(0.0, 5.0F, 3.0F);
  EXPECT_EQ(canopy.effective, 5.0F);
  EXPECT_EQ(canopy.evaporated, 0.0F);
}

TEST(Interception, MissingLeavesTheStoreAndNegativesPassOn) {
  Canopy canopy{1.0};
  canopy.day(2.0, nan_f, 1.0F);
  EXPECT_TRUE(std::isnan(canopy.effective));
  EXPECT_TRUE(std::isnan(canopy.evaporated));
  canopy.day(2.0, -1.0F, 1.0F);
  EXPECT_EQ(canopy.effective, -1.0F);
  EXPECT_EQ(canopy.store, 1.0);
  canopy.day(2.0, 0.0F, -1.0F);
  EXPECT_EQ(canopy.evaporated, 0.0F);
  EXPECT_THROW(canopy.day(-1.0, 1.0F, 1.0F), Error);
}

TEST(Oudin, RadiationOfFao56ExampleEight) {
  // 3 September, 20° S: 32.2 MJ m⁻² d⁻¹ (Allen et al. 1998, example 8).
  EXPECT_NEAR(extraterrestrial_radiation(-20.0, 246), 32.2, 0.05);
}

TEST(Oudin, RadiationIsTheSunIntegratedOverTheDay) {
  constexpr double pi = 3.14159265358979323846;
  for (double latitude : {-75.0, -20.0, 0.0, 35.0, 50.0, 80.0})
    for (int day : {15, 80, 172, 246, 355}) {
      const double declination = 0.409 * std::sin(2 * pi * day / 365 - 1.39);
      const double phi = latitude * pi / 180;
      double sum = 0.0;  // MJ m⁻², minute by minute
      for (int minute = 0; minute < 1440; ++minute) {
        const double hour_angle = 2 * pi * (minute + 0.5) / 1440 - pi;
        const double height = std::sin(phi) * std::sin(declination) +
                              std::cos(phi) * std::cos(declination) * std::cos(hour_angle);
        sum += 0.0820 * (1 + 0.033 * std::cos(2 * pi * day / 365)) * std::max(0.0, height);
      }
      EXPECT_NEAR(extraterrestrial_radiation(latitude, day), sum, 2e-3) << latitude << " day " << day;
    }
}

TEST(Oudin, PolarNightIsDarkAndPolarDayIsNot) {
  EXPECT_EQ(extraterrestrial_radiation(85.0, 355), 0.0);
  EXPECT_GT(extraterrestrial_radiation(85.0, 172), 40.0);
  EXPECT_GT(extraterrestrial_radiation(-90.0, 355), 40.0);
  EXPECT_TRUE(std::isnan(extraterrestrial_radiation(91.0, 1)));
  EXPECT_TRUE(std::isnan(extraterrestrial_radiation(std::nan(""), 1)));
}

TEST(Oudin, PetByHand) {
  EXPECT_NEAR(oudin_potential_evapotranspiration(24.5, 15.0), 24.5 / 2.45 * 20.0 / 100.0, 1e-12);  // 2 mm/d
  EXPECT_EQ(oudin_potential_evapotranspiration(24.5, -5.0), 0.0);
  EXPECT_TRUE(std::isnan(oudin_potential_evapotranspiration(24.5, std::nan(""))));
}

TEST(Oudin, StripEqualsThePixels) {
  const std::vector<float> latitude{-20, -20, 45.5F, nan_f}, temperature{20, nan_f, 10, 10};
  std::vector<float> out(4);
  oudin_potential_evapotranspiration(latitude, 246, temperature, out);
  EXPECT_EQ(out[0],
            static_cast<float>(oudin_potential_evapotranspiration(extraterrestrial_radiation(-20, 246), 20)));
  EXPECT_TRUE(std::isnan(out[1]));
  EXPECT_EQ(out[2], static_cast<float>(
                        oudin_potential_evapotranspiration(extraterrestrial_radiation(45.5, 246), 10)));
  EXPECT_TRUE(std::isnan(out[3]));
}

TEST(Budyko, FuByHandAndItsLimits) {
  // P = PET: E/P = 2 − 2^(1/ω)
  EXPECT_NEAR(fu_evaporation(800.0, 800.0), 800.0 * (2.0 - std::pow(2.0, 1.0 / 2.6)), 1e-9);
  EXPECT_NEAR(fu_evaporation(500.0, 1500.0, 2.0), 500.0 * (4.0 - std::sqrt(10.0)), 1e-9);
  EXPECT_NEAR(fu_evaporation(1.0, 1e9), 1.0, 1e-9);
  EXPECT_NEAR(fu_evaporation(1e9, 1.0), 1.0, 1e-6);
  EXPECT_EQ(fu_evaporation(0.0, 500.0), 0.0);
  EXPECT_TRUE(std::isnan(fu_evaporation(-1.0, 500.0)));
  EXPECT_TRUE(std::isnan(fu_evaporation(500.0, 500.0, 1.0)));
}

TEST(Budyko, EvaporationIsNeverMoreThanWaterOrEnergy) {
  for (double omega : {1.5, 2.6, 5.0})
    for (double pet = 1.0; pet < 1e6; pet *= 1.7) {
      const double e = fu_evaporation(600.0, pet, omega);
      EXPECT_GE(e, 0.0);
      EXPECT_LE(e, std::min(600.0, pet));
    }
}

TEST(Budyko, ScaledPetClosesTheBalance) {
  EXPECT_NEAR(closing_evaporation_factor(800.0, 300.0, 1000.0), 0.5, 1e-12);
  EXPECT_EQ(closing_evaporation_factor(300.0, 800.0, 1000.0), 0.0);
  EXPECT_TRUE(std::isnan(closing_evaporation_factor(800.0, 300.0, 0.0)));
}

}  // namespace
}  // namespace rootzone::storage
