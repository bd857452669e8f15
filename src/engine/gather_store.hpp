#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "raw_array.hpp"

namespace rootzone::engine {

/// Whole series of the pixels of one band, collected block by block and given back pixel by pixel. Kept as
/// tiles [tile][step][pixel of the tile], so that a strip's steps go to one place without a transposition and
/// a tile comes back in one read; in memory, or in an unnamed scratch file that dies with the process. The
/// file is read and written by position, not mapped: a full disk is then an error and not a SIGBUS, and its
/// pages are not counted as the process's memory.
class GatherStore {
 public:
  struct Shape {
    std::size_t series = 0;
    std::int64_t steps = 0;
    std::int64_t pixels = 0;  ///< of the largest band
    std::int64_t tile_pixels = 0;
  };
  /// scratch_dir: nothing keeps the series in memory. The file takes its whole size at once: throws
  /// Error(environment) before the first block if the disk cannot hold it.
  GatherStore(const Shape& shape, const std::optional<std::string>& scratch_dir);
  ~GatherStore();
  GatherStore(const GatherStore&) = delete;
  GatherStore& operator=(const GatherStore&) = delete;

  /// A piece of the band: pixels from a tile's edge to a tile's edge or the band's end, and some steps.
  struct Piece {
    std::size_t series = 0;
    std::int64_t first_pixel = 0;
    std::int64_t pixels = 0;
    std::int64_t first_step = 0;
    std::int64_t steps = 0;
  };
  /// Safe from many threads on disjoint pieces; scratch belongs to the thread.
  void put(const Piece& piece, const StepRows<float>& values, RawArray<float>& scratch);
  /// out[pixel][step] of one tile from first_pixel on, all steps. Safe from many threads.
  void read_tile(std::size_t series, std::int64_t first_pixel, std::int64_t pixels, float* out,
                 RawArray<float>& scratch) const;

 private:
  std::int64_t offset(std::size_t series, std::int64_t first_pixel, std::int64_t step) const;
  void write_file(const float* values, std::int64_t count, std::int64_t at);
  void read_file(float* values, std::int64_t count, std::int64_t at) const;

  Shape m_shape;
  std::int64_t m_tiles;
  RawArray<float> m_memory;
  std::string m_scratch_dir;
  int m_file = -1;
};

}  // namespace rootzone::engine
