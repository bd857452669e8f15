#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "hdf5_chunk_file.hpp"
#include "product_layout.hpp"
#include "scratch_file.hpp"

namespace rootzone::io {

/// A chunk's place in a product's one order: parts in order of time; in a part bands by step, then row; in a
/// band the chunks of values from west to east, then those of flags.
struct ChunkPlace {
  std::int64_t part = 0;
  std::int64_t sequence = 0;
  bool operator==(const ChunkPlace&) const = default;
};

/// Where the stored chunks of a product go.
class ChunkPlacer {
 public:
  virtual ~ChunkPlacer() = default;
  /// stored empty: a chunk that is all missing and is left out. Each place once.
  virtual void place(const ChunkPlace& place, std::span<const std::byte> stored) = 0;
  /// Everything is there: make it last.
  virtual void commit() = 0;
};

/// Puts stored chunks into the files of a product in that one order, so that the bytes of the files do not
/// depend on the order in which the chunks come: the next one goes to its file, the others wait in a scratch
/// file. One HDF5 file is open at a time. Throws Error(environment).
class ProductPlacer final : public ChunkPlacer {
 public:
  /// Makes the first file: a folder that is not writable is found here.
  ProductPlacer(const ProductSpec& spec, std::vector<ProductPart> parts, std::filesystem::path scratch_dir);
  /// Removes what `commit` did not name.
  ~ProductPlacer() override;
  ProductPlacer(const ProductPlacer&) = delete;
  ProductPlacer& operator=(const ProductPlacer&) = delete;

  void place(const ChunkPlace& place, std::span<const std::byte> stored) override;
  /// Sync all files, then name all. Every chunk must have been placed.
  void commit() override;

  std::int64_t chunks_of_part(std::int64_t part) const;

 private:
  struct Waiting {
    std::int64_t offset = -1;  ///< in the scratch file; −1: not yet here
    std::int64_t bytes = 0;
  };

  void make_folder_of_first();
  void begin_part();
  void put(std::span<const std::byte> stored);
  void advance();
  void drain();
  ChunkOrigin origin_of(std::int64_t sequence, std::size_t& variable) const;

  ProductSpec m_spec;
  std::vector<ProductPart> m_parts;
  std::filesystem::path m_scratch_dir;
  std::filesystem::path m_made_folder;  ///< removed again if nothing came into it
  std::int64_t m_row_chunks;
  std::int64_t m_col_chunks;
  std::int64_t m_variables;
  ChunkPlace m_next;
  std::unique_ptr<Hdf5ChunkFile> m_file;
  std::vector<std::vector<Waiting>> m_waiting;  ///< per part; empty until one waits
  std::unique_ptr<ScratchFile> m_spool;
  std::int64_t m_spooled_bytes = 0;
  std::size_t m_named = 0;  ///< files that bear their final name
};

}  // namespace rootzone::io
