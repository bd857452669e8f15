#include "rootzone/study/texture_class.hpp"

#include <algorithm>

namespace rootzone::study {

std::string_view name_of(TextureClass texture) {
  return texture_class_names[static_cast<std::size_t>(texture)];
}

std::optional<TextureClass> texture_class(double sand, double clay) {
  constexpr double rounding = 0.5;
  if (!(sand >= 0.0 && clay >= 0.0 && sand + clay <= 100.0 + rounding)) return std::nullopt;
  const double silt = std::max(0.0, 100.0 - sand - clay);
  if (silt + 1.5 * clay < 15.0) return TextureClass::sand;
  if (silt + 2.0 * clay < 30.0) return TextureClass::loamy_sand;
  if (clay >= 40.0) {
    if (silt >= 40.0) return TextureClass::silty_clay;
    return sand > 45.0 ? TextureClass::sandy_clay : TextureClass::clay;
  }
  if (clay >= 35.0 && sand > 45.0) return TextureClass::sandy_clay;
  if (clay >= 27.0) {
    if (sand <= 20.0) return TextureClass::silty_clay_loam;
    if (sand <= 45.0) return TextureClass::clay_loam;
  }
  if (clay >= 20.0 && silt < 28.0 && sand > 45.0) return TextureClass::sandy_clay_loam;
  if (silt >= 80.0 && clay < 12.0) return TextureClass::silt;
  if (silt >= 50.0) return TextureClass::silt_loam;
  if (clay >= 7.0 && clay < 27.0 && silt >= 28.0 && sand <= 52.0) return TextureClass::loam;
  return TextureClass::sandy_loam;
}

}  // namespace rootzone::study
