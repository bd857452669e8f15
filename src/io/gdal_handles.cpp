#include "gdal_handles.hpp"

#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <ogr_spatialref.h>

#include <array>
#include <charconv>
#include <map>
#include <mutex>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

std::optional<int> declared_epsg(OGRSpatialReferenceH srs) {
  const char* authority = OSRGetAuthorityName(srs, nullptr);
  const char* code = OSRGetAuthorityCode(srs, nullptr);
  if (authority == nullptr || code == nullptr || std::string_view(authority) != "EPSG") return {};
  int value = 0;
  const std::string_view text = code;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

}  // namespace

void prepare_gdal() {
  static std::once_flag once;
  std::call_once(once, [] {
    GDALAllRegister();
    GDALSetCacheMax64(GIntBig{64} << 20);
    // One listing per opened file is quadratic in a folder of daily files; side-car files are still probed.
    if (CPLGetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", nullptr) == nullptr)
      CPLSetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "TRUE");
  });
}

QuietGdal::QuietGdal() {
  prepare_gdal();
  CPLPushErrorHandler(CPLQuietErrorHandler);
  CPLErrorReset();
}

QuietGdal::~QuietGdal() {
  CPLPopErrorHandler();
}

std::string QuietGdal::message() {
  const std::string text = CPLGetLastErrorMsg();
  return text.empty() ? "no reason given" : text;
}

SrsHandle srs_of(const std::string& wkt) {
  const QuietGdal quiet;
  SrsHandle srs(OSRNewSpatialReference(nullptr));
  if (OSRSetFromUserInput(srs.get(), wkt.c_str()) != OGRERR_NONE)
    throw core::Error(core::ErrorKind::data,
                      "cannot read the CRS \"" + wkt.substr(0, 80) + "…\": " + QuietGdal::message());
  OSRSetAxisMappingStrategy(srs.get(), OAMS_TRADITIONAL_GIS_ORDER);
  return srs;
}

std::string wkt_of(OGRSpatialReferenceH srs) {
  if (srs == nullptr || OGRSpatialReference::FromHandle(srs)->IsEmpty()) return {};
  const QuietGdal quiet;
  char* text = nullptr;
  const std::array<const char*, 3> options{"FORMAT=WKT2_2019", "MULTILINE=NO", nullptr};
  const OGRErr status = OSRExportToWktEx(srs, &text, options.data());
  const CplText owner(text);
  return status == OGRERR_NONE && text != nullptr ? text : "";
}

std::optional<int> epsg_of(OGRSpatialReferenceH srs) {
  const QuietGdal quiet;
  if (const auto code = declared_epsg(srs)) return code;
  int count = 0;
  int* confidence = nullptr;
  OGRSpatialReferenceH* matches = OSRFindMatches(srs, nullptr, &count, &confidence);
  std::optional<int> code;
  if (count > 0 && confidence[0] >= 90) code = declared_epsg(matches[0]);
  OSRFreeSRSArray(matches);
  VSIFree(confidence);
  return code;
}

std::string identified_wkt(OGRSpatialReferenceH srs) {
  static std::mutex mutex;
  static std::map<std::string, std::string> known;
  const std::string wkt = wkt_of(srs);
  if (wkt.empty() || declared_epsg(srs)) return wkt;
  const std::scoped_lock lock(mutex);
  const auto [at, is_new] = known.emplace(wkt, wkt);
  if (!is_new) return at->second;
  if (const auto code = epsg_of(srs)) {
    OGRSpatialReference registered;
    if (registered.importFromEPSG(*code) == OGRERR_NONE)
      at->second = wkt_of(OGRSpatialReference::ToHandle(&registered));
  }
  return at->second;
}

bool is_tiff(const std::filesystem::path& path) {
  prepare_gdal();
  VSILFILE* file = VSIFOpenL(path.c_str(), "rb");
  if (file == nullptr) return false;
  std::array<unsigned char, 4> head{};
  const std::size_t got = VSIFReadL(head.data(), 1, head.size(), file);
  VSIFCloseL(file);
  if (got != head.size()) return false;
  const bool little = head[0] == 'I' && head[1] == 'I' && (head[2] == 42 || head[2] == 43) && head[3] == 0;
  const bool big = head[0] == 'M' && head[1] == 'M' && head[2] == 0 && (head[3] == 42 || head[3] == 43);
  return little || big;
}

DatasetHandle open_raster(const std::filesystem::path& path, bool only_tiff) {
  const QuietGdal quiet;
  static constexpr std::array<const char*, 2> tiff_only{"GTiff", nullptr};
  DatasetHandle dataset(GDALOpenEx(path.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                                   only_tiff ? tiff_only.data() : nullptr, nullptr, nullptr));
  if (!dataset)
    throw core::Error(core::ErrorKind::data, path.string() + ": cannot be opened as a raster (" +
                                                 QuietGdal::message() + "); is the file complete?");
  return dataset;
}

}  // namespace rootzone::io
