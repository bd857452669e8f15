// Preloaded into the program under test: kills it, as `kill -9` would, before or after the N-th call that
// changes a folder or syncs a file (rename, unlink, fsync, mkdir, rmdir). N from ROOTZONE_TEST_KILL_AT.
#include <dlfcn.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace {

void count() {
  static std::atomic<int> calls{0};
  static const int limit = [] {
    const char* text = std::getenv("ROOTZONE_TEST_KILL_AT");
    return text == nullptr ? 0 : std::atoi(text);
  }();
  if (++calls == limit) {
    ::kill(::getpid(), SIGKILL);
    ::pause();
  }
}

template <typename Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int rename(const char* from, const char* to) noexcept {
  count();
  return next<int(const char*, const char*)>("rename")(from, to);
}
int unlink(const char* path) noexcept {
  count();
  return next<int(const char*)>("unlink")(path);
}
int remove(const char* path) noexcept {
  count();
  return next<int(const char*)>("remove")(path);
}
int fsync(int descriptor) {
  count();
  return next<int(int)>("fsync")(descriptor);
}
int mkdir(const char* path, mode_t mode) noexcept {
  count();
  return next<int(const char*, mode_t)>("mkdir")(path, mode);
}
int unlinkat(int folder, const char* path, int flags) noexcept {
  count();
  return next<int(int, const char*, int)>("unlinkat")(folder, path, flags);
}

}  // extern "C"
