#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "rootzone/study/sptf_training.hpp"

namespace rootzone::pipeline {

/// A training at rest: one line of JSON (format, settings and sites it belongs to, counts), the arrays as
/// little-endian numbers, and the SHA-256 of all before it. Written whole under a temporary name.
/// 128 hidden units: 1.2 MB.
void write_checkpoint(const std::filesystem::path& path, const study::SptfTrainingState& state,
                      const nlohmann::ordered_json& belongs_to);

/// Nothing if the file is not there. Throws Error(state) if it is damaged or belongs to other settings or
/// sites, saying which differ and what to do.
std::optional<study::SptfTrainingState> read_checkpoint(const std::filesystem::path& path,
                                                        const nlohmann::ordered_json& belongs_to);

}  // namespace rootzone::pipeline
