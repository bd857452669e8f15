#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "hdf5_variable.hpp"

namespace rootzone::io {

/// Working memory of one thread, grown to the largest chunk it met.
struct ChunkScratch {
  std::vector<std::byte> inflated;
  std::vector<std::byte> elements;
};

/// Undo the filters of one stored chunk: inflate (libdeflate), unshuffle, native byte order. The result lies
/// in `scratch` or is `stored` itself, chunk_bytes() long, valid until either changes. skipped: the chunk's
/// filter mask. Throws Error(data) "does not inflate …" for a damaged chunk; callers add file and variable.
/// Safe from any thread, each with its own scratch.
std::span<const std::byte> decode_chunk(std::span<const std::byte> stored, std::uint32_t skipped,
                                        const ChunkCoding& coding, ChunkScratch& scratch);

/// Gather the bytes of each element that HDF5's shuffle filter spread over planes.
/// planes and elements: count × element_bytes long, not overlapping.
void unshuffle(const std::byte* planes, std::byte* elements, std::size_t count, std::size_t element_bytes);

}  // namespace rootzone::io
