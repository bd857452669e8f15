#include "chunk_decoder.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* decompressor) const { libdeflate_free_decompressor(decompressor); }
};

libdeflate_decompressor* decompressor() {
  thread_local const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> own(
      libdeflate_alloc_decompressor());
  if (!own) throw Error(ErrorKind::memory, "no memory for a decompressor");
  return own.get();
}

void inflate(std::span<const std::byte> stored, std::size_t bytes, std::vector<std::byte>& inflated) {
  if (inflated.size() < bytes) inflated.resize(bytes);
  const libdeflate_result result = libdeflate_zlib_decompress(decompressor(), stored.data(), stored.size(),
                                                              inflated.data(), bytes, nullptr);
  if (result != LIBDEFLATE_SUCCESS)
    throw Error(ErrorKind::data, "a chunk of " + std::to_string(stored.size()) +
                                     " bytes does not inflate to " + std::to_string(bytes) +
                                     "; the file looks damaged: fetch it again");
}

/// A fixed number of planes, so that the inner loop is straight code.
template <std::size_t Bytes>
void unshuffle_fixed(const std::byte* planes, std::byte* elements, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t k = 0; k < Bytes; ++k) elements[i * Bytes + k] = planes[k * count + i];
}

template <typename Word>
void swap_words(std::byte* bytes, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    Word word;
    std::memcpy(&word, bytes + i * sizeof(Word), sizeof(Word));
    if constexpr (sizeof(Word) == 2)
      word = __builtin_bswap16(word);
    else if constexpr (sizeof(Word) == 4)
      word = __builtin_bswap32(word);
    else
      word = __builtin_bswap64(word);
    std::memcpy(bytes + i * sizeof(Word), &word, sizeof(Word));
  }
}

void swap_bytes(std::byte* bytes, std::size_t count, std::size_t element_bytes) {
  switch (element_bytes) {
    case 2:
      return swap_words<std::uint16_t>(bytes, count);
    case 4:
      return swap_words<std::uint32_t>(bytes, count);
    case 8:
      return swap_words<std::uint64_t>(bytes, count);
    default:
      return;
  }
}

}  // namespace

void unshuffle(const std::byte* planes, std::byte* elements, std::size_t count, std::size_t element_bytes) {
  switch (element_bytes) {
    case 2:
      return unshuffle_fixed<2>(planes, elements, count);
    case 4:
      return unshuffle_fixed<4>(planes, elements, count);
    case 8:
      return unshuffle_fixed<8>(planes, elements, count);
    default:
      std::memcpy(elements, planes, count * element_bytes);
  }
}

std::span<const std::byte> decode_chunk(std::span<const std::byte> stored, std::uint32_t skipped,
                                        const ChunkCoding& coding, ChunkScratch& scratch) {
  const auto applied = [&](int filter) { return filter >= 0 && (skipped >> filter & 1U) == 0; };
  const std::size_t bytes = coding.chunk_bytes();
  std::span<const std::byte> current = stored;
  if (applied(coding.deflate_filter)) {
    inflate(stored, bytes, scratch.inflated);
    current = {scratch.inflated.data(), bytes};
  }
  if (current.size() != bytes)
    throw Error(ErrorKind::data, "a chunk holds " + std::to_string(current.size()) + " bytes, expected " +
                                     std::to_string(bytes) + "; the file looks damaged: fetch it again");
  if (!applied(coding.shuffle_filter) && !coding.swap_bytes) return current;
  if (scratch.elements.size() < bytes) scratch.elements.resize(bytes);
  if (applied(coding.shuffle_filter))
    unshuffle(current.data(), scratch.elements.data(), coding.chunk_elements, coding.element_bytes);
  else
    std::copy(current.begin(), current.end(), scratch.elements.begin());
  if (coding.swap_bytes) swap_bytes(scratch.elements.data(), coding.chunk_elements, coding.element_bytes);
  return {scratch.elements.data(), bytes};
}

}  // namespace rootzone::io
