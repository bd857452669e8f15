#include "name_hint.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <vector>

namespace rootzone::io {
namespace {

char folded(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

/// Edits (insert, drop, replace) between two names; the case of letters does not count.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (folded(a[i - 1]) == folded(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string name_hint(std::string_view wanted, std::span<const std::string> names) {
  if (names.empty()) return "; there are none";
  const auto closest =
      std::min_element(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
        return edit_distance(wanted, a) < edit_distance(wanted, b);
      });
  std::string hint;
  if (edit_distance(wanted, *closest) <= std::max<std::size_t>(2, wanted.size() / 3))
    hint = "; did you mean '" + *closest + "'?";
  hint += hint.empty() ? "; there are: " : " There are: ";
  for (const std::string& name : names) hint += (&name == names.data() ? "" : ", ") + name;
  return hint;
}

}  // namespace rootzone::io
