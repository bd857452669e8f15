#pragma once
#include <gdal_priv.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "rootzone/core/error.hpp"

namespace rootzone::io {

/// Register GDAL's drivers, once per process, safely from any thread.
void register_gdal_drivers();

struct DatasetCloser {
  void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};
using DatasetPtr = std::unique_ptr<GDALDataset, DatasetCloser>;

/// A name in GDAL's memory file system that nobody else in this process bears; what lies under it is dropped
/// at the end. Files are made there and then put on the disk by AtomicFile: GDAL's drivers do not tell of a
/// full disk on closing, a plain write does.
class MemoryFile {
 public:
  explicit MemoryFile(const std::string& extension);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  const std::string& name() const { return m_name; }
  /// What was written, taken out. Throws Error(internal) if nothing was.
  std::vector<std::byte> take();

 private:
  std::string m_folder;
  std::string m_name;
};

/// Sets one GDAL option, if any, for this thread and keeps GDAL's own messages off the standard error while
/// it lives.
class GdalScope {
 public:
  explicit GdalScope(std::string option = {}, const std::string& value = {});
  ~GdalScope();
  GdalScope(const GdalScope&) = delete;
  GdalScope& operator=(const GdalScope&) = delete;

 private:
  std::string m_option;
};

/// Error(internal) "cannot <action>: <GDAL's last message>".
core::Error gdal_error(const std::string& action);

}  // namespace rootzone::io
