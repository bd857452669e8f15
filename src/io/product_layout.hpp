#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

#include "rootzone/io/product.hpp"

namespace rootzone::io {

struct ChunkShape {
  std::int64_t steps = 1;
  std::int64_t rows = 1;
  std::int64_t cols = 1;
  std::int64_t cells() const { return steps * rows * cols; }
  bool operator==(const ChunkShape&) const = default;
};

/// The chunk of a file of this grid and number of steps (see the measurements in the source).
ChunkShape product_chunk_shape(const core::Grid& grid, std::int64_t steps);

/// One file of a product and the run of steps in it.
struct ProductPart {
  std::filesystem::path path;
  std::int64_t first_step = 0;
  std::int64_t steps = 0;
  ChunkShape chunk;
  std::int64_t step_chunks() const { return (steps + chunk.steps - 1) / chunk.steps; }
};

/// The files of a product in order of time. Throws Error(usage) for an axis without steps or periods that
/// are not in order of time.
std::vector<ProductPart> product_parts(const ProductSpec& spec, const std::filesystem::path& out_dir);

inline constexpr float float_fill = 9.9692099683868690e+36F;  ///< NC_FILL_FLOAT
inline constexpr std::int16_t packed_fill = -32768;
inline constexpr double packed_limit = 32767.0;  ///< packed values lie in ± this

}  // namespace rootzone::io
