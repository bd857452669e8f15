#pragma once
#include <filesystem>
#include <string>

namespace rootzone::io {

/// A kernel lock (flock) on `<folder>/.work/lock`: it dies with its holder, so a killed process never leaves
/// a folder locked. The file says who holds it: process, host, command, since when. The file goes with the
/// last holder. Throws Error(environment) if another process holds it, naming that one; if it cannot be made.
/// On a file system without locks it goes on without one.
class FolderLock {
 public:
  enum class Kind { exclusive, shared };
  FolderLock(const std::filesystem::path& folder, Kind kind, const std::string& command);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  bool try_lock(Kind kind);
  std::filesystem::path m_folder;
  std::filesystem::path m_path;
  int m_descriptor = -1;
};

}  // namespace rootzone::io
