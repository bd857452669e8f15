#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>

#include "product_placer.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/product_piece.hpp"
#include "rootzone/io/sha256.hpp"

namespace rootzone::io {

inline constexpr std::string_view piece_mark = "RZPIECE1";

/// Before each stored chunk in a piece. The last one of a file has part −1 and counts the others in
/// `sequence`.
struct PieceRecord {
  std::int64_t part = 0;
  std::int64_t sequence = 0;
  std::int64_t bytes = 0;
};

/// Puts stored chunks into a piece, in the order they come, and takes the piece's SHA-256 on the way.
class PiecePlacer final : public ChunkPlacer {
 public:
  /// sum: filled by commit().
  PiecePlacer(const std::filesystem::path& file, std::shared_ptr<PieceSum> sum);
  void place(const ChunkPlace& place, std::span<const std::byte> stored) override;
  void commit() override;

 private:
  void append(std::span<const std::byte> bytes);
  void append(const PieceRecord& record) { append(std::as_bytes(std::span(&record, 1))); }

  AtomicFile m_file;
  Sha256 m_hash;
  std::shared_ptr<PieceSum> m_sum;
  std::int64_t m_records = 0;
};

}  // namespace rootzone::io
