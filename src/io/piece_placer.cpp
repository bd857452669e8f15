#include "piece_placer.hpp"

namespace rootzone::io {
namespace {

void append(AtomicFile& file, const PieceRecord& record) {
  file.append(std::as_bytes(std::span(&record, 1)));
}

}  // namespace

PiecePlacer::PiecePlacer(const std::filesystem::path& file) : m_file(file) {
  m_file.append(piece_mark);
}

void PiecePlacer::place(const ChunkPlace& place, std::span<const std::byte> stored) {
  append(m_file, {place.part, place.sequence, static_cast<std::int64_t>(stored.size())});
  m_file.append(stored);
  ++m_records;
}

void PiecePlacer::commit() {
  append(m_file, {-1, m_records, 0});
  m_file.commit();
}

}  // namespace rootzone::io
