#pragma once
#include <array>
#include <initializer_list>
#include <string>
#include <utility>

#include "rootzone/core/error.hpp"
#include "rootzone/pipeline/configuration.hpp"

namespace rootzone::pipeline {

/// The value behind a choice; the schema has already refused other words.
template <typename T>
T one_of(const nlohmann::json& word, std::initializer_list<std::pair<const char*, T>> choices) {
  for (const auto& [name, value] : choices)
    if (word == name) return value;
  throw core::Error(core::ErrorKind::internal, "a choice the schema allows and nobody reads: " + word.dump());
}

/// Two ascending numbers; Error(usage) naming `where`.
std::array<double, 2> pair_of(const nlohmann::json& list, const std::string& where);

/// One [inputs.NAME].
InputDefinition read_input(const std::string& name, const nlohmann::json& table);

}  // namespace rootzone::pipeline
