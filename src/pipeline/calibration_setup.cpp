#include "rootzone/pipeline/calibration_setup.hpp"

#include <cmath>
#include <set>
#include <stdexcept>

#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"
#include "rootzone/io/csv.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorKind::usage, "[calibration] " + message);
}

std::array<double, 2> range_of(const json& list, const std::string& key) {
  const auto numbers = list.get<std::vector<double>>();
  if (numbers.size() != 2 || !(numbers[0] < numbers[1]))
    refuse(key + ": expected two rising numbers [low, high], found " + list.dump());
  return {numbers[0], numbers[1]};
}

json optional_value(const json& table, const char* key) {
  return table.contains(key) ? table.at(key) : json();
}

RootZoneSetup read_root_zone(const json& table) {
  RootZoneSetup zone;
  zone.depth_cm = range_of(table.at("depth"), "root_zone depth");
  zone.warm_up_days = table.at("warm_up_days").get<double>();
  zone.porosity = optional_value(table, "porosity");
  zone.field_capacity = optional_value(table, "field_capacity");
  zone.sand = optional_value(table, "sand");
  zone.clay = optional_value(table, "clay");
  return zone;
}

template <class Value>
std::vector<Value> read_names(const json& list, const char* key,
                              const std::vector<std::pair<std::string, Value>>& known) {
  std::vector<Value> values;
  std::vector<std::string> names;
  for (const auto& [name, value] : known) names.push_back(name);
  std::set<std::string> seen;
  for (const json& item : list) {
    const auto word = item.get<std::string>();
    const auto found =
        std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.first == word; });
    if (found == known.end())
      refuse(std::string(key) + ": \"" + word + "\" is not a choice." + core::did_you_mean(word, names));
    if (!seen.insert(word).second) refuse(std::string(key) + ": names \"" + word + "\" twice");
    values.push_back(found->second);
  }
  if (values.empty()) refuse(std::string(key) + ": is empty; name at least one");
  return values;
}

std::optional<core::Date> date_of(const json& table, const char* key) {
  if (!table.contains(key)) return std::nullopt;
  return core::parse_iso_date(table.at(key).get<std::string>());
}

void read_periods(const json& table, CalibrationSetup& setup) {
  const auto split = table.at("split").get<std::string>();
  setup.split = split == "dates"     ? PeriodSplit::dates
                : split == "network" ? PeriodSplit::network
                                     : PeriodSplit::station;
  setup.fraction = table.at("fraction").get<double>();
  setup.calibration_start = date_of(table, "calibration_start");
  setup.calibration_end = date_of(table, "calibration_end");
  setup.validation_start = date_of(table, "validation_start");
  setup.validation_end = date_of(table, "validation_end");
  const bool any =
      setup.calibration_start || setup.calibration_end || setup.validation_start || setup.validation_end;
  if (setup.split != PeriodSplit::dates) {
    if (any) refuse("has dates of periods, but split = \"" + split + "\"; set split = \"dates\"");
    return;
  }
  if (!setup.calibration_end) refuse("split = \"dates\" needs calibration_end");
  const auto in_order = [](const std::optional<core::Date>& first, const std::optional<core::Date>& last) {
    return !first || !last || *first <= *last;
  };
  if (!in_order(setup.calibration_start, setup.calibration_end))
    refuse("calibration_start lies after calibration_end");
  if (!in_order(setup.validation_start, setup.validation_end))
    refuse("validation_start lies after validation_end");
  if (setup.validation_start && *setup.validation_start <= *setup.calibration_end)
    refuse("the periods overlap: validation_start " + core::iso_date(*setup.validation_start) +
           " is not after calibration_end " + core::iso_date(*setup.calibration_end));
  if (setup.validation_end && *setup.validation_end <= *setup.calibration_end)
    refuse("validation_end is not after calibration_end");
}

void read_search(const json& table, CalibrationSetup& setup) {
  study::OptimizerSettings& o = setup.search.optimizer;
  o.name = table.at("optimizer").get<std::string>();
  o.population = table.at("population").get<unsigned>();
  o.generations = table.at("generations").get<unsigned>();
  o.crossover = table.at("crossover").get<std::string>();
  o.crossover_probability = table.at("crossover_probability").get<double>();
  o.crossover_index = table.at("crossover_index").get<double>();
  o.mutation = table.at("mutation").get<std::string>();
  o.mutation_probability = table.at("mutation_probability").get<double>();
  o.mutation_parameter = table.at("mutation_parameter").get<double>();
  o.selection = table.at("selection").get<std::string>();
  o.selection_size = table.at("selection_size").get<unsigned>();
  setup.search.repetitions = table.at("repetitions").get<int>();
  setup.search.seed = table.at("seed").get<unsigned>();
  try {
    o.validate();
  } catch (const std::invalid_argument& error) {
    refuse(error.what());
  }
  setup.representative = table.at("representative") == "mean" ? Representative::mean : Representative::best;
  setup.smar.b_maximum = table.at("b_maximum").get<double>();
  setup.smar.v2_maximum_cm_per_day = table.at("v2_maximum").get<double>();
  setup.smar.gap_policy = moisture::parse_smar_gap_policy(table.at("gap_policy").get<std::string>());
  setup.smar.max_gap_days = table.at("max_gap_days").get<double>();
  setup.smar.respin_days = table.at("respin_days").get<double>();
}

void read_plausibility(const json& table, CalibrationSetup& setup) {
  const auto action = table.at("plausibility").get<std::string>();
  setup.plausibility = action == "off"      ? PlausibilityAction::off
                       : action == "report" ? PlausibilityAction::report
                                            : PlausibilityAction::exclude;
  const auto range = range_of(table.at("plausible_range"), "plausible_range");
  study::PlausibilityRules& r = setup.rules;
  r.lowest = range[0];
  r.highest = range[1];
  r.outside_share = table.at("outside_share").get<double>();
  r.stuck_days = table.at("stuck_days").get<int>();
  r.jump = table.at("jump").get<double>();
  r.jumps_allowed = table.at("jumps_allowed").get<int>();
  r.spike = table.at("spike").get<double>();
  r.spikes_allowed = table.at("spikes_allowed").get<int>();
  r.least_range = table.at("least_range").get<double>();
  setup.required_depths_cm = table.at("required_depths").get<std::vector<double>>();
  setup.unfiltered = table.at("unfiltered").get<bool>();
}

void require_soil(const CalibrationSetup& setup) {
  const auto require = [](const json& value, const std::string& key, const char* set) {
    if (value.is_null())
      refuse("covariates " + std::string(set) + " need " + key + ": a number, or the name of a static input");
  };
  for (const Covariates set : setup.covariates) {
    if (set == Covariates::p1) require(setup.porosity_surface, "porosity_surface", "P1");
    const bool texture = set == Covariates::p2 && !setup.texture_from_stations;
    if (texture) {
      require(setup.sand_surface, "sand_surface", "P2");
      require(setup.clay_surface, "clay_surface", "P2");
    }
    for (const RootZoneSetup& zone : setup.root_zones) {
      const std::string of = " of the root zone " + zone.name();
      if (set == Covariates::p1) {
        require(zone.porosity, "porosity" + of, "P1");
        require(zone.field_capacity, "field_capacity" + of, "P1");
      }
      if (texture) {
        require(zone.sand, "sand" + of, "P2");
        require(zone.clay, "clay" + of, "P2");
      }
    }
  }
}

}  // namespace

std::string RootZoneSetup::name() const {
  return io::shortest_number(depth_cm[0]) + "-" + io::shortest_number(depth_cm[1]);
}

std::string_view name_of(Covariates covariates) {
  return covariates == Covariates::p1 ? "P1" : covariates == Covariates::p2 ? "P2" : "series";
}

CalibrationSetup read_calibration(const json& table) {
  CalibrationSetup setup;
  std::set<std::string> zones;
  for (const json& zone : table.at("root_zone")) {
    setup.root_zones.push_back(read_root_zone(zone));
    if (!zones.insert(setup.root_zones.back().name()).second)
      refuse("root_zone: the zone " + setup.root_zones.back().name() + " cm stands twice");
  }
  if (setup.root_zones.empty()) refuse("needs at least one [[calibration.root_zone]]");
  setup.surface_zone_cm = range_of(table.at("surface_zone"), "surface_zone");
  setup.covariates = read_names<Covariates>(
      table.at("covariates"), "covariates",
      {{"P1", Covariates::p1}, {"P2", Covariates::p2}, {"series", Covariates::series}});
  setup.schemes = read_names<moisture::SmarScheme>(
      table.at("schemes"), "schemes",
      {{"paper", moisture::SmarScheme::paper}, {"exact", moisture::SmarScheme::exact}});
  setup.porosity_surface = optional_value(table, "porosity_surface");
  setup.sand_surface = optional_value(table, "sand_surface");
  setup.clay_surface = optional_value(table, "clay_surface");
  setup.texture_table = table.at("texture_table").get<std::string>();
  setup.texture_from_stations = table.at("texture") == "stations";
  read_periods(table, setup);
  setup.minimum_pairs = table.at("minimum_pairs").get<int>();
  read_search(table, setup);
  setup.filter_times = table.at("filter_times").get<std::vector<double>>();
  if (setup.filter_times.empty()) refuse("filter_times: is empty; name at least one T");
  setup.filter_objective =
      table.at("filter_objective") == "nse" ? study::FilterObjective::nse : study::FilterObjective::pearson_r;
  read_plausibility(table, setup);
  require_soil(setup);
  return setup;
}

}  // namespace rootzone::pipeline
