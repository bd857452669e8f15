#include "system_error.hpp"

#include <sys/statvfs.h>

#include <cerrno>
#include <system_error>

namespace rootzone::io {
namespace {

std::string advice(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return "; free space there, or choose another folder, and start again";
    case EACCES:
    case EPERM:
    case EROFS:
      return "; choose a folder you may write to";
    default:
      return "";
  }
}

}  // namespace

core::Error system_error(const std::string& action, const std::filesystem::path& path, int error_number,
                         std::int64_t bytes) {
  std::string message =
      "cannot " + action + " " + path.string() + ": " + std::generic_category().message(error_number);
  if (bytes >= 0) message += " (" + std::to_string(bytes) + " bytes";
  if (bytes >= 0) {
    const std::int64_t left = free_bytes(path);
    message += left >= 0 ? ", " + std::to_string(left) + " free)" : ")";
  }
  return core::Error(core::ErrorKind::environment, message + advice(error_number));
}

std::string reason_to_write(const std::filesystem::path& path, const std::string& reason) {
  // A write that finds no room takes what there is first, up to less than a block of the file system.
  constexpr std::int64_t largest_block = 65536;
  const std::int64_t left = free_bytes(path);
  if (left < 0 || left >= largest_block) return reason;
  return std::generic_category().message(ENOSPC) + " (" + reason + ")";
}

std::int64_t free_bytes(const std::filesystem::path& path) {
  struct statvfs status {};
  if (::statvfs(path.c_str(), &status) != 0 && ::statvfs(path.parent_path().c_str(), &status) != 0) return -1;
  return static_cast<std::int64_t>(status.f_bavail) * static_cast<std::int64_t>(status.f_frsize);
}

}  // namespace rootzone::io
