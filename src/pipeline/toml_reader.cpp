// toml++ 3.3.0 asserts on malformed bytes instead of reporting them: its assertions are off and control
// characters are refused before it sees them.
#define TOML_ASSERT(expr) static_cast<void>(0)
#include "toml_reader.hpp"

#include <toml++/toml.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "rootzone/core/error.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;

std::string two_digits(int value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

json convert(const toml::node& node, const std::string& key, std::map<std::string, int>& lines) {
  lines[key] = static_cast<int>(node.source().begin.line);
  const std::string prefix = key.empty() ? "" : key + ".";
  if (const auto* table = node.as_table()) {
    json object = json::object();
    for (const auto& [name, value] : *table) {
      const std::string child(name.str());
      object[child] = convert(value, prefix + child, lines);
    }
    return object;
  }
  if (const auto* array = node.as_array()) {
    json list = json::array();
    for (std::size_t i = 0; i < array->size(); ++i)
      list.push_back(convert(*array->get(i), prefix + std::to_string(i), lines));
    return list;
  }
  if (const auto* value = node.as_string()) return value->get();
  if (const auto* value = node.as_integer()) return value->get();
  if (const auto* value = node.as_floating_point()) return value->get();
  if (const auto* value = node.as_boolean()) return value->get();
  if (const auto* value = node.as_date()) {
    const toml::date date = value->get();
    std::string year = std::to_string(date.year);
    return std::string(4 - std::min<std::size_t>(4, year.size()), '0') + year + "-" + two_digits(date.month) +
           "-" + two_digits(date.day);
  }
  throw Error(
      ErrorKind::usage,
      (key.empty() ? std::string("the value") : "line " + std::to_string(lines[key]) + ": '" + key + "'") +
          " is a time of day; expected a date (YYYY-MM-DD), number, text, list or table");
}

void refuse_control_characters(const std::string& text, const std::string& origin) {
  int line = 1;
  for (char c : text) {
    if (c == '\n') ++line;
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7f)
      throw Error(ErrorKind::usage,
                  origin + ":" + std::to_string(line) +
                      ": a control character; expected TOML text in UTF-8. Is this a pipeline file?");
  }
}

toml::table parse_or_throw(const std::string& text, const std::string& origin) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw Error(ErrorKind::usage, origin + ":" + std::to_string(error.source().begin.line) +
                                      ": not valid TOML: " + std::string(error.description()));
  }
}

// The value of an override: TOML if it is, else the text itself, so that a shell needs no inner quotes.
json override_value(const std::string& text) {
  std::map<std::string, int> ignored;
  try {
    const toml::table table = toml::parse("value = " + text);
    return convert(*table.get("value"), "", ignored);
  } catch (const toml::parse_error&) {
    return text;
  }
}

json& step_into(json& node, const std::string& part, const std::string& override_text) {
  if (!node.is_array()) {
    if (!node.is_object() && !node.is_null())
      throw Error(ErrorKind::usage,
                  "--set " + override_text + ": '" + part + "' lies inside a value that is no table");
    return node[part];
  }
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
  if (error != std::errc{} || end != part.data() + part.size() || index >= node.size())
    throw Error(ErrorKind::usage, "--set " + override_text + ": expected a position 0 … " +
                                      std::to_string(static_cast<long>(node.size()) - 1) +
                                      " in the list, found '" + part + "'");
  return node[index];
}

void apply_override(json& root, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw Error(ErrorKind::usage, "--set " + text + ": expected key=value, for example time.end=2016-02-01");
  refuse_control_characters(text, "--set " + text);
  const std::string key = "." + text.substr(0, equals) + ".";
  if (key.find("..") != std::string::npos)
    throw Error(ErrorKind::usage, "--set " + text + ": a key has no empty parts");
  json* node = &root;
  std::istringstream parts(text.substr(0, equals));
  for (std::string part; std::getline(parts, part, '.');) node = &step_into(*node, part, text);
  try {
    *node = override_value(text.substr(equals + 1));
  } catch (Error& error) {
    error.add_context("--set " + text);
    throw;
  }
}

}  // namespace

TomlDocument parse_toml(const std::string& text, const std::string& origin,
                        const std::vector<std::string>& overrides) {
  refuse_control_characters(text, origin);
  TomlDocument document;
  try {
    document.values = convert(parse_or_throw(text, origin), "", document.lines);
  } catch (Error& error) {
    if (std::string(error.what()).starts_with("line")) error.add_context(origin);
    throw;
  }
  for (const std::string& one : overrides) apply_override(document.values, one);
  return document;
}

std::string read_text_file(const std::string& path) {
  if (std::filesystem::is_directory(path))
    throw Error(ErrorKind::usage, path + ": is a folder; expected a pipeline file in TOML");
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file || file.bad())
    throw Error(
        ErrorKind::usage,
        path + ": cannot be read; expected a pipeline file in TOML. Check the path and your permissions");
  return text.str();
}

}  // namespace rootzone::pipeline
