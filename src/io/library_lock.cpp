#include "rootzone/io/library_lock.hpp"

#include <hdf5.h>

namespace rootzone::io {
namespace {

// HDF5's own clean-up at exit writes once more to files that it could not finish (a full disk) and crashes,
// which would turn our exit code into a signal. Every file of ours is closed by its owner. Must come before
// HDF5's first call.
[[maybe_unused]] const bool no_clean_up_at_exit = [] { return H5dont_atexit() >= 0; }();

}  // namespace

std::recursive_mutex& netcdf_mutex() {
  static std::recursive_mutex mutex;
  return mutex;
}

}  // namespace rootzone::io
