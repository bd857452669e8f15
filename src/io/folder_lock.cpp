#include "rootzone/io/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <system_error>
#include <thread>

#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "system_error.hpp"

namespace rootzone::io {
namespace {

std::string who_am_i(const std::string& command) {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return "process " + std::to_string(::getpid()) + " on " + host.data() + " since " + text.data() + " (" +
         command + ")";
}

std::string read_holder(int descriptor) {
  std::array<char, 1024> text{};
  const ssize_t count = ::pread(descriptor, text.data(), text.size(), 0);
  std::string holder(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  holder.erase(holder.find_last_not_of(" \n") + 1);
  return holder.empty() ? "a process that did not give its name" : holder;
}

/// Whether the file that is open still bears the name: its last holder may have removed it in between.
bool still_there(int descriptor, const std::filesystem::path& path) {
  struct stat open_file {};
  struct stat named {};
  return ::fstat(descriptor, &open_file) == 0 && ::stat(path.c_str(), &named) == 0 &&
         open_file.st_dev == named.st_dev && open_file.st_ino == named.st_ino;
}

// A holder that lets go asks for the lock alone for a moment, which refuses others though nobody works there.
// That moment is over after one of these waits; who works there is still there after all of them.
bool lock_patiently(int descriptor, int operation) {
  constexpr int attempts = 10;
  constexpr auto wait = std::chrono::milliseconds(10);
  for (int attempt = 1;; ++attempt) {
    if (::flock(descriptor, operation | LOCK_NB) == 0 || errno != EWOULDBLOCK) return true;
    if (attempt == attempts) return false;
    std::this_thread::sleep_for(wait);
  }
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder, Kind kind, const std::string& command)
    : m_folder(folder), m_path(folder / ".work" / "lock") {
  while (!try_lock(kind)) {
  }
  if (kind == Kind::shared) return;
  const std::string text = who_am_i(command) + "\n";
  if (::ftruncate(m_descriptor, 0) != 0 ||
      ::pwrite(m_descriptor, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
    const int reason = errno;
    std::error_code ignored;  // it is ours alone: leave nothing behind where nothing can be written
    std::filesystem::remove(m_path, ignored);
    std::filesystem::remove(m_path.parent_path(), ignored);
    ::close(m_descriptor);
    throw system_error("write", m_path, reason);
  }
}

// False: the file was removed by its last holder meanwhile; try the new one.
bool FolderLock::try_lock(Kind kind) {
  make_folder(m_path.parent_path());
  m_descriptor = ::open(m_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (m_descriptor < 0 && errno == ENOENT) return false;
  if (m_descriptor < 0) throw system_error("create", m_path, errno);
  if (!lock_patiently(m_descriptor, kind == Kind::shared ? LOCK_SH : LOCK_EX)) {
    const std::string holder = read_holder(m_descriptor);
    ::close(m_descriptor);
    throw core::Error(core::ErrorKind::environment,
                      m_folder.string() + ": another rootzone process is writing there: " + holder +
                          "; wait for it or choose another folder with --out");
  }
  if (still_there(m_descriptor, m_path)) return true;
  ::close(m_descriptor);
  return false;
}

FolderLock::~FolderLock() {
  // Only the last holder gets it for itself, and removes it while nobody else can have it.
  if (::flock(m_descriptor, LOCK_EX | LOCK_NB) == 0) {
    ::unlink(m_path.c_str());
    std::error_code ignored;
    std::filesystem::remove(m_path.parent_path(), ignored);  // fails, as it should, if anything is in there
  }
  ::close(m_descriptor);
}

}  // namespace rootzone::io
