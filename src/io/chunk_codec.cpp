#include "chunk_codec.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

#include "rootzone/core/error.hpp"
#include "rootzone/core/vector_clones.hpp"
#include "rootzone/io/csv.hpp"

namespace rootzone::io {
namespace {

constexpr int deflate_level = 1;

void split_planes_4(const std::uint32_t* in, std::byte* out, std::size_t count) {
  for (unsigned plane = 0; plane < 4; ++plane)
    for (std::size_t i = 0; i < count; ++i)
      out[plane * count + i] = static_cast<std::byte>(in[i] >> (8 * plane));
}

void split_planes_2(const std::uint16_t* in, std::byte* out, std::size_t count) {
  for (unsigned plane = 0; plane < 2; ++plane)
    for (std::size_t i = 0; i < count; ++i)
      out[plane * count + i] = static_cast<std::byte>(in[i] >> (8 * plane));
}

ROOTZONE_VECTOR_CLONES
void encode_floats(const float* in, float* out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out[i] = in[i] == in[i] ? in[i] : float_fill;
}

/// Returns how many values lie outside what int16 can hold; those are stored as fill.
ROOTZONE_VECTOR_CLONES
std::int64_t encode_packed(const float* in, std::int16_t* out, std::size_t count, double scale,
                           double offset) {
  std::int64_t outside = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double scaled = (static_cast<double>(in[i]) - offset) / scale;
    const double rounded = scaled + (scaled < 0.0 ? -0.5 : 0.5);
    const bool there = in[i] == in[i];
    const bool fits = rounded > -packed_limit - 1.0 && rounded < packed_limit + 1.0;
    outside += there && !fits ? 1 : 0;
    const std::int32_t whole = static_cast<std::int32_t>(fits ? rounded : static_cast<double>(packed_fill));
    out[i] = static_cast<std::int16_t>(whole);
  }
  return outside;
}

std::size_t equal_bytes(const std::byte* a, const std::byte* b, std::size_t count) {
  std::size_t equal = 0;
  for (std::size_t i = 0; i < count; ++i) equal += a[i] == b[i] ? 1 : 0;
  return equal;
}

/// Whether deflate would find nothing in these bytes: all 256 about as frequent, and hardly one like its
/// neighbour at any of the given distances (the cell beside, the row above, the day before).
bool is_noise(std::span<const std::byte> bytes, std::span<const std::size_t> distances) {
  constexpr std::size_t samples = 8192;
  constexpr double most_equal = 0.008;  // twice the 1/256 of noise
  constexpr double least_bits = 7.9;    // of 8; the estimate itself falls 0.02 short
  if (bytes.size() < 2 * samples) return false;
  std::array<std::uint32_t, 256> counts{};
  const std::size_t stride = bytes.size() / samples;
  for (std::size_t k = 0; k < samples; ++k) ++counts[std::to_integer<std::size_t>(bytes[k * stride])];
  double bits = 0.0;
  for (const std::uint32_t count : counts)
    if (count > 0) bits -= count * std::log2(static_cast<double>(count) / samples);
  if (bits < least_bits * samples) return false;
  for (const std::size_t distance : distances) {
    if (distance == 0 || distance >= bytes.size()) continue;
    const std::size_t pairs = bytes.size() - distance;
    const std::size_t equal = equal_bytes(bytes.data(), bytes.data() + distance, pairs);
    if (static_cast<double>(equal) > most_equal * static_cast<double>(pairs)) return false;
  }
  return true;
}

/// RFC 1951, 3.2.4: a block of bytes as they are, not the last one of its stream. Returns its end.
std::byte* append_stored_blocks(std::span<const std::byte> bytes, std::byte* out) {
  constexpr std::size_t most = 65535;
  for (std::size_t at = 0; at < bytes.size(); at += most) {
    const std::size_t length = std::min(most, bytes.size() - at);
    const std::size_t inverse = ~length;
    for (const std::size_t word : {std::size_t{0}, length, length >> 8U, inverse, inverse >> 8U})
      *out++ = static_cast<std::byte>(word & 0xFFU);
    std::memcpy(out, bytes.data() + at, length);
    out += length;
  }
  return out;
}

}  // namespace

void shuffle_bytes(std::span<const std::byte> plain, std::span<std::byte> shuffled,
                   std::size_t element_size) {
  const std::size_t count = plain.size() / element_size;
  // A few thousand elements at a time, so that each pass over the planes finds them in the first cache.
  constexpr std::size_t run = 4096;
  for (std::size_t first = 0; first < count; first += run) {
    const std::size_t length = std::min(run, count - first);
    std::byte planes[4 * run];
    if (element_size == 4) {
      std::uint32_t elements[run];
      std::memcpy(elements, plain.data() + first * 4, length * 4);
      split_planes_4(elements, planes, length);
    } else {
      std::uint16_t elements[run];
      std::memcpy(elements, plain.data() + first * 2, length * 2);
      split_planes_2(elements, planes, length);
    }
    for (std::size_t plane = 0; plane < element_size; ++plane)
      std::memcpy(shuffled.data() + plane * count + first, planes + plane * length, length);
  }
}

void unshuffle_bytes(std::span<const std::byte> shuffled, std::span<std::byte> plain,
                     std::size_t element_size) {
  const std::size_t count = plain.size() / element_size;
  const std::byte* in = shuffled.data();
  if (element_size == 4) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::array<std::byte, 4> element{in[i], in[count + i], in[2 * count + i], in[3 * count + i]};
      std::memcpy(plain.data() + 4 * i, element.data(), 4);
    }
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      const std::array<std::byte, 2> element{in[i], in[count + i]};
      std::memcpy(plain.data() + 2 * i, element.data(), 2);
    }
  }
}

void CellEncoding::encode(std::span<const float> values, std::span<std::byte> stored) const {
  if (packing == Packing::float32)
    return encode_floats(values.data(), reinterpret_cast<float*>(stored.data()), values.size());
  auto* packed = reinterpret_cast<std::int16_t*>(stored.data());
  if (encode_packed(values.data(), packed, values.size(), scale, offset) == 0) return;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i]) || packed[i] != packed_fill) continue;
    throw core::Error(core::ErrorKind::internal, variable + ": the value " + shortest_number(values[i]) +
                                                     " cannot be packed: expected " +
                                                     shortest_number(offset - packed_limit * scale) + " to " +
                                                     shortest_number(offset + packed_limit * scale) +
                                                     "; give the product another scale or float32");
  }
}

float CellEncoding::decode(const std::byte* stored) const {
  if (packing == Packing::float32) {
    float value = 0.0F;
    std::memcpy(&value, stored, sizeof(value));
    return value == float_fill ? std::numeric_limits<float>::quiet_NaN() : value;
  }
  std::int16_t value = 0;
  std::memcpy(&value, stored, sizeof(value));
  if (value == packed_fill) return std::numeric_limits<float>::quiet_NaN();
  return static_cast<float>(static_cast<double>(value) * scale + offset);
}

void CellEncoding::fill(std::span<std::byte> stored) const {
  for (std::size_t at = 0; at < stored.size(); at += element_size()) {
    if (packing == Packing::int16)
      std::memcpy(stored.data() + at, &packed_fill, sizeof(packed_fill));
    else
      std::memcpy(stored.data() + at, &float_fill, sizeof(float_fill));
  }
}

ChunkWorkspace::ChunkWorkspace()
    : m_compressor(libdeflate_alloc_compressor(deflate_level)),
      m_decompressor(libdeflate_alloc_decompressor()) {
  if (m_compressor != nullptr && m_decompressor != nullptr) return;
  libdeflate_free_compressor(m_compressor);
  libdeflate_free_decompressor(m_decompressor);
  throw std::bad_alloc();
}

ChunkWorkspace::~ChunkWorkspace() {
  libdeflate_free_compressor(m_compressor);
  libdeflate_free_decompressor(m_decompressor);
}

std::span<std::byte> ChunkWorkspace::raw(std::size_t bytes) {
  m_raw.resize(bytes);
  return m_raw;
}

std::vector<std::byte> ChunkWorkspace::shuffle_and_deflate(std::span<const std::byte> plain,
                                                           std::size_t element_size,
                                                           const ChunkShape& shape) {
  m_shuffled.resize(plain.size());
  shuffle_bytes(plain, m_shuffled, element_size);
  const std::size_t plane = plain.size() / element_size;
  const std::array<std::size_t, 3> distances{1, static_cast<std::size_t>(shape.cols),
                                             static_cast<std::size_t>(shape.rows * shape.cols)};
  std::size_t noise = 0;  // the lowest bytes of the numbers come first
  while (noise + plane < plain.size() && is_noise(std::span(m_shuffled).subspan(noise, plane), distances))
    noise += plane;
  const std::span<const std::byte> rest = std::span<const std::byte>(m_shuffled).subspan(noise);
  constexpr std::size_t wrapping = 2 + 4;  // zlib's header and checksum, RFC 1950
  m_deflated.resize(wrapping + noise + 5 * (noise / 65535 + 1) +
                    libdeflate_deflate_compress_bound(m_compressor, rest.size()));
  std::byte* out = m_deflated.data();
  *out++ = std::byte{0x78};
  *out++ = std::byte{0x01};
  out = append_stored_blocks(std::span<const std::byte>(m_shuffled).first(noise), out);
  const auto room = static_cast<std::size_t>(m_deflated.data() + m_deflated.size() - out);
  const std::size_t length =
      libdeflate_deflate_compress(m_compressor, rest.data(), rest.size(), out, room - 4);
  if (length == 0) throw core::Error(core::ErrorKind::internal, "libdeflate found no room in its own bound");
  out += length;
  const std::uint32_t checksum = libdeflate_adler32(1, m_shuffled.data(), m_shuffled.size());
  for (unsigned shift = 32; shift > 0; shift -= 8) *out++ = static_cast<std::byte>(checksum >> (shift - 8U));
  return {m_deflated.data(), out};
}

bool ChunkWorkspace::inflate_and_unshuffle(std::span<const std::byte> stored, std::span<std::byte> plain,
                                           std::size_t element_size) {
  m_shuffled.resize(plain.size());
  std::size_t length = 0;
  if (libdeflate_zlib_decompress(m_decompressor, stored.data(), stored.size(), m_shuffled.data(),
                                 m_shuffled.size(), &length) != LIBDEFLATE_SUCCESS ||
      length != plain.size())
    return false;
  unshuffle_bytes(m_shuffled, plain, element_size);
  return true;
}

WorkspacePool::Loan::Loan(WorkspacePool& pool) : m_pool(pool) {
  {
    const std::lock_guard lock(m_pool.m_mutex);
    if (!m_pool.m_idle.empty()) {
      m_workspace = std::move(m_pool.m_idle.back());
      m_pool.m_idle.pop_back();
    }
  }
  if (!m_workspace) m_workspace = std::make_unique<ChunkWorkspace>();
}

WorkspacePool::Loan::~Loan() {
  const std::lock_guard lock(m_pool.m_mutex);
  m_pool.m_idle.push_back(std::move(m_workspace));
}

}  // namespace rootzone::io
