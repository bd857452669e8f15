#pragma once
#include <hdf5.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "netcdf_file.hpp"

namespace rootzone::io {

/// An HDF5 identifier, closed by the function of its kind.
class Hdf5Handle {
 public:
  using Closer = herr_t (*)(hid_t);
  Hdf5Handle() = default;
  Hdf5Handle(hid_t id, Closer closer) : m_id(id), m_closer(closer) {}
  ~Hdf5Handle() { reset(); }
  Hdf5Handle(Hdf5Handle&& other) noexcept : m_id(other.m_id), m_closer(other.m_closer) { other.m_id = -1; }
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept;
  Hdf5Handle(const Hdf5Handle&) = delete;
  Hdf5Handle& operator=(const Hdf5Handle&) = delete;
  hid_t get() const { return m_id; }
  bool is_open() const { return m_id >= 0; }

 private:
  void reset();
  hid_t m_id = -1;
  Closer m_closer = nullptr;
};

/// How the chunks of a dataset are coded.
struct ChunkCoding {
  std::size_t element_bytes = 4;
  std::size_t chunk_elements = 1;
  bool swap_bytes = false;  ///< stored in the other byte order
  int shuffle_filter = -1;  ///< position in the pipeline (a bit of the filter mask), −1 = none
  int deflate_filter = -1;
  std::size_t chunk_bytes() const { return element_bytes * chunk_elements; }
};

/// A chunked dataset, opened beside netCDF-C to take its chunks off the disk as they lie there. One thread at
/// a time.
class Hdf5Variable {
 public:
  /// Nothing if the variable's chunks are not plain shuffle and/or deflate (or uncoded) numbers of the shape
  /// netCDF-C reports: then netCDF-C must read it.
  static std::unique_ptr<Hdf5Variable> open(const std::filesystem::path& path,
                                            const NetcdfVariable& variable);

  const ChunkCoding& coding() const { return m_coding; }
  /// Bytes that the chunk at `origin` (in elements) takes; 0 for one that was never written, where HDF5 can
  /// tell (without filters it cannot, `read` does).
  std::size_t stored_size(const std::vector<hsize_t>& origin) const;
  /// Its bytes, and as a result the mask of filters that were skipped for it; nothing if it was never
  /// written.
  std::optional<std::uint32_t> read(const std::vector<hsize_t>& origin, std::byte* stored) const;

 private:
  Hdf5Variable(std::filesystem::path path, std::string name)
      : m_path(std::move(path)), m_name(std::move(name)) {}
  bool inspect(const NetcdfVariable& variable);
  bool inspect_filters(hid_t plan);
  bool inspect_type(const NetcdfVariable& variable);
  bool was_never_written(const std::vector<hsize_t>& origin) const;
  [[noreturn]] void fail(const std::vector<hsize_t>& origin, const char* operation) const;

  std::filesystem::path m_path;
  std::string m_name;
  Hdf5Handle m_file;
  Hdf5Handle m_dataset;
  ChunkCoding m_coding;
};

}  // namespace rootzone::io
