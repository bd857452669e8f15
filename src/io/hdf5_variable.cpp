#include "hdf5_variable.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;

constexpr std::size_t no_cache_bytes = 0;  // raw chunks bypass HDF5's chunk cache

Hdf5Handle open_file(const std::filesystem::path& path) {
  const Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  // The close degree stays the default, which is netCDF-C's: with another one HDF5 refuses a file that
  // netCDF-C has open at the time.
  H5Pset_cache(access.get(), 0, 1, no_cache_bytes, 1.0);
  return {H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose};
}

/// Whether the last failure on this thread says that a chunk was never written.
bool says_not_allocated() {
  bool found = false;
  const auto look = [](unsigned, const H5E_error2_t* error, void* answer) -> herr_t {
    if (error->desc != nullptr && std::strstr(error->desc, "not allocated") != nullptr)
      *static_cast<bool*>(answer) = true;
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, look, &found);
  return found;
}

}  // namespace

Hdf5Handle& Hdf5Handle::operator=(Hdf5Handle&& other) noexcept {
  if (this != &other) {
    reset();
    m_id = std::exchange(other.m_id, -1);
    m_closer = other.m_closer;
  }
  return *this;
}

void Hdf5Handle::reset() {
  if (m_id >= 0) m_closer(m_id);
  m_id = -1;
}

std::unique_ptr<Hdf5Variable> Hdf5Variable::open(const std::filesystem::path& path,
                                                 const NetcdfVariable& variable) {
  silence_hdf5_errors();
  std::unique_ptr<Hdf5Variable> opened(new Hdf5Variable(path, variable.name));
  opened->m_file = open_file(path);
  if (!opened->m_file.is_open()) return nullptr;
  opened->m_dataset =
      Hdf5Handle(H5Dopen2(opened->m_file.get(), ("/" + variable.name).c_str(), H5P_DEFAULT), H5Dclose);
  if (!opened->m_dataset.is_open() || !opened->inspect(variable)) return nullptr;
  return opened;
}

bool Hdf5Variable::inspect(const NetcdfVariable& variable) {
  const Hdf5Handle plan(H5Dget_create_plist(m_dataset.get()), H5Pclose);
  const Hdf5Handle space(H5Dget_space(m_dataset.get()), H5Sclose);
  const auto rank = static_cast<std::size_t>(std::max(0, H5Sget_simple_extent_ndims(space.get())));
  if (rank != variable.lengths.size() || H5Pget_layout(plan.get()) != H5D_CHUNKED) return false;
  // An unlimited dimension may be longer by netCDF's count than this dataset was written.
  std::vector<hsize_t> extent(rank);
  std::vector<hsize_t> chunk(rank);
  if (H5Sget_simple_extent_dims(space.get(), extent.data(), nullptr) < 0) return false;
  if (H5Pget_chunk(plan.get(), static_cast<int>(rank), chunk.data()) < 0) return false;
  for (std::size_t i = 0; i < rank; ++i) {
    if (extent[i] != static_cast<hsize_t>(variable.lengths[i])) return false;
    if (i >= variable.chunks.size() || chunk[i] != static_cast<hsize_t>(variable.chunks[i])) return false;
    m_coding.chunk_elements *= static_cast<std::size_t>(chunk[i]);
  }
  unsigned options = 0;  // edge chunks may be left unfiltered
  if (H5Pget_chunk_opts(plan.get(), &options) < 0 || options != 0) return false;
  return inspect_filters(plan.get()) && inspect_type(variable);
}

bool Hdf5Variable::inspect_filters(hid_t plan) {
  const int count = H5Pget_nfilters(plan);
  for (int i = 0; i < count; ++i) {
    unsigned flags = 0;
    std::size_t values = 0;
    const H5Z_filter_t filter =
        H5Pget_filter2(plan, static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, nullptr);
    if (filter == H5Z_FILTER_SHUFFLE && m_coding.shuffle_filter < 0 && m_coding.deflate_filter < 0)
      m_coding.shuffle_filter = i;
    else if (filter == H5Z_FILTER_DEFLATE && m_coding.deflate_filter < 0)
      m_coding.deflate_filter = i;
    else
      return false;
  }
  return count >= 0;
}

bool Hdf5Variable::inspect_type(const NetcdfVariable& variable) {
  static const std::array<std::pair<nc_type, hid_t>, 10> natives{{{NC_BYTE, H5T_NATIVE_INT8},
                                                                  {NC_UBYTE, H5T_NATIVE_UINT8},
                                                                  {NC_SHORT, H5T_NATIVE_INT16},
                                                                  {NC_USHORT, H5T_NATIVE_UINT16},
                                                                  {NC_INT, H5T_NATIVE_INT32},
                                                                  {NC_UINT, H5T_NATIVE_UINT32},
                                                                  {NC_INT64, H5T_NATIVE_INT64},
                                                                  {NC_UINT64, H5T_NATIVE_UINT64},
                                                                  {NC_FLOAT, H5T_NATIVE_FLOAT},
                                                                  {NC_DOUBLE, H5T_NATIVE_DOUBLE}}};
  const auto native = std::find_if(natives.begin(), natives.end(),
                                   [&](const auto& entry) { return entry.first == variable.type; });
  if (native == natives.end()) return false;
  const Hdf5Handle stored(H5Dget_type(m_dataset.get()), H5Tclose);
  m_coding.element_bytes = io::stored_size(variable.type);
  if (H5Tequal(stored.get(), native->second) > 0) return true;
  // The same type in the other byte order, and nothing else: no odd precisions.
  const Hdf5Handle swapped(H5Tcopy(native->second), H5Tclose);
  const H5T_order_t order = H5Tget_order(native->second) == H5T_ORDER_LE ? H5T_ORDER_BE : H5T_ORDER_LE;
  if (H5Tset_order(swapped.get(), order) < 0 || H5Tequal(stored.get(), swapped.get()) <= 0) return false;
  m_coding.swap_bytes = true;
  return true;
}

void Hdf5Variable::fail(const std::vector<hsize_t>& origin, const char* operation) const {
  std::string at;
  for (const hsize_t index : origin) at += (at.empty() ? "" : ", ") + std::to_string(index);
  throw Error(ErrorKind::data, m_path.string() + ", " + m_name + ": cannot " + operation + " the chunk at (" +
                                   at + "); the file looks damaged or truncated: fetch it again");
}

std::size_t Hdf5Variable::stored_size(const std::vector<hsize_t>& origin) const {
  hsize_t bytes = 0;
  if (H5Dget_chunk_storage_size(m_dataset.get(), origin.data(), &bytes) >= 0)
    return static_cast<std::size_t>(bytes);
  if (!was_never_written(origin)) fail(origin, "find");
  return 0;
}

bool Hdf5Variable::was_never_written(const std::vector<hsize_t>& origin) const {
  if (says_not_allocated()) return true;
  // HDF5 words it in more than one way. This call has an answer of its own for such a chunk, but it walks the
  // whole index.
  unsigned mask = 0;
  haddr_t address = 0;
  hsize_t bytes = 0;
  return H5Dget_chunk_info_by_coord(m_dataset.get(), origin.data(), &mask, &address, &bytes) >= 0 &&
         address == HADDR_UNDEF;
}

std::optional<std::uint32_t> Hdf5Variable::read(const std::vector<hsize_t>& origin, std::byte* stored) const {
  std::uint32_t mask = 0;
  if (H5Dread_chunk(m_dataset.get(), H5P_DEFAULT, origin.data(), &mask, stored) >= 0) return mask;
  if (!was_never_written(origin)) fail(origin, "read");
  return {};
}

}  // namespace rootzone::io
