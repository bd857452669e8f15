#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace rootzone::io {

/// The hidden name a file bears until it is whole: `.name.part` in the folder of `target`, so that the last
/// step is a rename within one file system and no glob for `*.nc` or `*.tif` meets it.
std::filesystem::path partial_path(const std::filesystem::path& target);

/// A file written under its partial name and given its own by `commit`. One writer at a time per target; a
/// partial file left by a killed process is overwritten. Throws Error(environment) naming the path, the bytes
/// and the reason (disk full, permission).
class AtomicFile {
 public:
  /// Opens the partial file: a folder that is absent or not writable is found here.
  explicit AtomicFile(std::filesystem::path target);
  /// Without commit, nothing is left behind.
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void append(std::span<const std::byte> bytes);
  void append(std::string_view text);
  std::int64_t size() const { return m_size; }
  /// Sync the file, rename it, sync the folder. Whoever reads `target` sees the old file or the new one.
  void commit();

 private:
  std::filesystem::path m_target;
  std::filesystem::path m_partial;
  std::int64_t m_size = 0;
  std::int64_t m_handed_over = 0;  ///< bytes that the disk has been asked to write
  int m_descriptor = -1;
};

/// Replace `target` by these bytes, whole or not at all. Throws Error(environment).
void write_file_atomically(const std::filesystem::path& target, std::span<const std::byte> bytes);
void write_file_atomically(const std::filesystem::path& target, std::string_view text);

/// Push a file's (or a folder's list of names') bytes to the disk. Throws Error(environment).
void sync_to_disk(const std::filesystem::path& path);

/// Rename within a folder, replacing what bears the new name. Throws Error(environment).
void rename_into_place(const std::filesystem::path& from, const std::filesystem::path& to);

/// Make a folder and its parents. Throws Error(environment) naming it and the reason.
void make_folder(const std::filesystem::path& folder);

}  // namespace rootzone::io
