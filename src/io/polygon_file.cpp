#include "rootzone/io/polygon_file.hpp"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>
#include <ogrsf_frmts.h>

#include <memory>
#include <system_error>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

struct DatasetCloser {
  void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};

/// While it lives, GDAL says nothing and the GeoPackage driver writes this instant as its date of change.
class QuietTimelessGdal {
 public:
  QuietTimelessGdal() {
    CPLPushErrorHandler(CPLQuietErrorHandler);
    CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", "2000-01-01T00:00:00Z");
    CPLErrorReset();
  }
  ~QuietTimelessGdal() {
    CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", nullptr);
    CPLPopErrorHandler();
  }
  QuietTimelessGdal(const QuietTimelessGdal&) = delete;
  QuietTimelessGdal& operator=(const QuietTimelessGdal&) = delete;
};

core::Error failure(const std::filesystem::path& path, const std::string& what) {
  return core::Error(core::ErrorKind::environment,
                     path.string() + ": cannot " + what + " (" + CPLGetLastErrorMsg() +
                         "); check the folder, its permissions and the free space");
}

void write_layer(const std::filesystem::path& path, GDALDataset& dataset, OGRSpatialReference* crs,
                 const PolygonLayer& content) {
  OGRLayer* layer = dataset.CreateLayer(content.name.c_str(), crs, wkbPolygon, nullptr);
  if (layer == nullptr) throw failure(path, "create the layer '" + content.name + "'");
  OGRFieldDefn field("name", OFTString);
  if (layer->CreateField(&field) != OGRERR_NONE) throw failure(path, "create the field 'name'");
  for (const NamedPolygon& polygon : content.polygons) {
    OGRLinearRing ring;
    for (const auto& [x, y] : polygon.ring) ring.addPoint(x, y);
    OGRPolygon shape;
    shape.addRing(&ring);
    OGRFeature feature(layer->GetLayerDefn());
    feature.SetField("name", polygon.name.c_str());
    feature.SetGeometry(&shape);
    if (layer->CreateFeature(&feature) != OGRERR_NONE) throw failure(path, "write '" + polygon.name + "'");
  }
}

}  // namespace

void write_polygons(const std::filesystem::path& path, const std::string& crs_wkt,
                    const std::vector<PolygonLayer>& layers) {
  GDALAllRegister();
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  const QuietTimelessGdal quiet;
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GPKG");
  if (driver == nullptr)
    throw core::Error(core::ErrorKind::environment, path.string() + ": this GDAL has no GeoPackage driver");
  const std::unique_ptr<GDALDataset, DatasetCloser> dataset(
      driver->Create(path.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
  if (!dataset) throw failure(path, "create the GeoPackage");
  OGRSpatialReference crs;
  crs.SetFromUserInput(crs_wkt.c_str());
  crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  for (const PolygonLayer& layer : layers)
    write_layer(path, *dataset, crs_wkt.empty() ? nullptr : &crs, layer);
  dataset->FlushCache();
  if (CPLGetLastErrorType() >= CE_Failure) throw failure(path, "write the GeoPackage");
}

}  // namespace rootzone::io
