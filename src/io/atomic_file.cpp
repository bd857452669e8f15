#include "rootzone/io/atomic_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "system_error.hpp"

namespace rootzone::io {
namespace {

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

}  // namespace

std::filesystem::path partial_path(const std::filesystem::path& target) {
  return folder_of(target) / ("." + target.filename().string() + ".part");
}

AtomicFile::AtomicFile(std::filesystem::path target)
    : m_target(std::move(target)), m_partial(partial_path(m_target)) {
  m_descriptor = ::open(m_partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (m_descriptor < 0) throw system_error("create", m_partial, errno);
}

AtomicFile::~AtomicFile() {
  if (m_descriptor < 0) return;
  ::close(m_descriptor);
  ::unlink(m_partial.c_str());
}

void AtomicFile::append(std::span<const std::byte> bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t written = ::write(m_descriptor, bytes.data() + done, bytes.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw system_error("write", m_partial, errno, static_cast<std::int64_t>(bytes.size()));
    done += static_cast<std::size_t>(written);
    m_size += written;
  }
  // Let the disk begin, so that commit has less to wait for. Where that cannot be asked for, it waits longer.
  constexpr std::int64_t enough = std::int64_t{4} << 20;
  if (m_size - m_handed_over < enough) return;
  ::sync_file_range(m_descriptor, m_handed_over, m_size - m_handed_over, SYNC_FILE_RANGE_WRITE);
  m_handed_over = m_size;
}

void AtomicFile::append(std::string_view text) {
  append(std::as_bytes(std::span(text.data(), text.size())));
}

void AtomicFile::commit() {
  if (::fsync(m_descriptor) != 0) throw system_error("sync", m_partial, errno, m_size);
  const int descriptor = std::exchange(m_descriptor, -1);
  if (::close(descriptor) != 0) {
    const int reason = errno;
    ::unlink(m_partial.c_str());
    throw system_error("close", m_partial, reason, m_size);
  }
  rename_into_place(m_partial, m_target);
  sync_to_disk(folder_of(m_target));
}

void write_file_atomically(const std::filesystem::path& target, std::span<const std::byte> bytes) {
  AtomicFile file(target);
  file.append(bytes);
  file.commit();
}

void write_file_atomically(const std::filesystem::path& target, std::string_view text) {
  write_file_atomically(target, std::as_bytes(std::span(text.data(), text.size())));
}

void sync_to_disk(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw system_error("open", path, errno);
  const int result = ::fsync(descriptor);
  const int reason = errno;
  ::close(descriptor);
  // Some file systems cannot sync a folder and say EINVAL: the rename itself was done.
  if (result != 0 && reason != EINVAL) throw system_error("sync", path, reason);
}

void rename_into_place(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code reason;
  std::filesystem::rename(from, to, reason);
  if (!reason) return;
  std::error_code ignored;
  std::filesystem::remove(from, ignored);
  throw system_error("rename " + from.string() + " to", to, reason.value());
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code reason;
  std::filesystem::create_directories(folder, reason);
  if (reason) throw system_error("make the folder", folder, reason.value());
}

}  // namespace rootzone::io
