#pragma once
#include <cstdint>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "rootzone/core/time_axis.hpp"

namespace rootzone::pipeline {

/// The days from which a stage learns before its first day: reference_start and reference_end of its
/// settings, else the record. Positions are those of the record. Only a stated end lets nightly work go on:
/// then what was learnt stays as it is.
struct ReferencePeriod {
  std::int64_t first_step = 0;
  std::int64_t end_step = std::numeric_limits<std::int64_t>::max();  ///< the one after the last
  std::optional<core::Date> last{};                                  ///< where the settings state it
  bool contains(std::int64_t step) const { return step >= first_step && step < end_step; }
};

/// Throws Error(usage) if it lies outside the record or ends before it begins.
ReferencePeriod reference_period(const nlohmann::json& settings, const core::TimeAxis& record);

}  // namespace rootzone::pipeline
