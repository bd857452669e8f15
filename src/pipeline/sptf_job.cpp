#include "sptf_job.hpp"

#include <algorithm>

#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"
#include "rootzone/io/network_file.hpp"
#include "schema_tables.hpp"

namespace rootzone::pipeline {

const TableSpec& sptf_table() {
  static const TableSpec table{
      "sptf",
      "Soil hydraulic parameters from the surface moisture of a year by a site-specific pedotransfer "
      "function (Qi et "
      "al. 2026).",
      {{"weights", KeyType::path, "the network: a weights file, or shipped:NAME", "", "", {}, {}, {}, true},
       {"record_start", KeyType::date, "first day that the network sees, where it is not the run's"},
       {"record_end", KeyType::date, "last day that the network sees, where it is not the run's"},
       {"surface", KeyType::text, "daily surface soil moisture, m3 m-3; may have gaps", "",
        R"("surface_soil_moisture")"},
       {"precipitation", KeyType::text, "daily input, mm d-1", "", R"("precipitation")"},
       {"potential_evapotranspiration", KeyType::text, "daily input, mm d-1", "",
        R"("potential_evapotranspiration")"},
       {"land_surface_temperature", KeyType::text,
        "daily input, °C: tells frozen days (below 0); the air's does, where the land's is not at hand", "",
        R"("land_surface_temperature")"},
       {"leaf_area_index", KeyType::text, "daily input, 1", "", R"("leaf_area_index")"},
       {"sand", KeyType::value, "of the surface soil, a fraction of the mineral soil", "1", R"("sand")"},
       {"silt", KeyType::value, "of the surface soil", "1", R"("silt")"},
       {"clay", KeyType::value, "of the surface soil", "1", R"("clay")"},
       {"bulk_density", KeyType::value, "of the surface soil", "g cm-3", R"("bulk_density")"},
       {"minimum_days",
        KeyType::integer,
        "observed days that a cell needs; with fewer it is missing, below 40 flagged",
        "d",
        "10",
        {},
        1},
       {"instruction_set",
        KeyType::choice,
        "of the network's arithmetic; auto: the widest the machine has. Fixes the last digits",
        "",
        R"("auto")",
        {"auto", "sse", "avx2", "avx512"}},
       {"suffix", KeyType::text, "put behind every variable's name", "", R"("")"},
       {"compare_with", KeyType::scalars,
        "maps to set the results beside: a variable's name and the input that holds the other map", "", "{}"},
       {"compare_title", KeyType::text, "what the other maps are, for the report", "", R"("reference")"}}};
  return table;
}

namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;

/// The key that says which input a series of the network comes from.
std::string key_of(const std::string& variable) {
  return variable == "surface_soil_moisture" ? "surface" : variable;
}

std::vector<std::string> daily_inputs(const json& settings, const sptf::Network& network,
                                      StageContext& context) {
  std::vector<std::string> names;
  for (const std::string& variable : sptf::Predictor::daily_variables(network)) {
    const std::string key = key_of(variable);
    const std::string name = settings.at(key).get<std::string>();
    context.require_daily(name, sptf_units(variable), "sptf " + key);
    names.push_back(name);
  }
  return names;
}

void add_references(const json& settings, SptfJob& job, StageContext& context) {
  std::vector<std::string> names;
  for (const SptfVariable& variable : job.variables) names.push_back(variable.name);
  for (const auto& [name, input] : settings.at("compare_with").items()) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
      throw Error(ErrorKind::usage, "compare_with: the network does not give '" + name + "'." +
                                        core::did_you_mean(name, names));
    const auto position = static_cast<std::size_t>(found - names.begin());
    const std::string& units = job.variables[position].units;
    job.references.push_back({position, context.parameter(input, units, "sptf compare_with"),
                              units == "cm-1" || units == "cm d-1"});
  }
}

}  // namespace

SptfJob read_sptf_job(const json& settings, StageContext& context) {
  SptfJob job(context.time());
  job.weights = settings.at("weights").get<std::string>();
  const std::filesystem::path file = sptf_weights_file(job.weights);
  job.network = io::read_network(file);
  context.note_file("sptf weights", file);
  job.instruction_set = sptf::instruction_set(settings.at("instruction_set").get<std::string>());
  job.minimum_days = settings.at("minimum_days").get<std::int64_t>();
  job.cells = context.grid().cells();
  job.daily = daily_inputs(settings, job.network, context);
  for (const std::string& name : sptf::Predictor::constant_variables(job.network))
    job.constants.push_back(context.parameter(settings.at(name), sptf_units(name), "sptf " + name));
  job.variables = sptf_variables(job.network.model);
  job.suffix = settings.at("suffix").get<std::string>();
  job.reference_title = settings.at("compare_title").get<std::string>();
  add_references(settings, job, context);
  return job;
}

}  // namespace rootzone::pipeline
