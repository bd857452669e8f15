#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "stage_context.hpp"

namespace rootzone::pipeline {

inline constexpr std::array<const char*, 4> smar_parameter_names{"sw2", "sc1", "a", "b"};

/// SMAR parameters of every cell, before they are checked and clipped.
struct SmarLayers {
  void resize(std::int64_t cells) {
    for (auto* column : columns()) column->resize(static_cast<std::size_t>(cells));
  }
  /// In the order of smar_parameter_names.
  std::array<std::vector<float>*, 4> columns() { return {&sw2, &sc1, &a, &b}; }

  std::vector<float> sw2;
  std::vector<float> sc1;
  std::vector<float> a;
  std::vector<float> b;
  std::vector<std::uint8_t> extrapolated;  ///< a predictor lies outside the range seen; may be empty
  /// b and a belong to a loss of 1 mm/d: a is to be multiplied by the loss once it is known (loss tied to
  /// PET).
  bool a_per_unit_loss = false;
  std::vector<float> covariance_factor;  ///< of their error, as SmarErrorLayers has it; empty: none is known
  bool balanced_error = false;           ///< SmarErrorLayers::balanced
  std::vector<std::string> notes;
};

/// From constants and maps, a regression file, or soil physics, as the settings say. Error(usage) where keys
/// are missing, Error(data) for a regression file of another scheme or without a parameter.
SmarLayers smar_layers(const nlohmann::json& settings, StageContext& context);

}  // namespace rootzone::pipeline
