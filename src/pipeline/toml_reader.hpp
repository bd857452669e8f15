#pragma once
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace rootzone::pipeline {

/// A TOML document as JSON, with the line on which each key stands ("inputs.clay.path" → 12).
struct TomlDocument {
  nlohmann::json values;
  std::map<std::string, int> lines;
};

/// Parse and apply `key=value` overrides. Throws Error(usage) with origin and line.
TomlDocument parse_toml(const std::string& text, const std::string& origin,
                        const std::vector<std::string>& overrides);

/// Whole file as text; Error(usage) if it cannot be read.
std::string read_text_file(const std::string& path);

}  // namespace rootzone::pipeline
