#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rootzone/core/calendar.hpp"

namespace rootzone::pipeline {

/// TOML text, a line at a time; the same text for the same calls. Numbers in the shortest form that reads
/// back the same, NaN as nan, texts quoted and escaped.
class TomlWriter {
 public:
  TomlWriter& comment(std::string_view text);
  /// "[name]"
  TomlWriter& table(std::string_view name);
  /// "[[name]]"
  TomlWriter& array_table(std::string_view name);
  TomlWriter& key(std::string_view name, std::string_view text);
  TomlWriter& key(std::string_view name, const char* text) { return key(name, std::string_view(text)); }
  TomlWriter& key(std::string_view name, double value);
  TomlWriter& key(std::string_view name, std::int64_t value);
  TomlWriter& key(std::string_view name, int value) { return key(name, static_cast<std::int64_t>(value)); }
  TomlWriter& key(std::string_view name, bool value);
  TomlWriter& key(std::string_view name, const std::vector<double>& values);
  TomlWriter& key(std::string_view name, const std::vector<std::int64_t>& values);
  TomlWriter& key(std::string_view name, const std::vector<std::string>& texts);
  TomlWriter& key(std::string_view name, const std::vector<core::Date>& dates);
  const std::string& text() const { return m_text; }

 private:
  TomlWriter& line(std::string_view name, const std::string& value);
  std::string m_text;
};

}  // namespace rootzone::pipeline
