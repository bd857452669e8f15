#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "product_layout.hpp"

struct libdeflate_compressor;
struct libdeflate_decompressor;

namespace rootzone::io {

/// Gather byte k of every element in plane k, as HDF5's shuffle filter does. element_size 2 or 4; sizes equal
/// and a multiple of it.
void shuffle_bytes(std::span<const std::byte> plain, std::span<std::byte> shuffled, std::size_t element_size);
void unshuffle_bytes(std::span<const std::byte> shuffled, std::span<std::byte> plain,
                     std::size_t element_size);

/// Numbers as they are stored: float32, or int16 with scale and offset; NaN as the fill value.
struct CellEncoding {
  std::string variable;  ///< for messages
  Packing packing = Packing::float32;
  double scale = 1.0;
  double offset = 0.0;

  std::size_t element_size() const {
    return packing == Packing::int16 ? sizeof(std::int16_t) : sizeof(float);
  }
  /// stored has element_size() bytes per value. Rounds half away from zero. Throws Error(internal) naming the
  /// variable and the value for what int16 cannot hold.
  void encode(std::span<const float> values, std::span<std::byte> stored) const;
  float decode(const std::byte* stored) const;
  void fill(std::span<std::byte> stored) const;
};

/// One thread's memory and compressor for the chunks of one product. Deflate level 1 in zlib's wrapping, by
/// libdeflate: the same bytes for the same input on every machine.
class ChunkWorkspace {
 public:
  ChunkWorkspace();
  ~ChunkWorkspace();
  ChunkWorkspace(const ChunkWorkspace&) = delete;
  ChunkWorkspace& operator=(const ChunkWorkspace&) = delete;

  /// Memory for the plain bytes of one chunk.
  std::span<std::byte> raw(std::size_t bytes);
  /// Planes of bytes that are noise (the last digits of floats) come first in a shuffled chunk; they go in as
  /// stored blocks, which cost nothing to write or to read and are no longer than what deflate would make.
  std::vector<std::byte> shuffle_and_deflate(std::span<const std::byte> plain, std::size_t element_size,
                                             const ChunkShape& shape);
  /// False unless the bytes are a zlib stream of exactly plain.size() bytes.
  bool inflate_and_unshuffle(std::span<const std::byte> stored, std::span<std::byte> plain,
                             std::size_t element_size);

 private:
  std::vector<std::byte> m_raw;
  std::vector<std::byte> m_shuffled;
  std::vector<std::byte> m_deflated;
  libdeflate_compressor* m_compressor;
  libdeflate_decompressor* m_decompressor;
};

/// Lends workspaces to as many threads as ask at once, and keeps them for the next.
class WorkspacePool {
 public:
  class Loan {
   public:
    explicit Loan(WorkspacePool& pool);
    ~Loan();
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ChunkWorkspace& operator*() const { return *m_workspace; }
    ChunkWorkspace* operator->() const { return m_workspace.get(); }

   private:
    WorkspacePool& m_pool;
    std::unique_ptr<ChunkWorkspace> m_workspace;
  };

 private:
  std::mutex m_mutex;
  std::vector<std::unique_ptr<ChunkWorkspace>> m_idle;
};

}  // namespace rootzone::io
