#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "rootzone/core/error.hpp"
#include "rootzone/engine/threads.hpp"
#include "rootzone/moisture/smar_parameters.hpp"
#include "smar_regression.hpp"
#include "smar_stage.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;

PixelParameter required(const json& settings, const char* key, const char* units, StageContext& context) {
  if (!settings.contains(key))
    throw Error(ErrorKind::usage, "parameters = " + settings.at("parameters").dump() + " needs `" + key +
                                      "`: a number, or the name of a static input");
  return context.parameter(settings.at(key), units, std::string("smar ") + key);
}

SmarLayers given_layers(const json& settings, StageContext& context) {
  std::vector<PixelParameter> values;
  for (std::size_t i = 0; i < smar_parameter_names.size(); ++i)
    values.push_back(required(settings, smar_parameter_names[i], i == 2 ? "d-1" : "1", context));
  SmarLayers layers;
  const auto targets = layers.columns();
  const std::int64_t cells = context.grid().cells();
  engine::tbb_parallel_for()(static_cast<std::int64_t>(targets.size()), [&](std::int64_t i) {
    *targets[static_cast<std::size_t>(i)] = values[static_cast<std::size_t>(i)].column(cells);
  });
  return layers;
}

/// V2 for a loss of 1 mm/d: the loss is linear from the wilting point (0) to saturation (V2).
class UnitLoss {
 public:
  UnitLoss(const json& settings, bool tied, StageContext& context) {
    if (!tied)
      m_at_saturation = required(settings, "loss", "mm d-1", context);
    else if (settings.at("loss_pet_at") == "field_capacity")
      m_field_capacity = required(settings, "field_capacity_root_zone", "m3 m-3", context);
  }
  double at(std::int64_t cell, double porosity, double wilting_point) const {
    if (!m_field_capacity) return m_at_saturation.at(cell);
    const double available = m_field_capacity->at(cell) - wilting_point;
    return available > 0.0 ? (porosity - wilting_point) / available
                           : std::numeric_limits<double>::quiet_NaN();
  }

 private:
  PixelParameter m_at_saturation = PixelParameter(1.0);
  std::optional<PixelParameter> m_field_capacity;
};

SmarLayers physical_layers(const json& settings, StageContext& context) {
  const PixelParameter n1 = required(settings, "porosity_surface", "m3 m-3", context);
  const PixelParameter n2 = required(settings, "porosity_root_zone", "m3 m-3", context);
  const PixelParameter field_capacity = required(settings, "field_capacity_surface", "m3 m-3", context);
  const PixelParameter wilting_point = required(settings, "wilting_point_root_zone", "m3 m-3", context);
  const bool tied = settings.contains("loss_pet");
  if (tied == settings.contains("loss"))
    throw Error(ErrorKind::usage,
                "parameters = \"physical\" needs either loss = V2 in mm/d (number or layer), or loss_pet = "
                "the PET input V2 is tied to");
  const UnitLoss loss(settings, tied, context);
  SmarLayers layers;
  layers.a_per_unit_loss = tied;
  layers.resize(context.grid().cells());
  for (std::int64_t cell = 0; cell < context.grid().cells(); ++cell) {
    moisture::SmarSoil soil;
    soil.surface_porosity = n1.at(cell);
    soil.root_zone_porosity = n2.at(cell);
    soil.surface_thickness_mm = 10.0 * settings.at("surface_thickness").get<double>();
    soil.root_zone_thickness_mm = 10.0 * settings.at("root_zone_thickness").get<double>();
    soil.surface_field_capacity = field_capacity.at(cell);
    soil.root_zone_wilting_point = wilting_point.at(cell);
    soil.loss_mm_per_day = loss.at(cell, soil.root_zone_porosity, soil.root_zone_wilting_point);
    const moisture::PhysicalSmar physical = moisture::physical_parameters(soil);
    const auto i = static_cast<std::size_t>(cell);
    layers.sw2[i] = static_cast<float>(physical.sw2);
    layers.sc1[i] = static_cast<float>(physical.sc1);
    layers.a[i] = static_cast<float>(physical.a);
    layers.b[i] = static_cast<float>(physical.b);
  }
  return layers;
}

/// The maps that the settings name, so that they can be read side by side.
std::vector<LayerRequest> maps_needed(const json& settings) {
  std::vector<LayerRequest> maps;
  const auto add = [&](const char* key, const char* units) {
    if (settings.contains(key) && settings.at(key).is_string())
      maps.push_back({settings.at(key).get<std::string>(), units});
  };
  const json& parameters = settings.at("parameters");
  if (parameters == "constants" || parameters == "maps")
    for (std::size_t i = 0; i < smar_parameter_names.size(); ++i)
      add(smar_parameter_names[i], i == 2 ? "d-1" : "1");
  if (parameters == "physical") {
    add("field_capacity_surface", "m3 m-3");
    add("wilting_point_root_zone", "m3 m-3");
    if (!settings.contains("loss_pet")) add("loss", "mm d-1");
  }
  for (const char* key : {"porosity_surface", "porosity_root_zone", "field_capacity_root_zone"})
    add(key, "m3 m-3");
  return maps;
}

}  // namespace

SmarLayers smar_layers(const json& settings, StageContext& context) {
  context.catalog().read_ahead(maps_needed(settings));
  const std::string parameters = settings.at("parameters").get<std::string>();
  if (parameters == "constants" || parameters == "maps") return given_layers(settings, context);
  if (parameters == "physical") return physical_layers(settings, context);
  return smar_regression_layers(settings, context);
}

}  // namespace rootzone::pipeline
