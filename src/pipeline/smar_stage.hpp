#pragma once
#include <cstdint>
#include <vector>

#include "rootzone/moisture/smar_parameters.hpp"
#include "stage_context.hpp"

namespace rootzone::pipeline {

/// SMAR parameters of every cell, before they are checked and clipped.
struct SmarLayers {
  std::vector<float> sw2;
  std::vector<float> sc1;
  std::vector<float> a;
  std::vector<float> b;
  std::vector<std::uint8_t> extrapolated;  ///< a predictor lies outside the range seen; may be empty
  /// b and a belong to a loss of 1 mm/d: a is to be multiplied by the loss once it is known (loss tied to
  /// PET).
  bool a_per_unit_loss = false;
  std::vector<std::string> notes;
};

/// From constants and maps, a regression file, or soil physics, as the settings say. Error(usage) where keys
/// are missing, Error(data) for a regression file of another scheme or without a parameter.
SmarLayers smar_layers(const nlohmann::json& settings, StageContext& context);

}  // namespace rootzone::pipeline
