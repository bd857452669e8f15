#pragma once
#include <string_view>
#include <variant>

#include "rootzone/soil/brooks_corey.hpp"
#include "rootzone/soil/fredlund_xing.hpp"
#include "rootzone/soil/van_genuchten.hpp"

namespace rootzone::soil {

/// The soil of a layer by one of the hydraulic models.
using SoilHydraulics = std::variant<VanGenuchten, FredlundXing, BrooksCorey>;

inline void validate(const SoilHydraulics& soil) {
  std::visit([](const auto& model) { model.validate(); }, soil);
}
inline HydraulicPoint hydraulic_point(const SoilHydraulics& soil, double head_cm) {
  return std::visit([=](const auto& model) { return model.at(head_cm); }, soil);
}
inline double water_content(const SoilHydraulics& soil, double head_cm) {
  return hydraulic_point(soil, head_cm).water_content;
}
inline double pressure_head_cm(const SoilHydraulics& soil, double water_content) {
  return std::visit([=](const auto& model) { return model.pressure_head_cm(water_content); }, soil);
}

}  // namespace rootzone::soil
