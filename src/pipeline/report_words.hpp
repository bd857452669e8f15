#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "rootzone/core/time_axis.hpp"
#include "rootzone/io/product.hpp"

namespace rootzone::pipeline {

/// What the report calls a step of a product: "2016-01-31", "Jan 2016", "Dec 2017 – Feb 2018 (59 of 90
/// days)", "return period 20 years", "2004"; the dates of the record for a layer that stands for all of it.
std::string step_label(const io::StepAxis& axis, std::int64_t step, const core::TimeAxis& record);

/// A stage in a line: its method and the settings that shape its numbers most.
std::string stage_sentence(const nlohmann::json& settings, const core::TimeAxis& run);

/// "root-zone …" → "Root-zone …"
std::string sentence_case(std::string text);

/// "2016-01-01 – 2016-07-01"
std::string dates_text(const core::TimeAxis& time);

}  // namespace rootzone::pipeline
