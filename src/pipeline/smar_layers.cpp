#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "rootzone/core/error.hpp"
#include "rootzone/pipeline/resolve.hpp"
#include "shipped.hpp"
#include "smar_stage.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;

constexpr std::array<const char*, 4> parameter_names{"sw2", "sc1", "a", "b"};

void resize(SmarLayers& layers, std::int64_t cells) {
  for (auto* values : {&layers.sw2, &layers.sc1, &layers.a, &layers.b})
    values->resize(static_cast<std::size_t>(cells));
}

PixelParameter required(const json& settings, const char* key, const char* units, StageContext& context) {
  if (!settings.contains(key))
    throw Error(ErrorKind::usage, "parameters = " + settings.at("parameters").dump() + " needs `" + key +
                                      "`: a number, or the name of a static input");
  return context.parameter(settings.at(key), units, std::string("smar ") + key);
}

SmarLayers given_layers(const json& settings, StageContext& context) {
  SmarLayers layers;
  resize(layers, context.grid().cells());
  std::vector<float>* const targets[] = {&layers.sw2, &layers.sc1, &layers.a, &layers.b};
  for (std::size_t i = 0; i < parameter_names.size(); ++i) {
    const PixelParameter value = required(settings, parameter_names[i], i == 2 ? "d-1" : "1", context);
    for (std::int64_t cell = 0; cell < context.grid().cells(); ++cell)
      (*targets[i])[static_cast<std::size_t>(cell)] = static_cast<float>(value.at(cell));
  }
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
  resize(layers, context.grid().cells());
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

/// One predictor of a regression on the model grid, with the range it was fitted on.
struct Predictor {
  std::string name;
  PixelParameter values;
  double low;
  double high;
};

Predictor read_predictor(const std::string& name, const json& table, const json& settings,
                         StageContext& context) {
  const json& renamed = settings.at("predictors");
  const json source = renamed.contains(name) ? renamed.at(name) : json(name);
  const std::string units = table.value("units", "");
  Predictor predictor{name, context.parameter(source, units, "smar predictor '" + name + "'"),
                      -std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  if (table.contains("range")) {
    predictor.low = table.at("range").at(0).get<double>();
    predictor.high = table.at("range").at(1).get<double>();
  }
  return predictor;
}

void check_regression(const json& file, const json& settings, const std::string& path) {
  for (const char* key : {"regression", "predictors", "parameters"})
    if (!file.contains(key))
      throw Error(ErrorKind::usage,
                  path + ": not a regression file: expected a table [" + std::string(key) + "]");
  const auto stored = moisture::parse_smar_scheme(file.at("regression").value("scheme", "paper"));
  moisture::require_same_scheme(stored, moisture::parse_smar_scheme(settings.at("scheme").get<std::string>()),
                                path);
  for (const char* name : parameter_names)
    if (!file.at("parameters").contains(name))
      throw Error(ErrorKind::usage,
                  path + ": has no equation for '" + name + "'; SMAR needs sw2, sc1, a and b");
}

SmarLayers regression_layers(const json& settings, StageContext& context) {
  const auto path = shipped_file(settings.at("parameters").get<std::string>(), "regionalisation", ".toml");
  const json file = read_toml(path);
  check_regression(file, settings, path.string());
  std::vector<Predictor> predictors;
  for (const auto& [name, table] : file.at("predictors").items())
    predictors.push_back(read_predictor(name, table, settings, context));
  SmarLayers layers;
  resize(layers, context.grid().cells());
  layers.extrapolated.resize(static_cast<std::size_t>(context.grid().cells()));
  std::vector<float>* const targets[] = {&layers.sw2, &layers.sc1, &layers.a, &layers.b};
  for (std::size_t p = 0; p < parameter_names.size(); ++p) {
    const json& equation = file.at("parameters").at(parameter_names[p]);
    std::vector<std::pair<const Predictor*, double>> terms;
    for (const auto& [name, coefficient] : equation.at("coefficients").items()) {
      const auto found = std::find_if(predictors.begin(), predictors.end(),
                                      [&, key = name](const Predictor& one) { return one.name == key; });
      if (found == predictors.end())
        throw Error(ErrorKind::usage, path.string() + ": '" + parameter_names[p] + "' uses the predictor '" +
                                          name + "', which [predictors] does not list");
      terms.emplace_back(&*found, coefficient.get<double>());
    }
    const double intercept = equation.at("intercept").get<double>();
    for (std::int64_t cell = 0; cell < context.grid().cells(); ++cell) {
      double value = intercept;
      const auto i = static_cast<std::size_t>(cell);
      for (const auto& [predictor, coefficient] : terms) {
        const double x = predictor->values.at(cell);
        value += coefficient * x;
        if (x < predictor->low || x > predictor->high) layers.extrapolated[i] = 1;
      }
      (*targets[p])[i] = static_cast<float>(value);
    }
  }
  layers.notes.push_back("SMAR parameters from " +
                         file.at("regression").value("name", path.filename().string()) + " (" +
                         file.at("regression").value("source", "no source given") + ")");
  return layers;
}

}  // namespace

SmarLayers smar_layers(const json& settings, StageContext& context) {
  const std::string parameters = settings.at("parameters").get<std::string>();
  if (parameters == "constants" || parameters == "maps") return given_layers(settings, context);
  if (parameters == "physical") return physical_layers(settings, context);
  return regression_layers(settings, context);
}

}  // namespace rootzone::pipeline
