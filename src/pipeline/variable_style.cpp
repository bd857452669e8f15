// The one table of styles: which quantity is drawn in which ramp over which range.
#include <algorithm>
#include <cmath>

#include "rootzone/pipeline/colour_ramp.hpp"
#include "rootzone/pipeline/numbers.hpp"

namespace rootzone::pipeline {
namespace {

const std::vector<VariableStyle>& style_table() {
  constexpr auto linear = ScaleKind::linear;
  constexpr auto logarithmic = ScaleKind::logarithmic;
  // Ranges: moisture up to the porosity of common mineral soils; capacities up to what nearly all vegetated
  // land needs (Gao et al. 2014, Wang-Erlandsson et al. 2016 map 0–400 mm almost everywhere); soil
  // parameters over the spread of the Carsel and Parrish (1988) texture classes.
  static const std::vector<VariableStyle> table{
      {"soil_moisture", "Soil moisture", "m3 m-3", RampName::moisture, linear, 0.0, 0.5, 0.05},
      {"saturation", "Relative saturation", "1", RampName::saturation, linear, 0.0, 1.0, 0.1},
      {"saturation_percent", "Relative saturation", "percent", RampName::saturation, linear, 0.0, 100.0,
       10.0},
      {"storage_capacity", "Root-zone storage capacity", "mm", RampName::capacity, linear, 0.0, 400.0, 50.0},
      {"water_deficit", "Water deficit", "mm", RampName::deficit, linear, 0.0, 300.0, 50.0},
      {"moisture_difference", "Difference of soil moisture", "m3 m-3", RampName::diverging, linear, -0.2, 0.2,
       0.05},
      {"saturation_difference", "Difference of saturation", "1", RampName::diverging, linear, -0.4, 0.4, 0.1},
      {"storage_difference", "Difference of water storage", "mm", RampName::diverging, linear, -200.0, 200.0,
       50.0},
      {"ratio", "Ratio of two capacities", "1", RampName::diverging, logarithmic, 0.1, 10.0, 0.0},
      {"closure_ratio", "Outflow over inflow", "1", RampName::diverging, linear, 0.0, 2.0, 0.25},
      {"moisture_uncertainty", "Spread of soil moisture", "m3 m-3", RampName::uncertainty, linear, 0.0, 0.1,
       0.02},
      {"saturation_uncertainty", "Spread of saturation", "1", RampName::uncertainty, linear, 0.0, 0.25, 0.05},
      {"storage_uncertainty", "Spread of water storage", "mm", RampName::uncertainty, linear, 0.0, 100.0,
       20.0},
      {"residual_water_content", "Residual water content", "m3 m-3", RampName::moisture, linear, 0.0, 0.2,
       0.02},
      {"van_genuchten_alpha", "van Genuchten α", "cm-1", RampName::parameter, logarithmic, 0.001, 1.0, 0.0},
      {"van_genuchten_n", "van Genuchten n", "1", RampName::parameter, linear, 1.0, 3.0, 0.25},
      {"saturated_hydraulic_conductivity", "Saturated hydraulic conductivity", "cm d-1", RampName::parameter,
       logarithmic, 0.1, 1000.0, 0.0},
      {"fredlund_xing_m", "Fredlund–Xing m", "1", RampName::parameter, linear, 0.0, 2.0, 0.25},
      {"pressure_head", "Pressure head", "cm", RampName::parameter, linear, -4000.0, 0.0, 500.0},
      {"fraction", "Fraction or parameter in 0–1", "1", RampName::parameter, linear, 0.0, 1.0, 0.1},
      {"fraction_percent", "Fraction", "percent", RampName::parameter, linear, 0.0, 100.0, 10.0},
  };
  return table;
}

const VariableStyle& named(std::string_view name) {
  const auto& table = style_table();
  return *std::find_if(table.begin(), table.end(),
                       [&](const VariableStyle& style) { return style.name == name; });
}

struct Rule {
  std::string_view variable;  ///< whole name, with '*' in front the ending, with '*' behind the beginning
  std::string_view units;     ///< empty: any
  std::string_view style;
};

// First match wins.
constexpr std::array rules{
    Rule{"*_standard_deviation", "m3 m-3", "moisture_uncertainty"},
    Rule{"*_standard_deviation", "mm", "storage_uncertainty"},
    Rule{"*_standard_deviation", "1", "saturation_uncertainty"},
    Rule{"*_standard_error", "mm", "storage_uncertainty"},
    Rule{"*_difference", "m3 m-3", "moisture_difference"},
    Rule{"*_difference", "mm", "storage_difference"},
    Rule{"*_difference", "1", "saturation_difference"},
    Rule{"closure_ratio", "1", "closure_ratio"},
    Rule{"*_ratio", "1", "ratio"},
    Rule{"residual_water_content*", "m3 m-3", "residual_water_content"},
    Rule{"van_genuchten_alpha*", "cm-1", "van_genuchten_alpha"},
    Rule{"van_genuchten_n*", "1", "van_genuchten_n"},
    Rule{"saturated_hydraulic_conductivity*", "cm d-1", "saturated_hydraulic_conductivity"},
    Rule{"fredlund_xing_m", "1", "fredlund_xing_m"},
    Rule{"*_pressure_head", "cm", "pressure_head"},
    Rule{"*storage_capacity", "mm", "storage_capacity"},
    Rule{"available_water_capacity*", "mm", "storage_capacity"},
    Rule{"*storage_capacity_land_cover", "mm", "storage_capacity"},
    Rule{"record_maximum_deficit", "mm", "storage_capacity"},
    Rule{"annual_maximum_deficit", "mm", "storage_capacity"},
    Rule{"*_deficit", "mm", "water_deficit"},
    Rule{"*_saturation", "1", "saturation"},
    Rule{"soil_water_index", "1", "saturation"},
    Rule{"*_saturation", "percent", "saturation_percent"},
    Rule{"soil_water_index", "percent", "saturation_percent"},
    Rule{"*_fraction", "1", "fraction"},
    Rule{"*_fraction", "percent", "fraction_percent"},
    Rule{"*", "m3 m-3", "soil_moisture"},
};

bool matches(std::string_view pattern, std::string_view name) {
  if (pattern.starts_with('*')) return name.ends_with(pattern.substr(1));
  if (pattern.ends_with('*')) return name.starts_with(pattern.substr(0, pattern.size() - 1));
  return name == pattern;
}

// Statistics of a product keep its range; a spread has one of its own, by the rules above.
std::string_view without_statistic(std::string_view variable) {
  for (const std::string_view ending :
       {"_mean", "_median", "_minimum", "_maximum", "_climatology", "_by_function", "_reference"}) {
    if (variable.size() > ending.size() && variable.ends_with(ending)) {
      return variable.substr(0, variable.size() - ending.size());
    }
  }
  return variable;
}

}  // namespace

std::span<const VariableStyle> shipped_variable_styles() {
  return style_table();
}

const VariableStyle* find_style(std::string_view variable, std::string_view units) {
  const std::string_view name = without_statistic(variable);
  const std::string_view unit = units == "%" ? "percent" : units.empty() ? "1" : units;
  for (const Rule& rule : rules) {
    if (rule.units == unit && matches(rule.variable, name)) return &named(rule.style);
  }
  return nullptr;
}

VariableStyle fitted_style(std::string title, std::string units, double minimum, double maximum) {
  VariableStyle style{"fitted", std::move(title), std::move(units)};
  if (!std::isfinite(minimum) || !std::isfinite(maximum) || maximum < minimum) return style;
  style.minimum = minimum;
  style.maximum = maximum;
  widen_to_round(style.minimum, style.maximum, 8);
  const auto ticks = round_ticks(style.minimum, style.maximum, 8).values;
  style.step = ticks.size() > 1 ? ticks[1] - ticks[0] : style.maximum - style.minimum;
  return style;
}

}  // namespace rootzone::pipeline
