#include <cstring>

#include "fuzz.hpp"
#include "rootzone/io/cf_time.hpp"
#include "rootzone/io/units.hpp"

using namespace rootzone;

// Eight bytes of a value, one of the calendar, then units.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 9) return 0;
  double value = 0.0;
  std::memcpy(&value, data, sizeof value);
  const auto calendar = static_cast<core::Calendar>(data[8] % 6);
  const std::string_view units = fuzz::as_text(data + 9, size - 9);
  fuzz::must_parse_or_refuse([&] {
    const io::CfTime time(units, calendar);
    for (const double number : {value, 0.0, 1.5, -40.0, 1e5}) {
      const double days = time.to_days(number);
      static_cast<void>(io::iso_instant(days, calendar));
    }
  });
  fuzz::must_parse_or_refuse([&] { static_cast<void>(io::per_period(units)); });
  return 0;
}
