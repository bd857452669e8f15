#include "sptf_variables.hpp"

#include <algorithm>

#include "rootzone/core/error.hpp"
#include "shipped.hpp"

namespace rootzone::pipeline {

using sptf::SoilEstimate;

std::vector<SptfVariable> sptf_variables(sptf::HydraulicModel model) {
  const bool fxw = model == sptf::HydraulicModel::fredlund_xing;
  const std::string curve = fxw ? " of the Fredlund–Xing curve" : " of the van Genuchten curve";
  return {
      {"saturated_water_content", "saturated water content", "m3 m-3",
       [](const SoilEstimate& soil) { return soil.saturated_water_content; }},
      fxw ? SptfVariable{"fredlund_xing_m", "m" + curve, "1",
                         [](const SoilEstimate& soil) { return soil.shape; }}
          : SptfVariable{"residual_water_content", "residual water content", "m3 m-3",
                         [](const SoilEstimate& soil) { return soil.shape; }},
      {"van_genuchten_alpha", "α" + curve, "cm-1",
       [](const SoilEstimate& soil) { return soil.alpha_per_cm; }},
      {"van_genuchten_n", "n" + curve, "1", [](const SoilEstimate& soil) { return soil.n; }},
      {"saturated_hydraulic_conductivity", "saturated hydraulic conductivity", "cm d-1",
       [](const SoilEstimate& soil) { return soil.saturated_conductivity_cm_per_day; }},
      {"half_uptake_pressure_head", "pressure head at which root water uptake is halved", "cm",
       [](const SoilEstimate& soil) { return soil.half_uptake_head_cm; }},
      {"water_content_33kpa", "water content at 33 kPa (field capacity)", "m3 m-3",
       [](const SoilEstimate& soil) { return soil.water_content_33kpa; }},
      {"water_content_1500kpa", "water content at 1500 kPa (wilting point)", "m3 m-3",
       [](const SoilEstimate& soil) { return soil.water_content_1500kpa; }},
      {"relative_wilting_point", "water content at 1500 kPa over saturation (sw2 of SMAR)", "1",
       [](const SoilEstimate& soil) { return soil.sw2; }},
      {"relative_field_capacity", "water content at 33 kPa over saturation (sc1 of SMAR)", "1",
       [](const SoilEstimate& soil) { return soil.sc1; }},
  };
}

std::string sptf_units(const std::string& variable) {
  if (variable == "land_surface_temperature") return "degC";
  const auto& known = sptf::known_inputs();
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const sptf::KnownInput& input) { return input.name == variable; });
  if (found == known.end())
    throw core::Error(core::ErrorKind::internal,
                      "no units are known for the network's input '" + variable + "'");
  return std::string(found->units);
}

std::filesystem::path sptf_weights_file(const std::string& reference) {
  return shipped_file(reference, "sptf", ".nc");
}

}  // namespace rootzone::pipeline
