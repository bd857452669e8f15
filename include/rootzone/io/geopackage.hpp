#pragma once
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace rootzone::io {

/// One column of a table of points, as long as the table. NaN and empty texts are written as NULL.
struct PointColumn {
  std::string name;
  std::variant<std::vector<double>, std::vector<std::string>> values;
};

/// Points with attributes, WGS 84, degrees. A point with a NaN coordinate keeps its row without a geometry.
struct PointTable {
  std::string layer;  ///< the table's name in the file
  std::vector<double> longitude;
  std::vector<double> latitude;
  std::vector<PointColumn> columns;
};

/// Write a GeoPackage of one point layer with a spatial index. The wall clock that the format asks for
/// (`last_change`) is fixed at 1970-01-01T00:00:00Z, so that the same table gives the same bytes. Written
/// under a hidden name, synced, renamed.
/// Throws Error(environment) for disk and permission, Error(internal) for columns of unequal length or names
/// used twice. Safe from any thread.
void write_geopackage(const std::filesystem::path& path, const PointTable& table);

}  // namespace rootzone::io
