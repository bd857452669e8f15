#include "memory_dataset.hpp"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_vsi.h>

#include <atomic>
#include <cstring>
#include <mutex>
#include <utility>

#include "rootzone/io/library_lock.hpp"

namespace rootzone::io {

void register_gdal_drivers() {
  static std::once_flag once;
  std::call_once(once, [] {
    const NetcdfLock lock(netcdf_mutex());
    GDALAllRegister();
  });
}

MemoryFile::MemoryFile(const std::string& extension) {
  static std::atomic<std::uint64_t> counter{0};
  m_folder = "/vsimem/rootzone_product_" + std::to_string(counter++);
  m_name = m_folder + "/file" + extension;
}

MemoryFile::~MemoryFile() {
  VSIRmdirRecursive(m_folder.c_str());
}

std::vector<std::byte> MemoryFile::take() {
  vsi_l_offset length = 0;
  const std::unique_ptr<GByte, decltype(&VSIFree)> bytes(VSIGetMemFileBuffer(m_name.c_str(), &length, TRUE),
                                                         &VSIFree);
  if (!bytes) throw gdal_error("take " + m_name + " out of memory");
  std::vector<std::byte> taken(static_cast<std::size_t>(length));
  std::memcpy(taken.data(), bytes.get(), taken.size());
  return taken;
}

GdalScope::GdalScope(std::string option, const std::string& value) : m_option(std::move(option)) {
  register_gdal_drivers();
  CPLErrorReset();
  CPLPushErrorHandler(CPLQuietErrorHandler);
  if (!m_option.empty()) CPLSetThreadLocalConfigOption(m_option.c_str(), value.c_str());
}

GdalScope::~GdalScope() {
  if (!m_option.empty()) CPLSetThreadLocalConfigOption(m_option.c_str(), nullptr);
  CPLPopErrorHandler();
}

core::Error gdal_error(const std::string& action) {
  return core::Error(core::ErrorKind::internal, "cannot " + action + ": " + CPLGetLastErrorMsg());
}

}  // namespace rootzone::io
