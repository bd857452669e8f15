#include "rootzone/pipeline/schema.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"
#include "rootzone/pipeline/column_command.hpp"
#include "uptake_tables.hpp"

namespace rootzone::pipeline {
namespace {

using nlohmann::json;

json schema_of(const TableSpec& table);

json list_of(json item) {
  return {{"type", "array"}, {"items", std::move(item)}};
}
json either(json a, json b) {
  return {{"anyOf", {std::move(a), std::move(b)}}};
}

json type_of(const KeySpec& key) {
  const json text{{"type", "string"}};
  const json number{{"type", "number"}};
  switch (key.type) {
    case KeyType::text:
    case KeyType::path:
      return text;
    case KeyType::number:
      return number;
    case KeyType::integer:
      return {{"type", "integer"}};
    case KeyType::boolean:
      return {{"type", "boolean"}};
    case KeyType::date:
      return {{"type", "string"}, {"format", "date"}};
    case KeyType::choice:
      return {{"enum", key.choices}};
    case KeyType::paths:
      return either(text, list_of(text));
    case KeyType::numbers:
      return list_of(number);
    case KeyType::texts:
      return list_of(text);
    case KeyType::value:
      return either(number, text);
    case KeyType::values:
      return {{"anyOf", {number, text, list_of(either(number, text))}}};
    case KeyType::scalars:
      return {{"type", "object"}, {"additionalProperties", either(number, text)}};
    case KeyType::table:
      return schema_of(*key.table);
    case KeyType::tables:
      return list_of(schema_of(*key.table));
  }
  throw core::Error(core::ErrorKind::internal, "key type without a JSON Schema");
}

json schema_of(const KeySpec& key) {
  json schema = type_of(key);
  schema["description"] = key.documentation + (key.unit.empty() ? "" : " [" + key.unit + "]");
  if (!key.default_json.empty()) schema["default"] = json::parse(key.default_json);
  if (key.minimum) schema["minimum"] = *key.minimum;
  if (key.maximum) schema["maximum"] = *key.maximum;
  return schema;
}

json stage_schemas() {
  json kinds = json::array();
  for (const std::string& kind : stage_kinds()) {
    json one = schema_of(*stage_schema(kind));
    one["properties"]["kind"] = {{"const", kind}};
    one["required"].push_back("kind");
    kinds.push_back(std::move(one));
  }
  return {{"oneOf", std::move(kinds)}};
}

json schema_of(const TableSpec& table) {
  json schema{{"type", "object"}, {"description", table.documentation}};
  if (table.any_name) {
    schema["additionalProperties"] = schema_of(*table.any_name);
    return schema;
  }
  schema["properties"] = json::object();
  schema["required"] = json::array();
  for (const KeySpec& key : table.keys) {
    json entry = schema_of(key);
    if (key.type == KeyType::tables && key.name == "stage") entry["items"] = stage_schemas();
    schema["properties"][key.name] = std::move(entry);
    if (key.required) schema["required"].push_back(key.name);
  }
  schema["additionalProperties"] = false;
  return schema;
}

const char* type_word(const KeySpec& key) {
  switch (key.type) {
    case KeyType::text:
      return "text";
    case KeyType::number:
      return "number";
    case KeyType::integer:
      return "integer";
    case KeyType::boolean:
      return "true/false";
    case KeyType::date:
      return "date";
    case KeyType::choice:
      return "choice";
    case KeyType::path:
      return "path";
    case KeyType::paths:
      return "path(s)";
    case KeyType::numbers:
      return "numbers";
    case KeyType::texts:
      return "texts";
    case KeyType::value:
      return "number or layer";
    case KeyType::values:
      return "number(s) or layer";
    case KeyType::scalars:
      return "table of values";
    case KeyType::table:
      return "table";
    case KeyType::tables:
      return "list of tables";
  }
  return "";
}

void append_row(std::string& text, const KeySpec& key) {
  std::string note = key.documentation;
  if (!key.choices.empty()) {
    note += " (";
    for (std::size_t i = 0; i < key.choices.size(); ++i) note += (i ? ", `" : "`") + key.choices[i] + "`";
    note += ")";
  }
  const std::string preset = key.required               ? "required"
                             : key.default_json.empty() ? "–"
                                                        : "`" + key.default_json + "`";
  text +=
      "| `" + key.name + "` | " + type_word(key) + " | " + key.unit + " | " + preset + " | " + note + " |\n";
}

void append_table(std::string& text, const std::string& heading, const TableSpec& table) {
  text += "\n## " + heading + "\n" + table.documentation + "\n\n";
  text += "| key | type | unit | default | meaning |\n|---|---|---|---|---|\n";
  for (const KeySpec& key : table.keys) append_row(text, key);
  for (const KeySpec& key : table.keys)
    if (key.table) append_table(text, heading + " → " + key.name, *key.table);
}

/// Keys that stand before the first table of a file.
void append_plain_keys(std::string& text, const TableSpec& table) {
  const auto is_plain = [](const KeySpec& key) { return key.table == nullptr; };
  if (std::none_of(table.keys.begin(), table.keys.end(), is_plain)) return;
  text += "\n## Before the tables\n\n| key | type | unit | default | meaning |\n|---|---|---|---|---|\n";
  for (const KeySpec& key : table.keys)
    if (is_plain(key)) append_row(text, key);
}

struct SchemaFile {
  const char* name;
  const char* title;
  const TableSpec* table;
};

std::vector<SchemaFile> schema_files() {
  return {{"pipeline", "pipeline file", &pipeline_schema()},
          {"column", "file of a soil column", &column_schema()},
          {"uptake-experiment", "file of the uptake experiment", &uptake_experiment_table()},
          {"uptake-sensitivity", "file of the uptake sensitivity", &uptake_sensitivity_table()},
          {"uptake-invert", "file of the uptake inversion", &uptake_invert_table()}};
}

SchemaFile schema_file(const std::string& name) {
  for (const SchemaFile& file : schema_files())
    if (name == file.name) return file;
  throw core::Error(core::ErrorKind::usage, "schema: no kind of file is called '" + name + "'." +
                                                core::did_you_mean(name, schema_names()));
}

}  // namespace

std::vector<std::string> schema_names() {
  std::vector<std::string> names;
  for (const SchemaFile& file : schema_files()) names.emplace_back(file.name);
  return names;
}

nlohmann::json json_schema(const std::string& name) {
  const SchemaFile file = schema_file(name);
  json schema = schema_of(*file.table);
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = std::string("rootzone ") + file.title;
  return schema;
}

std::string markdown_schema(const std::string& name) {
  const SchemaFile file = schema_file(name);
  std::string text =
      std::string("# The ") + file.title +
      "\n\nTOML; paths are relative to the file. An unknown key is an error. This page is what "
      "`rootzone schema " +
      (name == "pipeline" ? "" : "--of " + name + " ") + "--format markdown` prints.\n";
  append_plain_keys(text, *file.table);
  for (const KeySpec& key : file.table->keys) {
    if (!key.table) continue;
    if (file.table == &pipeline_schema() && key.name == "stage") {
      for (const std::string& kind : stage_kinds())
        append_table(text, "[[stage]] kind = \"" + kind + "\"", *stage_schema(kind));
    } else if (key.table->any_name) {
      append_table(text, "[" + key.name + ".NAME]", *key.table->any_name);
    } else {
      append_table(text, key.type == KeyType::tables ? "[[" + key.name + "]]" : "[" + key.name + "]",
                   *key.table);
    }
  }
  return text;
}

}  // namespace rootzone::pipeline
