#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace rootzone::pipeline {

enum class KeyType {
  text,
  number,
  integer,
  boolean,
  date,     ///< YYYY-MM-DD
  choice,   ///< one of `choices`
  path,     ///< relative to the pipeline file
  paths,    ///< a path, glob or pattern, or a list of them
  numbers,  ///< a list
  texts,    ///< a list
  value,    ///< a number, or the name of an input layer
  values,   ///< such, or a list of them
  scalars,  ///< a table of names with texts or numbers
  table,    ///< `table`
  tables    ///< a list of `table`
};

struct TableSpec;

/// All that is known of one key: enough to check it, to print the JSON Schema and to write its page.
struct KeySpec {
  std::string name;
  KeyType type = KeyType::text;
  std::string documentation;
  std::string unit{};          ///< "1" for a pure number, empty for what is not a number
  std::string default_json{};  ///< JSON text; empty: no default, the key is absent when not given
  std::vector<std::string> choices{};
  std::optional<double> minimum{};
  std::optional<double> maximum{};
  bool required = false;
  const TableSpec* table = nullptr;
  bool any_number = false;  ///< nan and inf mean something here
};

/// A table of the pipeline file.
struct TableSpec {
  std::string name;
  std::string documentation;
  std::vector<KeySpec> keys;
  const TableSpec* any_name = nullptr;  ///< every key is a name of the user's choice for such a table
};

/// The whole pipeline file. The entry `stage` lists the keys of all kinds; `stage_schema(kind)` those of one.
const TableSpec& pipeline_schema();
/// Null for an unknown kind.
const TableSpec* stage_schema(const std::string& kind);
std::vector<std::string> stage_kinds();

/// The kinds of files that people write: "pipeline", "column", "uptake-experiment", …
std::vector<std::string> schema_names();
/// JSON Schema (draft 2020-12) of such a file, as `rootzone schema` prints it. Error(usage) for another name.
nlohmann::json json_schema(const std::string& name = "pipeline");
/// The same for people: one line a key, as docs/pipeline-file.md has it.
std::string markdown_schema(const std::string& name = "pipeline");

}  // namespace rootzone::pipeline
