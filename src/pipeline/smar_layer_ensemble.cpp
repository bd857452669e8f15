#include "smar_layer_ensemble.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "rootzone/core/error.hpp"

namespace rootzone::pipeline {
namespace {

constexpr std::array layer_keys{"sw2",
                                "sc1",
                                "a",
                                "b",
                                "porosity_surface",
                                "porosity_root_zone",
                                "field_capacity_surface",
                                "field_capacity_root_zone",
                                "wilting_point_root_zone",
                                "loss"};

}  // namespace

nlohmann::json member_settings(const nlohmann::json& settings, const std::string& member,
                               const InputCatalog& catalog) {
  nlohmann::json changed = settings;
  bool any = false;
  std::string tried;
  for (const char* key : layer_keys) {
    if (!settings.contains(key) || !settings.at(key).is_string()) continue;
    const std::string name = settings.at(key).get<std::string>() + "_" + member;
    if (catalog.find(name)) {
      changed[key] = name;
      any = true;
    } else {
      tried += (tried.empty() ? "" : ", ") + name;
    }
  }
  if (!any)
    throw core::Error(core::ErrorKind::usage,
                      "ensemble_layers: the member '" + member + "' has no layer of its own; looked for " +
                          (tried.empty() ? "none, as all settings are numbers" : tried));
  return changed;
}

void fill_surface_porosity(SmarMember& member, const std::vector<float>& plain) {
  for (std::size_t cell = 0; cell < member.surface_porosity.size(); ++cell) {
    if (!std::isnan(member.surface_porosity[cell])) continue;
    member.surface_porosity[cell] = plain[cell];
    member.sw2[cell] = std::numeric_limits<float>::quiet_NaN();
  }
}

}  // namespace rootzone::pipeline
