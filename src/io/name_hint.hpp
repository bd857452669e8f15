#pragma once
#include <span>
#include <string>
#include <string_view>

namespace rootzone::io {

/// "; did you mean 'precip'? There are: precip, temp" — the end of a message about a name that is not there.
std::string name_hint(std::string_view wanted, std::span<const std::string> names);

}  // namespace rootzone::io
