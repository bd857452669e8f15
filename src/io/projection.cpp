#include "rootzone/io/projection.hpp"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <ogr_spatialref.h>

#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

struct TransformationCloser {
  void operator()(OGRCoordinateTransformation* t) const { OGRCoordinateTransformation::DestroyCT(t); }
};

OGRSpatialReference parse(const std::string& definition) {
  OGRSpatialReference crs;
  CPLPushErrorHandler(CPLQuietErrorHandler);
  const OGRErr status = crs.SetFromUserInput(definition.c_str());
  CPLPopErrorHandler();
  if (status != OGRERR_NONE)
    throw core::Error(core::ErrorKind::usage, "'" + definition +
                                                  "' is not a CRS that PROJ understands; give an EPSG code "
                                                  "(EPSG:32632), WKT or a PROJ string");
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  return crs;
}

}  // namespace

std::string projection_wkt(const std::string& definition) {
  const OGRSpatialReference crs = parse(definition);
  const char* const options[] = {"FORMAT=WKT2_2019", nullptr};
  char* text = nullptr;
  crs.exportToWkt(&text, options);
  const std::unique_ptr<char, decltype(&VSIFree)> owner(text, &VSIFree);
  return text == nullptr ? std::string() : std::string(text);
}

void project_points(const std::string& from, const std::string& to, std::span<double> x,
                    std::span<double> y) {
  if (x.size() != y.size())
    throw core::Error(
        core::ErrorKind::usage,
        "points need as many x as y, found " + std::to_string(x.size()) + " and " + std::to_string(y.size()));
  const OGRSpatialReference source = parse(from);
  const OGRSpatialReference target = parse(to);
  const std::unique_ptr<OGRCoordinateTransformation, TransformationCloser> transformation(
      OGRCreateCoordinateTransformation(&source, &target));
  if (!transformation)
    throw core::Error(core::ErrorKind::usage,
                      "no way from CRS '" + from + "' to '" + to + "' is known to PROJ");
  std::vector<int> done(x.size());
  CPLPushErrorHandler(CPLQuietErrorHandler);
  transformation->Transform(static_cast<int>(x.size()), x.data(), y.data(), nullptr, done.data());
  CPLPopErrorHandler();
  for (std::size_t i = 0; i < x.size(); ++i)
    if (done[i] == 0 || !std::isfinite(x[i]) || !std::isfinite(y[i]))
      x[i] = y[i] = std::numeric_limits<double>::quiet_NaN();
}

}  // namespace rootzone::io
