#include "rootzone/pipeline/schema.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "rootzone/core/calendar.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/pipeline/configuration.hpp"
#include "rootzone/pipeline/resolve.hpp"

namespace rootzone::pipeline {
namespace {

using nlohmann::json;

/// Every table of the pipeline file with where it stands, those of every stage kind too.
void walk(const TableSpec& table, const std::string& at,
          const std::function<void(const TableSpec&, const std::string&)>& visit) {
  visit(table, at);
  if (table.any_name) walk(*table.any_name, at + ".NAME", visit);
  for (const KeySpec& key : table.keys)
    if (key.table) walk(*key.table, at + "." + key.name, visit);
}

void walk_all(const std::function<void(const TableSpec&, const std::string&)>& visit) {
  walk(pipeline_schema(), "", visit);
  for (const std::string& kind : stage_kinds()) {
    ASSERT_NE(stage_schema(kind), nullptr) << kind;
    walk(*stage_schema(kind), "stage " + kind, visit);
  }
}

void walk_keys(const std::function<void(const KeySpec&, const std::string&)>& visit) {
  walk_all([&](const TableSpec& table, const std::string& at) {
    for (const KeySpec& key : table.keys) visit(key, at + "." + key.name);
  });
}

bool is_numeric(KeyType type) {
  return type == KeyType::number || type == KeyType::integer || type == KeyType::numbers ||
         type == KeyType::value || type == KeyType::values;
}

bool fits(const KeySpec& key, const json& value) {
  switch (key.type) {
    case KeyType::text:
    case KeyType::path:
      return value.is_string();
    case KeyType::number:
      return value.is_number();
    case KeyType::integer:
      return value.is_number_integer();
    case KeyType::boolean:
      return value.is_boolean();
    case KeyType::date:
      return value.is_string() && core::parse_iso_date(value.get<std::string>()).has_value();
    case KeyType::choice:
      return value.is_string() && std::count(key.choices.begin(), key.choices.end(), value) == 1;
    case KeyType::value:
      return value.is_number() || value.is_string();
    case KeyType::scalars:
    case KeyType::table:
      return value.is_object();
    case KeyType::numbers:
      return value.is_array() && std::ranges::all_of(value, [](const json& one) { return one.is_number(); });
    case KeyType::texts:
      return value.is_array() && std::ranges::all_of(value, [](const json& one) { return one.is_string(); });
    case KeyType::paths:
    case KeyType::values:
    case KeyType::tables:
      return value.is_array();
  }
  return false;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(Schema, DocumentsEveryKeyAndTable) {
  int keys = 0;
  walk_keys([&](const KeySpec& key, const std::string& at) {
    EXPECT_GE(key.documentation.size(), 5U) << at;
    EXPECT_EQ(key.documentation.find('|'), std::string::npos) << at << ": would break the table of its page";
    ++keys;
  });
  EXPECT_GT(keys, 100);
  walk_all(
      [](const TableSpec& table, const std::string& at) { EXPECT_FALSE(table.documentation.empty()) << at; });
}

TEST(Schema, GivesEveryNumberItsUnit) {
  walk_keys([](const KeySpec& key, const std::string& at) {
    EXPECT_EQ(is_numeric(key.type), !key.unit.empty()) << at;
  });
}

TEST(Schema, NamesEveryKeyOnceInLowerCase) {
  walk_all([](const TableSpec& table, const std::string& at) {
    std::set<std::string> names;
    for (const KeySpec& key : table.keys) {
      EXPECT_TRUE(names.insert(key.name).second) << at << "." << key.name << " stands twice";
      EXPECT_EQ(key.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), std::string::npos) << at;
    }
    EXPECT_TRUE(table.keys.empty() != (table.any_name == nullptr)) << at;
  });
}

TEST(Schema, KeepsEveryDefaultOfTheRightKindAndInItsRange) {
  walk_keys([](const KeySpec& key, const std::string& at) {
    if (key.default_json.empty()) return;
    ASSERT_TRUE(json::accept(key.default_json)) << at;
    EXPECT_FALSE(key.required) << at << ": a required key needs no default";
    const json preset = json::parse(key.default_json);
    EXPECT_TRUE(fits(key, preset)) << at << ": " << key.default_json;
    for (const json& one : preset.is_array() ? preset : json::array({preset})) {
      if (!one.is_number()) continue;
      if (key.minimum) {
        EXPECT_GE(one.get<double>(), *key.minimum) << at;
      }
      if (key.maximum) {
        EXPECT_LE(one.get<double>(), *key.maximum) << at;
      }
    }
  });
}

TEST(Schema, GivesRangesToNumbersAndChoicesToChoicesOnly) {
  walk_keys([](const KeySpec& key, const std::string& at) {
    // A path may be one of some words instead.
    if (key.type == KeyType::choice || !key.choices.empty()) {
      EXPECT_TRUE(key.type == KeyType::choice || key.type == KeyType::path) << at;
      EXPECT_FALSE(key.choices.empty()) << at;
    }
    EXPECT_EQ(std::set<std::string>(key.choices.begin(), key.choices.end()).size(), key.choices.size()) << at;
    if (key.minimum || key.maximum) {
      EXPECT_TRUE(is_numeric(key.type)) << at;
    }
    if (key.minimum && key.maximum) {
      EXPECT_LT(*key.minimum, *key.maximum) << at;
    }
    const bool holds_table = key.type == KeyType::table || key.type == KeyType::tables;
    EXPECT_EQ(holds_table, key.table != nullptr) << at;
  });
}

TEST(Schema, OfAnUnknownStageIsNothing) {
  EXPECT_EQ(stage_schema("smarr"), nullptr);
  EXPECT_EQ(stage_schema(""), nullptr);
}

TEST(JsonSchema, HoldsEveryKeyWithItsDescription) {
  const json schema = json_schema();
  EXPECT_EQ(json::parse(schema.dump()), schema);
  EXPECT_EQ(schema.at("$schema"), "https://json-schema.org/draft/2020-12/schema");
  const std::function<void(const json&, const TableSpec&, const std::string&)> compare =
      [&](const json& node, const TableSpec& table, const std::string& at) {
        if (table.any_name) return compare(node.at("additionalProperties"), *table.any_name, at + ".NAME");
        EXPECT_EQ(node.at("additionalProperties"), false) << at;
        for (const KeySpec& key : table.keys) {
          ASSERT_TRUE(node.at("properties").contains(key.name)) << at << "." << key.name;
          const json& entry = node.at("properties").at(key.name);
          EXPECT_NE(entry.at("description").get<std::string>().find(key.documentation), std::string::npos);
          const json& required = node.at("required");
          EXPECT_EQ(std::count(required.begin(), required.end(), key.name) == 1, key.required) << key.name;
          if (key.table && key.name != "stage")
            compare(key.type == KeyType::tables ? entry.at("items") : entry, *key.table, at + "." + key.name);
        }
      };
  compare(schema, pipeline_schema(), "");
  const json& kinds = schema.at("properties").at("stage").at("items").at("oneOf");
  ASSERT_EQ(kinds.size(), stage_kinds().size());
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    EXPECT_EQ(kinds[i].at("properties").at("kind").at("const"), stage_kinds()[i]);
    compare(kinds[i], *stage_schema(stage_kinds()[i]), stage_kinds()[i]);
  }
}

TEST(JsonSchema, OfEveryKindOfFile) {
  for (const std::string& name : schema_names()) {
    SCOPED_TRACE(name);
    const json schema = json_schema(name);
    EXPECT_EQ(schema.at("type"), "object");
    EXPECT_FALSE(schema.at("properties").empty());
    const std::string page = markdown_schema(name);
    for (const auto& [key, entry] : schema.at("properties").items())
      EXPECT_NE(page.find(key), std::string::npos) << key;
  }
  const json layer = json_schema("column").at("properties").at("layer").at("items");
  EXPECT_TRUE(layer.at("properties").contains("alpha_per_cm"));
  EXPECT_TRUE(json_schema("uptake-invert").at("properties").contains("horizon"));
  EXPECT_NE(markdown_schema("column").find("| `model` | choice"), std::string::npos);
  try {
    json_schema("colum");
    FAIL() << "no such file";
  } catch (const core::Error& error) {
    EXPECT_NE(std::string(error.what()).find("Did you mean \"column\""), std::string::npos) << error.what();
  }
}

// Set ROOTZONE_WRITE_DOCS=1 to write the page anew after a change of the schema.
TEST(MarkdownSchema, IsThePageInTheDocumentation) {
  const std::filesystem::path page = ROOTZONE_SOURCE_DIR "/docs/pipeline-file.md";
  if (const char* write = std::getenv("ROOTZONE_WRITE_DOCS"); write && std::string(write) == "1")
    std::ofstream(page, std::ios::binary) << markdown_schema();
  EXPECT_EQ(text_of(page), markdown_schema())
      << "write it anew: ROOTZONE_WRITE_DOCS=1 rootzone_pipeline_tests --gtest_filter=MarkdownSchema.*";
}

TEST(ShippedPipelines, AllResolve) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(ROOTZONE_SOURCE_DIR "/pipelines")) {
    if (entry.path().extension() != ".toml") continue;
    SCOPED_TRACE(entry.path().string());
    const Configuration configuration = read_configuration(resolve_pipeline_file(entry.path(), {}));
    EXPECT_FALSE(configuration.name.empty());
    EXPECT_TRUE(!configuration.outputs.empty() || configuration.calibration);
    ++files;
  }
  EXPECT_GE(files, 5);
}

}  // namespace
}  // namespace rootzone::pipeline
