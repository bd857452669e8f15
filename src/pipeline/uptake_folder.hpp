#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "rootzone/pipeline/schema.hpp"
#include "rootzone/pipeline/uptake.hpp"
#include "rootzone/study/uptake_sensitivity.hpp"

namespace rootzone::pipeline {

/// The settings of a command, complete with defaults. Without a file from --set alone.
nlohmann::json uptake_settings(const TableSpec& table, const UptakeRequest& request);

study::UptakeExperimentSettings experiment_settings(const nlohmann::json& settings);
study::InversionErrors inversion_errors(const nlohmann::json& errors);

/// Write the files of a result, each whole under its name, and settings.json with the program's version.
void write_uptake_folder(const UptakeRequest& request, const nlohmann::json& settings,
                         const std::vector<std::pair<std::string, std::string>>& files);

}  // namespace rootzone::pipeline
