#pragma once
#include <array>
#include <optional>
#include <string_view>

namespace rootzone::study {

/// The twelve texture classes of the USDA triangle, from coarse to fine.
enum class TextureClass {
  sand,
  loamy_sand,
  sandy_loam,
  loam,
  silt_loam,
  silt,
  sandy_clay_loam,
  clay_loam,
  silty_clay_loam,
  sandy_clay,
  silty_clay,
  clay
};
inline constexpr std::array<std::string_view, 12> texture_class_names{
    "sand",      "loamy sand",      "sandy loam", "loam",       "silt loam", "silt", "sandy clay loam",
    "clay loam", "silty clay loam", "sandy clay", "silty clay", "clay"};
std::string_view name_of(TextureClass texture);

/// The class of a soil (USDA triangle: Soil Survey Manual, Handbook 18, 2017, chapter 3).
/// sand, clay: % of the fine earth by mass; silt is the rest. Nothing unless both lie in [0, 100] and their
/// sum is at most 100 (0.5 more is taken as rounding). Pure.
std::optional<TextureClass> texture_class(double sand_percent, double clay_percent);

}  // namespace rootzone::study
