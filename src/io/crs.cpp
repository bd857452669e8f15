#include "rootzone/io/crs.hpp"

#include <ogr_spatialref.h>

#include <array>
#include <cmath>
#include <limits>

#include "gdal_handles.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

constexpr const char* wgs84 = "EPSG:4326";

}  // namespace

std::string parse_crs(std::string_view text) {
  const QuietGdal quiet;
  OGRSpatialReference srs;
  // ESRI's WKT has names of its own for datums and projections.
  const bool is_esri = text.find("DATUM[\"D_") != std::string_view::npos;
  const std::string input = (is_esri ? "ESRI::" : "") + std::string(text);
  if (input.empty() ||
      srs.SetFromUserInput(input.c_str(), OGRSpatialReference::SET_FROM_USER_INPUT_LIMITATIONS_get()) !=
          OGRERR_NONE)
    throw core::Error(core::ErrorKind::usage, "\"" + input.substr(0, 120) +
                                                  "\" is not a CRS that PROJ understands; write for example "
                                                  "\"EPSG:3035\", a PROJ string, or WKT");
  return identified_wkt(OGRSpatialReference::ToHandle(&srs));
}

std::optional<int> epsg_code(const std::string& wkt) {
  if (wkt.empty()) return {};
  const QuietGdal quiet;
  const SrsHandle srs = srs_of(wkt);
  return epsg_of(srs.get());
}

bool same_crs(const std::string& wkt_a, const std::string& wkt_b) {
  if (wkt_a == wkt_b) return true;
  if (wkt_a.empty() || wkt_b.empty()) return false;
  const QuietGdal quiet;
  const SrsHandle a = srs_of(wkt_a);
  const SrsHandle b = srs_of(wkt_b);
  const std::array<const char*, 3> options{"IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES",
                                           "CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS", nullptr};
  if (OSRIsSameEx(a.get(), b.get(), options.data()) != 0) return true;
  const auto code_a = epsg_code(wkt_a);
  return code_a && code_a == epsg_code(wkt_b);
}

bool is_geographic(const std::string& wkt) {
  return !wkt.empty() && OSRIsGeographic(srs_of(wkt).get()) != 0;
}

bool looks_like_degrees(const core::Extent& extent) {
  return extent.xmin >= -180.5 && extent.xmax <= 360.5 && extent.ymin >= -90.5 && extent.ymax <= 90.5;
}

std::string crs_label(const std::string& wkt) {
  if (wkt.empty()) return "unknown";
  if (const auto code = epsg_code(wkt)) return "EPSG:" + std::to_string(*code);
  const SrsHandle srs = srs_of(wkt);
  const char* name = OSRGetName(srs.get());
  return name != nullptr ? name : "unnamed";
}

std::string crs_title(const std::string& wkt) {
  const std::string label = crs_label(wkt);
  if (!label.starts_with("EPSG:")) return label;
  const SrsHandle srs = srs_of(wkt);
  const char* name = OSRGetName(srs.get());
  return name == nullptr || *name == '\0' ? label : label + " (" + name + ")";
}

double metres_per_unit(const std::string& wkt) {
  if (wkt.empty()) return 1.0;
  return OSRGetLinearUnits(srs_of(wkt).get(), nullptr);
}

Ellipsoid ellipsoid_of(const std::string& wkt) {
  Ellipsoid ellipsoid;
  if (wkt.empty()) return ellipsoid;
  const QuietGdal quiet;
  const SrsHandle srs = srs_of(wkt);
  OGRErr status = OGRERR_NONE;
  const double axis = OSRGetSemiMajor(srs.get(), &status);
  if (status != OGRERR_NONE) return ellipsoid;
  const double flattening = OSRGetInvFlattening(srs.get(), &status);
  return status == OGRERR_NONE ? Ellipsoid{axis, flattening} : ellipsoid;
}

struct PointTransform::Impl {
  SrsHandle from;
  SrsHandle to;
  TransformationHandle transformation;  ///< none: the same CRS
};

PointTransform::PointTransform(const std::string& from_wkt, const std::string& to_wkt)
    : m_impl(std::make_unique<Impl>()) {
  if (from_wkt == to_wkt) return;
  if (from_wkt.empty() || to_wkt.empty())
    throw core::Error(core::ErrorKind::data, "coordinates cannot be brought from the CRS \"" +
                                                 crs_label(from_wkt) + "\" to \"" + crs_label(to_wkt) +
                                                 "\"; set `crs = \"EPSG:…\"` where it is unknown");
  const QuietGdal quiet;
  m_impl->from = srs_of(from_wkt);
  m_impl->to = srs_of(to_wkt);
  m_impl->transformation.reset(OCTNewCoordinateTransformation(m_impl->from.get(), m_impl->to.get()));
  if (!m_impl->transformation)
    throw core::Error(core::ErrorKind::data, "PROJ knows no way from the CRS \"" + crs_label(from_wkt) +
                                                 "\" to \"" + crs_label(to_wkt) +
                                                 "\": " + QuietGdal::message());
}

PointTransform::~PointTransform() = default;
PointTransform::PointTransform(PointTransform&&) noexcept = default;
PointTransform& PointTransform::operator=(PointTransform&&) noexcept = default;

bool PointTransform::is_identity() const {
  return !m_impl->transformation;
}

void PointTransform::apply(std::span<double> x, std::span<double> y) const {
  if (is_identity() || x.empty()) return;
  const QuietGdal quiet;
  std::vector<int> success(x.size(), 0);
  OCTTransformEx(m_impl->transformation.get(), static_cast<int>(x.size()), x.data(), y.data(), nullptr,
                 success.data());
  for (std::size_t i = 0; i < x.size(); ++i)
    if (success[i] == 0 || !std::isfinite(x[i]) || !std::isfinite(y[i]))
      x[i] = y[i] = std::numeric_limits<double>::quiet_NaN();
}

std::vector<std::optional<GridPosition>> locate(const core::Grid& grid, std::span<const LonLat> points) {
  const PointTransform transform(parse_crs(wgs84), grid.crs_wkt());
  const bool wraps = is_geographic(grid.crs_wkt());
  std::vector<double> x(points.size());
  std::vector<double> y(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    x[i] = points[i].longitude;
    y[i] = points[i].latitude;
  }
  transform.apply(x, y);
  std::vector<std::optional<GridPosition>> positions(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    // The shift that puts the longitude at or right of the western edge, by less than a turn.
    if (wraps) x[i] -= 360.0 * std::floor((x[i] - grid.extent().xmin) / 360.0);
    GridPosition position;
    position.fractional_row = grid.fractional_row(y[i]);
    position.fractional_col = grid.fractional_col(x[i]);
    const bool inside = position.fractional_row >= 0.0 && position.fractional_col >= 0.0 &&
                        position.fractional_row < static_cast<double>(grid.rows()) &&
                        position.fractional_col < static_cast<double>(grid.cols());
    if (!inside) continue;
    position.row = static_cast<std::int64_t>(position.fractional_row);
    position.col = static_cast<std::int64_t>(position.fractional_col);
    positions[i] = position;
  }
  return positions;
}

}  // namespace rootzone::io
