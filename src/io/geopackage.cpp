#include "rootzone/io/geopackage.hpp"

#include <ogrsf_frmts.h>

#include <cmath>
#include <set>

#include "grid_crs.hpp"
#include "memory_dataset.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"

namespace rootzone::io {
namespace {

constexpr const char* fixed_date = "1970-01-01T00:00:00.000Z";

struct FeatureDestroyer {
  void operator()(OGRFeature* feature) const { OGRFeature::DestroyFeature(feature); }
};

std::size_t length_of(const PointColumn& column) {
  return std::visit([](const auto& values) { return values.size(); }, column.values);
}

void validate(const std::filesystem::path& path, const PointTable& table) {
  // OGR compares names of columns without case, and keeps these two for itself.
  std::set<std::string> names{"FID", "GEOM"};
  const auto fail = [&](const std::string& what) {
    throw core::Error(core::ErrorKind::internal, path.string() + ": " + what);
  };
  if (table.latitude.size() != table.longitude.size()) fail("as many latitudes as longitudes are expected");
  for (const PointColumn& column : table.columns) {
    if (length_of(column) != table.longitude.size())
      fail("column \"" + column.name + "\" has " + std::to_string(length_of(column)) + " values, the table " +
           std::to_string(table.longitude.size()));
    std::string upper;
    for (const char c : column.name) upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (!names.insert(upper).second) fail("the column name \"" + column.name + "\" is taken");
  }
}

void add_columns(OGRLayer& layer, const PointTable& table) {
  for (const PointColumn& column : table.columns) {
    const bool number = std::holds_alternative<std::vector<double>>(column.values);
    OGRFieldDefn field(column.name.c_str(), number ? OFTReal : OFTString);
    if (layer.CreateField(&field) != OGRERR_NONE) throw gdal_error("make the column " + column.name);
  }
}

void set_field(OGRFeature& feature, int index, const PointColumn& column, std::size_t row) {
  if (const auto* numbers = std::get_if<std::vector<double>>(&column.values)) {
    if (std::isnan((*numbers)[row]))
      feature.SetFieldNull(index);
    else
      feature.SetField(index, (*numbers)[row]);
    return;
  }
  const std::string& text = std::get<std::vector<std::string>>(column.values)[row];
  if (text.empty())
    feature.SetFieldNull(index);
  else
    feature.SetField(index, text.c_str());
}

void add_point(OGRLayer& layer, const PointTable& table, std::size_t row) {
  const std::unique_ptr<OGRFeature, FeatureDestroyer> feature(
      OGRFeature::CreateFeature(layer.GetLayerDefn()));
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    set_field(*feature, static_cast<int>(i), table.columns[i], row);
  if (!std::isnan(table.longitude[row]) && !std::isnan(table.latitude[row])) {
    const OGRPoint point(table.longitude[row], table.latitude[row]);
    feature->SetGeometry(&point);
  }
  if (layer.CreateFeature(feature.get()) != OGRERR_NONE) throw gdal_error("add a point");
}

}  // namespace

void write_geopackage(const std::filesystem::path& path, const PointTable& table) {
  validate(path, table);
  const GdalScope scope("OGR_CURRENT_DATE", fixed_date);
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GPKG");
  if (driver == nullptr) throw gdal_error("find GDAL's GeoPackage driver");
  MemoryFile file(".gpkg");
  DatasetPtr dataset(driver->Create(file.name().c_str(), 0, 0, 0, GDT_Unknown, nullptr));
  if (!dataset) throw gdal_error("make a GeoPackage");
  OGRSpatialReference crs = wgs84();
  OGRLayer* layer = dataset->CreateLayer(table.layer.c_str(), &crs, wkbPoint, nullptr);
  if (layer == nullptr) throw gdal_error("make the layer " + table.layer);
  add_columns(*layer, table);
  if (layer->StartTransaction() != OGRERR_NONE) throw gdal_error("begin a transaction");
  for (std::size_t row = 0; row < table.longitude.size(); ++row) add_point(*layer, table, row);
  if (layer->CommitTransaction() != OGRERR_NONE) throw gdal_error("end a transaction");
  dataset.reset();
  write_file_atomically(path, file.take());
}

}  // namespace rootzone::io
