#include "rootzone/io/cog.hpp"

#include <cpl_string.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "grid_crs.hpp"
#include "memory_dataset.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/csv.hpp"

namespace rootzone::io {
namespace {

struct Storage {
  GDALDataType type;
  double lowest;
  double highest;
};

Storage storage_of(CogType type) {
  switch (type) {
    case CogType::int16:
      return {GDT_Int16, -32768.0, 32767.0};
    case CogType::uint16:
      return {GDT_UInt16, 0.0, 65535.0};
    case CogType::byte:
      return {GDT_Byte, 0.0, 255.0};
    case CogType::float32:
      break;
  }
  return {GDT_Float32, -std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
}

const char* resampling_name(CogOverviews overviews) {
  switch (overviews) {
    case CogOverviews::nearest:
      return "NEAREST";
    case CogOverviews::mode:
      return "MODE";
    case CogOverviews::average:
      break;
  }
  return "AVERAGE";
}

core::Error misfit(const std::filesystem::path& path, const std::string& what) {
  return core::Error(core::ErrorKind::internal, path.string() + ": " + what);
}

/// The cells as they are stored: missing as nodata, and nothing else equal to it.
std::vector<float> stored_cells(const std::filesystem::path& path, std::span<const float> values,
                                const CogMetadata& metadata) {
  const Storage storage = storage_of(metadata.type);
  const bool whole = metadata.type != CogType::float32;
  const float nodata = static_cast<float>(metadata.nodata.value_or(std::numeric_limits<double>::quiet_NaN()));
  if (whole && metadata.nodata &&
      (*metadata.nodata < storage.lowest || *metadata.nodata > storage.highest ||
       *metadata.nodata != std::floor(*metadata.nodata)))
    throw misfit(path, "nodata " + shortest_number(*metadata.nodata) + " does not fit the type of the cells");
  std::vector<float> cells(values.begin(), values.end());
  for (float& cell : cells) {
    if (std::isnan(cell)) {
      if (whole && !metadata.nodata)
        throw misfit(path, "missing cells in a map of whole numbers need a nodata");
      cell = nodata;
      continue;
    }
    if (cell == nodata) throw misfit(path, "the value " + shortest_number(cell) + " is the map's nodata");
    if (whole && (cell < storage.lowest || cell > storage.highest || cell != std::floor(cell)))
      throw misfit(path, "the value " + shortest_number(cell) +
                             " cannot be stored: expected a whole number in [" +
                             shortest_number(storage.lowest) + ", " + shortest_number(storage.highest) + "]");
  }
  return cells;
}

struct MapStatistics {
  std::int64_t count = 0;
  double minimum = std::numeric_limits<double>::infinity();
  double maximum = -std::numeric_limits<double>::infinity();
  double mean = 0.0;
  double standard_deviation = 0.0;
};

/// Two passes, so that a small spread around a large mean keeps its digits.
MapStatistics statistics_of(std::span<const float> values) {
  MapStatistics result;
  double sum = 0.0;
  for (const float value : values) {
    if (std::isnan(value)) continue;
    ++result.count;
    sum += value;
    result.minimum = std::fmin(result.minimum, value);
    result.maximum = std::fmax(result.maximum, value);
  }
  if (result.count == 0) return result;
  result.mean = sum / static_cast<double>(result.count);
  double squares = 0.0;
  for (const float value : values)
    if (!std::isnan(value)) squares += (value - result.mean) * (value - result.mean);
  result.standard_deviation = std::sqrt(squares / static_cast<double>(result.count));
  return result;
}

void set_statistics(GDALRasterBand& band, std::span<const float> values) {
  const MapStatistics statistics = statistics_of(values);
  if (statistics.count == 0) return;
  band.SetMetadataItem("STATISTICS_MINIMUM", shortest_number(statistics.minimum).c_str());
  band.SetMetadataItem("STATISTICS_MAXIMUM", shortest_number(statistics.maximum).c_str());
  band.SetMetadataItem("STATISTICS_MEAN", shortest_number(statistics.mean).c_str());
  band.SetMetadataItem("STATISTICS_STDDEV", shortest_number(statistics.standard_deviation).c_str());
  const double valid = 100.0 * static_cast<double>(statistics.count) / static_cast<double>(values.size());
  band.SetMetadataItem("STATISTICS_VALID_PERCENT", shortest_number(valid).c_str());
}

void describe(GDALDataset& map, const core::Grid& grid, const CogMetadata& metadata) {
  std::array<double, 6> transform{grid.extent().xmin, grid.dx(), 0.0, grid.extent().ymax, 0.0, -grid.dy()};
  map.SetGeoTransform(transform.data());
  const OGRSpatialReference crs = crs_of(grid);
  if (!crs.IsEmpty()) map.SetSpatialRef(&crs);
  for (const auto& [key, value] : metadata.tags) map.SetMetadataItem(key.c_str(), value.c_str());
  GDALRasterBand& band = *map.GetRasterBand(1);
  band.SetDescription(metadata.description.c_str());
  band.SetUnitType(metadata.units.c_str());
  if (metadata.nodata)
    band.SetNoDataValue(*metadata.nodata);
  else if (metadata.type == CogType::float32)
    band.SetNoDataValue(std::numeric_limits<double>::quiet_NaN());
}

DatasetPtr map_in_memory(const core::Grid& grid, std::vector<float>& cells, GDALDataType type) {
  const int rows = static_cast<int>(grid.rows());
  const int cols = static_cast<int>(grid.cols());
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("MEM");
  DatasetPtr map(driver == nullptr ? nullptr : driver->Create("", cols, rows, 1, type, nullptr));
  if (!map) throw gdal_error("make a map in memory");
  if (map->GetRasterBand(1)->RasterIO(GF_Write, 0, 0, cols, rows, cells.data(), cols, rows, GDT_Float32, 0, 0,
                                      nullptr) != CE_None)
    throw gdal_error("fill a map");
  return map;
}

}  // namespace

void write_cog(const std::filesystem::path& path, const core::Grid& grid, std::span<const float> values,
               const CogMetadata& metadata) {
  if (static_cast<std::int64_t>(values.size()) != grid.cells())
    throw misfit(
        path, "expected " + std::to_string(grid.cells()) + " cells, found " + std::to_string(values.size()));
  std::vector<float> cells = stored_cells(path, values, metadata);
  const GdalScope scope("GDAL_PAM_ENABLED", "NO");
  const DatasetPtr map = map_in_memory(grid, cells, storage_of(metadata.type).type);
  describe(*map, grid, metadata);
  set_statistics(*map->GetRasterBand(1), values);

  CPLStringList options;
  options.SetNameValue("COMPRESS", "DEFLATE");
  options.SetNameValue("PREDICTOR", "YES");
  options.SetNameValue("OVERVIEW_RESAMPLING", resampling_name(metadata.overviews));
  options.SetNameValue("NUM_THREADS", std::to_string(metadata.threads).c_str());
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("COG");
  if (driver == nullptr) throw gdal_error("find GDAL's COG driver");
  MemoryFile file(".tif");
  DatasetPtr written(
      driver->CreateCopy(file.name().c_str(), map.get(), FALSE, options.List(), nullptr, nullptr));
  if (!written) throw gdal_error("encode " + path.string());
  written.reset();
  write_file_atomically(path, file.take());
}

}  // namespace rootzone::io
