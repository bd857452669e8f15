#include "uptake_soil.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "rootzone/soil/pedotransfer_functions.hpp"
#include "toml_reader.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;

/// Reads the numbers of a table and remembers what was asked for, so that leftovers can be refused.
class Parameters {
 public:
  Parameters(const json& table, std::string at, std::string model, ErrorKind kind)
      : m_table(table), m_at(std::move(at)), m_model(std::move(model)), m_kind(kind) {}

  double needed(const std::string& name) {
    m_asked.push_back(name);
    const auto found = m_table.find(name);
    if (found == m_table.end() || !found->is_number())
      throw Error(m_kind, m_at + ": " + m_model + " needs the number '" + name + "'");
    return found->get<double>();
  }
  double optional(const std::string& name, double preset) {
    return m_table.contains(name) ? needed(name) : (m_asked.push_back(name), preset);
  }
  void refuse_others(const std::vector<std::string>& parameters) const {
    for (const std::string& name : parameters)
      if (m_table.contains(name) && std::find(m_asked.begin(), m_asked.end(), name) == m_asked.end())
        throw Error(m_kind, m_at + ": '" + name + "' is no parameter of " + m_model);
  }

 private:
  const json& m_table;
  std::string m_at;
  std::string m_model;
  ErrorKind m_kind;
  std::vector<std::string> m_asked;
};

const std::vector<std::string> model_keys{
    "saturated_water_content", "residual_water_content", "n",         "alpha", "m",
    "air_entry_head",          "saturated_conductivity", "tortuosity"};
const std::vector<std::string> texture_keys{"sand", "silt", "clay", "bulk_density", "organic_carbon"};

soil::SoilHydraulics brooks_corey(Parameters& given) {
  soil::BrooksCorey soil;
  soil.saturated_water_content = given.needed("saturated_water_content");
  soil.residual_water_content = given.needed("residual_water_content");
  soil.n = given.needed("n");
  soil.air_entry_head_cm = given.needed("air_entry_head");
  soil.saturated_conductivity_cm_d = given.needed("saturated_conductivity");
  soil.conductivity_exponent = soil::BrooksCorey::exponent_of(soil.n);
  return soil;
}

soil::SoilHydraulics van_genuchten(Parameters& given) {
  soil::VanGenuchten soil;
  soil.saturated_water_content = given.needed("saturated_water_content");
  soil.residual_water_content = given.needed("residual_water_content");
  soil.n = given.needed("n");
  soil.alpha_per_cm = given.needed("alpha");
  soil.saturated_conductivity_cm_d = given.needed("saturated_conductivity");
  soil.tortuosity = given.optional("tortuosity", soil.tortuosity);
  return soil;
}

soil::SoilHydraulics fredlund_xing(Parameters& given) {
  soil::FredlundXing soil;
  soil.saturated_water_content = given.needed("saturated_water_content");
  soil.n = given.needed("n");
  soil.m = given.needed("m");
  soil.alpha_per_cm = given.needed("alpha");
  soil.saturated_conductivity_cm_d = given.needed("saturated_conductivity");
  return soil;
}

soil::SoilHydraulics of_model(const json& table, const std::string& at) {
  const std::string model = table.at("model").get<std::string>();
  Parameters given(table, at, model, ErrorKind::usage);
  soil::SoilHydraulics soil = model == "brooks_corey"    ? brooks_corey(given)
                              : model == "van_genuchten" ? van_genuchten(given)
                                                         : fredlund_xing(given);
  given.refuse_others(model_keys);
  return soil;
}

/// The object that holds the parameters: the document itself, or its "parameters".
const json& parameters_of(const json& document, const std::string& file) {
  const json& inner =
      document.is_object() && document.contains("parameters") ? document["parameters"] : document;
  if (!inner.is_object())
    throw Error(ErrorKind::data,
                file + ": expected a JSON object of parameters, or one with such a \"parameters\"");
  return inner;
}

soil::SoilHydraulics of_file(const std::string& file) {
  json document = json::parse(read_text_file(file), nullptr, false);
  if (document.is_discarded()) throw Error(ErrorKind::data, file + ": is not valid JSON");
  const json& table = parameters_of(document, file);
  const bool fredlund = table.contains("fredlund_xing_m");
  Parameters given(table, file, fredlund ? "fredlund_xing" : "van_genuchten", ErrorKind::data);
  const double saturated = given.needed("saturated_water_content");
  const double alpha = given.needed("van_genuchten_alpha");
  const double n = given.needed("van_genuchten_n");
  const double conductivity = given.needed("saturated_hydraulic_conductivity");
  if (fredlund) {
    soil::FredlundXing soil;
    soil.saturated_water_content = saturated;
    soil.alpha_per_cm = alpha;
    soil.n = n;
    soil.m = given.needed("fredlund_xing_m");
    soil.saturated_conductivity_cm_d = conductivity;
    return soil;
  }
  soil::VanGenuchten soil;
  soil.saturated_water_content = saturated;
  soil.residual_water_content = given.needed("residual_water_content");
  soil.alpha_per_cm = alpha;
  soil.n = n;
  soil.saturated_conductivity_cm_d = conductivity;
  return soil;
}

soil::SoilHydraulics of_mualem(const soil::MualemParameters& parameters) {
  soil::VanGenuchten soil;
  soil.saturated_water_content = parameters.retention.saturated_water_content;
  soil.residual_water_content = parameters.retention.residual_water_content;
  soil.alpha_per_cm = parameters.retention.alpha_per_cm;
  soil.n = parameters.retention.n;
  soil.saturated_conductivity_cm_d = parameters.conductivity_cm_per_day;
  return soil;
}

/// Campbell's curve of Cosby et al. is Brooks and Corey's with θr = 0 and n = 1/b.
soil::SoilHydraulics of_cosby(const soil::CosbyParameters& parameters) {
  soil::BrooksCorey soil;
  soil.saturated_water_content = parameters.saturated_water_content;
  soil.residual_water_content = 0.0;
  soil.n = 1.0 / parameters.b;
  soil.air_entry_head_cm = -std::abs(parameters.air_entry_head_cm);
  soil.saturated_conductivity_cm_d = parameters.saturated_conductivity_cm_per_day;
  soil.conductivity_exponent = soil::BrooksCorey::exponent_of(soil.n);
  return soil;
}

soil::SoilHydraulics of_rawls_brakensiek(const soil::RawlsBrakensiekParameters& parameters) {
  soil::BrooksCorey soil;
  soil.saturated_water_content = parameters.porosity;
  soil.residual_water_content = parameters.residual_water_content;
  soil.n = parameters.pore_size_index;
  soil.air_entry_head_cm = -std::abs(parameters.bubbling_head_cm);
  soil.saturated_conductivity_cm_d = parameters.saturated_conductivity_cm_per_day;
  soil.conductivity_exponent = soil::BrooksCorey::exponent_of(soil.n);
  return soil;
}

soil::SoilHydraulics of_texture(const json& table, const std::string& at) {
  const std::string function = table.at("pedotransfer").get<std::string>();
  Parameters given(table, at, "the pedotransfer function '" + function + "'", ErrorKind::usage);
  soil::SoilSample sample;
  sample.sand_percent = given.needed("sand");
  sample.clay_percent = given.needed("clay");
  sample.silt_percent = given.optional("silt", 100.0 - sample.sand_percent - sample.clay_percent);
  const double sum = sample.sand_percent + sample.silt_percent + sample.clay_percent;
  if (std::abs(sum - 100.0) > 5.0)
    throw Error(ErrorKind::usage,
                at + ": sand, silt and clay add up to " + format_number(sum) + " %, expected 100 (to 5)");
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  const bool texture_only = function == "cosby";
  const bool carbon = function == "wosten" || function == "weynants";
  sample.bulk_density_g_per_cm3 = texture_only ? unknown : given.needed("bulk_density");
  sample.organic_carbon_percent = carbon ? given.needed("organic_carbon") : unknown;
  sample.topsoil = table.value("topsoil", true);
  if (function == "cosby") return of_cosby(soil::cosby_1984(sample));
  if (function == "rawls_brakensiek") return of_rawls_brakensiek(soil::rawls_brakensiek_1985(sample));
  return of_mualem(function == "wosten" ? soil::wosten_1999(sample) : soil::weynants_2009(sample));
}

std::string listed(std::initializer_list<std::pair<const char*, double>> parameters) {
  std::string text;
  for (const auto& [name, value] : parameters)
    text += (text.empty() ? "" : ", ") + std::string(name) + " " + format_number(value, 4);
  return text;
}

std::string words_of(const soil::BrooksCorey& s) {
  return "Brooks–Corey: " + listed({{"θs", s.saturated_water_content},
                                    {"θr", s.residual_water_content},
                                    {"n", s.n},
                                    {"h_e (cm)", s.air_entry_head_cm},
                                    {"Ks (cm/d)", s.saturated_conductivity_cm_d}});
}
std::string words_of(const soil::VanGenuchten& s) {
  return "van Genuchten–Mualem: " + listed({{"θs", s.saturated_water_content},
                                            {"θr", s.residual_water_content},
                                            {"α (1/cm)", s.alpha_per_cm},
                                            {"n", s.n},
                                            {"Ks (cm/d)", s.saturated_conductivity_cm_d}});
}
std::string words_of(const soil::FredlundXing& s) {
  return "Fredlund–Xing–Wang: " + listed({{"θs", s.saturated_water_content},
                                          {"α (1/cm)", s.alpha_per_cm},
                                          {"n", s.n},
                                          {"m", s.m},
                                          {"Ks (cm/d)", s.saturated_conductivity_cm_d}});
}

}  // namespace

soil::SoilHydraulics uptake_soil(const json& table, const std::string& at) {
  const int sources =
      int{table.contains("model")} + int{table.contains("file")} + int{table.contains("pedotransfer")};
  if (sources != 1)
    throw Error(ErrorKind::usage,
                at +
                    ": expected one of model (with its parameters), file or pedotransfer (with "
                    "the texture), found " +
                    std::to_string(sources));
  const auto refuse = [&](const std::vector<std::string>& keys, const char* where) {
    for (const std::string& key : keys)
      if (table.contains(key))
        throw Error(ErrorKind::usage,
                    at + ": '" + key + "' belongs to " + where + ", which is not used here");
  };
  if (!table.contains("model")) refuse(model_keys, "'model'");
  if (!table.contains("pedotransfer")) refuse(texture_keys, "'pedotransfer'");
  const soil::SoilHydraulics soil = table.contains("model")  ? of_model(table, at)
                                    : table.contains("file") ? of_file(table["file"].get<std::string>())
                                                             : of_texture(table, at);
  try {
    soil::validate(soil);
  } catch (Error& error) {
    error.add_context(at);
    throw;
  }
  return soil;
}

std::vector<soil::SoilHydraulics> uptake_layer_soils(const json& settings,
                                                     std::span<const double> thickness_cm) {
  const bool horizons = settings.contains("horizon");
  if (horizons == settings.contains("soil"))
    throw Error(ErrorKind::usage, horizons
                                      ? "[soil] and [[horizon]] are both given; expected one of them"
                                      : "neither [soil] nor [[horizon]] is given: the balance needs the "
                                        "soil's hydraulic parameters, for example --set soil.pedotransfer="
                                        "rawls_brakensiek with sand, clay and bulk_density");
  if (!horizons) return {uptake_soil(settings["soil"], "[soil]")};
  std::vector<double> bottoms;
  std::vector<soil::SoilHydraulics> soils;
  for (const json& horizon : settings["horizon"]) {
    const std::string at = "[[horizon]] " + std::to_string(soils.size() + 1);
    const double bottom = horizon.at("bottom").get<double>();
    if (!bottoms.empty() && !(bottom > bottoms.back()))
      throw Error(ErrorKind::usage, at + ": its bottom, " + format_number(bottom) +
                                        " cm, should lie below that of the one before it");
    bottoms.push_back(bottom);
    soils.push_back(uptake_soil(horizon, at));
  }
  std::vector<soil::SoilHydraulics> result;
  double top = 0.0;
  for (double thickness : thickness_cm) {
    const double middle = top + 0.5 * thickness;
    top += thickness;
    const auto holds =
        std::find_if(bottoms.begin(), bottoms.end(), [&](double bottom) { return middle <= bottom; });
    if (holds == bottoms.end())
      throw Error(ErrorKind::usage, "[[horizon]]: none holds the middle of a layer at " +
                                        format_number(middle) +
                                        " cm; expected horizons down to the lowest layer");
    result.push_back(soils[static_cast<std::size_t>(holds - bottoms.begin())]);
  }
  for (const soil::SoilHydraulics& soil : result)
    if (soil.index() != result.front().index())
      throw Error(ErrorKind::usage, "[[horizon]]: all horizons should use the same hydraulic model");
  return result;
}

std::string soil_words(const soil::SoilHydraulics& soil) {
  return std::visit([](const auto& model) { return words_of(model); }, soil);
}

}  // namespace rootzone::pipeline
