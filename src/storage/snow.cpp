#include "rootzone/storage/snow.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"

namespace rootzone::storage {
namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

void require_equal(bool good, const char* function) {
  if (!good)
    throw core::Error(core::ErrorKind::internal, std::string(function) + ": the spans differ in length");
}

}  // namespace

void SnowSettings::validate() const {
  const bool good = std::isfinite(snow_below_c) && std::isfinite(melt_above_c) &&
                    std::isfinite(melt_mm_per_degree_day) && melt_mm_per_degree_day > 0.0;
  if (!good)
    throw core::Error(core::ErrorKind::usage,
                      "snow: snow_below_c = " + std::to_string(snow_below_c) +
                          ", melt_above_c = " + std::to_string(melt_above_c) +
                          ", melt_mm_per_degree_day = " + std::to_string(melt_mm_per_degree_day) +
                          ": expected finite numbers and a melt factor above 0");
}

SnowSettings snow_preset(std::string_view name) {
  if (name == "orth2013") return {1.0, 1.0, 1.0};
  if (name == "degree_day_2") return {0.0, 0.0, 2.0};
  const std::vector<std::string> known{"orth2013", "degree_day_2"};
  throw core::Error(core::ErrorKind::usage,
                    "snow: \"" + std::string(name) + "\" is not a preset." + core::did_you_mean(name, known));
}

void advance_snow(const SnowSettings& settings, std::span<const float> precipitation,
                  std::span<const float> temperature_c, std::span<double> store, std::span<float> liquid,
                  std::span<float> snow_water) {
  const std::size_t n = precipitation.size();
  require_equal(temperature_c.size() == n && store.size() == n && liquid.size() == n &&
                    (snow_water.empty() || snow_water.size() == n),
                "advance_snow");
  for (std::size_t i = 0; i < n; ++i) {
    const auto fallen = static_cast<double>(precipitation[i]);
    const auto temperature = static_cast<double>(temperature_c[i]);
    const bool valid = std::isfinite(fallen) && std::isfinite(temperature) && fallen >= 0.0;
    const bool snows = temperature < settings.snow_below_c;
    const double before = store[i] + (snows ? fallen : 0.0);
    const double warmth = std::max(0.0, temperature - settings.melt_above_c);
    const double melt = std::min(before, settings.melt_mm_per_degree_day * warmth);
    store[i] = valid ? before - melt : store[i];
    const float out = static_cast<float>((snows ? 0.0 : fallen) + melt);
    liquid[i] = valid ? out : fallen < 0.0 ? precipitation[i] : missing;
    if (!snow_water.empty()) snow_water[i] = valid ? static_cast<float>(store[i]) : missing;
  }
}

double spun_up_snow(const SnowSettings& settings, std::span<const float> precipitation,
                    std::span<const float> temperature_c) {
  require_equal(precipitation.size() == temperature_c.size(), "spun_up_snow");
  double store = 0.0;
  float liquid = 0.0F;
  for (std::size_t t = 0; t < precipitation.size(); ++t)
    advance_snow(settings, precipitation.subspan(t, 1), temperature_c.subspan(t, 1), std::span(&store, 1),
                 std::span(&liquid, 1));
  return store;
}

void stop_evaporation_under_snow(std::span<float> evaporation, std::span<const float> cover_percent,
                                 double limit_percent) {
  require_equal(evaporation.size() == cover_percent.size(), "stop_evaporation_under_snow");
  for (std::size_t i = 0; i < evaporation.size(); ++i) {
    const auto cover = static_cast<double>(cover_percent[i]);
    if (std::isnan(cover))
      evaporation[i] = missing;
    else if (cover > limit_percent && !std::isnan(evaporation[i]))
      evaporation[i] = 0.0F;
  }
}

void advance_snow_water_equivalent(std::span<const float> precipitation, std::span<const float> swe_mm,
                                   const SweState& state, std::span<float> liquid) {
  const std::size_t n = precipitation.size();
  require_equal(
      swe_mm.size() == n && state.last_swe.size() == n && state.gap_days.size() == n && liquid.size() == n,
      "advance_snow_water_equivalent");
  for (std::size_t i = 0; i < n; ++i) {
    const auto swe = static_cast<double>(swe_mm[i]);
    const auto fallen = static_cast<double>(precipitation[i]);
    liquid[i] = missing;
    if (fallen < 0.0) liquid[i] = precipitation[i];
    double& last = state.last_swe[i];
    double& gap_days = state.gap_days[i];
    if (!std::isfinite(swe) || swe < 0.0) {
      if (last >= 0.0) gap_days += 1.0;
      continue;
    }
    const double change = last < 0.0 ? 0.0 : (swe - last) / (gap_days + 1.0);  // of one day
    last = swe;
    gap_days = 0.0;
    if (std::isfinite(fallen) && fallen >= 0.0)
      liquid[i] = static_cast<float>(std::max(0.0, fallen - change));
  }
}

}  // namespace rootzone::storage
