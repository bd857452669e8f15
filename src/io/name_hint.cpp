#include "name_hint.hpp"

#include <algorithm>

#include "rootzone/core/suggest.hpp"

namespace rootzone::io {

std::string name_hint(std::string_view wanted, std::span<const std::string> names) {
  if (names.empty()) return "; there are none";
  const auto closest =
      std::min_element(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
        return core::edit_distance(wanted, a) < core::edit_distance(wanted, b);
      });
  std::string hint;
  if (core::edit_distance(wanted, *closest) <= std::max<std::size_t>(2, wanted.size() / 3))
    hint = "; did you mean '" + *closest + "'?";
  hint += hint.empty() ? "; there are: " : " There are: ";
  for (const std::string& name : names) hint += (&name == names.data() ? "" : ", ") + name;
  return hint;
}

}  // namespace rootzone::io
