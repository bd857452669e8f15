#pragma once
#include <memory>
#include <optional>
#include <string>

#include "rootzone/engine/stage.hpp"
#include "rootzone/storage/snow.hpp"

namespace rootzone::pipeline {

enum class SnowMethod { none, degree_day, water_equivalent };

struct EffectivePrecipitationSettings {
  std::string precipitation;
  SnowMethod snow_method = SnowMethod::none;
  storage::SnowSettings snow;
  std::string temperature;                   ///< for degree_day
  std::string snow_water_equivalent;         ///< for water_equivalent
  double interception_mm = 0.0;              ///< canopy capacity, 0 = none
  std::string potential_evapotranspiration;  ///< for interception
  std::int64_t spin_up_days = 365;  ///< of the snow store, over the first days of the record; 0 = none
  std::string output;
  std::string interception_output;  ///< what the canopy evaporates; written with interception only
};

/// Precipitation that reaches the soil as liquid: through the snow store, then the canopy (mm/d). With a
/// canopy also what evaporates from it.
std::shared_ptr<engine::Stage> make_effective_precipitation_stage(EffectivePrecipitationSettings settings);

}  // namespace rootzone::pipeline
