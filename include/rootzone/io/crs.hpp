#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rootzone/core/grid.hpp"

namespace rootzone::io {

/// WKT2:2019 of anything PROJ understands: "EPSG:3035", a PROJ string, WKT (ESRI's spelling too), PROJJSON.
/// Reads no file and no network. Throws Error(usage) for anything else.
std::string parse_crs(std::string_view text);

/// EPSG code the CRS carries, or that PROJ recognises in it with at least 90 % confidence; nothing if
/// unknown.
std::optional<int> epsg_code(const std::string& wkt);

/// True if both are empty or both mean the same CRS; axis order and the names of things do not count.
bool same_crs(const std::string& wkt_a, const std::string& wkt_b);

/// Longitude and latitude in degrees. False for an empty WKT.
bool is_geographic(const std::string& wkt);

/// Edges that a raster in degrees could have: within −180 … 360 and −90 … 90, half a degree to spare.
bool looks_like_degrees(const core::Extent& extent);

/// Short name for people: "EPSG:3035", else the CRS's own name, else "unknown".
std::string crs_label(const std::string& wkt);
/// Code and name: "EPSG:3035 (ETRS89-extended / LAEA Europe)"; the label alone where there is no code.
std::string crs_title(const std::string& wkt);

/// Length in metres of one unit of a projected CRS; 1 if the WKT does not say.
double metres_per_unit(const std::string& wkt);

struct Ellipsoid {
  double semi_major_m = 6378137.0;
  double inverse_flattening = 298.257223563;  ///< 0 for a sphere
};
/// The CRS's ellipsoid; WGS 84 if the WKT does not say.
Ellipsoid ellipsoid_of(const std::string& wkt);

/// Points from one CRS to another, x before y (longitude before latitude) whatever the CRS's own axis order.
/// Two unknown CRSs are taken as the same; one unknown is Error(data). One thread at a time.
class PointTransform {
 public:
  PointTransform(const std::string& from_wkt, const std::string& to_wkt);
  ~PointTransform();
  PointTransform(PointTransform&&) noexcept;
  PointTransform& operator=(PointTransform&&) noexcept;

  bool is_identity() const;
  /// In place; both spans have one length. A point that cannot be transformed becomes NaN.
  void apply(std::span<double> x, std::span<double> y) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

struct LonLat {
  double longitude = 0.0;
  double latitude = 0.0;
};
struct GridPosition {
  std::int64_t row = 0;
  std::int64_t col = 0;
  double fractional_row = 0.0;  ///< 0.5 is the centre of row 0
  double fractional_col = 0.0;
};
/// The cell of each WGS 84 point; nothing for a point outside the grid. Longitudes may be off by 360°.
std::vector<std::optional<GridPosition>> locate(const core::Grid& grid, std::span<const LonLat> points);

/// The grid of a raster or NetCDF file, its CRS as the file says. Throws Error(data).
core::Grid grid_like(const std::filesystem::path& path);

}  // namespace rootzone::io
