#include <cpl_vsi.h>

#include <array>
#include <cstring>

#include "gdal_handles.hpp"
#include "nightly_files.hpp"
#include "raster_records.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/crs.hpp"
#include "rootzone/io/file_pattern.hpp"
#include "rootzone/io/native_stack.hpp"

namespace rootzone::io {

bool is_netcdf(const std::filesystem::path& path) {
  prepare_gdal();
  VSILFILE* file = VSIFOpenL(path.c_str(), "rb");
  if (file == nullptr) return false;
  std::array<char, 8> head{};
  const std::size_t got = VSIFReadL(head.data(), 1, head.size(), file);
  VSIFCloseL(file);
  if (got < 4) return false;
  const bool classic =
      std::memcmp(head.data(), "CDF", 3) == 0 && (head[3] == 1 || head[3] == 2 || head[3] == 5);
  return classic || (got == head.size() && std::memcmp(head.data(), "\x89HDF\r\n\x1a\n", head.size()) == 0);
}

std::unique_ptr<NativeStack> open_stack(const InputSpec& spec) {
  const std::vector<DatedFile> files = find_files(spec.paths, calendar_of(spec));
  if (files.empty() || !is_netcdf(files.front().path)) return open_raster_stack(spec);
  InputSpec expanded = spec;
  expanded.paths.clear();
  for (const DatedFile& file : files) {
    if (!is_netcdf(file.path))
      throw core::Error(core::ErrorKind::data, file.path.string() + ": is not a NetCDF file, but " +
                                                   files.front().path.string() +
                                                   " of the same input is; make two inputs of them");
    expanded.paths.push_back(file.path);
  }
  return open_netcdf_stack(expanded);
}

core::Grid grid_like(const std::filesystem::path& path) {
  InputSpec spec;
  spec.name = "grid";
  spec.paths = {path};
  return open_stack(spec)->description().grid;
}

}  // namespace rootzone::io
