#include "rootzone/io/footprint.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "grid_crs.hpp"
#include "memory_dataset.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

constexpr int steps_per_edge = 20;

/// Counter-clockwise from the lower left corner, not closed.
std::vector<LonLat> outline_in_grid_units(const core::Extent& extent) {
  const std::array<LonLat, 5> corners{{{extent.xmin, extent.ymin},
                                       {extent.xmax, extent.ymin},
                                       {extent.xmax, extent.ymax},
                                       {extent.xmin, extent.ymax},
                                       {extent.xmin, extent.ymin}}};
  std::vector<LonLat> outline;
  for (std::size_t edge = 0; edge < 4; ++edge)
    for (int step = 0; step < steps_per_edge; ++step) {
      const double part = static_cast<double>(step) / steps_per_edge;
      outline.push_back({corners[edge][0] + part * (corners[edge + 1][0] - corners[edge][0]),
                         corners[edge][1] + part * (corners[edge + 1][1] - corners[edge][1])});
    }
  return outline;
}

std::vector<LonLat> to_wgs84(const core::Grid& grid, const std::vector<LonLat>& outline) {
  const OGRSpatialReference from = crs_of(grid);
  if (from.IsEmpty())
    throw core::Error(core::ErrorKind::usage, "the grid names no CRS, so its place on the globe is unknown");
  const OGRSpatialReference to = wgs84();
  const std::unique_ptr<OGRCoordinateTransformation> transformation(
      OGRCreateCoordinateTransformation(&from, &to));
  if (!transformation) throw gdal_error("transform the grid's CRS to WGS 84");
  std::vector<LonLat> result;
  for (LonLat point : outline) {
    int success = FALSE;
    transformation->Transform(1, &point[0], &point[1], nullptr, &success);
    if (success == TRUE && std::isfinite(point[0]) && std::isfinite(point[1])) result.push_back(point);
  }
  if (result.size() < 3)
    throw core::Error(core::ErrorKind::usage,
                      "the grid's edges cannot be brought to WGS 84: expected an extent in "
                      "the units and the area of its CRS");
  return result;
}

/// Each longitude within half a turn of the one before; returns the longitude the outline closes with.
double unwrap(std::vector<LonLat>& outline) {
  double previous = outline.front()[0];
  for (LonLat& point : outline) {
    point[0] += 360.0 * std::round((previous - point[0]) / 360.0);
    previous = point[0];
  }
  const double first = outline.front()[0];
  return first + 360.0 * std::round((previous - first) / 360.0);
}

/// A grid that covers the globe's width has its two side edges on one meridian: unwrapping would close it.
bool covers_all_longitudes(const core::Grid& grid) {
  return crs_of(grid).IsGeographic() && grid.extent().xmax - grid.extent().xmin >= 360.0 - 1e-6;
}

/// Part of a ring on one side of a meridian (Sutherland and Hodgman 1974, one clipping edge).
std::vector<LonLat> clip(const std::vector<LonLat>& ring, double meridian, bool keep_east) {
  const auto inside = [&](const LonLat& point) {
    return keep_east ? point[0] >= meridian : point[0] <= meridian;
  };
  std::vector<LonLat> kept;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const LonLat& a = ring[i];
    const LonLat& b = ring[(i + 1) % ring.size()];
    if (inside(a)) kept.push_back(a);
    if (inside(a) != inside(b)) {
      const double part = (meridian - a[0]) / (b[0] - a[0]);
      kept.push_back({meridian, a[1] + part * (b[1] - a[1])});
    }
  }
  return kept;
}

void add_ring(Footprint& footprint, std::vector<LonLat> ring, double shift) {
  if (ring.size() < 3) return;
  for (LonLat& point : ring) point[0] = std::clamp(point[0] + shift, -180.0, 180.0);
  ring.push_back(ring.front());
  footprint.rings.push_back(std::move(ring));
}

Footprint band_of_latitudes(double south, double north) {
  Footprint footprint{-180.0, south, 180.0, north, {}};
  add_ring(footprint, {{-180.0, south}, {180.0, south}, {180.0, north}, {-180.0, north}}, 0.0);
  return footprint;
}

struct Place {
  core::Extent extent;
  std::string crs_wkt;
  bool operator==(const Place&) const = default;
};

Footprint make_footprint(const core::Grid& grid) {
  const GdalScope scope;
  std::vector<LonLat> ring = to_wgs84(grid, outline_in_grid_units(grid.extent()));
  const auto [lowest, highest] = std::minmax_element(
      ring.begin(), ring.end(), [](const LonLat& a, const LonLat& b) { return a[1] < b[1]; });
  const double south = (*lowest)[1];
  const double north = (*highest)[1];
  if (covers_all_longitudes(grid)) return band_of_latitudes(south, north);
  const double closing = unwrap(ring);
  if (std::abs(closing - ring.front()[0]) > 180.0)
    return north + south > 0.0 ? band_of_latitudes(south, 90.0) : band_of_latitudes(-90.0, north);

  const auto [first, last] = std::minmax_element(
      ring.begin(), ring.end(), [](const LonLat& a, const LonLat& b) { return a[0] < b[0]; });
  const double shift = -360.0 * std::round(0.5 * ((*first)[0] + (*last)[0]) / 360.0);
  for (LonLat& point : ring) point[0] += shift;
  Footprint footprint{(*first)[0], south, (*last)[0], north, {}};
  const double east = footprint.east;
  const double west = footprint.west;
  // The few metres that an edge on 180° may lie beyond it are no crossing.
  constexpr double hair = 1e-6;
  if (east > 180.0 + hair) {
    footprint.east = east - 360.0;
    add_ring(footprint, clip(ring, 180.0, false), 0.0);
    add_ring(footprint, clip(ring, 180.0, true), -360.0);
  } else if (west < -180.0 - hair) {
    footprint.west = west + 360.0;
    add_ring(footprint, clip(ring, -180.0, false), 360.0);
    add_ring(footprint, clip(ring, -180.0, true), 0.0);
  } else {
    add_ring(footprint, ring, 0.0);
  }
  return footprint;
}

}  // namespace

// The files of a run ask for one grid again and again, and PROJ takes some 20 ms to find its way to WGS 84.
Footprint footprint_of(const core::Grid& grid) {
  static std::mutex mutex;
  static std::optional<std::pair<Place, Footprint>> last;
  const std::lock_guard lock(mutex);
  const Place place{grid.extent(), grid.crs_wkt()};
  if (!last || !(last->first == place)) last.emplace(place, make_footprint(grid));
  return last->second;
}

}  // namespace rootzone::io
