#include "small_disk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace rootzone::app::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::int64_t page_bytes = 4096;
constexpr std::int64_t large_bytes = 1024 * page_bytes;

std::string reason() {
  return std::generic_category().message(errno);
}

/// Mounts of its own for this process, as root or as a user with a namespace; empty, or why not.
std::string separate_mounts() {
  static bool done = false;
  if (done) return "";
  if (::geteuid() != 0) {
    const std::string user = std::to_string(::geteuid()), group = std::to_string(::getegid());
    if (::unshare(CLONE_NEWUSER) != 0) return "no user namespace: " + reason();
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << user << ' ' << user << " 1";
    std::ofstream("/proc/self/gid_map") << group << ' ' << group << " 1";
  }
  if (::unshare(CLONE_NEWNS) != 0) return "no mount namespace: " + reason();
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return "cannot keep mounts private: " + reason();
  done = true;
  return "";
}

/// What a disturbed job may leave changed in no other way than the undisturbed one does. The marker of a tile
/// carries seconds: that it is there is all that is compared.
std::map<std::string, std::string> everything_below(const std::filesystem::path& folder) {
  std::map<std::string, std::string> all = products_below(folder);
  for (auto& [name, bytes] : all)
    if (name.ends_with(".done")) bytes.clear();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_directory()) all[std::filesystem::relative(entry.path(), folder).string() + "/"] = "";
  return all;
}

void expect_nothing_half_done(const std::filesystem::path& folder,
                              const std::map<std::string, std::string>& before,
                              const std::map<std::string, std::string>& after) {
  const auto is_as_in = [](const auto& all, const std::string& name, const std::string& bytes) {
    const auto found = all.find(name);
    return found != all.end() && found->second == bytes;
  };
  for (const auto& [name, bytes] : everything_below(folder))
    EXPECT_TRUE(is_as_in(before, name, bytes) || is_as_in(after, name, bytes)) << name;
}

}  // namespace

SmallDisk::SmallDisk(std::filesystem::path folder) : m_folder(std::move(folder)) {
  m_obstacle = separate_mounts();
  if (!m_obstacle.empty()) return;
  std::filesystem::create_directories(m_folder);
  if (::mount("tmpfs", m_folder.c_str(), "tmpfs", 0, "size=4m") != 0) m_obstacle = "no tmpfs: " + reason();
}

SmallDisk::~SmallDisk() {
  if (m_obstacle.empty()) ::umount2(m_folder.c_str(), MNT_DETACH);
}

void SmallDisk::make_large() const {
  resize(large_bytes);
}

void SmallDisk::leave_free(std::int64_t pages) const {
  struct statvfs status {};
  if (::statvfs(m_folder.c_str(), &status) != 0) throw std::runtime_error("cannot ask " + m_folder.string());
  const auto used = static_cast<std::int64_t>((status.f_blocks - status.f_bfree) * status.f_frsize);
  resize(std::max(page_bytes, used + pages * page_bytes));  // size=0 would be a disk without end
}

void SmallDisk::resize(std::int64_t bytes) const {
  const std::string size = "size=" + std::to_string(bytes);
  if (::mount(nullptr, m_folder.c_str(), nullptr, MS_REMOUNT, size.c_str()) != 0)
    throw std::runtime_error("cannot resize " + m_folder.string() + ": " + reason());
}

MapBasin::MapBasin() {
  const std::string maps = "\nsplit = \"day\"\nformats = [\"cog\"]\n";
  write_pipeline({{"formats = [\"netcdf\", \"cog\"]\ncog_dates = \"first_last\"", maps},
                  {"variable = \"soil_water_index\"", "variable = \"soil_water_index\"" + maps}});
}

FullDiskCount fill_disk(const KillDrill& drill, const SmallDisk& disk,
                        const std::vector<std::int64_t>& pages) {
  begin(drill);
  EXPECT_EQ(run_command(drill.command).exit_code, 0);
  const auto after = everything_below(drill.folder);
  drill.finish();
  const auto expected = products_below(drill.folder);
  EXPECT_FALSE(expected.empty());
  FullDiskCount count;
  for (const std::int64_t free : pages) {
    SCOPED_TRACE(std::to_string(free) + " pages left");
    begin(drill);
    std::filesystem::create_directories(drill.folder);
    const auto before = everything_below(drill.folder);
    disk.leave_free(free);
    const Outcome outcome = run_command(drill.command);
    disk.make_large();
    if (outcome.exit_code == 0) {
      ++count.ended;
      break;
    }
    ++count.full;
    EXPECT_EQ(outcome.exit_code, 4);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("No space left on device"), HasSubstr(drill.folder.string()),
                                   Not(HasSubstr("this is a bug"))));
    expect_nothing_half_done(drill.folder, before, after);
    expect_resumed(drill, expected);
    if (::testing::Test::HasFailure()) break;
  }
  return count;
}

}  // namespace rootzone::app::test
