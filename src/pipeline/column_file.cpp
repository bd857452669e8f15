#include "column_file.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "rootzone/core/error.hpp"
#include "rootzone/pipeline/column_command.hpp"
#include "rootzone/pipeline/resolve.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;

/// A table that was given, or one of its defaults.
json table_of(const json& values, const char* name) {
  if (values.contains(name)) return values.at(name);
  json defaults = json::object();
  for (const KeySpec& key : column_schema().keys)
    if (key.name == name)
      for (const KeySpec& inner : key.table->keys)
        if (!inner.default_json.empty()) defaults[inner.name] = json::parse(inner.default_json);
  return defaults;
}

/// The keys of a layer by model, so that one of another model is not silently ignored.
class LayerKeys {
 public:
  LayerKeys(const json& layer, const std::string& model, std::size_t number)
      : m_layer(layer), m_where("layer " + std::to_string(number) + " (" + model + ")") {}

  double needed(const char* key) {
    if (!m_layer.contains(key)) throw Error(ErrorKind::usage, m_where + " needs the key '" + key + "'");
    return optional(key, 0.0);
  }
  double optional(const char* key, double otherwise) {
    m_used.emplace_back(key);
    return m_layer.contains(key) ? m_layer.at(key).get<double>() : otherwise;
  }
  /// Every key must have been asked for.
  void expect_no_others() const {
    for (const auto& [key, value] : m_layer.items())
      if (key != "to_cm" && std::find(m_used.begin(), m_used.end(), key) == m_used.end())
        throw Error(ErrorKind::usage,
                    m_where + " has no use for the key '" + key + "'; it belongs to another model");
  }
  const std::string& where() const { return m_where; }

 private:
  const json& m_layer;
  std::string m_where;
  std::vector<std::string> m_used;
};

soil::SoilHydraulics van_genuchten(LayerKeys& keys) {
  soil::VanGenuchten model;
  model.saturated_water_content = keys.needed("saturated_water_content");
  model.residual_water_content = keys.needed("residual_water_content");
  model.alpha_per_cm = keys.needed("alpha_per_cm");
  model.n = keys.needed("n");
  model.saturated_conductivity_cm_d = keys.needed("saturated_conductivity_cm_d");
  model.tortuosity = keys.optional("tortuosity", 0.5);
  model.air_entry_head_cm =
      keys.optional("air_entry_head_cm", soil::with_air_entry_if_fine(model).air_entry_head_cm);
  return model;
}

soil::SoilHydraulics fredlund_xing(LayerKeys& keys) {
  soil::FredlundXing model;
  model.saturated_water_content = keys.needed("saturated_water_content");
  model.alpha_per_cm = keys.needed("alpha_per_cm");
  model.n = keys.needed("n");
  model.m = keys.needed("m");
  model.saturated_conductivity_cm_d = keys.needed("saturated_conductivity_cm_d");
  model.residual_suction_cm = keys.optional("residual_suction_cm", model.residual_suction_cm);
  return model;
}

soil::SoilHydraulics brooks_corey(LayerKeys& keys) {
  soil::BrooksCorey model;
  model.saturated_water_content = keys.needed("saturated_water_content");
  model.residual_water_content = keys.needed("residual_water_content");
  model.air_entry_head_cm = keys.needed("air_entry_head_cm");
  model.n = keys.needed("n");
  model.saturated_conductivity_cm_d = keys.needed("saturated_conductivity_cm_d");
  model.conductivity_exponent =
      keys.optional("conductivity_exponent", soil::BrooksCorey::exponent_of(std::max(model.n, 1e-6)));
  return model;
}

void read_layers(const json& values, ColumnCase& out) {
  const std::string model = values.at("model");
  std::vector<double> edges;
  for (const json& layer : values.at("layer")) {
    LayerKeys keys(layer, model, out.column.materials.size() + 1);
    out.column.materials.push_back(model == "van_genuchten"   ? van_genuchten(keys)
                                   : model == "fredlund_xing" ? fredlund_xing(keys)
                                                              : brooks_corey(keys));
    keys.expect_no_others();
    try {
      validate(out.column.materials.back());
    } catch (Error& error) {
      error.add_context(keys.where());
      throw;
    }
    const bool last = out.column.materials.size() == values.at("layer").size();
    if (!last && !layer.contains("to_cm"))
      throw Error(ErrorKind::usage, keys.where() + " needs 'to_cm'; only the last layer may leave it out");
    edges.push_back(layer.contains("to_cm") ? layer.at("to_cm").get<double>() : out.grid.depth_cm());
    if (edges.size() > 1 && edges.back() <= edges[edges.size() - 2])
      throw Error(ErrorKind::usage, keys.where() + ": 'to_cm' must lie below that of the layer above");
  }
  if (edges.back() < out.grid.depth_cm() * (1.0 - 1e-9))
    throw Error(ErrorKind::usage, "the last layer ends at " + std::to_string(edges.back()) +
                                      " cm, the column at " + std::to_string(out.grid.depth_cm()) +
                                      " cm; leave its 'to_cm' out");
  for (const double centre : out.grid.centre_cm()) {
    std::size_t layer = 0;
    while (layer + 1 < edges.size() && centre > edges[layer]) ++layer;
    out.column.material_of_cell.push_back(static_cast<std::uint8_t>(layer));
  }
}

void read_grid_and_boundaries(const json& column, ColumnCase& out) {
  if (column.contains("thickness_cm"))
    out.grid = soil::ColumnGrid(column.at("thickness_cm").get<std::vector<double>>());
  else if (column.at("grid") == "uniform")
    out.grid = soil::ColumnGrid::uniform(column.at("depth_cm"), column.at("cells").get<std::size_t>());
  out.column.top = column.at("top") == "flux" ? soil::TopBoundary::flux : soil::TopBoundary::atmosphere;
  const std::string bottom = column.at("bottom");
  out.column.bottom = bottom == "no_flow"       ? soil::BottomBoundary::no_flow
                      : bottom == "head"        ? soil::BottomBoundary::head
                      : bottom == "water_table" ? soil::BottomBoundary::water_table
                      : bottom == "flux"        ? soil::BottomBoundary::flux
                                                : soil::BottomBoundary::free_drainage;
  out.column.bottom_value = column.at("bottom_value");
  out.column.initial_head_cm = {column.at("initial_head_cm").get<double>()};
}

void read_roots(const json& roots, ColumnCase& out) {
  const std::string profile = roots.at("profile"), uptake = roots.at("uptake");
  if (profile == "hoffman") out.column.root_fraction = soil::hoffman_roots(out.grid, roots.at("depth_cm"));
  if (profile == "exponential")
    out.column.root_fraction = soil::exponential_roots(out.grid, roots.at("scale_cm"), roots.at("depth_cm"));
  if (uptake == "s_shaped") {
    out.column.uptake = soil::SShapedUptake{roots.at("half_head_cm"), roots.at("exponent")};
  } else if (uptake == "feddes") {
    const auto h = roots.at("feddes_cm").get<std::vector<double>>();
    if (h.size() != 5)
      throw Error(ErrorKind::usage, "roots.feddes_cm needs five heads (h1, h2, h3 high, h3 low, h4), found " +
                                        std::to_string(h.size()));
    out.column.uptake = soil::FeddesUptake{h[0], h[1], h[2], h[3], h[4]};
  } else {
    out.column.uptake = soil::PrescribedUptake{};
  }
  validate(out.column.uptake);
}

/// A column of the series on the run's days, complete.
std::vector<double> daily(const ColumnCase& out, const std::string& file, const char* name, double least) {
  out.series.column(name);
  std::vector<double> values = io::series_on_axis(out.series, name, out.days);
  for (std::size_t day = 0; day < values.size(); ++day)
    if (!std::isfinite(values[day]) || values[day] < least)
      throw Error(ErrorKind::data, file + ": " + name + " of " +
                                       core::iso_date(out.days.date(static_cast<std::int64_t>(day))) +
                                       (std::isfinite(values[day]) ? " is negative" : " is missing") +
                                       "; the column needs every day from start to end");
  return values;
}

void read_forcing(const json& forcing, ColumnCase& out) {
  const std::string file = forcing.at("series");
  out.series = io::read_series_csv(file);
  if (out.series.dates.empty()) throw Error(ErrorKind::data, file + ": holds no days");
  const auto day = [&](const char* key, core::Date otherwise) {
    return forcing.contains(key) ? *core::parse_iso_date(forcing.at(key).get<std::string>()) : otherwise;
  };
  const core::Date first = day("start", out.series.dates.front()), last = day("end", out.series.dates.back());
  if (last < first) throw Error(ErrorKind::usage, "forcing.end lies before forcing.start");
  out.days = core::TimeAxis(first, last);
  const auto rain = daily(out, file, "precipitation_mm", 0.0);
  const auto potential = daily(out, file, "potential_evapotranspiration_mm", -1e9);
  std::vector<double> leaf_area(rain.size(), forcing.at("leaf_area_index").get<double>());
  if (out.series.has("leaf_area_index")) leaf_area = daily(out, file, "leaf_area_index", 0.0);
  soil::ColumnForcing by_day;
  for (std::size_t k = 0; k < rain.size(); ++k) {
    const auto shares = soil::partition_potential(potential[k], leaf_area[k], forcing.at("extinction"));
    by_day.duration_d.push_back(1.0);
    by_day.precipitation_cm_d.push_back(0.1 * rain[k]);
    by_day.potential_evaporation_cm_d.push_back(0.1 * shares.evaporation);
    by_day.potential_transpiration_cm_d.push_back(0.1 * shares.transpiration);
  }
  const auto warm_up = forcing.at("warm_up_days").get<std::size_t>();
  if (warm_up > rain.size())
    throw Error(ErrorKind::usage, "forcing.warm_up_days is " + std::to_string(warm_up) + ", the series has " +
                                      std::to_string(rain.size()) + " days from start to end");
  if (forcing.at("within_day") == "sinusoidal") {
    out.intervals_per_day = forcing.at("parts_per_day").get<std::size_t>();
    by_day = sinusoidal(by_day, out.intervals_per_day);
  }
  out.settings.warm_up_intervals = warm_up * out.intervals_per_day;
  out.forcing = std::move(by_day);
}

}  // namespace

ColumnCase read_column_case(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  const json values = resolve_table_file(column_schema(), file, overrides);
  ColumnCase out;
  out.name = file.stem().string();
  try {
    read_grid_and_boundaries(table_of(values, "column"), out);
    read_layers(values, out);
    read_roots(table_of(values, "roots"), out);
    const json solver = table_of(values, "solver"), output = table_of(values, "output");
    out.settings.largest_step_d = solver.at("largest_step_d");
    out.settings.largest_step_in_rain_d = solver.at("largest_step_in_rain_d");
    out.settings.water_content_change = solver.at("water_content_change");
    out.settings.residual_cm = solver.at("residual_cm");
    out.settings.driest_surface_head_cm = solver.at("driest_surface_head_cm");
    out.request.depths_cm = output.at("depths_cm").get<std::vector<double>>();
    for (const double depth : out.request.depths_cm) out.grid.at_depth(depth);
    out.request.profiles = output.at("profiles");
    out.request.tangent = output.at("tangent");
  } catch (Error& error) {
    error.add_context(file.string());
    throw;
  }
  read_forcing(values.at("forcing"), out);
  return out;
}

}  // namespace rootzone::pipeline
