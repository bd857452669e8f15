#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "chunk_decoder.hpp"
#include "netcdf_member.hpp"
#include "rootzone/io/mask.hpp"
#include "rootzone/io/native_stack.hpp"
#include "stored_box.hpp"

namespace rootzone::io {

/// A record of a file and its place among the records of the window.
struct WantedRecord {
  std::int64_t in_file = 0;
  std::int64_t in_window = 0;
};

/// Stored numbers read through netCDF-C: a run of records, exactly the window's rows and columns.
struct HyperslabPart {
  std::shared_ptr<const NetcdfMember> member;
  std::unique_ptr<std::byte[]> bytes;
  StoredBox box;
  std::vector<WantedRecord> records;
};

/// A chunk as it lies on disk.
struct ChunkPart {
  std::shared_ptr<const NetcdfMember> member;
  ChunkCoding coding;
  std::byte* stored = nullptr;  ///< in the arena; nullptr for a chunk that was never written
  std::size_t stored_bytes = 0;
  std::uint32_t skipped_filters = 0;
  StoredBox box;  ///< without its bytes
  std::vector<WantedRecord> records;
};

/// What one window needs, on its way to values: parts of either kind, and the same window of each mask.
class NetcdfFetch final : public NativeFetch {
 public:
  struct Mask {
    std::unique_ptr<NetcdfFetch> fetch;
    MaskRule rule;
    bool once = false;  ///< one record serves all
    bool wide = false;  ///< flags of more bits than a float holds
  };

  NetcdfFetch(const NativeWindow& window, std::shared_ptr<std::atomic<std::int64_t>> chunk_counter)
      : m_window(window), m_chunk_counter(std::move(chunk_counter)) {}

  void decode(std::span<float> values, const core::ParallelFor& parallel_for) override {
    decode_masked(values, parallel_for);
  }
  /// The values before any mask, as float or double.
  template <typename Value>
  void decode_plain(std::span<Value> values, const core::ParallelFor& parallel_for);

  // Filled by the stack's fetch.
  std::vector<HyperslabPart> hyperslabs;
  std::vector<ChunkPart> chunks;
  std::vector<std::unique_ptr<std::byte[]>> arenas;
  std::vector<Mask> masks;

 private:
  void decode_masked(std::span<float> values, const core::ParallelFor& parallel_for);
  template <typename Quality>
  void mask_out(const Mask& mask, std::span<float> values, const core::ParallelFor& parallel_for) const;
  template <typename Value>
  void decode_chunk_part(const ChunkPart& part, std::span<Value> values) const;

  std::int64_t plane_cells() const { return m_window.rows * m_window.cols; }

  NativeWindow m_window;
  std::shared_ptr<std::atomic<std::int64_t>> m_chunk_counter;
};

/// Add what `records` of a file need to a fetch, through netCDF-C.
void fetch_hyperslabs(const NetcdfFile& file, const std::shared_ptr<const NetcdfMember>& member,
                      const NativeWindow& window, std::span<const WantedRecord> records, NetcdfFetch& fetch);
/// The same chunk by chunk.
void fetch_chunks(const Hdf5Variable& variable, const std::shared_ptr<const NetcdfMember>& member,
                  const NativeWindow& window, std::span<const WantedRecord> records, NetcdfFetch& fetch);

}  // namespace rootzone::io
