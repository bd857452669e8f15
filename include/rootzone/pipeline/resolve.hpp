#pragma once
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace rootzone::pipeline {

struct TableSpec;

/// Read a pipeline file into JSON that is complete: every key checked against the schema, every default
/// filled in, every path absolute, dates as "YYYY-MM-DD". This is what the manifest keeps.
/// overrides: "key=value" with a dotted key ("time.end=2016-02-01", "stage.0.max_gap_days=5",
/// "pipeline.name=\"night\""); the value is TOML, or text where it is not.
/// Throws Error(usage): file and line, what was expected, what was found, "did you mean".
nlohmann::json resolve_pipeline_file(const std::filesystem::path& file,
                                     const std::vector<std::string>& overrides);

/// The same for text that is not in a file; paths are relative to `folder`, messages name `origin`.
nlohmann::json resolve_pipeline_text(const std::string& toml, const std::filesystem::path& folder,
                                     const std::string& origin, const std::vector<std::string>& overrides);

/// Settings of one stage from overrides alone, complete with defaults: what `rootzone storage --set` uses.
nlohmann::json resolve_stage(const std::string& kind, const std::vector<std::string>& overrides);

/// Settings of any table of keys, complete with defaults: from a file (paths relative to it) and overrides,
/// or from overrides alone (paths relative to the current folder). Errors as for a pipeline file.
nlohmann::json resolve_table_file(const TableSpec& table, const std::filesystem::path& file,
                                  const std::vector<std::string>& overrides);
nlohmann::json resolve_table(const TableSpec& table, const std::vector<std::string>& overrides);

/// A TOML file of another kind (a regression) as JSON, unchecked but for the syntax.
nlohmann::json read_toml(const std::filesystem::path& file);

}  // namespace rootzone::pipeline
