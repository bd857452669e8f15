#include "rootzone/sptf/network.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"
#include "rootzone/soil/fredlund_xing.hpp"
#include "rootzone/soil/van_genuchten.hpp"

namespace rootzone::sptf {
namespace {

using core::Error;
using core::ErrorKind;

struct KnownOutput {
  std::string_view name;
  std::string_view units;
  std::optional<HydraulicModel> only_of;
};

const std::vector<KnownOutput>& known_outputs() {
  static const std::vector<KnownOutput> known{
      {"saturated_water_content", "m3 m-3", {}},
      {"van_genuchten_alpha", "cm-1", {}},
      {"van_genuchten_n", "1", {}},
      {"saturated_hydraulic_conductivity", "cm d-1", {}},
      {"fredlund_xing_m", "1", HydraulicModel::fredlund_xing},
      {"residual_water_content", "m3 m-3", HydraulicModel::van_genuchten},
      {"half_uptake_pressure_head", "cm", {}}};
  return known;
}

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorKind::data, "network: " + what);
}

template <typename Known>
std::vector<std::string> names_of(const std::vector<Known>& known) {
  std::vector<std::string> names;
  for (const Known& entry : known) names.emplace_back(entry.name);
  return names;
}

template <typename Known>
const Known& find_known(const std::vector<Known>& known, const std::string& name, const char* kind) {
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const Known& entry) { return entry.name == name; });
  if (found != known.end()) return *found;
  refuse("unknown " + std::string(kind) + " '" + name + "'." + core::did_you_mean(name, names_of(known)));
}

void check_units(const char* kind, const std::string& name, const std::string& found,
                 std::string_view expected) {
  if (found != expected)
    refuse(std::string(kind) + " '" + name + "': expected the units '" + std::string(expected) +
           "', found '" + found + "'");
}

template <typename Entry>
void refuse_repeated(const std::vector<Entry>& entries, const char* kind) {
  for (std::size_t i = 0; i < entries.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (entries[i].name == entries[k].name)
        refuse(std::string(kind) + " '" + entries[i].name + "' stands twice");
}

void check_input(const NetworkInput& input) {
  const KnownInput& known = find_known(known_inputs(), input.name, "input");
  check_units("input", input.name, input.units, known.units);
  if (input.constant != known.constant)
    refuse("input '" + input.name + "' is " + (known.constant ? "constant" : "daily") + ", not " +
           (input.constant ? "constant" : "daily"));
  if (!std::isfinite(input.offset) || !std::isfinite(input.scale) || input.scale <= 0.0)
    refuse("input '" + input.name + "': expected a finite offset and a scale above 0");
}

void check_output(const NetworkOutput& output, HydraulicModel model) {
  const KnownOutput& known = find_known(known_outputs(), output.name, "output");
  check_units("output", output.name, output.units, known.units);
  if (known.only_of && *known.only_of != model)
    refuse("output '" + output.name + "' is no parameter of the model '" + name_of(model) + "'");
  const bool finite = std::isfinite(output.at_zero) && std::isfinite(output.at_one);
  const bool of_one_sign = output.at_zero * output.at_one > 0.0;
  if (!finite || output.at_zero == output.at_one ||
      (output.scale == OutputScale::logarithmic && !of_one_sign))
    refuse("output '" + output.name + "': expected two different finite ends" +
           (output.scale == OutputScale::logarithmic ? " of one sign" : "") + ", found " +
           std::to_string(output.at_zero) + " and " + std::to_string(output.at_one));
}

void check_complete(const Network& network) {
  for (const KnownOutput& known : known_outputs()) {
    if (known.only_of && *known.only_of != network.model) continue;
    if (std::none_of(network.outputs.begin(), network.outputs.end(),
                     [&](const NetworkOutput& output) { return output.name == known.name; }))
      refuse("the output '" + std::string(known.name) + "' is missing; the model '" + name_of(network.model) +
             "' needs it");
  }
  if (std::none_of(network.inputs.begin(), network.inputs.end(),
                   [](const NetworkInput& input) { return input.name == "surface_soil_moisture"; }))
    refuse("the input 'surface_soil_moisture' is missing");
}

double end_of(const Network& network, std::string_view name, bool at_one) {
  for (const NetworkOutput& output : network.outputs)
    if (output.name == name) return at_one ? output.at_one : output.at_zero;
  return 0.0;
}

/// The hydraulic model must be able to bear both ends of every range.
void check_physical(const Network& network) {
  for (const bool at_one : {false, true}) {
    const double saturated = end_of(network, "saturated_water_content", at_one);
    const double alpha = end_of(network, "van_genuchten_alpha", at_one),
                 n = end_of(network, "van_genuchten_n", at_one);
    const double conductivity = end_of(network, "saturated_hydraulic_conductivity", at_one);
    try {
      if (network.model == HydraulicModel::van_genuchten)
        soil::VanGenuchten{saturated, end_of(network, "residual_water_content", at_one), alpha, n,
                           conductivity}
            .validate();
      else
        soil::FredlundXing{saturated, alpha, n, end_of(network, "fredlund_xing_m", at_one), conductivity}
            .validate();
    } catch (const Error& error) {
      refuse(std::string("the ranges of the outputs leave what the hydraulic model bears: ") + error.what());
    }
    if (end_of(network, "half_uptake_pressure_head", at_one) >= 0.0)
      refuse("output 'half_uptake_pressure_head': expected pressure heads below 0");
  }
}

void check_count(const char* what, std::size_t expected, std::int64_t found) {
  if (static_cast<std::int64_t>(expected) != found)
    refuse("expected weights for " + std::to_string(expected) + " " + what + ", found " +
           std::to_string(found));
}

}  // namespace

std::string name_of(HydraulicModel model) {
  return model == HydraulicModel::van_genuchten ? "van_genuchten" : "fredlund_xing";
}

HydraulicModel hydraulic_model(std::string_view name) {
  if (name == "van_genuchten" || name == "vgm") return HydraulicModel::van_genuchten;
  if (name == "fredlund_xing" || name == "fxw") return HydraulicModel::fredlund_xing;
  throw Error(ErrorKind::usage,
              "hydraulic model: expected van_genuchten (vgm) or fredlund_xing (fxw), found '" +
                  std::string(name) + "'");
}

const std::vector<KnownInput>& known_inputs() {
  static const std::vector<KnownInput> known{{"surface_soil_moisture", "m3 m-3", false},
                                             {"precipitation", "mm d-1", false},
                                             {"potential_evapotranspiration", "mm d-1", false},
                                             {"thawed", "1", false},
                                             {"leaf_area_index", "1", false},
                                             {"surface_soil_moisture_observed", "1", false},
                                             {"sand", "1", true},
                                             {"silt", "1", true},
                                             {"clay", "1", true},
                                             {"bulk_density", "g cm-3", true}};
  return known;
}

std::vector<NetworkInput> published_inputs() {
  std::vector<NetworkInput> inputs;
  for (const KnownInput& known : known_inputs())
    if (known.name != "surface_soil_moisture_observed")
      inputs.push_back({std::string(known.name), std::string(known.units), known.constant, 0.0, 1.0});
  return inputs;
}

std::vector<NetworkOutput> published_outputs(HydraulicModel model) {
  constexpr auto linear = OutputScale::linear;
  constexpr auto logarithmic = OutputScale::logarithmic;
  const bool fxw = model == HydraulicModel::fredlund_xing;
  return {{"saturated_water_content", "m3 m-3", linear, 0.32, 0.41, true},
          {"van_genuchten_alpha", "cm-1", logarithmic, fxw ? 0.2 : 0.23, 0.0015, false},
          {"van_genuchten_n", "1", logarithmic, 1.05, fxw ? 13.5 : 8.0, false},
          {"saturated_hydraulic_conductivity", "cm d-1", logarithmic, fxw ? 0.5 : 0.3, 8000.0, false},
          fxw ? NetworkOutput{"fredlund_xing_m", "1", linear, 0.2, 1.6, false}
              : NetworkOutput{"residual_water_content", "m3 m-3", linear, 0.0, 0.15, false},
          {"half_uptake_pressure_head", "cm", logarithmic, -50.0, -2000.0, false}};
}

double parameter_value(const NetworkOutput& output, double unit, double observed_maximum) {
  const double at_one =
      output.raised_by_observations && observed_maximum > output.at_one ? observed_maximum : output.at_one;
  if (output.scale == OutputScale::linear) return output.at_zero + unit * (at_one - output.at_zero);
  return output.at_zero * std::exp(unit * std::log(at_one / output.at_zero));
}

void Network::validate() const {
  for (const NetworkInput& input : inputs) check_input(input);
  for (const NetworkOutput& output : outputs) check_output(output, model);
  refuse_repeated(inputs, "input");
  refuse_repeated(outputs, "output");
  check_complete(*this);
  check_physical(*this);
  const auto constants =
      std::count_if(inputs.begin(), inputs.end(), [](const NetworkInput& input) { return input.constant; });
  check_count("constant inputs", static_cast<std::size_t>(constants), weights.shape.constant_inputs);
  check_count("daily inputs", inputs.size() - static_cast<std::size_t>(constants),
              weights.shape.daily_inputs);
  check_count("outputs", outputs.size(), weights.shape.outputs);
  if (readout.activation != OutputActivation::sigmoid || readout.aggregation == Aggregation::every_step)
    refuse("expected sigmoid outputs and the aggregation mean or last");
  weights.validate();
}

}  // namespace rootzone::sptf
