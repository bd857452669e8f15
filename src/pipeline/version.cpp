#include <cctype>
#include <cmath>
#include <limits>

#include "revision.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/pipeline/commands.hpp"

namespace rootzone::pipeline {

std::string program_version() {
  return std::string(ROOTZONE_VERSION) + " (" + ROOTZONE_REVISION + ")";
}

std::int64_t parse_bytes(const std::string& text) {
  std::size_t end = 0;
  while (end < text.size() && (std::isdigit(static_cast<unsigned char>(text[end])) || text[end] == '.'))
    ++end;
  const auto number = io::parse_number(text.substr(0, end));
  std::string unit;
  for (char c : text.substr(end))
    if (c != ' ') unit += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  static constexpr struct {
    const char* name;
    double factor;
  } units[] = {{"", 1.0},
               {"b", 1.0},
               {"kib", 1024.0},
               {"mib", 1048576.0},
               {"gib", 1073741824.0},
               {"tib", 1099511627776.0},
               {"k", 1024.0},
               {"m", 1048576.0},
               {"g", 1073741824.0},
               {"kb", 1e3},
               {"mb", 1e6},
               {"gb", 1e9},
               {"tb", 1e12}};
  const double least = unit.empty() ? 1048576.0 : 0.0;  // "2" is a number whose unit was forgotten
  for (const auto& one : units)
    if (unit == one.name && number && *number > least && *number * one.factor < 9e18)
      return static_cast<std::int64_t>(*number * one.factor);
  throw core::Error(core::ErrorKind::usage,
                    "--memory: expected a size such as 512MiB or 2GiB, found '" + text + "'");
}

}  // namespace rootzone::pipeline
