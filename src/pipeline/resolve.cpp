#include "rootzone/pipeline/resolve.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "rootzone/core/calendar.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"
#include "rootzone/pipeline/schema.hpp"
#include "toml_reader.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;

class Resolver {
 public:
  Resolver(const TomlDocument& document, std::filesystem::path folder, std::string origin)
      : m_document(document), m_folder(std::move(folder)), m_origin(std::move(origin)) {}

  json table(const json& found, const TableSpec& spec, const std::string& at) const;
  json stage(const json& found, const std::string& at) const;

 private:
  [[noreturn]] void fail(const std::string& at, const std::string& message) const;
  void check_known(const json& found, const TableSpec& spec, const std::string& at) const;
  json named_tables(const json& found, const TableSpec& each, const std::string& at) const;
  json value(const json& found, const KeySpec& key, const std::string& at) const;
  json list(const json& found, const KeySpec& key, const std::string& at) const;
  json number(const json& found, const KeySpec& key, const std::string& at) const;
  std::string path(const json& found, const std::string& at) const;
  std::string word_or_path(const json& found, const KeySpec& key, const std::string& at) const;

  const TomlDocument& m_document;
  std::filesystem::path m_folder;
  std::string m_origin;
};

const char* kind_of(const json& value) {
  if (value.is_string()) return "text";
  if (value.is_boolean()) return "true/false";
  if (value.is_number()) return "a number";
  if (value.is_array()) return "a list";
  return "a table";
}

void Resolver::fail(const std::string& at, const std::string& message) const {
  const auto line = m_document.lines.find(at);
  const std::string where = line == m_document.lines.end() ? "" : ":" + std::to_string(line->second);
  throw Error(ErrorKind::usage, m_origin + where + ": '" + at + "' " + message);
}

void Resolver::check_known(const json& found, const TableSpec& spec, const std::string& at) const {
  std::vector<std::string> names;
  for (const KeySpec& key : spec.keys) names.push_back(key.name);
  for (const auto& [name, value] : found.items()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const auto close = core::closest(name, names);
    std::string known;
    for (const std::string& one : names) known += (known.empty() ? "" : ", ") + one;
    fail(at.empty() ? name : at + "." + name,
         "is not a key of " + (spec.name.empty() ? "a pipeline file" : "[" + spec.name + "]") +
             (close ? "; did you mean '" + *close + "'?" : ". It has: " + known));
  }
}

json Resolver::named_tables(const json& found, const TableSpec& each, const std::string& at) const {
  json result = json::object();
  for (const auto& [name, value] : found.items()) {
    const bool good = !name.empty() &&
                      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos &&
                      !(name[0] >= '0' && name[0] <= '9');
    if (!good)
      fail(at + "." + name, "cannot be a name; expected lower-case letters, digits and '_', a letter first");
    if (!value.is_object()) fail(at + "." + name, std::string("should be a table, found ") + kind_of(value));
    result[name] = table(value, each, at + "." + name);
  }
  return result;
}

json Resolver::table(const json& found, const TableSpec& spec, const std::string& at) const {
  if (!found.is_object()) fail(at, std::string("should be a table, found ") + kind_of(found));
  if (spec.any_name) return named_tables(found, *spec.any_name, at);
  check_known(found, spec, at);
  json result = json::object();
  for (const KeySpec& key : spec.keys) {
    const std::string key_at = at.empty() ? key.name : at + "." + key.name;
    const auto given = found.find(key.name);
    if (given != found.end()) {
      result[key.name] = value(*given, key, key_at);
    } else if (key.required) {
      fail(at.empty() ? key.name : at, "is missing" +
                                           (at.empty() ? std::string() : " the key '" + key.name + "'") +
                                           ": " + key.documentation);
    } else if (!key.default_json.empty()) {
      const json preset = json::parse(key.default_json);
      result[key.name] = key.type == KeyType::table ? table(preset, *key.table, key_at) : preset;
    }
  }
  return result;
}

json Resolver::stage(const json& found, const std::string& at) const {
  if (!found.is_object()) fail(at, std::string("should be a table, found ") + kind_of(found));
  const auto kind = found.find("kind");
  if (kind == found.end() || !kind->is_string()) fail(at, "is missing the key 'kind'");
  const TableSpec* spec = stage_schema(kind->get<std::string>());
  if (!spec) {
    const auto close = core::closest(kind->get<std::string>(), stage_kinds());
    fail(at + ".kind", "names no stage: '" + kind->get<std::string>() + "'" +
                           (close ? "; did you mean '" + *close + "'?" : "; `rootzone schema` lists them"));
  }
  json rest = found;
  rest.erase("kind");
  json result = table(rest, *spec, at);
  // A word or a file: what is named like a file lies, as every path, beside the pipeline.
  if (result.contains("parameters") && result["parameters"].get<std::string>().ends_with(".toml"))
    result["parameters"] = path(result["parameters"], at + ".parameters");
  result["kind"] = *kind;
  return result;
}

std::string Resolver::path(const json& found, const std::string& at) const {
  if (!found.is_string()) fail(at, std::string("should be a path, found ") + kind_of(found));
  const std::string text = found.get<std::string>();
  if (text.empty()) fail(at, "is an empty path");
  if (text.starts_with("shipped:") || text.starts_with("/vsi")) return text;
  const std::filesystem::path given(text);
  return (given.is_absolute() ? given : m_folder / given).lexically_normal().string();
}

// A path, unless it is one of the words the key has a meaning of its own for.
std::string Resolver::word_or_path(const json& found, const KeySpec& key, const std::string& at) const {
  if (key.choices.empty() || !found.is_string()) return path(found, at);
  const std::string text = found.get<std::string>();
  if (std::find(key.choices.begin(), key.choices.end(), text) != key.choices.end()) return text;
  const auto close = core::closest(text, key.choices);
  if (close && text.find_first_of("./:") == std::string::npos)
    fail(at, "found '" + text + "'; did you mean '" + *close + "'?");
  return path(found, at);
}

json Resolver::number(const json& found, const KeySpec& key, const std::string& at) const {
  if (!found.is_number())
    fail(at, std::string("should be a number") + (key.unit.empty() ? "" : " [" + key.unit + "]") +
                 ", found " + kind_of(found));
  if (key.type == KeyType::integer && !found.is_number_integer())
    fail(at, "should be a whole number, found " + found.dump());
  const double number = found.get<double>();
  const bool limits = key.type == KeyType::numbers && !std::isnan(number);  // [0, inf] is a range
  if (!std::isfinite(number) && !limits && !key.any_number)
    fail(at, std::string("should be a finite number, found ") + (std::isnan(number) ? "nan" : "inf"));
  if ((key.minimum && !(number >= *key.minimum)) || (key.maximum && !(number <= *key.maximum)))
    fail(at, "is out of range: expected " + (key.minimum ? "≥ " + json(*key.minimum).dump() : std::string()) +
                 (key.minimum && key.maximum ? " and " : "") +
                 (key.maximum ? "≤ " + json(*key.maximum).dump() : std::string()) + ", found " +
                 found.dump());
  return found;
}

json Resolver::list(const json& found, const KeySpec& key, const std::string& at) const {
  const bool single_is_list =
      key.type == KeyType::paths || key.type == KeyType::values || key.type == KeyType::texts;
  const json items = found.is_array() ? found : single_is_list ? json::array({found}) : json();
  if (!items.is_array()) fail(at, std::string("should be a list, found ") + kind_of(found));
  json result = json::array();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string item_at = at + "." + std::to_string(i);
    const json& item = items[i];
    if (key.type == KeyType::tables) {
      result.push_back(key.name == "stage" ? stage(item, item_at) : table(item, *key.table, item_at));
    } else if (key.type == KeyType::paths) {
      result.push_back(path(item, item_at));
    } else {
      const bool number_allowed = key.type != KeyType::texts;
      const bool text_allowed = key.type != KeyType::numbers;
      if (!(item.is_number() && number_allowed) && !(item.is_string() && text_allowed))
        fail(item_at, std::string("should be ") +
                          (number_allowed ? text_allowed ? "a number or a name" : "a number" : "text") +
                          ", found " + kind_of(item));
      result.push_back(item.is_number() ? number(item, key, item_at) : item);
    }
  }
  return result;
}

json Resolver::value(const json& found, const KeySpec& key, const std::string& at) const {
  switch (key.type) {
    case KeyType::text:
      if (!found.is_string()) fail(at, std::string("should be text in quotes, found ") + kind_of(found));
      return found;
    case KeyType::number:
    case KeyType::integer:
      return number(found, key, at);
    case KeyType::boolean:
      if (!found.is_boolean()) fail(at, std::string("should be true or false, found ") + kind_of(found));
      return found;
    case KeyType::date:
      if (!found.is_string() || !core::parse_iso_date(found.get<std::string>()))
        fail(at, "should be a date like 2016-01-31, found " + found.dump());
      return found;
    case KeyType::choice: {
      const std::string text = found.is_string() ? found.get<std::string>() : found.dump();
      if (std::find(key.choices.begin(), key.choices.end(), text) != key.choices.end()) return text;
      std::string choices;
      for (const std::string& one : key.choices) choices += (choices.empty() ? "" : ", ") + one;
      const auto close = core::closest(text, key.choices);
      fail(at, "should be one of: " + choices + "; found '" + text + "'" +
                   (close ? "; did you mean '" + *close + "'?" : ""));
    }
    case KeyType::path:
      return word_or_path(found, key, at);
    case KeyType::value:
      if (found.is_string()) return found;
      return number(found, key, at);
    case KeyType::scalars:
      if (!found.is_object()) fail(at, std::string("should be a table, found ") + kind_of(found));
      for (const auto& [name, item] : found.items())
        if (!item.is_number() && !item.is_string())
          fail(at + "." + name, std::string("should be a number or text, found ") + kind_of(item));
      return found;
    case KeyType::table:
      return table(found, *key.table, at);
    case KeyType::paths:
    case KeyType::numbers:
    case KeyType::texts:
    case KeyType::values:
    case KeyType::tables:
      return list(found, key, at);
  }
  throw Error(ErrorKind::internal, "key type that nothing resolves");
}

}  // namespace

nlohmann::json resolve_pipeline_text(const std::string& toml, const std::filesystem::path& folder,
                                     const std::string& origin, const std::vector<std::string>& overrides) {
  const TomlDocument document = parse_toml(toml, origin, overrides);
  return Resolver(document, folder, origin).table(document.values, pipeline_schema(), "");
}

nlohmann::json resolve_pipeline_file(const std::filesystem::path& file,
                                     const std::vector<std::string>& overrides) {
  const std::filesystem::path absolute = std::filesystem::absolute(file).lexically_normal();
  return resolve_pipeline_text(read_text_file(absolute.string()), absolute.parent_path(), file.string(),
                               overrides);
}

nlohmann::json resolve_stage(const std::string& kind, const std::vector<std::string>& overrides) {
  TomlDocument document = parse_toml("", "--set", overrides);
  document.values["kind"] = kind;
  return Resolver(document, std::filesystem::current_path(), "--set").stage(document.values, kind);
}

nlohmann::json resolve_table_file(const TableSpec& table, const std::filesystem::path& file,
                                  const std::vector<std::string>& overrides) {
  const std::filesystem::path absolute = std::filesystem::absolute(file).lexically_normal();
  const TomlDocument document = parse_toml(read_text_file(absolute.string()), file.string(), overrides);
  return Resolver(document, absolute.parent_path(), file.string()).table(document.values, table, "");
}

nlohmann::json resolve_table(const TableSpec& table, const std::vector<std::string>& overrides) {
  const TomlDocument document = parse_toml("", "--set", overrides);
  return Resolver(document, std::filesystem::current_path(), "--set").table(document.values, table, "");
}

nlohmann::json read_toml(const std::filesystem::path& file) {
  return parse_toml(read_text_file(file.string()), file.string(), {}).values;
}

}  // namespace rootzone::pipeline
