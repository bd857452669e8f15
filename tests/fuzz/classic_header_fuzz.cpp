#include "classic_header.hpp"
#include "fuzz.hpp"

// A classic NetCDF file, whose header we read before netCDF-C does.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const rootzone::fuzz::MemoryFile file(data, size);
  rootzone::fuzz::must_parse_or_refuse([&] { rootzone::io::check_classic_header(file.path()); });
  return 0;
}
