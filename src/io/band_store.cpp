#include "band_store.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace rootzone::io {

BandStore::BandStore(std::filesystem::path scratch_dir, std::size_t slot_bytes, std::int64_t memory_limit)
    : m_scratch_dir(std::move(scratch_dir)), m_slot_bytes(slot_bytes), m_memory_left(memory_limit) {}

BandSlot BandStore::acquire() {
  BandSlot slot;
  const auto bytes = static_cast<std::int64_t>(m_slot_bytes);
  if (bytes <= m_memory_left) {
    m_memory_left -= bytes;
    slot.memory.resize(m_slot_bytes);
    return slot;
  }
  if (!m_file) m_file = std::make_unique<ScratchFile>(m_scratch_dir);
  if (m_free_offsets.empty()) {
    slot.offset = bytes * m_file_slots++;
    // What is never written (cells beyond the grid's edge) must read as something: the last byte makes the
    // file as long as its slots.
    constexpr std::byte zero{0};
    m_file->write(slot.offset + bytes - 1, std::span(&zero, 1));
    return slot;
  }
  slot.offset = m_free_offsets.back();
  m_free_offsets.pop_back();
  return slot;
}

void BandStore::release(BandSlot slot) {
  if (slot.offset < 0)
    m_memory_left += static_cast<std::int64_t>(m_slot_bytes);
  else
    m_free_offsets.push_back(slot.offset);
}

void BandStore::put(BandSlot& slot, std::size_t offset, std::span<const std::byte> bytes) {
  if (slot.offset < 0)
    std::memcpy(slot.memory.data() + offset, bytes.data(), bytes.size());
  else
    m_file->write(slot.offset + static_cast<std::int64_t>(offset), bytes);
}

void BandStore::get(const BandSlot& slot, std::size_t offset, std::span<std::byte> bytes) const {
  if (slot.offset < 0)
    std::memcpy(bytes.data(), slot.memory.data() + offset, bytes.size());
  else
    m_file->read(slot.offset + static_cast<std::int64_t>(offset), bytes);
}

}  // namespace rootzone::io
