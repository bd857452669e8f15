#pragma once
#include <cstdint>
#include <string_view>

namespace rootzone::core {

/// One quantity (or several) per pixel that a kernel carries from day to day, as doubles. A stage hands
/// these on as its engine::StateField, in the same order; a state file keeps nothing else.
struct KernelStateField {
  std::string_view name;
  std::string_view description;  ///< meaning and unit
  double initial = 0.0;
  std::int64_t values_per_pixel = 1;
};

}  // namespace rootzone::core
