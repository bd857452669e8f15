#include "grid_crs.hpp"

#include <cpl_conv.h>
#include <cpl_error.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "rootzone/core/error.hpp"

namespace rootzone::io {

OGRSpatialReference crs_of(const core::Grid& grid) {
  OGRSpatialReference crs;
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  if (grid.crs_wkt().empty()) return crs;
  CPLPushErrorHandler(CPLQuietErrorHandler);
  const OGRErr result = crs.SetFromUserInput(grid.crs_wkt().c_str());
  CPLPopErrorHandler();
  if (result != OGRERR_NONE)
    throw core::Error(core::ErrorKind::usage,
                      "the grid's CRS is not understood by PROJ (" + std::string(CPLGetLastErrorMsg()) +
                          "): " + grid.crs_wkt().substr(0, 200) + "; give WKT, \"EPSG:n\" or a PROJ string");
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  return crs;
}

OGRSpatialReference wgs84() {
  OGRSpatialReference crs;
  crs.SetWellKnownGeogCS("WGS84");
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  return crs;
}

int epsg_code(const OGRSpatialReference& crs) {
  if (crs.IsEmpty()) return 0;
  const char* authority = crs.GetAuthorityName(nullptr);
  const char* code = crs.GetAuthorityCode(nullptr);
  if (authority == nullptr || code == nullptr || !EQUAL(authority, "EPSG")) return 0;
  return std::atoi(code);
}

std::string wkt_of(const OGRSpatialReference& crs, const char* format) {
  const std::string option = std::string("FORMAT=") + format;
  const std::array<const char*, 3> options{option.c_str(), "MULTILINE=NO", nullptr};
  char* text = nullptr;
  crs.exportToWkt(&text, options.data());
  const std::unique_ptr<char, decltype(&VSIFree)> owned(text, &VSIFree);
  return text == nullptr ? std::string() : std::string(text);
}

}  // namespace rootzone::io
