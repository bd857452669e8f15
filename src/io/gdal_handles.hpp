#pragma once
#include <cpl_error.h>
#include <gdal.h>
#include <ogr_srs_api.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace rootzone::io {

struct CloseDataset {
  void operator()(GDALDatasetH dataset) const { GDALClose(dataset); }
};
struct DestroySrs {
  void operator()(OGRSpatialReferenceH srs) const { OSRDestroySpatialReference(srs); }
};
struct DestroyTransformation {
  void operator()(OGRCoordinateTransformationH transformation) const {
    OCTDestroyCoordinateTransformation(transformation);
  }
};
struct FreeCpl {
  void operator()(void* text) const { VSIFree(text); }
};
using DatasetHandle = std::unique_ptr<void, CloseDataset>;
using SrsHandle = std::unique_ptr<void, DestroySrs>;
using TransformationHandle = std::unique_ptr<void, DestroyTransformation>;
using CplText = std::unique_ptr<char, FreeCpl>;

/// Register drivers, keep GDAL's block cache at 64 MB and stop it from listing the folder of each file it
/// opens, once per process. Every entry into GDAL from this room comes after it.
void prepare_gdal();

/// Keeps GDAL's and PROJ's messages of this thread off standard error while it lives; `message()` has the
/// last.
class QuietGdal {
 public:
  QuietGdal();
  ~QuietGdal();
  QuietGdal(const QuietGdal&) = delete;
  QuietGdal& operator=(const QuietGdal&) = delete;
  /// The last message since construction, or "no reason given".
  static std::string message();
};

/// SRS of a WKT, x before y. Throws Error(data) if GDAL cannot read it.
SrsHandle srs_of(const std::string& wkt);
/// WKT2:2019 of an SRS; empty for nullptr.
std::string wkt_of(OGRSpatialReferenceH srs);

/// EPSG code an SRS carries, or that PROJ recognises in it with at least 90 % confidence.
std::optional<int> epsg_of(OGRSpatialReferenceH srs);
/// WKT2:2019 of the registered CRS that an SRS is, if PROJ is sure, else of the SRS itself: products then
/// carry the code. Searching the register takes milliseconds, so answers are kept.
std::string identified_wkt(OGRSpatialReferenceH srs);

/// True if the first bytes are those of a TIFF: read without the NetCDF lock.
bool is_tiff(const std::filesystem::path& path);

/// Open a raster read only. `only_tiff` limits GDAL to its GeoTIFF driver, which needs no lock; otherwise the
/// caller holds NetcdfLock. Throws Error(data) naming the file.
DatasetHandle open_raster(const std::filesystem::path& path, bool only_tiff);

}  // namespace rootzone::io
