#include "fuzz.hpp"
#include "lookup_table.hpp"
#include "rootzone/io/discharge.hpp"

using namespace rootzone;

// A gauge's file, and a lookup table with the columns "class" and "value".
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file(data, size);
  fuzz::must_parse_or_refuse([&] { static_cast<void>(io::read_discharge(file.path())); });
  fuzz::must_parse_or_refuse([&] {
    io::InputSpec spec;
    spec.name = "fuzz";
    spec.lookup_table = file.path();
    spec.lookup_key = "class";
    spec.lookup_value = "value";
    io::LookupTable table(spec);
    float classes[] = {1.0F, 2.0F, 3.0F};
    table.apply(classes);
    static_cast<void>(table.warning());
  });
  return 0;
}
