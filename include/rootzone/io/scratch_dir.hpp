#pragma once
#include <filesystem>
#include <string_view>

namespace rootzone::io {

/// A folder `<out_dir>/.work/<name>` that lives as long as this object: removed with all that is in it at the
/// end, on exceptions too; `.work` itself goes when it is empty. What a killed process left under the same
/// name is cleared at the start. One process at a time: throws Error(environment) if another one holds it, or
/// if it cannot be made.
class ScratchDir {
 public:
  ScratchDir(const std::filesystem::path& out_dir, std::string_view name);
  ~ScratchDir();
  ScratchDir(const ScratchDir&) = delete;
  ScratchDir& operator=(const ScratchDir&) = delete;

  const std::filesystem::path& path() const { return m_path; }

 private:
  std::filesystem::path m_path;
  int m_lock = -1;  ///< the folder itself, open and locked: a killed process lets go of it
};

}  // namespace rootzone::io
