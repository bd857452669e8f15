#pragma once
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "rootzone/pipeline/schema.hpp"

namespace rootzone::pipeline {

/// What `rootzone column` was asked.
struct ColumnFileRequest {
  std::filesystem::path file;          ///< TOML, see docs/column.md
  std::vector<std::string> overrides;  ///< --set key=value
  std::filesystem::path out;           ///< empty: out/<file's stem> beside the file
  std::string command_line;
};

/// The keys of a column file, documented.
const TableSpec& column_schema();

/// Run one Richards column from a TOML file and a series of one site: writes daily.csv, profile.csv and
/// tangent.csv where asked for, and report.html; names the folder on `out`. Throws core::Error(usage) for the
/// file, naming key and line, core::Error(data) for the series, naming column and date, core::Error(data) if
/// the column cannot be solved.
void run_column_file(const ColumnFileRequest& request, std::ostream& out);

}  // namespace rootzone::pipeline
