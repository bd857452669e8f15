#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "preparation.hpp"
#include "rootzone/io/state_file.hpp"

namespace rootzone::pipeline {

/// What the numbers come from: grid, all settings that shape them, products, the SHA-256 of static layers and
/// parameter files, first and last day. The job was prepared with `sums_layers`.
nlohmann::json job_identity(const Preparation& job);
/// Where two identities differ, and how, in words; empty if they do not.
std::string identity_difference(const nlohmann::json& was, const nlohmann::json& is);

/// What a state belongs to: pipeline, grid, calendar and first day, all settings that shape the numbers, the
/// products, the SHA-256 of static layers and parameter files, the schemes, and the stages with their fields.
/// last_date: the evening the state stands for.
nlohmann::json state_header(const Preparation& job, const core::Date& last_date);

/// The header of a state file. Throws Error(state) if it is none.
nlohmann::json read_state_header(const io::StateFile& file);
core::Date last_date_of(const nlohmann::json& header, const io::StateFile& file);

/// Throws Error(state), naming the file, what differs (grid, setting, layer, scheme, field), what it was and
/// what it is, and what to do, unless the state was left by this pipeline.
void refuse_foreign_state(const io::StateFile& file, const nlohmann::json& found,
                          const nlohmann::json& expected);

}  // namespace rootzone::pipeline
