#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "rootzone/core/calendar.hpp"

namespace rootzone::pipeline {

/// How far nightly work has come, as `manifest.json` says under "update". Products, state and this change
/// together: `pending` is written before the first of them is touched and goes when all are in place, so that
/// a killed update is seen and done again from the last evening on which all was whole.
struct UpdateLedger {
  std::optional<core::Date> through;  ///< last day of the products; nothing: none yet
  std::optional<core::Date> state;    ///< evening of the state that goes with them; nothing: none
  std::optional<core::Date> pending;  ///< last day of an update that began and did not end, or was rewound
  nlohmann::json products = nlohmann::json::array();

  nlohmann::json to_json() const;
};

/// Nothing if the folder has no manifest, or that of a run. Throws Error(state) if it cannot be read.
std::optional<UpdateLedger> read_update_ledger(const std::filesystem::path& out);

/// Put the ledger's dates into the manifest that is there (or a new one), atomically.
void write_update_ledger(const std::filesystem::path& out, const UpdateLedger& ledger);

}  // namespace rootzone::pipeline
