#pragma once
#include <cpl_string.h>
#include <gdal.h>
#include <gtest/gtest.h>
#include <ogr_srs_api.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "netcdf_fixture.hpp"
#include "rootzone/core/calendar.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/core/grid.hpp"
#include "rootzone/io/crs.hpp"
#include "rootzone/io/native_stack.hpp"

namespace rootzone::io::test {

inline constexpr float missing = std::numeric_limits<float>::quiet_NaN();

inline core::Grid make_grid(const std::string& crs, const core::Extent& extent, std::int64_t rows,
                            std::int64_t cols) {
  return core::Grid(crs.empty() ? "" : parse_crs(crs), extent, rows, cols);
}

struct TiffOptions {
  GDALDataType type = GDT_Float32;
  std::optional<double> nodata = {};
  std::optional<double> scale = {};
  std::optional<double> offset = {};
  std::string units = {};
  bool south_up = false;
  bool point = false;  ///< RasterPixelIsPoint
  bool georeferenced = true;
  double rotation = 0.0;
  std::vector<std::string> descriptions = {};
  std::vector<std::string> creation = {};
};

/// Bands in north-up order, written by GDAL itself; `crs` may be empty.
inline void write_tiff(const std::filesystem::path& path, const std::string& crs, const core::Extent& extent,
                       int rows, int cols, const std::vector<std::vector<double>>& bands,
                       const TiffOptions& options = {}) {
  GDALAllRegister();
  CPLStringList creation;
  for (const auto& option : options.creation) creation.AddString(option.c_str());
  GDALDatasetH dataset = GDALCreate(GDALGetDriverByName("GTiff"), path.c_str(), cols, rows,
                                    static_cast<int>(bands.size()), options.type, creation.List());
  ASSERT_NE(dataset, nullptr);
  if (options.point) GDALSetMetadataItem(dataset, GDALMD_AREA_OR_POINT, GDALMD_AOP_POINT, nullptr);
  const double dx = (extent.xmax - extent.xmin) / cols;
  const double dy = (extent.ymax - extent.ymin) / rows;
  double transform[6] = {extent.xmin,
                         dx,
                         options.rotation,
                         options.south_up ? extent.ymin : extent.ymax,
                         0.0,
                         options.south_up ? dy : -dy};
  if (options.georeferenced) GDALSetGeoTransform(dataset, transform);
  if (!crs.empty()) {
    OGRSpatialReferenceH srs = OSRNewSpatialReference(nullptr);
    OSRSetFromUserInput(srs, crs.c_str());
    GDALSetSpatialRef(dataset, srs);
    OSRDestroySpatialReference(srs);
  }
  for (std::size_t i = 0; i < bands.size(); ++i) {
    GDALRasterBandH band = GDALGetRasterBand(dataset, static_cast<int>(i) + 1);
    if (options.nodata && options.type == GDT_Int64)
      GDALSetRasterNoDataValueAsInt64(band, static_cast<std::int64_t>(*options.nodata));
    else if (options.nodata && options.type == GDT_UInt64)
      GDALSetRasterNoDataValueAsUInt64(band, static_cast<std::uint64_t>(*options.nodata));
    else if (options.nodata)
      GDALSetRasterNoDataValue(band, *options.nodata);
    if (options.scale) GDALSetRasterScale(band, *options.scale);
    if (options.offset) GDALSetRasterOffset(band, *options.offset);
    if (!options.units.empty()) GDALSetRasterUnitType(band, options.units.c_str());
    if (i < options.descriptions.size()) GDALSetDescription(band, options.descriptions[i].c_str());
    std::vector<double> stored = bands[i];
    if (options.south_up)
      for (int row = 0; row < rows; ++row)
        std::copy_n(bands[i].begin() + row * cols, cols, stored.begin() + (rows - 1 - row) * cols);
    ASSERT_EQ(GDALRasterIO(band, GF_Write, 0, 0, cols, rows, stored.data(), cols, rows, GDT_Float64, 0, 0),
              CE_None);
  }
  GDALClose(dataset);
}

/// A grid of numbers given by a function of row and column.
template <typename Function>
std::vector<double> filled(std::int64_t rows, std::int64_t cols, Function value) {
  std::vector<double> cells;
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t col = 0; col < cols; ++col) cells.push_back(value(row, col));
  return cells;
}

inline InputSpec raster_input(const std::filesystem::path& path) {
  InputSpec spec;
  spec.name = "test";
  spec.paths = {path};
  return spec;
}

inline std::vector<float> read_records(NativeStack& stack) {
  const NativeDescription& native = stack.description();
  const auto records = static_cast<std::int64_t>(std::max<std::size_t>(native.times.size(), 1));
  std::vector<float> values(static_cast<std::size_t>(records * native.grid.cells()));
  stack.fetch({0, records, 0, native.grid.rows(), 0, native.grid.cols()})->decode(values, core::serial_for);
  return values;
}

/// Equal, NaN beside NaN.
inline void expect_same(const std::vector<float>& found, const std::vector<float>& expected,
                        double tolerance = 0.0) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (std::isnan(expected[i]))
      EXPECT_TRUE(std::isnan(found[i])) << "cell " << i << ": " << found[i];
    else
      EXPECT_NEAR(found[i], expected[i], tolerance) << "cell " << i;
  }
}

/// The message of the Error that a call throws; fails if it throws none or one of another kind.
template <typename Call>
std::string message_of(core::ErrorKind kind, Call call) {
  try {
    call();
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error was thrown";
  return {};
}

inline double day(int year, int month, int date, core::Calendar calendar = core::Calendar::standard) {
  return static_cast<double>(core::day_number({year, month, date}, calendar));
}

inline RecordTime at(double stamp) {
  return {stamp, stamp, stamp, false, "record at " + std::to_string(stamp)};
}
inline RecordTime over(double begin, double end) {
  return {begin, begin, end, true, "record from " + std::to_string(begin)};
}

/// Records held in memory: native values [record][row][col].
class MemoryStack final : public NativeStack {
 public:
  MemoryStack(core::Grid grid, std::vector<RecordTime> times, std::vector<float> values,
              std::string units = "1")
      : m_values(std::move(values)) {
    m_description.grid = std::move(grid);
    m_description.times = std::move(times);
    m_description.units = std::move(units);
    m_description.files = {"memory"};
  }
  NativeDescription& edit() { return m_description; }
  const NativeDescription& description() const override { return m_description; }
  std::unique_ptr<NativeFetch> fetch(const NativeWindow& window) override {
    std::vector<float> part;
    const core::Grid& grid = m_description.grid;
    for (std::int64_t t = window.first_record; t < window.first_record + window.records; ++t)
      for (std::int64_t row = window.first_row; row < window.first_row + window.rows; ++row)
        for (std::int64_t col = window.first_col; col < window.first_col + window.cols; ++col)
          part.push_back(m_values.at(static_cast<std::size_t>((t * grid.rows() + row) * grid.cols() + col)));
    records_read += window.records;
    return std::make_unique<Fetch>(std::move(part));
  }
  std::int64_t records_read = 0;

 private:
  struct Fetch final : NativeFetch {
    explicit Fetch(std::vector<float> part) : values(std::move(part)) {}
    void decode(std::span<float> out, const core::ParallelFor&) override {
      ASSERT_EQ(out.size(), values.size());
      std::copy(values.begin(), values.end(), out.begin());
    }
    std::vector<float> values;
  };
  NativeDescription m_description;
  std::vector<float> m_values;
};

}  // namespace rootzone::io::test
