#include "hdf5_chunk_file.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "system_error.hpp"

namespace rootzone::io {
namespace {

/// HDF5 prints its errors per thread; ours go into exceptions.
class Quiet {
 public:
  Quiet() {
    H5Eget_auto2(H5E_DEFAULT, &m_function, &m_data);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  ~Quiet() { H5Eset_auto2(H5E_DEFAULT, m_function, m_data); }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;

 private:
  H5E_auto2_t m_function = nullptr;
  void* m_data = nullptr;
};

/// The innermost description on HDF5's error stack: the one that says why.
std::string hdf5_reason() {
  std::string reason = "no reason given";
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_UPWARD,
      [](unsigned, const H5E_error2_t* entry, void* text) -> herr_t {
        if (entry->desc != nullptr) *static_cast<std::string*>(text) = entry->desc;
        return 1;
      },
      &reason);
  return reason;
}

std::array<hsize_t, 3> offset_of(const ChunkOrigin& origin) {
  return {static_cast<hsize_t>(origin[0]), static_cast<hsize_t>(origin[1]), static_cast<hsize_t>(origin[2])};
}

/// shuffle then deflate, nothing else.
bool has_our_filters(hid_t properties) {
  if (H5Pget_nfilters(properties) != 2) return false;
  const auto filter = [&](unsigned index) {
    unsigned flags = 0;
    unsigned config = 0;
    std::size_t values = 0;
    return H5Pget_filter2(properties, index, &flags, &values, nullptr, 0, nullptr, &config);
  };
  return filter(0) == H5Z_FILTER_SHUFFLE && filter(1) == H5Z_FILTER_DEFLATE;
}

}  // namespace

Hdf5ChunkFile::Hdf5ChunkFile(std::filesystem::path path, Access access,
                             const std::vector<std::string>& variables)
    : m_path(std::move(path)), m_access(access), m_names(variables) {
  const Quiet quiet;
  m_file = H5Fopen(m_path.c_str(), access == Access::write ? H5F_ACC_RDWR : H5F_ACC_RDONLY, H5P_DEFAULT);
  if (m_file < 0) throw failure("open", -1);
  for (const std::string& name : m_names) {
    m_datasets.push_back(H5Dopen2(m_file, name.c_str(), H5P_DEFAULT));
    if (m_datasets.back() >= 0) continue;
    const core::Error error = failure("find the variable " + name + " in", -1);
    release();
    throw error;
  }
}

Hdf5ChunkFile::~Hdf5ChunkFile() {
  const Quiet quiet;
  release();
}

void Hdf5ChunkFile::release() {
  for (const hid_t dataset : m_datasets)
    if (dataset >= 0) H5Dclose(dataset);
  m_datasets.clear();
  if (m_file >= 0) H5Fclose(std::exchange(m_file, -1));
}

core::Error Hdf5ChunkFile::failure(const std::string& action, std::int64_t bytes) const {
  const bool writing = m_access == Access::write;
  const std::string reason = hdf5_reason();
  std::string message = "cannot " + action + " " + m_path.string() + ": " +
                        (writing ? reason_to_write(m_path, reason) : reason);
  if (bytes >= 0) message += " (" + std::to_string(bytes) + " bytes";
  if (bytes >= 0) message += ", " + std::to_string(free_bytes(m_path)) + " free)";
  return core::Error(writing ? core::ErrorKind::environment : core::ErrorKind::data,
                     message + (writing ? "; check the disk and start again" : "; make the product again"));
}

void Hdf5ChunkFile::expect_cube(std::size_t variable, const std::array<std::int64_t, 3>& shape,
                                const ChunkShape& chunk, std::size_t element_size) const {
  const Quiet quiet;
  const hid_t dataset = m_datasets[variable];
  const hid_t space = H5Dget_space(dataset);
  const hid_t properties = H5Dget_create_plist(dataset);
  const hid_t type = H5Dget_type(dataset);
  std::array<hsize_t, 3> found_shape{};
  std::array<hsize_t, 3> found_chunk{};
  bool same = H5Sget_simple_extent_ndims(space) == 3 && H5Pget_layout(properties) == H5D_CHUNKED;
  if (same) {
    H5Sget_simple_extent_dims(space, found_shape.data(), nullptr);
    H5Pget_chunk(properties, 3, found_chunk.data());
    same = found_shape == offset_of(shape) &&
           found_chunk == offset_of({chunk.steps, chunk.rows, chunk.cols}) && has_our_filters(properties) &&
           H5Tget_size(type) == element_size;
  }
  H5Tclose(type);
  H5Pclose(properties);
  H5Sclose(space);
  if (same) return;
  throw core::Error(core::ErrorKind::data, m_path.string() + ": the variable " + m_names[variable] +
                                               " is not the expected product of " + std::to_string(shape[0]) +
                                               " × " + std::to_string(shape[1]) + " × " +
                                               std::to_string(shape[2]) +
                                               " cells as this version stores it; make the product again");
}

void Hdf5ChunkFile::write(std::size_t variable, const ChunkOrigin& origin,
                          std::span<const std::byte> stored) {
  // HDF5 cannot close a file whose last pages found no room, and the process then stumbles over it at its
  // end: a full disk is noticed before, with room left for the index.
  constexpr std::int64_t room_for_index = 1 << 20;
  const auto bytes = static_cast<std::int64_t>(stored.size());
  const std::int64_t left = free_bytes(m_path);
  if (left >= 0 && left < bytes + room_for_index) throw system_error("write", m_path, ENOSPC, bytes);
  const Quiet quiet;
  const auto offset = offset_of(origin);
  if (H5Dwrite_chunk(m_datasets[variable], H5P_DEFAULT, 0, offset.data(), stored.size(), stored.data()) < 0)
    throw failure("write to", bytes);
}

std::vector<std::byte> Hdf5ChunkFile::read(std::size_t variable, const ChunkOrigin& origin) const {
  const Quiet quiet;
  const auto offset = offset_of(origin);
  hsize_t bytes = 0;
  if (H5Dget_chunk_storage_size(m_datasets[variable], offset.data(), &bytes) < 0) {
    // HDF5 1.10 makes an error of a chunk never written, with no code of its own; the call that answers
    // plainly (H5Dget_chunk_info_by_coord) walks through the whole index each time.
    if (hdf5_reason().find("not allocated") != std::string::npos) return {};
    throw failure("find a chunk of", -1);
  }
  std::vector<std::byte> stored(static_cast<std::size_t>(bytes));
  std::uint32_t mask = 0;
  if (bytes > 0 && H5Dread_chunk(m_datasets[variable], H5P_DEFAULT, offset.data(), &mask, stored.data()) < 0)
    throw failure("read a chunk of", static_cast<std::int64_t>(bytes));
  if (mask != 0)
    throw core::Error(core::ErrorKind::data, m_path.string() + ": a chunk of " + m_names[variable] +
                                                 " skips its filters; make the product again");
  return stored;
}

void Hdf5ChunkFile::close() {
  const Quiet quiet;
  herr_t result = 0;
  for (const hid_t dataset : std::exchange(m_datasets, {})) result = std::min(result, H5Dclose(dataset));
  result = std::min(result, H5Fclose(std::exchange(m_file, -1)));
  if (result < 0) throw failure("close", -1);
}

}  // namespace rootzone::io
