#pragma once
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "rootzone/soil/hydraulic_model.hpp"

namespace rootzone::pipeline {

/// The soil of a resolved [soil] or [[horizon]] table: parameters of a model, a file of them, or a
/// pedotransfer function. `at` names the table in messages. Throws Error(usage) for none or several of these,
/// a parameter that the model lacks or does not have, and what the model refuses; Error(data) for a file that
/// does not fit.
soil::SoilHydraulics uptake_soil(const nlohmann::json& table, const std::string& at);

/// One soil per layer: that of the horizon that holds the layer's middle, or one for all from [soil]. Throws
/// Error(usage) if both or neither are given, or a horizon does not lie below the one before it.
std::vector<soil::SoilHydraulics> uptake_layer_soils(const nlohmann::json& settings,
                                                     std::span<const double> thickness_cm);

/// "Brooks–Corey: θs 0.35, θr 0.01, …" for people.
std::string soil_words(const soil::SoilHydraulics& soil);

}  // namespace rootzone::pipeline
