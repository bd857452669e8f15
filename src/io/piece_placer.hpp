#pragma once
#include <cstdint>
#include <filesystem>

#include "product_placer.hpp"
#include "rootzone/io/atomic_file.hpp"

namespace rootzone::io {

inline constexpr std::string_view piece_mark = "RZPIECE1";

/// Before each stored chunk in a piece. The last one of a file has part −1 and counts the others in
/// `sequence`.
struct PieceRecord {
  std::int64_t part = 0;
  std::int64_t sequence = 0;
  std::int64_t bytes = 0;
};

/// Puts stored chunks into a piece, in the order they come.
class PiecePlacer final : public ChunkPlacer {
 public:
  explicit PiecePlacer(const std::filesystem::path& file);
  void place(const ChunkPlace& place, std::span<const std::byte> stored) override;
  void commit() override;

 private:
  AtomicFile m_file;
  std::int64_t m_records = 0;
};

}  // namespace rootzone::io
