#include "scratch_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "system_error.hpp"

namespace rootzone::io {

ScratchFile::ScratchFile(const std::filesystem::path& folder) : m_folder(folder) {
  std::string name = (folder / "rootzone-XXXXXX").string();
  m_descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (m_descriptor < 0) throw system_error("create a scratch file in", folder, errno);
  ::unlink(name.c_str());
}

ScratchFile::~ScratchFile() {
  ::close(m_descriptor);
}

void ScratchFile::write(std::int64_t offset, std::span<const std::byte> bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::pwrite(m_descriptor, bytes.data() + done, bytes.size() - done,
                                   static_cast<off_t>(offset) + static_cast<off_t>(done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      throw system_error("write a scratch file in", m_folder, errno, static_cast<std::int64_t>(bytes.size()));
    done += static_cast<std::size_t>(count);
  }
}

void ScratchFile::read(std::int64_t offset, std::span<std::byte> bytes) const {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::pread(m_descriptor, bytes.data() + done, bytes.size() - done,
                                  static_cast<off_t>(offset) + static_cast<off_t>(done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw system_error("read a scratch file in", m_folder, errno);
    if (count == 0) throw system_error("read a scratch file, cut short, in", m_folder, EIO);
    done += static_cast<std::size_t>(count);
  }
}

}  // namespace rootzone::io
