#pragma once
#include <hdf5.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "product_layout.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::io {

/// First cell of a chunk: step, row, col within its file.
using ChunkOrigin = std::array<std::int64_t, 3>;

/// The stored chunks of cubes in a netCDF-4 file, past HDF5's filters and netCDF-C. One thread at a time;
/// HDF5 itself may be in use by others.
class Hdf5ChunkFile {
 public:
  enum class Access { read, write };
  /// Opens the file and these variables. Throws Error(data) when reading and Error(environment) when
  /// writing, with HDF5's reason.
  Hdf5ChunkFile(std::filesystem::path path, Access access, const std::vector<std::string>& variables);
  ~Hdf5ChunkFile();
  Hdf5ChunkFile(const Hdf5ChunkFile&) = delete;
  Hdf5ChunkFile& operator=(const Hdf5ChunkFile&) = delete;

  const std::filesystem::path& path() const { return m_path; }
  /// Throws Error(data) unless the variable is such a cube: this shape, these chunks, elements of this size,
  /// filters shuffle and deflate.
  void expect_cube(std::size_t variable, const std::array<std::int64_t, 3>& shape, const ChunkShape& chunk,
                   std::size_t element_size) const;
  void write(std::size_t variable, const ChunkOrigin& origin, std::span<const std::byte> stored);
  /// Empty for a chunk never written.
  std::vector<std::byte> read(std::size_t variable, const ChunkOrigin& origin) const;
  /// Puts what HDF5 holds on the disk's way; its failure is an error, unlike that of the destructor.
  void close();

 private:
  void release();
  core::Error failure(const std::string& action, std::int64_t bytes) const;
  std::filesystem::path m_path;
  Access m_access;
  hid_t m_file = -1;
  std::vector<std::string> m_names;
  std::vector<hid_t> m_datasets;
};

}  // namespace rootzone::io
