#include "gather_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "memory_model.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::engine {
namespace {

[[noreturn]] void fail(const std::string& what, const std::string& folder, int code) {
  throw core::Error(core::ErrorKind::environment,
                    what + " in '" + folder + "': " + std::strerror(code) +
                        "; free space there, choose another scratch folder or raise the memory budget");
}

int open_unnamed(const std::string& folder) {
  int file = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) return file;
  if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)
    fail("cannot make the scratch file for gathered series", folder, errno);
  std::string name = folder + "/rootzone-gather-XXXXXX";  // file systems without unnamed files
  file = mkostemp(name.data(), O_CLOEXEC);
  if (file < 0) fail("cannot make the scratch file for gathered series", folder, errno);
  unlink(name.c_str());
  return file;
}

}  // namespace

GatherStore::GatherStore(const Shape& shape, const std::optional<std::string>& scratch_dir)
    : m_shape(shape), m_tiles((shape.pixels + shape.tile_pixels - 1) / shape.tile_pixels) {
  const std::int64_t values =
      static_cast<std::int64_t>(shape.series) * m_tiles * shape.tile_pixels * shape.steps;
  if (!scratch_dir) {
    m_memory.reserve(static_cast<std::size_t>(values));
    return;
  }
  m_scratch_dir = *scratch_dir;
  m_file = open_unnamed(m_scratch_dir);
  const std::int64_t bytes = values * static_cast<std::int64_t>(sizeof(float));
  if (fallocate(m_file, 0, 0, bytes) != 0 && errno != EOPNOTSUPP && errno != ENOSYS) {
    const int code = errno;
    close(m_file);
    fail("cannot hold " + mebibytes(bytes) + " of gathered series", m_scratch_dir, code);
  }
}

GatherStore::~GatherStore() {
  if (m_file >= 0) close(m_file);
}

std::int64_t GatherStore::offset(std::size_t series, std::int64_t first_pixel, std::int64_t step) const {
  const std::int64_t tile = first_pixel / m_shape.tile_pixels;
  return ((static_cast<std::int64_t>(series) * m_tiles + tile) * m_shape.steps + step) * m_shape.tile_pixels;
}

void GatherStore::put(const Piece& piece, const StepRows<float>& values, RawArray<float>& scratch) {
  const std::int64_t width = m_shape.tile_pixels;
  if (m_file >= 0) {
    scratch.reserve(static_cast<std::size_t>(piece.steps * width));
    std::fill_n(scratch.data(), piece.steps * width, 0.0F);  // the last tile's missing pixels
  }
  for (std::int64_t from = 0; from < piece.pixels; from += width) {
    const std::int64_t count = std::min(width, piece.pixels - from);
    const std::int64_t at = offset(piece.series, piece.first_pixel + from, piece.first_step);
    float* target = m_file >= 0 ? scratch.data() : m_memory.data() + at;
    for (std::int64_t step = 0; step < piece.steps; ++step)
      std::memcpy(target + step * width, values.row(step) + from,
                  static_cast<std::size_t>(count) * sizeof(float));
    if (m_file >= 0) write_file(scratch.data(), piece.steps * width, at);
  }
}

void GatherStore::read_tile(std::size_t series, std::int64_t first_pixel, std::int64_t pixels, float* out,
                            RawArray<float>& scratch) const {
  const std::int64_t width = m_shape.tile_pixels;
  const std::int64_t at = offset(series, first_pixel, 0);
  const float* tile = m_memory.data() + at;
  if (m_file >= 0) {
    scratch.reserve(static_cast<std::size_t>(m_shape.steps * width));
    read_file(scratch.data(), m_shape.steps * width, at);
    tile = scratch.data();
  }
  constexpr std::int64_t square = 16;  // a cache line of floats both ways
  for (std::int64_t s0 = 0; s0 < m_shape.steps; s0 += square)
    for (std::int64_t p = 0; p < pixels; ++p)
      for (std::int64_t s = s0; s < std::min(s0 + square, m_shape.steps); ++s)
        out[p * m_shape.steps + s] = tile[s * width + p];
}

void GatherStore::write_file(const float* values, std::int64_t count, std::int64_t at) {
  const char* data = reinterpret_cast<const char*>(values);
  auto left = static_cast<std::size_t>(count) * sizeof(float);
  auto position = static_cast<off_t>(at) * static_cast<off_t>(sizeof(float));
  while (left > 0) {
    const ssize_t written = pwrite(m_file, data, left, position);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail("cannot write gathered series", m_scratch_dir, written < 0 ? errno : ENOSPC);
    data += written;
    position += written;
    left -= static_cast<std::size_t>(written);
  }
}

void GatherStore::read_file(float* values, std::int64_t count, std::int64_t at) const {
  char* data = reinterpret_cast<char*>(values);
  auto left = static_cast<std::size_t>(count) * sizeof(float);
  auto position = static_cast<off_t>(at) * static_cast<off_t>(sizeof(float));
  while (left > 0) {
    const ssize_t got = pread(m_file, data, left, position);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail("cannot read gathered series back", m_scratch_dir, got < 0 ? errno : EIO);
    data += got;
    position += got;
    left -= static_cast<std::size_t>(got);
  }
}

}  // namespace rootzone::engine
