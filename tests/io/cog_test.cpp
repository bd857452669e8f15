#include "rootzone/io/cog.hpp"

#include <gdal_priv.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>

#include "io/output_folder.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/png.hpp"

namespace rootzone::io {
namespace {

using testing::bytes_of;
using testing::OutputFolder;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

std::unique_ptr<GDALDataset> open_raster(const std::filesystem::path& path) {
  GDALAllRegister();
  return std::unique_ptr<GDALDataset>(GDALDataset::Open(path.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY));
}

std::vector<float> cells_of(GDALRasterBand& band) {
  std::vector<float> cells(static_cast<std::size_t>(band.GetXSize()) *
                           static_cast<std::size_t>(band.GetYSize()));
  EXPECT_EQ(band.RasterIO(GF_Read, 0, 0, band.GetXSize(), band.GetYSize(), cells.data(), band.GetXSize(),
                          band.GetYSize(), GDT_Float32, 0, 0, nullptr),
            CE_None);
  return cells;
}

double statistic(GDALRasterBand& band, const char* name) {
  const char* text = band.GetMetadataItem(name);
  return text == nullptr ? std::nan("") : std::atof(text);
}

TEST(Cog, KeepsValuesPlaceUnitsNodataAndExactStatistics) {
  const OutputFolder folder;
  const core::Grid grid("EPSG:3035", {4.05e6, 2.33e6, 4.07e6, 2.34e6}, 2, 4);
  const std::vector<float> values{0.25F, 0.5F, nan, 0.125F, nan, nan, 0.375F, 0.25F};
  CogMetadata metadata;
  metadata.description = "2016-01-31";
  metadata.units = "m3 m-3";
  metadata.tags["rootzone_pipeline"] = "po";
  write_cog(folder / "a.tif", grid, values, metadata);
  EXPECT_EQ(folder.files(), (std::set<std::string>{"a.tif"}));

  const auto map = open_raster(folder / "a.tif");
  ASSERT_TRUE(map);
  EXPECT_EQ(std::string(map->GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE")), "COG");
  EXPECT_EQ(std::string(map->GetSpatialRef()->GetAuthorityCode(nullptr)), "3035");
  EXPECT_EQ(std::string(map->GetMetadataItem("rootzone_pipeline")), "po");
  std::array<double, 6> transform{};
  map->GetGeoTransform(transform.data());
  EXPECT_EQ(transform, (std::array<double, 6>{4.05e6, 5000.0, 0.0, 2.34e6, 0.0, -5000.0}));
  GDALRasterBand& band = *map->GetRasterBand(1);
  EXPECT_EQ(std::string(band.GetDescription()), "2016-01-31");
  EXPECT_EQ(std::string(band.GetUnitType()), "m3 m-3");
  EXPECT_TRUE(std::isnan(band.GetNoDataValue()));
  EXPECT_DOUBLE_EQ(statistic(band, "STATISTICS_MINIMUM"), 0.125);
  EXPECT_DOUBLE_EQ(statistic(band, "STATISTICS_MAXIMUM"), 0.5);
  EXPECT_DOUBLE_EQ(statistic(band, "STATISTICS_MEAN"), 0.3);
  // Deviations of 0.25 0.5 0.125 0.375 0.25 from 0.3: squares sum to 0.08125.
  EXPECT_NEAR(statistic(band, "STATISTICS_STDDEV"), std::sqrt(0.08125 / 5.0), 1e-12);
  EXPECT_DOUBLE_EQ(statistic(band, "STATISTICS_VALID_PERCENT"), 62.5);
  const std::vector<float> back = cells_of(band);
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_TRUE(back[i] == values[i] || (std::isnan(back[i]) && std::isnan(values[i]))) << i;
}

TEST(FieldPains, Case08OverviewsLeaveNodataOut) {
  // A checkerboard of 3 and nodata, half a sheet of 5 and nodata: every overview cell is exactly 3 or 5.
  const OutputFolder folder;
  const std::int64_t side = 1024;
  const core::Grid grid("EPSG:32632", {0.0, 0.0, 1024.0, 1024.0}, side, side);
  std::vector<float> values(static_cast<std::size_t>(grid.cells()));
  for (std::int64_t row = 0; row < side; ++row)
    for (std::int64_t col = 0; col < side; ++col)
      values[static_cast<std::size_t>(row * side + col)] =
          (row + col) % 2 == 0 ? (col < side / 2 ? 3.0F : 5.0F) : nan;
  for (const auto& [type, nodata] : {std::pair(CogType::float32, std::optional<double>()),
                                     std::pair(CogType::float32, std::optional<double>(-9999.0)),
                                     std::pair(CogType::int16, std::optional<double>(-9999.0)),
                                     std::pair(CogType::byte, std::optional<double>(255.0))}) {
    CogMetadata metadata;
    metadata.type = type;
    metadata.nodata = nodata;
    write_cog(folder / "a.tif", grid, values, metadata);
    const auto map = open_raster(folder / "a.tif");
    ASSERT_TRUE(map);
    GDALRasterBand& band = *map->GetRasterBand(1);
    EXPECT_DOUBLE_EQ(statistic(band, "STATISTICS_MINIMUM"), 3.0);
    EXPECT_DOUBLE_EQ(statistic(band, "STATISTICS_MEAN"), 4.0);
    ASSERT_GE(band.GetOverviewCount(), 1);
    for (int level = 0; level < band.GetOverviewCount(); ++level) {
      GDALRasterBand& overview = *band.GetOverview(level);
      const std::vector<float> cells = cells_of(overview);
      const auto width = static_cast<std::size_t>(overview.GetXSize());
      std::int64_t wrong = 0;
      for (std::size_t i = 0; i < cells.size(); ++i)
        wrong += cells[i] != (i % width < width / 2 ? 3.0F : 5.0F);
      EXPECT_EQ(wrong, 0) << "overview " << level;
    }
  }
}

TEST(Cog, OverviewsOfFlagsInventNoFlag) {
  const OutputFolder folder;
  const std::int64_t side = 600;
  const core::Grid grid("EPSG:32632", {0.0, 0.0, 600.0, 600.0}, side, side);
  std::vector<float> flags(static_cast<std::size_t>(grid.cells()));
  for (std::size_t i = 0; i < flags.size(); ++i) flags[i] = i % 3 == 0 ? 1.0F : 256.0F;
  for (const CogOverviews overviews : {CogOverviews::mode, CogOverviews::nearest}) {
    CogMetadata metadata;
    metadata.type = CogType::uint16;
    metadata.overviews = overviews;
    write_cog(folder / "f.tif", grid, flags, metadata);
    const auto map = open_raster(folder / "f.tif");
    ASSERT_TRUE(map);
    GDALRasterBand& band = *map->GetRasterBand(1);
    EXPECT_EQ(band.GetRasterDataType(), GDT_UInt16);
    ASSERT_GE(band.GetOverviewCount(), 1);
    for (const float cell : cells_of(*band.GetOverview(0)))
      ASSERT_TRUE(cell == 1.0F || cell == 256.0F) << cell;
  }
}

TEST(FieldPains, Case14ABandIsNamedByItsIsoDate) {
  const OutputFolder folder;
  CogMetadata metadata;
  metadata.description = "2016-01-31";
  write_cog(folder / "m_20160131.tif", core::Grid("EPSG:4326", {0, 0, 2, 1}, 1, 2),
            std::vector<float>{1.0F, 2.0F}, metadata);
  if (!testing::has_program("gdalinfo")) GTEST_SKIP() << "gdalinfo is not installed";
  const auto result = testing::run_program("gdalinfo '" + (folder / "m_20160131.tif").string() + "'");
  EXPECT_NE(result.output.find("Description = 2016-01-31"), std::string::npos) << result.output;
  EXPECT_EQ(result.output.find("Band 2"), std::string::npos) << result.output;
}

TEST(Cog, AMapWithoutAnyValueIsAllowed) {
  const OutputFolder folder;
  write_cog(folder / "a.tif", core::Grid("EPSG:4326", {0, 0, 2, 1}, 1, 2), std::vector<float>{nan, nan}, {});
  const auto map = open_raster(folder / "a.tif");
  ASSERT_TRUE(map);
  EXPECT_EQ(map->GetRasterBand(1)->GetMetadataItem("STATISTICS_MEAN"), nullptr);
  for (const float cell : cells_of(*map->GetRasterBand(1))) EXPECT_TRUE(std::isnan(cell));
}

TEST(Cog, BytesDependOnTheMapAlone) {
  const OutputFolder folder;
  const core::Grid grid("EPSG:4326", {0, 0, 7, 7}, 700, 700);
  std::vector<float> values(static_cast<std::size_t>(grid.cells()));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 977) * 0.001F;
  CogMetadata metadata;
  write_cog(folder / "a.tif", grid, values, metadata);
  metadata.threads = 3;
  write_cog(folder / "b.tif", grid, values, metadata);
  EXPECT_TRUE(bytes_of(folder / "a.tif") == bytes_of(folder / "b.tif"));
}

TEST(Cog, RefusesValuesItsTypeCannotHold) {
  const OutputFolder folder;
  const core::Grid grid("EPSG:4326", {0, 0, 2, 1}, 1, 2);
  CogMetadata metadata;
  metadata.type = CogType::byte;
  const auto write = [&](float a, float b) {
    write_cog(folder / "a.tif", grid, std::vector<float>{a, b}, metadata);
  };
  EXPECT_THROW(write(1.0F, nan), core::Error);
  EXPECT_THROW(write(1.0F, 256.0F), core::Error);
  EXPECT_THROW(write(1.0F, 0.5F), core::Error);
  metadata.nodata = 7.0;
  EXPECT_THROW(write(1.0F, 7.0F), core::Error);
  EXPECT_THROW(write_cog(folder / "a.tif", grid, std::vector<float>{1.0F}, metadata), core::Error);
  EXPECT_TRUE(folder.files().empty());
}

TEST(Cog, TheValidatorOfGdalIsContent) {
  if (std::system(
          "/usr/bin/python3 -c 'import osgeo_utils.samples.validate_cloud_optimized_geotiff' 2> /dev/null") !=
      0)
    GTEST_SKIP() << "python3-gdal with osgeo_utils is not installed";
  const OutputFolder folder;
  const core::Grid grid("EPSG:3035", {4.0e6, 2.0e6, 4.7e6, 2.6e6}, 600, 700);
  write_cog(folder / "a.tif", grid, std::vector<float>(static_cast<std::size_t>(grid.cells()), 0.25F), {});
  const auto result =
      testing::run_program("/usr/bin/python3 -m osgeo_utils.samples.validate_cloud_optimized_geotiff '" +
                           (folder / "a.tif").string() + "'");
  EXPECT_NE(result.output.find("is a valid cloud optimized GeoTIFF"), std::string::npos) << result.output;
}

TEST(Png, ReadsBackAsItsPixels) {
  const std::vector<std::uint8_t> pixels{255, 0, 0, 255, 0, 128, 0, 255, 1, 2, 3, 0, 9, 8, 7, 64};
  const std::vector<std::byte> png = encode_png(pixels, 2, 2);
  const OutputFolder folder;
  std::ofstream(folder / "a.png", std::ios::binary)
      .write(reinterpret_cast<const char*>(png.data()), static_cast<std::streamsize>(png.size()));
  const auto image = open_raster(folder / "a.png");
  ASSERT_TRUE(image);
  ASSERT_EQ(image->GetRasterCount(), 4);
  for (int band = 0; band < 4; ++band) {
    const std::vector<float> cells = cells_of(*image->GetRasterBand(band + 1));
    for (std::size_t i = 0; i < 4; ++i)
      EXPECT_EQ(cells[i], static_cast<float>(pixels[i * 4 + static_cast<std::size_t>(band)]));
  }
  EXPECT_EQ(encode_png(pixels, 2, 2), png);
  EXPECT_THROW(encode_png(pixels, 2, 3), core::Error);
}

TEST(Png, IndexedImagesCarryTheirPaletteWithOpacity) {
  const std::vector<std::uint8_t> palette{0, 0, 0, 0, 200, 100, 50, 255};
  const std::vector<std::byte> png = encode_indexed_png(std::vector<std::uint8_t>{0, 1, 1}, 1, 3, palette);
  const OutputFolder folder;
  std::ofstream(folder / "a.png", std::ios::binary)
      .write(reinterpret_cast<const char*>(png.data()), static_cast<std::streamsize>(png.size()));
  const auto image = open_raster(folder / "a.png");
  ASSERT_TRUE(image);
  const GDALColorTable* colours = image->GetRasterBand(1)->GetColorTable();
  ASSERT_NE(colours, nullptr);
  EXPECT_EQ(colours->GetColorEntry(0)->c4, 0);
  EXPECT_EQ(colours->GetColorEntry(1)->c1, 200);
  EXPECT_EQ(colours->GetColorEntry(1)->c4, 255);
  EXPECT_EQ(cells_of(*image->GetRasterBand(1)), (std::vector<float>{0.0F, 1.0F, 1.0F}));
}

}  // namespace
}  // namespace rootzone::io
