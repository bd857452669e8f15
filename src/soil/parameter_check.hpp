#pragma once
#include <string_view>

namespace rootzone::soil {

/// Throws core::Error(usage) "MODEL: NAME must be …, found …" unless low ≤ value ≤ high (low < value ≤
/// high where `open_low`). NaN is refused.
struct ParameterRange {
  double low;
  double high;
  bool open_low = false;
};
void check_parameter(std::string_view model, std::string_view name, double value, ParameterRange range);

}  // namespace rootzone::soil
