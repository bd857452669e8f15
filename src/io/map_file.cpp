#include "rootzone/io/map_file.hpp"

#include <cpl_error.h>
#include <cpl_string.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <vector>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

struct DatasetCloser {
  void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};
using Dataset = std::unique_ptr<GDALDataset, DatasetCloser>;

/// GDAL's messages go into our exceptions, not to standard error.
class QuietGdal {
 public:
  QuietGdal() { CPLPushErrorHandler(CPLQuietErrorHandler); }
  ~QuietGdal() { CPLPopErrorHandler(); }
  QuietGdal(const QuietGdal&) = delete;
  QuietGdal& operator=(const QuietGdal&) = delete;
};

struct TypeTraits {
  GDALDataType gdal;
  double lowest;
  double highest;
  const char* predictor;
};

template <typename T>
TypeTraits integer_traits(GDALDataType gdal) {
  return {gdal, static_cast<double>(std::numeric_limits<T>::min()),
          static_cast<double>(std::numeric_limits<T>::max()), "2"};
}

TypeTraits traits(MapType type) {
  switch (type) {
    case MapType::uint8:
      return integer_traits<std::uint8_t>(GDT_Byte);
    case MapType::int16:
      return integer_traits<std::int16_t>(GDT_Int16);
    case MapType::int32:
      return integer_traits<std::int32_t>(GDT_Int32);
    case MapType::float32:
      break;
  }
  constexpr double highest = std::numeric_limits<float>::max();
  return {GDT_Float32, -highest, highest, "3"};
}

core::Error failure(const std::filesystem::path& path, const std::string& what) {
  const std::string reason = CPLGetLastErrorMsg();
  return core::Error(core::ErrorKind::environment,
                     path.string() + ": cannot " + what + (reason.empty() ? "" : " (" + reason + ")") +
                         "; check the folder, its permissions and the free space");
}

/// Numbers as the file holds them. Doubles hold every integer type exactly; GDAL narrows them.
std::vector<double> stored_numbers(const std::filesystem::path& path, const MapSpec& spec,
                                   std::span<const float> values, const TypeTraits& type) {
  std::vector<double> stored(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) {
      if (!spec.nodata && spec.type != MapType::float32)
        throw core::Error(core::ErrorKind::usage,
                          path.string() + ": a value is missing, and no nodata is given");
      stored[i] = spec.nodata.value_or(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    const double unscaled = (static_cast<double>(values[i]) - spec.offset) / spec.scale;
    stored[i] = spec.type == MapType::float32 ? unscaled : std::round(unscaled);
    if (stored[i] < type.lowest || stored[i] > type.highest || stored[i] == spec.nodata)
      throw core::Error(core::ErrorKind::usage,
                        path.string() + ": the value " + std::to_string(values[i]) +
                            " does not fit the file's type, or is its nodata, with scale " +
                            std::to_string(spec.scale));
  }
  return stored;
}

Dataset create(const std::filesystem::path& path, const MapSpec& spec, const TypeTraits& type) {
  static std::once_flag registered;
  std::call_once(registered, [] { GDALAllRegister(); });
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GTiff");
  CPLStringList options;
  options.SetNameValue("COMPRESS", "DEFLATE");
  options.SetNameValue("PREDICTOR", type.predictor);
  Dataset dataset(driver->Create(path.c_str(), static_cast<int>(spec.grid.cols()),
                                 static_cast<int>(spec.grid.rows()), 1, type.gdal, options.List()));
  if (!dataset) throw failure(path, "create the GeoTIFF");
  return dataset;
}

void describe(GDALDataset& dataset, const MapSpec& spec) {
  const core::Extent& extent = spec.grid.extent();
  std::array<double, 6> transform{extent.xmin, spec.grid.dx(), 0.0, extent.ymax, 0.0, -spec.grid.dy()};
  dataset.SetGeoTransform(transform.data());
  if (!spec.grid.crs_wkt().empty()) {
    OGRSpatialReference crs;
    crs.SetFromUserInput(spec.grid.crs_wkt().c_str());
    crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    dataset.SetSpatialRef(&crs);
  }
  for (const auto& [key, text] : spec.metadata) dataset.SetMetadataItem(key.c_str(), text.c_str());
  GDALRasterBand& band = *dataset.GetRasterBand(1);
  if (spec.nodata) band.SetNoDataValue(*spec.nodata);
  if (spec.scale != 1.0 || spec.offset != 0.0) {
    band.SetScale(spec.scale);
    band.SetOffset(spec.offset);
  }
  if (!spec.description.empty()) band.SetDescription(spec.description.c_str());
  if (!spec.units.empty()) band.SetUnitType(spec.units.c_str());
}

}  // namespace

void write_map(const std::filesystem::path& path, const MapSpec& spec, std::span<const float> values) {
  if (values.size() != static_cast<std::size_t>(spec.grid.cells()))
    throw core::Error(core::ErrorKind::usage, path.string() + ": the grid has " +
                                                  std::to_string(spec.grid.cells()) + " cells, found " +
                                                  std::to_string(values.size()) + " values");
  const TypeTraits type = traits(spec.type);
  std::vector<double> stored = stored_numbers(path, spec, values, type);
  const QuietGdal quiet;
  CPLErrorReset();
  const Dataset dataset = create(path, spec, type);
  describe(*dataset, spec);
  const int cols = static_cast<int>(spec.grid.cols());
  const int rows = static_cast<int>(spec.grid.rows());
  const CPLErr written = dataset->GetRasterBand(1)->RasterIO(GF_Write, 0, 0, cols, rows, stored.data(), cols,
                                                             rows, GDT_Float64, 0, 0, nullptr);
  dataset->FlushCache();
  if (written != CE_None || CPLGetLastErrorType() >= CE_Failure) throw failure(path, "write the GeoTIFF");
}

}  // namespace rootzone::io
