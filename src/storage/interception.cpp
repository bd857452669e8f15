#include "rootzone/storage/interception.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "rootzone/core/error.hpp"

namespace rootzone::storage {

void advance_interception(double maximum_mm, const InterceptionDay& day, std::span<double> store) {
  constexpr float missing = std::numeric_limits<float>::quiet_NaN();
  if (!(maximum_mm >= 0.0) || !std::isfinite(maximum_mm))
    throw core::Error(core::ErrorKind::usage, "interception: maximum_mm = " + std::to_string(maximum_mm) +
                                                  ": expected a capacity of at least 0 mm");
  const std::size_t n = day.precipitation.size();
  const bool with_evaporation = !day.interception_evaporation.empty();
  if (day.potential_evapotranspiration.size() != n || day.effective_precipitation.size() != n ||
      store.size() != n || (with_evaporation && day.interception_evaporation.size() != n))
    throw core::Error(core::ErrorKind::internal, "advance_interception: the spans differ in length");
  for (std::size_t i = 0; i < n; ++i) {
    const auto fallen = static_cast<double>(day.precipitation[i]);
    const auto potential = static_cast<double>(day.potential_evapotranspiration[i]);
    const bool valid = std::isfinite(fallen) && std::isfinite(potential) && fallen >= 0.0;
    const double wet = store[i] + fallen;
    const double through = std::max(0.0, wet - maximum_mm);
    const double held = wet - through;
    const double evaporated = std::min(held, std::max(0.0, potential));
    store[i] = valid ? held - evaporated : store[i];
    day.effective_precipitation[i] = valid          ? static_cast<float>(through)
                                     : fallen < 0.0 ? day.precipitation[i]
                                                    : missing;
    if (with_evaporation) day.interception_evaporation[i] = valid ? static_cast<float>(evaporated) : missing;
  }
}

}  // namespace rootzone::storage
