#include "rootzone/io/png.hpp"

#include "memory_dataset.hpp"

namespace rootzone::io {
namespace {

constexpr int rgba_bands = 4;

void expect_size(std::size_t found, std::int64_t expected, const char* what) {
  if (expected < 1 || static_cast<std::int64_t>(found) != expected)
    throw core::Error(core::ErrorKind::internal, std::string("PNG: expected ") + std::to_string(expected) +
                                                     " " + what + ", found " + std::to_string(found));
}

DatasetPtr image_in_memory(std::int64_t rows, std::int64_t cols, int bands) {
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("MEM");
  DatasetPtr image(driver == nullptr ? nullptr
                                     : driver->Create("", static_cast<int>(cols), static_cast<int>(rows),
                                                      bands, GDT_Byte, nullptr));
  if (!image) throw gdal_error("make an image in memory");
  return image;
}

std::vector<std::byte> as_png(GDALDataset& image) {
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("PNG");
  if (driver == nullptr) throw gdal_error("find GDAL's PNG driver");
  MemoryFile file(".png");
  const DatasetPtr written(driver->CreateCopy(file.name().c_str(), &image, FALSE, nullptr, nullptr, nullptr));
  if (!written) throw gdal_error("encode a PNG");
  return file.take();
}

}  // namespace

std::vector<std::byte> encode_png(std::span<const std::uint8_t> pixels, std::int64_t rows,
                                  std::int64_t cols) {
  expect_size(pixels.size(), rows * cols * rgba_bands, "bytes");
  const GdalScope scope("GDAL_PAM_ENABLED", "NO");
  const DatasetPtr image = image_in_memory(rows, cols, rgba_bands);
  // GDAL only reads here; its one call for both directions takes no const.
  auto* data = const_cast<std::uint8_t*>(pixels.data());
  if (image->RasterIO(GF_Write, 0, 0, static_cast<int>(cols), static_cast<int>(rows), data,
                      static_cast<int>(cols), static_cast<int>(rows), GDT_Byte, rgba_bands, nullptr,
                      rgba_bands, rgba_bands * cols, 1, nullptr) != CE_None)
    throw gdal_error("fill an image");
  image->GetRasterBand(rgba_bands)->SetColorInterpretation(GCI_AlphaBand);
  return as_png(*image);
}

std::vector<std::byte> encode_indexed_png(std::span<const std::uint8_t> indices, std::int64_t rows,
                                          std::int64_t cols, std::span<const std::uint8_t> palette) {
  expect_size(indices.size(), rows * cols, "indices");
  if (palette.empty() || palette.size() % rgba_bands != 0 || palette.size() > 256U * rgba_bands)
    throw core::Error(core::ErrorKind::internal, "PNG: a palette has 1 to 256 colours of 4 bytes, found " +
                                                     std::to_string(palette.size()) + " bytes");
  const GdalScope scope("GDAL_PAM_ENABLED", "NO");
  const DatasetPtr image = image_in_memory(rows, cols, 1);
  auto* data = const_cast<std::uint8_t*>(indices.data());
  GDALRasterBand* band = image->GetRasterBand(1);
  if (band->RasterIO(GF_Write, 0, 0, static_cast<int>(cols), static_cast<int>(rows), data,
                     static_cast<int>(cols), static_cast<int>(rows), GDT_Byte, 0, 0, nullptr) != CE_None)
    throw gdal_error("fill an image");
  GDALColorTable colours;
  for (std::size_t i = 0; i < palette.size() / rgba_bands; ++i) {
    const auto* colour = palette.data() + i * rgba_bands;
    const GDALColorEntry entry{colour[0], colour[1], colour[2], colour[3]};
    colours.SetColorEntry(static_cast<int>(i), &entry);
  }
  band->SetColorTable(&colours);
  return as_png(*image);
}

}  // namespace rootzone::io
