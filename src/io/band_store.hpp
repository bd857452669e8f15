#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "scratch_file.hpp"

namespace rootzone::io {

/// Where the plain bytes of one unfinished band of chunks lie: in memory or in the scratch file.
struct BandSlot {
  std::vector<std::byte> memory;
  std::int64_t offset = -1;  ///< in the scratch file; −1: in memory
};

/// Room for bands of chunks that wait for the rest of their cells: memory up to a limit, then the disk.
/// Slots of equal size, used again once released. acquire and release by one thread at a time; put and get
/// by several on different bytes.
class BandStore {
 public:
  BandStore(std::filesystem::path scratch_dir, std::size_t slot_bytes, std::int64_t memory_limit);

  BandSlot acquire();
  void release(BandSlot slot);
  void put(BandSlot& slot, std::size_t offset, std::span<const std::byte> bytes);
  void get(const BandSlot& slot, std::size_t offset, std::span<std::byte> bytes) const;

 private:
  std::filesystem::path m_scratch_dir;
  std::size_t m_slot_bytes;
  std::int64_t m_memory_left;
  std::unique_ptr<ScratchFile> m_file;
  std::int64_t m_file_slots = 0;
  std::vector<std::int64_t> m_free_offsets;
};

}  // namespace rootzone::io
