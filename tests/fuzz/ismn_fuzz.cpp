#include "fuzz.hpp"
#include "rootzone/io/ismn.hpp"

using namespace rootzone;

// First line: a file name; the rest: a file of that name, and a table of static variables.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::as_text(data, size);
  const std::string_view name = fuzz::take_line(text);
  static_cast<void>(io::parse_ismn_file_name(name));
  const std::string_view usable = io::parse_ismn_file_name(name)
                                      ? name
                                      : "CSE_NET_STATION_sm_0.050000_0.050000_Probe_20200101_20201231.stm";
  fuzz::must_parse_or_refuse([&] { static_cast<void>(io::parse_ismn_file(usable, "fuzz.stm", text, {})); });
  fuzz::must_parse_or_refuse([&] {
    std::vector<std::string> warnings;
    static_cast<void>(io::parse_ismn_static_variables("static.csv", text, warnings));
  });
  return 0;
}
