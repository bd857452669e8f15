#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "rootzone/core/grid.hpp"
#include "rootzone/pipeline/colour_ramp.hpp"

namespace rootzone::pipeline {

/// Makes PNG bytes of indices[rows × cols] into a palette of 4-byte colours (red, green, blue, opacity):
/// `io::encode_indexed_png`.
using PngEncoder =
    std::function<std::vector<std::byte>(std::span<const std::uint8_t> indices, std::int64_t rows,
                                         std::int64_t cols, std::span<const std::uint8_t> palette)>;

/// A map in 255 colours of its style's range, as a PNG encoder takes it; index 0 is transparent: missing.
struct MapImage {
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  std::vector<std::uint8_t> indices;
  std::vector<std::uint8_t> palette;
};

/// Paint values[rows × cols] (row 0 north; what is not finite is missing). A raster longer than max_side
/// pixels is reduced to it by the mean of the valid cells behind each pixel; a small one is enlarged by a
/// whole factor, cell edges kept. Throws core::Error(internal) if the length is not rows × cols. Pure.
MapImage paint_map(std::span<const float> values, std::int64_t rows, std::int64_t cols,
                   const VariableStyle& style, std::int64_t max_side = 900);

/// Range and mean over the valid cells, NaN if there is none. `domain` (empty: every cell): 0 = outside the
/// basin, not counted at all. Cells count alike, whatever their area.
struct MapStatistics {
  double minimum = 0.0;
  double mean = 0.0;
  double maximum = 0.0;
  std::int64_t valid = 0;
  std::int64_t cells = 0;
};
MapStatistics map_statistics(std::span<const float> values, std::span<const std::uint8_t> domain);

/// What lies on top of a map, in the grid's coordinates.
struct MapStation {
  std::string name;
  double x = 0.0;
  double y = 0.0;
};
struct MapOverlay {
  std::vector<std::vector<std::array<double, 2>>> outlines;  ///< polylines of (x, y)
  std::vector<MapStation> stations;                          ///< those outside the grid are left out
};

/// One map as inline SVG: the image as a data URI, coordinates at its corners, overlay, and the legend with
/// ticks. id: unique on the page. Cells keep their shape: degrees of longitude are narrowed by cos(latitude).
std::string render_map(const MapImage& image, const core::Grid& grid, const VariableStyle& style,
                       const MapOverlay& overlay, const std::string& title, const std::string& id,
                       const PngEncoder& encode_png);

}  // namespace rootzone::pipeline
