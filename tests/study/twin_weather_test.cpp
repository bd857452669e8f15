#include "rootzone/study/twin_weather.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace rootzone::study {
namespace {

double total(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

struct YearMeans {
  double rain_mm = 0.0;
  double rainy_share = 0.0;
  double temperature_c = 0.0;
  double pet_mm = 0.0;
};

YearMeans long_means(const TwinClimate& climate, std::uint64_t sites) {
  YearMeans means;
  const double per_site = 1.0 / static_cast<double>(sites);
  for (std::uint64_t site = 0; site < sites; ++site) {
    const TwinWeather weather = twin_weather(climate, 3650, 5, 100 * site);
    means.rain_mm += per_site * total(weather.precipitation_mm) / 10.0;
    means.rainy_share +=
        per_site *
        static_cast<double>(std::count_if(weather.precipitation_mm.begin(), weather.precipitation_mm.end(),
                                          [](double p) { return p > 0.0; })) /
        3650.0;
    means.temperature_c += per_site * total(weather.temperature_c) / 3650.0;
    means.pet_mm += per_site * total(weather.potential_evapotranspiration_mm) / 10.0;
  }
  return means;
}

TEST(TwinWeather, KeepsTheTotalsOfItsClimate) {
  for (const TwinClimate& climate : twin_climates()) {
    const YearMeans means = long_means(climate, 8);
    EXPECT_NEAR(means.rain_mm / climate.annual_rain_mm, 1.0, 0.25) << climate.name;
    // Drizzle below a gauge's 0.1 mm does not count: the fewer rain falls a day, the more of it.
    EXPECT_NEAR(means.rainy_share / climate.rainy_days, 0.92, 0.08) << climate.name;
    EXPECT_NEAR(means.temperature_c, climate.temperature_c, 1.5) << climate.name;
    EXPECT_GT(means.pet_mm, 300.0) << climate.name;
    EXPECT_LT(means.pet_mm, 2000.0) << climate.name;
  }
}

TEST(TwinWeather, StaysPhysical) {
  for (const TwinClimate& climate : twin_climates()) {
    const TwinWeather weather = twin_weather(climate, 1095, 3, 7);
    for (std::size_t d = 0; d < 1095; ++d) {
      EXPECT_GE(weather.precipitation_mm[d], 0.0);
      EXPECT_LT(weather.precipitation_mm[d], 300.0);
      EXPECT_GE(weather.potential_evapotranspiration_mm[d], 0.0);
      EXPECT_LT(weather.potential_evapotranspiration_mm[d], 15.0);
      EXPECT_GE(weather.leaf_area_index[d], 0.0);
      EXPECT_LT(weather.leaf_area_index[d], 8.0);
      EXPECT_LT(std::abs(weather.land_surface_temperature_c[d]), 60.0);
    }
  }
}

TEST(TwinWeather, IsAFunctionOfItsSeedAndDaysAreNotChangedByTheLength) {
  const TwinClimate& climate = twin_climates()[3];
  const TwinWeather one = twin_weather(climate, 400, 9, 20);
  const TwinWeather longer = twin_weather(climate, 800, 9, 20);
  const TwinWeather other = twin_weather(climate, 400, 10, 20);
  EXPECT_TRUE(std::equal(one.temperature_c.begin(), one.temperature_c.end(), longer.temperature_c.begin()));
  EXPECT_TRUE(
      std::equal(one.precipitation_mm.begin(), one.precipitation_mm.end(), longer.precipitation_mm.begin()));
  EXPECT_NE(one.temperature_c, other.temperature_c);
}

TEST(TwinWeather, DrySeasonsAreDryAndWetOnesWet) {
  const TwinClimate* savanna = &twin_climates().back();
  ASSERT_EQ(savanna->name, "savanna");
  const TwinWeather weather = twin_weather(*savanna, 3650, 2, 0);
  double august = 0.0;
  double february = 0.0;
  for (std::size_t d = 0; d < 3650; ++d) {
    if (d % 365 >= 212 && d % 365 < 243) august += weather.precipitation_mm[d] / 10.0;
    if (d % 365 >= 31 && d % 365 < 59) february += weather.precipitation_mm[d] / 10.0;
  }
  EXPECT_GT(august, 5.0 * february);
}

}  // namespace
}  // namespace rootzone::study
