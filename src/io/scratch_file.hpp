#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace rootzone::io {

/// A file without a name: gone when this object is, or the process, however it ends. Reads and writes at an
/// offset are safe from several threads at once. Throws Error(environment) naming folder and bytes.
class ScratchFile {
 public:
  explicit ScratchFile(const std::filesystem::path& folder);
  ~ScratchFile();
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  void write(std::int64_t offset, std::span<const std::byte> bytes);
  void read(std::int64_t offset, std::span<std::byte> bytes) const;

 private:
  std::filesystem::path m_folder;
  int m_descriptor = -1;
};

}  // namespace rootzone::io
