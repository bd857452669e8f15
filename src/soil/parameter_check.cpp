#include "parameter_check.hpp"

#include <cstdio>
#include <string>

#include "rootzone/core/error.hpp"

namespace rootzone::soil {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

}  // namespace

void check_parameter(std::string_view model, std::string_view name, double value, ParameterRange range) {
  const bool fits = (range.open_low ? value > range.low : value >= range.low) && value <= range.high;
  if (fits) return;
  throw core::Error(core::ErrorKind::usage, std::string(model) + ": " + std::string(name) + " must be " +
                                                (range.open_low ? "above " : "at least ") +
                                                number(range.low) + " and at most " + number(range.high) +
                                                ", found " + number(value));
}

}  // namespace rootzone::soil
