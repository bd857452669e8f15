#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rootzone::core {

/// Number of single-character insertions, deletions, substitutions and swaps of neighbours that turn one
/// word into the other (optimal string alignment distance); letters' case does not count.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate a mistyped name most likely stands for: at most a third of its letters (at least one) off,
/// or one is the beginning of the other; the first of equals. Nothing if none is near.
std::optional<std::string> closest(std::string_view name, std::span<const std::string> candidates);

/// The tail of an error message: " Did you mean \"x\"?" or, if nothing is near, " Known: a, b, c."
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

}  // namespace rootzone::core
