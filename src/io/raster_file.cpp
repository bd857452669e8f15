#include "raster_file.hpp"

#include <cpl_string.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

#include "rootzone/core/error.hpp"
#include "rootzone/io/crs.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;
using Geotransform = std::array<double, 6>;

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
  throw Error(ErrorKind::data, path.string() + ": " + why);
}

/// True if GDAL has taken the file's own origin for the centre of a cell and shifted it to the corner.
bool names_centres(GDALDatasetH dataset) {
  const char* meaning = GDALGetMetadataItem(dataset, GDALMD_AREA_OR_POINT, nullptr);
  if (meaning != nullptr && std::string_view(meaning) == GDALMD_AOP_POINT) return true;
  const CPLStringList files(GDALGetFileList(dataset));
  for (int i = 1; i < files.size(); ++i) {
    std::string ending = std::filesystem::path(files[i]).extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (ending == ".wld" || (ending.size() >= 3 && ending.back() == 'w')) return true;
  }
  return false;
}

Geotransform geotransform_of(GDALDatasetH dataset, const InputSpec& spec, const std::filesystem::path& path) {
  Geotransform t{};
  if (GDALGetGeoTransform(dataset, t.data()) != CE_None)
    refuse(path,
           "has no georeference (no origin and cell size); give it one, for example with gdal_translate "
           "-a_ullr");
  // Far below what a cell's corner moves over the whole raster.
  const double tilt_x = std::abs(t[2]) * GDALGetRasterYSize(dataset);
  const double tilt_y = std::abs(t[4]) * GDALGetRasterXSize(dataset);
  if (tilt_x > 1e-3 * std::abs(t[1]) || tilt_y > 1e-3 * std::abs(t[5]))
    refuse(path, "is rotated or sheared (geotransform terms " + std::to_string(t[2]) + " and " +
                     std::to_string(t[4]) + "); make a north-up copy with gdalwarp");
  if (t[1] <= 0.0 || t[5] == 0.0)
    refuse(path, "runs from east to west (cell width " + std::to_string(t[1]) +
                     "); make a north-up copy with gdalwarp");
  const bool centre = names_centres(dataset);
  double shift = 0.0;  // in cells, to the east and south
  if (spec.coordinates == CoordinateMeaning::centre && !centre) shift = -0.5;
  if (spec.coordinates == CoordinateMeaning::corner && centre) shift = 0.5;
  t[0] += shift * t[1];
  t[3] += shift * t[5];
  return t;
}

std::string crs_of(GDALDatasetH dataset) {
  const OGRSpatialReferenceH srs = GDALGetSpatialRef(dataset);
  return srs == nullptr ? "" : identified_wkt(srs);
}

template <typename Integer>
bool parses_as(const std::string& text, Integer& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

RasterPlace place_of(GDALDatasetH dataset, const InputSpec& spec, const std::filesystem::path& path) {
  const QuietGdal quiet;
  RasterPlace place;
  const Geotransform t = geotransform_of(dataset, spec, path);
  const int rows = GDALGetRasterYSize(dataset);
  const int cols = GDALGetRasterXSize(dataset);
  place.south_up = t[5] > 0.0;
  const double other_y = t[3] + t[5] * rows;
  const core::Extent extent{t[0], std::min(t[3], other_y), t[0] + t[1] * cols, std::max(t[3], other_y)};
  std::string wkt;
  if (!spec.crs.empty()) {
    wkt = parse_crs(spec.crs);
    place.crs_note = crs_label(wkt) + " (overridden)";
  } else if (wkt = crs_of(dataset); !wkt.empty()) {
    place.crs_note = crs_label(wkt) + " (from the file)";
  } else if (looks_like_degrees(extent)) {
    wkt = parse_crs("EPSG:4326");
    place.crs_note = "WGS 84 (assumed: the file has no CRS, its coordinates look like degrees)";
    place.warnings.push_back(
        path.string() +
        ": no CRS; its coordinates look like degrees, taken as WGS 84 (set `crs` to say otherwise)");
  } else {
    place.crs_note = "unknown";
  }
  place.grid = core::Grid(wkt, extent, rows, cols);
  return place;
}

BandRules rules_of(GDALRasterBandH band, const InputSpec& spec, const std::filesystem::path& path) {
  const QuietGdal quiet;
  BandRules rules;
  const GDALDataType type = GDALGetRasterDataType(band);
  if (GDALDataTypeIsComplex(type) != 0) refuse(path, "holds complex numbers; give a raster of real ones");
  rules.single_precision = type == GDT_Float32;
  const char* pixel_type = GDALGetMetadataItem(band, "PIXELTYPE", "IMAGE_STRUCTURE");
  rules.signed_byte =
      type == GDT_Byte && pixel_type != nullptr && std::string_view(pixel_type) == "SIGNEDBYTE";
  int has_nodata = 0;
  double nodata = 0.0;
  if (type == GDT_Int64)
    nodata = static_cast<double>(GDALGetRasterNoDataValueAsInt64(band, &has_nodata));
  else if (type == GDT_UInt64)
    nodata = static_cast<double>(GDALGetRasterNoDataValueAsUInt64(band, &has_nodata));
  else
    nodata = GDALGetRasterNoDataValue(band, &has_nodata);
  if (has_nodata != 0) rules.nodata.push_back(nodata);
  if (spec.nodata) rules.nodata.push_back(*spec.nodata);
  int has_value = 0;
  const double scale = GDALGetRasterScale(band, &has_value);
  if (has_value != 0) rules.scale = scale;
  const double offset = GDALGetRasterOffset(band, &has_value);
  if (has_value != 0) rules.offset = offset;
  rules.scale = spec.scale.value_or(rules.scale);
  rules.offset = spec.offset.value_or(rules.offset);
  const int mask = GDALGetMaskFlags(band);
  rules.has_mask = (mask & (GMF_ALL_VALID | GMF_NODATA)) == 0;
  return rules;
}

void apply_rules(const BandRules& rules, std::span<const double> stored, std::span<float> values) {
  constexpr double huge =
      1e37;  // "−3.4e38" is printed with 6 digits by some writers and means the lowest float
  const auto is_nodata = [&](double number) {
    for (const double nodata : rules.nodata) {
      if (number == nodata) return true;
      if (!rules.single_precision) continue;
      if (static_cast<float>(number) == static_cast<float>(nodata)) return true;
      if (std::abs(nodata) > huge && std::abs(number - nodata) <= 1e-5 * std::abs(nodata)) return true;
    }
    return false;
  };
  for (std::size_t i = 0; i < stored.size(); ++i)
    values[i] = !std::isfinite(stored[i]) || is_nodata(stored[i])
                    ? std::numeric_limits<float>::quiet_NaN()
                    : static_cast<float>(stored[i] * rules.scale + rules.offset);
}

void read_cells(GDALRasterBandH band, const BandRules& rules, const CellRectangle& cells, bool south_up,
                const std::filesystem::path& path, StoredCells& out) {
  const QuietGdal quiet;
  const auto count = static_cast<std::size_t>(cells.rows * cells.cols);
  out.numbers.resize(count);
  const auto rows = static_cast<int>(cells.rows);
  const auto cols = static_cast<int>(cells.cols);
  const auto left = static_cast<int>(cells.first_col);
  const int top = south_up ? GDALGetRasterBandYSize(band) - static_cast<int>(cells.first_row) - rows
                           : static_cast<int>(cells.first_row);
  const auto read = [&](GDALRasterBandH from, GDALDataType type, void* into, std::int64_t cell_bytes) {
    // A negative line spacing turns a south-up raster over while it is read.
    auto* start = static_cast<unsigned char*>(into);
    const std::int64_t line = cell_bytes * cols;
    if (south_up) start += line * (rows - 1);
    const CPLErr status = GDALRasterIOEx(from, GF_Read, left, top, cols, rows, start, cols, rows, type,
                                         cell_bytes, south_up ? -line : line, nullptr);
    if (status != CE_None)
      refuse(path, "cannot be read (" + QuietGdal::message() +
                       "); the file seems truncated or damaged, fetch it again");
  };
  read(band, GDT_Float64, out.numbers.data(), sizeof(double));
  if (rules.signed_byte)
    for (double& number : out.numbers) number -= number > 127.0 ? 256.0 : 0.0;
  out.mask.clear();
  if (!rules.has_mask) return;
  out.mask.resize(count);
  read(GDALGetMaskBand(band), GDT_Byte, out.mask.data(), 1);
}

int band_of(GDALDatasetH dataset, const std::string& variable, int band, const std::filesystem::path& path) {
  const int count = GDALGetRasterCount(dataset);
  if (!variable.empty()) {
    std::string known;
    for (int i = 1; i <= count; ++i) {
      const std::string description = GDALGetDescription(GDALGetRasterBand(dataset, i));
      if (description == variable) return i;
      if (!description.empty()) known += (known.empty() ? "" : ", ") + description;
    }
    if (!parses_as(variable, band)) {
      if (count == 1) return 1;
      refuse(path, "has no band described as \"" + variable + "\"" +
                       (known.empty() ? " (its bands have no descriptions)" : " (found: " + known + ")") +
                       "; set `band`");
    }
  }
  if (band < 1 || band > count)
    refuse(path, "has no band " + std::to_string(band) + ", only " + std::to_string(count) + "; set `band`");
  return band;
}

}  // namespace rootzone::io
