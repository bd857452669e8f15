#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rootzone::io {

/// PNG bytes of pixels[rows × cols × 4]: red, green, blue, opacity (0 = transparent), row 0 on top. For
/// images inside a report; the bytes depend on the pixels alone. Throws Error(internal) if the sizes differ.
std::vector<std::byte> encode_png(std::span<const std::uint8_t> pixels, std::int64_t rows, std::int64_t cols);

/// PNG bytes of indices[rows × cols] into a palette of up to 256 colours (4 bytes each, as above): a third
/// of the size for maps in classes.
std::vector<std::byte> encode_indexed_png(std::span<const std::uint8_t> indices, std::int64_t rows,
                                          std::int64_t cols, std::span<const std::uint8_t> palette);

}  // namespace rootzone::io
