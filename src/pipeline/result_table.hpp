#pragma once
#include <filesystem>
#include <iosfwd>
#include <string>
#include <variant>
#include <vector>

namespace rootzone::pipeline {

/// A small table of results: text, numbers (NaN = nothing to say) and yes or no.
struct ResultTable {
  using Value = std::variant<std::string, double, bool>;
  std::vector<std::string> columns;
  std::vector<std::vector<Value>> rows;

  /// CSV, an empty field for NaN, true or false.
  std::string csv() const;
  /// A JSON array of objects; NaN is null.
  std::string json() const;
};

/// To a file, whole or not at all, or to the stream where none is named. format: csv or json, else
/// Error(usage).
void write_table(const ResultTable& table, const std::string& format, const std::filesystem::path& file,
                 std::ostream& out);

}  // namespace rootzone::pipeline
