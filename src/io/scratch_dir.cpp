#include "rootzone/io/scratch_dir.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "system_error.hpp"

namespace rootzone::io {

ScratchDir::ScratchDir(const std::filesystem::path& out_dir, std::string_view name)
    : m_path(out_dir / ".work" / name) {
  make_folder(m_path);
  m_lock = ::open(m_path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (m_lock < 0) throw system_error("open", m_path, errno);
  if (::flock(m_lock, LOCK_EX | LOCK_NB) != 0 &&
      errno == EWOULDBLOCK) {  // a file system without locks goes on
    ::close(m_lock);
    throw core::Error(core::ErrorKind::environment,
                      out_dir.string() + ": another rootzone process is writing there (it holds " +
                          m_path.string() + "); wait for it or choose another folder with --out");
  }
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(m_path, ignored))
    std::filesystem::remove_all(entry.path(), ignored);
}

ScratchDir::~ScratchDir() {
  std::error_code ignored;
  std::filesystem::remove_all(m_path, ignored);
  // Fails, as it should, while another scratch folder is in there.
  std::filesystem::remove(m_path.parent_path(), ignored);
  ::close(m_lock);
}

}  // namespace rootzone::io
