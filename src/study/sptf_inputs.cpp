#include "rootzone/study/sptf_inputs.hpp"

#include <cmath>
#include <stdexcept>

namespace rootzone::study {
namespace {

constexpr std::array<SptfInput, 6> daily_inputs{{
    {"surface_soil_moisture", "m3 m-3", 0.2F, 0.12F},
    {"precipitation", "mm d-1", 2.0F, 6.0F},
    {"potential_evapotranspiration", "mm d-1", 2.5F, 2.0F},
    {"thawed", "1", 0.8F, 0.4F},
    {"leaf_area_index", "1", 1.5F, 1.2F},
    {"surface_soil_moisture_observed", "1", 0.5F, 0.5F},
}};
constexpr std::array<SptfInput, 4> constant_inputs{{
    {"sand", "1", 0.4F, 0.22F},
    {"silt", "1", 0.36F, 0.2F},
    {"clay", "1", 0.24F, 0.17F},
    {"bulk_density", "g cm-3", 1.37F, 0.1F},
}};

float standardised(const SptfInput& input, float value) {
  return (value - input.offset) / input.scale;
}

/// Standardised inputs of one day.
std::array<float, daily_inputs.size()> day_inputs(const SptfSite& site, std::size_t day) {
  const float moisture = site.surface_soil_moisture[day];
  const bool observed = !std::isnan(moisture);
  const std::array<float, daily_inputs.size()> raw{observed ? moisture : daily_inputs[0].offset,
                                                   site.precipitation_mm[day],
                                                   site.potential_evapotranspiration_mm[day],
                                                   site.thawed(day) ? 1.0F : 0.0F,
                                                   site.leaf_area_index[day],
                                                   observed ? 1.0F : 0.0F};
  std::array<float, daily_inputs.size()> values{};
  for (std::size_t i = 0; i < raw.size(); ++i) values[i] = standardised(daily_inputs[i], raw[i]);
  return values;
}

}  // namespace

std::span<const SptfInput> sptf_daily_inputs() {
  return daily_inputs;
}
std::span<const SptfInput> sptf_constant_inputs() {
  return constant_inputs;
}

InputBlock encode_inputs(std::span<const InputWindow> windows, std::size_t days, std::size_t grain) {
  const std::size_t width = (windows.size() + grain - 1) / grain * grain;
  InputBlock block;
  block.width = static_cast<std::int64_t>(width);
  block.steps = static_cast<std::int64_t>(days);
  block.daily.assign(days * daily_inputs.size() * width, 0.0F);
  block.constants.assign(constant_inputs.size() * width, 0.0F);
  for (std::size_t column = 0; column < windows.size(); ++column) {
    const auto& [site, first_day] = windows[column];
    if (first_day + days > site->days()) throw std::invalid_argument("an input window leaves the record");
    for (std::size_t d = 0; d < days; ++d) {
      const auto values = day_inputs(*site, first_day + d);
      for (std::size_t i = 0; i < values.size(); ++i)
        block.daily[(d * values.size() + i) * width + column] = values[i];
    }
    const std::array<double, constant_inputs.size()> soil{site->soil.sand, site->soil.silt, site->soil.clay,
                                                          site->soil.bulk_density};
    for (std::size_t i = 0; i < soil.size(); ++i)
      block.constants[i * width + column] = standardised(constant_inputs[i], static_cast<float>(soil[i]));
  }
  return block;
}

}  // namespace rootzone::study
