#pragma once
#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace rootzone::io {

/// A ring of (x, y), first point repeated at the end, with a name.
struct NamedPolygon {
  std::string name;
  std::vector<std::array<double, 2>> ring;
};

struct PolygonLayer {
  std::string name;
  std::vector<NamedPolygon> polygons;
};

/// Write polygons as a GeoPackage with one layer each, a text field `name`. crs_wkt as Grid has it.
/// The wall clock is kept out of the file. An existing file is replaced.
/// Throws Error(environment) if the file cannot be written.
void write_polygons(const std::filesystem::path& path, const std::string& crs_wkt,
                    const std::vector<PolygonLayer>& layers);

}  // namespace rootzone::io
