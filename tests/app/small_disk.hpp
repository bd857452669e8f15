#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "kill_drill.hpp"

namespace rootzone::app::test {

/// A file system in memory (tmpfs), mounted on a folder that it makes, for this process and its children
/// only: it is there when the test is run by root, or where users may have namespaces of their own; else
/// `obstacle` says why not. Unmounted at the end.
class SmallDisk {
 public:
  explicit SmallDisk(std::filesystem::path folder);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  const std::string& obstacle() const { return m_obstacle; }
  /// 4 MiB.
  void make_large() const;
  /// Leave so many pages (4 KiB) free beside what lies there; an empty disk has one at least.
  void leave_free(std::int64_t pages) const;

 private:
  void resize(std::int64_t bytes) const;

  std::filesystem::path m_folder;
  std::string m_obstacle;
};

/// Nights that write maps alone: a NetCDF product is begun only where a mebibyte is free, so that maps, state
/// and manifest would never meet the end of the disk.
class MapBasin : public NightlyBasin {
 public:
  MapBasin();
};

struct FullDiskCount {
  int full = 0;   ///< times that the disk was too small
  int ended = 0;  ///< the job had room enough
};

/// Run the job with so many pages left free, one after the other, up to the first that is enough. Expects
/// exit code 4, a message that names a path of the folder and the reason, and each file as it was before or
/// as it will be at the end, none besides; then, on a large disk, the bytes of the undisturbed job.
FullDiskCount fill_disk(const KillDrill& drill, const SmallDisk& disk,
                        const std::vector<std::int64_t>& pages);

}  // namespace rootzone::app::test
