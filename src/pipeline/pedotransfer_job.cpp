#include "pedotransfer_job.hpp"

#include <algorithm>

#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"
#include "schema_tables.hpp"

namespace rootzone::pipeline {

const TableSpec& pedotransfer_table() {
  static const TableSpec table{
      "pedotransfer",
      "Soil hydraulic properties from texture, density and organic carbon: several pedotransfer functions, "
      "their "
      "median and their spread.",
      {{"functions", KeyType::texts,
        "cosby, rawls_brakensiek, vereecken, wosten, saxton_rawls, weynants, toth; empty: all seven", "",
        "[]"},
       {"sand", KeyType::value, "50–2000 µm", "percent", "", {}, {}, {}, true},
       {"silt", KeyType::value, "2–50 µm; without it what sand and clay leave", "percent"},
       {"clay", KeyType::value, "below 2 µm", "percent", "", {}, {}, {}, true},
       {"bulk_density", KeyType::value,
        "of the dry fine earth; a number is an assumption and flagged as such", "g cm-3"},
       {"organic_carbon", KeyType::value, "a number is an assumption and flagged as such", "percent"},
       {"topsoil", KeyType::boolean, "ploughed or A horizon; the function wosten alone asks", "", "true"},
       {"root_depth", KeyType::value, "for the plant-available water it holds, available_water_capacity",
        "mm"},
       {"suffix", KeyType::text, "put behind every variable's name: one for each layer of soil", "", R"("")"},
       {"compare_with", KeyType::scalars,
        "maps to set the results beside: a property's name and the input that holds the other map", "", "{}"},
       {"compare_title", KeyType::text, "what the other maps are, for the report", "", R"("reference")"}}};
  return table;
}

namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;

std::vector<soil::PedotransferFunction> read_functions(const json& settings) {
  std::vector<soil::PedotransferFunction> functions;
  for (const json& name : settings.at("functions")) {
    const auto function = soil::parse_pedotransfer_function(name.get<std::string>());
    if (std::find(functions.begin(), functions.end(), function) != functions.end())
      throw Error(ErrorKind::usage, "functions: '" + name.get<std::string>() + "' is named twice");
    functions.push_back(function);
  }
  if (functions.empty())
    for (const soil::PedotransferInfo& info : soil::pedotransfer_functions())
      functions.push_back(info.function);
  return functions;
}

std::optional<PixelParameter> optional_input(const json& settings, const char* key, const char* units,
                                             StageContext& context) {
  if (!settings.contains(key)) return std::nullopt;
  return context.parameter(settings.at(key), units, std::string("pedotransfer ") + key);
}

void require_inputs(const PedotransferJob& job) {
  for (const soil::PedotransferFunction function : job.functions) {
    const soil::PedotransferInfo& info = soil::info_of(function);
    const char* absent = info.uses_bulk_density && !job.bulk_density_g_per_cm3     ? "bulk_density"
                         : info.uses_organic_carbon && !job.organic_carbon_percent ? "organic_carbon"
                                                                                   : nullptr;
    if (absent)
      throw Error(ErrorKind::usage,
                  "the function '" + std::string(info.name) + "' needs `" + absent +
                      "`: the name of a static input, or a number; or leave the function out "
                      "of `functions`");
  }
}

const soil::SoilPropertyInfo& property_named(const std::string& name) {
  std::vector<std::string> names;
  for (const soil::SoilPropertyInfo& info : soil::soil_properties()) {
    if (info.name == name) return info;
    names.emplace_back(info.name);
  }
  throw Error(ErrorKind::usage,
              "compare_with: '" + name + "' is no property of a soil." + core::did_you_mean(name, names));
}

void read_references(const json& settings, StageContext& context, PedotransferJob& job) {
  job.reference_title = settings.at("compare_title").get<std::string>();
  for (const auto& [name, layer] : settings.at("compare_with").items()) {
    const soil::SoilPropertyInfo& info = property_named(name);
    if (!layer.is_string())
      throw Error(ErrorKind::usage,
                  "compare_with." + name + ": expected the name of a static input, found " + layer.dump());
    if (job.functions_that_give(info.property).empty())
      throw Error(ErrorKind::usage, "compare_with: none of the functions gives '" + name + "'");
    PedotransferReference reference;
    reference.property = info.property;
    reference.name = layer.get<std::string>();
    reference.values = context.parameter(layer, std::string(info.units), "pedotransfer compare_with");
    job.references.push_back(std::move(reference));
  }
}

}  // namespace

soil::SoilSample PedotransferJob::sample(std::int64_t cell) const {
  const auto value = [&](const std::optional<PixelParameter>& parameter, double otherwise) {
    return parameter ? parameter->at(cell) : otherwise;
  };
  soil::SoilSample sample;
  sample.sand_percent = sand_percent.at(cell);
  sample.clay_percent = clay_percent.at(cell);
  sample.silt_percent = value(silt_percent, 100.0 - sample.sand_percent - sample.clay_percent);
  sample.bulk_density_g_per_cm3 = value(bulk_density_g_per_cm3, std::numeric_limits<double>::quiet_NaN());
  sample.organic_carbon_percent = value(organic_carbon_percent, std::numeric_limits<double>::quiet_NaN());
  sample.topsoil = topsoil;
  return sample;
}

std::vector<soil::SoilEstimate> PedotransferJob::estimates(std::int64_t cell) const {
  const soil::SoilSample soil_here = sample(cell);
  std::vector<soil::SoilEstimate> results;
  results.reserve(functions.size());
  for (const soil::PedotransferFunction function : functions)
    results.push_back(soil::estimate_soil(function, soil_here));
  return results;
}

std::vector<std::size_t> PedotransferJob::functions_that_give(soil::SoilProperty property) const {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < functions.size(); ++i)
    if (soil::info_of(functions[i]).gives[static_cast<std::size_t>(property)]) positions.push_back(i);
  return positions;
}

std::string PedotransferJob::variable(soil::SoilProperty property) const {
  return std::string(soil::soil_properties()[static_cast<std::size_t>(property)].name) + suffix;
}

PedotransferJob read_pedotransfer_job(const json& settings, StageContext& context) {
  PedotransferJob job;
  job.functions = read_functions(settings);
  job.sand_percent = context.parameter(settings.at("sand"), "percent", "pedotransfer sand");
  job.silt_percent = optional_input(settings, "silt", "percent", context);
  job.clay_percent = context.parameter(settings.at("clay"), "percent", "pedotransfer clay");
  job.bulk_density_g_per_cm3 = optional_input(settings, "bulk_density", "g cm-3", context);
  job.organic_carbon_percent = optional_input(settings, "organic_carbon", "percent", context);
  job.density_is_assumed = job.bulk_density_g_per_cm3 && settings.at("bulk_density").is_number();
  job.carbon_is_assumed = job.organic_carbon_percent && settings.at("organic_carbon").is_number();
  job.topsoil = settings.at("topsoil").get<bool>();
  job.root_depth_mm = optional_input(settings, "root_depth", "mm", context);
  job.suffix = settings.at("suffix").get<std::string>();
  job.inside = context.catalog().inside();
  job.cells = context.grid().cells();
  require_inputs(job);
  read_references(settings, context, job);
  return job;
}

}  // namespace rootzone::pipeline
