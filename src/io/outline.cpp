#include "rootzone/io/outline.hpp"

#include <ogr_api.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <numbers>

#include "gdal_handles.hpp"
#include "polygon_coverage.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/crs.hpp"
#include "rootzone/io/library_lock.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;

struct DestroyGeometry {
  void operator()(void* geometry) const { OGR_G_DestroyGeometry(geometry); }
};
struct DestroyFeature {
  void operator()(void* feature) const { OGR_F_Destroy(feature); }
};
using Geometry = std::unique_ptr<void, DestroyGeometry>;
using Feature = std::unique_ptr<void, DestroyFeature>;

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
  throw Error(ErrorKind::data, path.string() + ": " + why);
}

/// A layer of polygons and its way to the grid.
class VectorLayer {
 public:
  VectorLayer(const std::filesystem::path& path, const std::string& name) : m_path(path) {
    const QuietGdal quiet;
    m_dataset.reset(GDALOpenEx(path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                               nullptr, nullptr, nullptr));
    if (!m_dataset) refuse(path, "cannot be opened as a vector file (" + QuietGdal::message() + ")");
    m_layer = name.empty() ? GDALDatasetGetLayer(m_dataset.get(), 0)
                           : GDALDatasetGetLayerByName(m_dataset.get(), name.c_str());
    if (m_layer == nullptr) refuse(path, name.empty() ? "has no layer" : "has no layer \"" + name + "\"");
    m_wkt = wkt_of(OGR_L_GetSpatialRef(m_layer));
  }

  OGRLayerH get() const { return m_layer; }
  const std::string& wkt() const { return m_wkt; }

 private:
  std::filesystem::path m_path;
  DatasetHandle m_dataset;
  OGRLayerH m_layer = nullptr;
  std::string m_wkt;
};

/// Draws polygons of one CRS onto the grid.
class Painter {
 public:
  Painter(const core::Grid& grid, const std::string& wkt)
      : m_grid(grid),
        m_transform(wkt, grid.crs_wkt()),
        m_wraps(is_geographic(grid.crs_wkt())),
        m_coverage(grid.rows(), grid.cols()) {}

  /// Polygons, multipolygons and collections of them; anything else has no area.
  std::int64_t add(OGRGeometryH geometry) {
    const OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(geometry));
    if (type == wkbPolygon) {
      add_polygon(geometry);
      return 1;
    }
    if (type != wkbMultiPolygon && type != wkbGeometryCollection) return 0;
    std::int64_t polygons = 0;
    for (int i = 0; i < OGR_G_GetGeometryCount(geometry); ++i)
      polygons += add(OGR_G_GetGeometryRef(geometry, i));
    return polygons;
  }

  std::vector<float> take() { return m_coverage.take(); }

 private:
  void add_polygon(OGRGeometryH polygon) {
    for (int i = 0; i < OGR_G_GetGeometryCount(polygon); ++i)
      add_ring(OGR_G_GetGeometryRef(polygon, i), i > 0);
  }

  void add_ring(OGRGeometryH ring, bool is_hole) {
    const int count = OGR_G_GetPointCount(ring);
    std::vector<double> x(static_cast<std::size_t>(count));
    std::vector<double> y(x.size());
    for (int i = 0; i < count; ++i) {
      x[static_cast<std::size_t>(i)] = OGR_G_GetX(ring, i);
      y[static_cast<std::size_t>(i)] = OGR_G_GetY(ring, i);
    }
    m_transform.apply(x, y);
    std::vector<RingPoint> points;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (!std::isfinite(x[i])) continue;  // where the grid's projection has no place for it
      // A ring stays in one piece across the line where longitudes jump.
      if (m_wraps && i > 0 && !points.empty()) x[i] = last_x + std::remainder(x[i] - last_x, 360.0);
      last_x = x[i];
      points.push_back({m_grid.fractional_col(x[i]), m_grid.fractional_row(y[i])});
    }
    m_coverage.add(points, is_hole);
    if (!m_wraps) return;
    const double turn = 360.0 / m_grid.dx();
    for (const double shift : {-turn, turn}) {
      std::vector<RingPoint> shifted = points;
      for (RingPoint& point : shifted) point.col += shift;
      m_coverage.add(shifted, is_hole);
    }
  }

  const core::Grid& m_grid;
  PointTransform m_transform;
  bool m_wraps;
  PolygonCoverage m_coverage;
  double last_x = 0.0;
};

/// A copy with curves and long edges cut short enough to bend with the projection.
Geometry prepared(OGRGeometryH geometry) {
  Geometry copy(OGR_G_GetLinearGeometry(geometry, 0.0, nullptr));
  OGREnvelope envelope{};
  OGR_G_GetEnvelope(copy.get(), &envelope);
  const double side = std::max(envelope.MaxX - envelope.MinX, envelope.MaxY - envelope.MinY);
  if (side > 0.0) OGR_G_Segmentize(copy.get(), side / 200.0);
  return copy;
}

/// All polygons as one, so that overlaps count once.
Geometry dissolved(const VectorLayer& layer, const std::filesystem::path& path) {
  Geometry all(OGR_G_CreateGeometry(wkbMultiPolygon));
  OGR_L_ResetReading(layer.get());
  while (Feature feature{OGR_L_GetNextFeature(layer.get())}) {
    const OGRGeometryH geometry = OGR_F_GetGeometryRef(feature.get());
    if (geometry == nullptr) continue;
    const Geometry forced(OGR_G_ForceToMultiPolygon(OGR_G_GetLinearGeometry(geometry, 0.0, nullptr)));
    if (wkbFlatten(OGR_G_GetGeometryType(forced.get())) != wkbMultiPolygon) continue;
    for (int i = 0; i < OGR_G_GetGeometryCount(forced.get()); ++i)
      OGR_G_AddGeometry(all.get(), OGR_G_GetGeometryRef(forced.get(), i));
  }
  if (OGR_G_GetGeometryCount(all.get()) == 0) refuse(path, "has no polygons");
  if (OGR_G_GetGeometryCount(all.get()) == 1) return all;
  Geometry united(OGR_G_UnionCascaded(all.get()));
  if (!united)
    refuse(path, "its polygons cannot be merged (" + QuietGdal::message() +
                     "); repair them, for example with ogr2ogr -makevalid");
  return united;
}

void check_crs(const VectorLayer& layer, const core::Grid& grid, const std::filesystem::path& path) {
  if (layer.wkt().empty() != grid.crs_wkt().empty())
    refuse(path, layer.wkt().empty() ? "has no CRS; write one beside it (a .prj file, or ogr2ogr -a_srs)"
                                     : "has a CRS, the model grid has none; set [grid] crs");
}

using Polyline = std::vector<std::array<double, 2>>;

Polyline ring_line(OGRGeometryH ring, const PointTransform& transform) {
  std::vector<double> x;
  std::vector<double> y;
  for (int i = 0; i < OGR_G_GetPointCount(ring); ++i) {
    x.push_back(OGR_G_GetX(ring, i));
    y.push_back(OGR_G_GetY(ring, i));
  }
  transform.apply(x, y);
  Polyline line;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::isfinite(x[i]) && std::isfinite(y[i])) line.push_back({x[i], y[i]});
  return line;
}

void collect_rings(OGRGeometryH geometry, const PointTransform& transform, std::vector<Polyline>& lines) {
  if (OGR_G_GetPointCount(geometry) > 0) lines.push_back(ring_line(geometry, transform));
  for (int i = 0; i < OGR_G_GetGeometryCount(geometry); ++i)
    collect_rings(OGR_G_GetGeometryRef(geometry, i), transform, lines);
}

}  // namespace

std::vector<Polyline> outline_polylines(const std::filesystem::path& path, const std::string& layer,
                                        const core::Grid& grid) {
  const NetcdfLock lock(netcdf_mutex());
  const VectorLayer vectors(path, layer);
  check_crs(vectors, grid, path);
  const QuietGdal quiet;
  const Geometry outline = dissolved(vectors, path);
  std::vector<Polyline> lines;
  collect_rings(prepared(outline.get()).get(), PointTransform(vectors.wkt(), grid.crs_wkt()), lines);
  return lines;
}

std::vector<float> rasterize_outline(const std::filesystem::path& path, const std::string& layer,
                                     const core::Grid& grid) {
  const NetcdfLock lock(netcdf_mutex());
  const VectorLayer vectors(path, layer);
  check_crs(vectors, grid, path);
  const QuietGdal quiet;
  const Geometry outline = dissolved(vectors, path);
  Painter painter(grid, vectors.wkt());
  painter.add(prepared(outline.get()).get());
  std::vector<float> shares = painter.take();
  if (std::none_of(shares.begin(), shares.end(), [](float share) { return share > 0.0F; }))
    refuse(path, "its polygons lie outside the model grid; check [grid] extent and both CRS");
  return shares;
}

Zones rasterize_zones(const std::filesystem::path& path, const std::string& layer,
                      const std::string& attribute, const core::Grid& grid) {
  const NetcdfLock lock(netcdf_mutex());
  const VectorLayer vectors(path, layer);
  check_crs(vectors, grid, path);
  const int field = OGR_L_FindFieldIndex(vectors.get(), attribute.c_str(), 0);
  if (field < 0) refuse(path, "has no attribute \"" + attribute + "\"");
  const QuietGdal quiet;
  Zones zones;
  std::vector<std::vector<Geometry>> parts;
  OGR_L_ResetReading(vectors.get());
  while (Feature feature{OGR_L_GetNextFeature(vectors.get())}) {
    const OGRGeometryH geometry = OGR_F_GetGeometryRef(feature.get());
    if (geometry == nullptr) continue;
    const std::string name = OGR_F_GetFieldAsString(feature.get(), field);
    auto at = std::find(zones.names.begin(), zones.names.end(), name);
    if (at == zones.names.end()) {
      at = zones.names.insert(at, name);
      parts.emplace_back();
    }
    parts[static_cast<std::size_t>(at - zones.names.begin())].push_back(prepared(geometry));
  }
  const auto cells = static_cast<std::size_t>(grid.cells());
  zones.index.assign(cells, -1);
  std::vector<float> best(cells, 0.0F);
  std::vector<double> total(cells, 0.0);
  Painter painter(grid, vectors.wkt());
  std::int64_t polygons = 0;
  for (std::size_t zone = 0; zone < parts.size(); ++zone) {
    for (const Geometry& part : parts[zone]) polygons += painter.add(part.get());
    const std::vector<float> shares = painter.take();
    for (std::size_t i = 0; i < cells; ++i) {
      total[i] += static_cast<double>(shares[i]);
      if (shares[i] > best[i] + 1e-6F) {
        best[i] = shares[i];
        zones.index[i] = static_cast<std::int32_t>(zone);
      }
    }
  }
  if (polygons == 0) refuse(path, "has no polygons");
  for (std::size_t i = 0; i < cells; ++i)
    if (total[i] < 0.5 - 1e-6) zones.index[i] = -1;
  return zones;
}

std::vector<double> cell_areas_km2(const core::Grid& grid) {
  if (grid.crs_wkt().empty())
    throw Error(ErrorKind::data, "the areas of the grid's cells are unknown without its CRS; set [grid] crs");
  const auto cols = static_cast<std::size_t>(grid.cols());
  std::vector<double> areas(static_cast<std::size_t>(grid.cells()));
  if (!is_geographic(grid.crs_wkt())) {
    const double km = metres_per_unit(grid.crs_wkt()) / 1000.0;
    std::fill(areas.begin(), areas.end(), grid.dx() * grid.dy() * km * km);
    return areas;
  }
  const Ellipsoid ellipsoid = ellipsoid_of(grid.crs_wkt());
  const double flattening = ellipsoid.inverse_flattening > 0.0 ? 1.0 / ellipsoid.inverse_flattening : 0.0;
  const double e2 = flattening * (2.0 - flattening);
  const double e = std::sqrt(e2);
  constexpr double degree = std::numbers::pi / 180.0;
  const auto q = [&](double latitude) {
    const double s = std::sin(std::clamp(latitude, -90.0, 90.0) * degree);
    if (e < 1e-9) return 2.0 * s;
    return (1.0 - e2) * (s / (1.0 - e2 * s * s) + std::atanh(e * s) / e);
  };
  const double a_km = ellipsoid.semi_major_m / 1000.0;
  for (std::int64_t row = 0; row < grid.rows(); ++row) {
    const double north = grid.extent().ymax - static_cast<double>(row) * grid.dy();
    const double area = 0.5 * a_km * a_km * (q(north) - q(north - grid.dy())) * grid.dx() * degree;
    std::fill_n(areas.begin() + row * grid.cols(), cols, area);
  }
  return areas;
}

}  // namespace rootzone::io
