#include "rootzone/io/product_piece.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "piece_placer.hpp"
#include "product_layout.hpp"
#include "rootzone/core/error.hpp"
#include "system_error.hpp"

namespace rootzone::io {
namespace {

/// A piece that is read: where each of its chunks lies.
class PieceReader {
 public:
  explicit PieceReader(const std::filesystem::path& path) : m_path(path) {
    m_descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (m_descriptor < 0) throw system_error("open", path, errno);
    struct stat status {};
    if (::fstat(m_descriptor, &status) == 0) m_bytes = status.st_size;
  }
  ~PieceReader() { ::close(m_descriptor); }
  PieceReader(const PieceReader&) = delete;
  PieceReader& operator=(const PieceReader&) = delete;

  std::int64_t bytes() const { return m_bytes; }

  void read(std::int64_t offset, std::span<std::byte> bytes) const {
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t count = ::pread(m_descriptor, bytes.data() + done, bytes.size() - done,
                                    static_cast<off_t>(offset) + static_cast<off_t>(done));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw system_error("read", m_path, errno);
      if (count == 0) refuse("is cut short");
      done += static_cast<std::size_t>(count);
    }
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw core::Error(core::ErrorKind::data,
                      "the piece " + m_path.string() + " " + what + "; remove it and run its tile again");
  }

 private:
  std::filesystem::path m_path;
  int m_descriptor = -1;
  std::int64_t m_bytes = 0;
};

struct PlacedChunk {
  ChunkPlace place;
  std::size_t piece = 0;
  std::int64_t offset = 0;
  std::int64_t bytes = 0;
};

void list_chunks(const PieceReader& reader, std::size_t piece, std::vector<PlacedChunk>& chunks) {
  std::array<char, piece_mark.size()> mark{};
  reader.read(0, std::as_writable_bytes(std::span(mark)));
  if (std::string_view(mark.data(), mark.size()) != piece_mark) reader.refuse("is no piece of a product");
  auto offset = static_cast<std::int64_t>(mark.size());
  for (std::int64_t count = 0;; ++count) {
    PieceRecord record;
    reader.read(offset, std::as_writable_bytes(std::span(&record, 1)));
    offset += static_cast<std::int64_t>(sizeof record);
    if (record.part < 0) {
      if (record.sequence != count) reader.refuse("is damaged");
      return;
    }
    // A length that was damaged must not become a request for memory.
    if (record.bytes < 0 || record.bytes > reader.bytes() - offset) reader.refuse("is damaged");
    chunks.push_back({{record.part, record.sequence}, piece, offset, record.bytes});
    offset += record.bytes;
  }
}

bool before(const PlacedChunk& a, const PlacedChunk& b) {
  return a.place.part != b.place.part ? a.place.part < b.place.part : a.place.sequence < b.place.sequence;
}

}  // namespace

std::int64_t product_piece_rows(const core::Grid& grid) {
  return product_chunk_shape(grid, 1).rows;
}

void join_product_pieces(const ProductSpec& spec, const std::vector<std::filesystem::path>& pieces,
                         const std::filesystem::path& out_dir, const std::filesystem::path& scratch_dir,
                         const std::function<void()>& go_on) {
  std::vector<std::unique_ptr<PieceReader>> readers;
  std::vector<PlacedChunk> chunks;
  for (const auto& path : pieces) {
    readers.push_back(std::make_unique<PieceReader>(path));
    list_chunks(*readers.back(), readers.size() - 1, chunks);
  }
  std::sort(chunks.begin(), chunks.end(), before);
  const std::vector<ProductPart> parts = product_parts(spec, out_dir);
  ProductPlacer placer(spec, parts, scratch_dir);
  ChunkPlace expected;
  std::vector<std::byte> stored;
  for (const PlacedChunk& chunk : chunks) {
    if (!(chunk.place == expected))
      readers[chunk.piece]->refuse("does not fit the others: chunk " + std::to_string(expected.sequence) +
                                   " of file " + std::to_string(expected.part) +
                                   " is there twice or not at all");
    stored.resize(static_cast<std::size_t>(chunk.bytes));
    readers[chunk.piece]->read(chunk.offset, stored);
    placer.place(chunk.place, stored);
    if (++expected.sequence < placer.chunks_of_part(expected.part)) continue;
    expected = {expected.part + 1, 0};
    go_on();
  }
  if (expected.part != static_cast<std::int64_t>(parts.size()))
    throw core::Error(core::ErrorKind::data, spec.variable + ": the pieces lack chunks of the product");
  placer.commit();
}

}  // namespace rootzone::io
