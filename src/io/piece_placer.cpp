#include "piece_placer.hpp"

#include <utility>

namespace rootzone::io {

PiecePlacer::PiecePlacer(const std::filesystem::path& file, std::shared_ptr<PieceSum> sum)
    : m_file(file), m_sum(std::move(sum)) {
  append(std::as_bytes(std::span(piece_mark)));
}

void PiecePlacer::append(std::span<const std::byte> bytes) {
  m_file.append(bytes);
  m_hash.update(bytes);
}

void PiecePlacer::place(const ChunkPlace& place, std::span<const std::byte> stored) {
  append({place.part, place.sequence, static_cast<std::int64_t>(stored.size())});
  append(stored);
  ++m_records;
}

void PiecePlacer::commit() {
  append({-1, m_records, 0});
  m_file.commit();
  *m_sum = {m_file.size(), m_hash.hex_digest()};
}

}  // namespace rootzone::io
