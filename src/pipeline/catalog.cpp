#include "catalog.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "memory_source.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"
#include "rootzone/engine/threads.hpp"
#include "rootzone/io/file_pattern.hpp"
#include "rootzone/io/native_stack.hpp"
#include "rootzone/io/sha256.hpp"
#include "rootzone/io/units.hpp"
#include "rootzone/stats/quantile.hpp"

namespace rootzone::pipeline {

using core::Error;
using core::ErrorKind;

InputCatalog::InputCatalog(const Configuration& configuration, const core::Grid& grid,
                           const core::TimeAxis& time, std::vector<float> inside, const StationData* stations)
    : m_configuration(configuration),
      m_grid(grid),
      m_time(time),
      m_inside(std::move(inside)),
      m_stations(stations) {}

void InputCatalog::add_memory_source(const std::string& name, std::vector<std::vector<float>> columns) {
  m_memory_inputs.push_back({});
  m_memory_inputs.back().name = name;
  m_is_static[name] = false;
  m_sources[name] = make_column_source(name, std::move(columns));
}

void InputCatalog::add_made_layer(const MadeLayer& layer) {
  m_memory_inputs.push_back({});
  m_memory_inputs.back().name = layer.name;
  m_is_static[layer.name] = true;
  m_made_layers[layer.name] = layer;
}

const InputDefinition* InputCatalog::find(const std::string& name) const {
  for (const InputDefinition& input : m_configuration.inputs)
    if (input.name == name) return &input;
  for (const InputDefinition& input : m_memory_inputs)
    if (input.name == name) return &input;
  return nullptr;
}

std::vector<std::string> InputCatalog::names() const {
  std::vector<std::string> names;
  for (const InputDefinition& input : m_configuration.inputs) names.push_back(input.name);
  for (const InputDefinition& input : m_memory_inputs) names.push_back(input.name);
  return names;
}

const InputDefinition& InputCatalog::require(const std::string& name, const std::string& who) const {
  if (const InputDefinition* input = find(name)) return *input;
  if (!m_series_file.empty()) refuse_column(name, who);
  const auto close = core::closest(name, names());
  throw Error(ErrorKind::usage,
              who + " reads '" + name + "', but there is no [inputs." + name + "]" +
                  (close ? "; did you mean '" + *close + "'?" : " and no earlier stage makes it"));
}

void InputCatalog::refuse_column(const std::string& name, const std::string& who) const {
  const auto column = m_column_of_input.find(name);
  if (column != m_column_of_input.end())
    throw Error(ErrorKind::data, m_series_file + ": " + who + " needs the column '" + column->second + "'");
  std::string known;
  for (const auto& [input, one] : m_column_of_input) known += (known.empty() ? "" : ", ") + input;
  throw Error(ErrorKind::usage, who + ": a site has no layer or series '" + name +
                                    "'; give a number, or one of its series: " + known);
}

bool InputCatalog::is_absent(const InputDefinition& input) const {
  return !input.files.required && !input.files.paths.empty() &&
         io::find_files(input.files.paths, core::Calendar::standard).empty();
}

bool InputCatalog::file_is_static(const InputDefinition& input) const {
  if (!input.files.layers.empty() || !input.files.lookup_table.empty()) return true;
  if (is_absent(input)) return true;
  for (const auto& path : input.files.paths)
    if (path.string().find_first_of("{*?") != std::string::npos) return false;
  if (input.files.paths.size() > 1) return false;
  return io::open_stack(input.files)->description().times.size() <= 1;
}

bool InputCatalog::is_static(const std::string& name) {
  if (const auto known = m_is_static.find(name); known != m_is_static.end()) return known->second;
  const InputDefinition& input = require(name, "the pipeline");
  if (std::find(m_in_progress.begin(), m_in_progress.end(), name) != m_in_progress.end())
    throw Error(ErrorKind::usage, "[inputs." + name + "] is derived from itself; break the circle");
  m_in_progress.push_back(name);
  bool result = true;
  if (input.role != InputRole::automatic) {
    result = input.role == InputRole::static_layer;
  } else if (!input.expressions.empty()) {
    for (const std::string& text : input.expressions) {
      const core::Expression parsed = expression(text, name);
      for (const std::string& operand : parsed.names()) result = is_static(operand) && result;
    }
  } else if (!input.method.empty()) {
    result = false;
  } else if (input.station_depth_cm) {
    result = input.station_statistic != StationStatistic::none;
  } else {
    result = file_is_static(input);
  }
  m_in_progress.pop_back();
  m_is_static[name] = result;
  return result;
}

core::Expression InputCatalog::expression(const std::string& text, const std::string& input) const {
  try {
    core::Expression parsed(text);
    for (const std::string& name : parsed.names()) require(name, "expression");
    return parsed;
  } catch (Error& error) {
    error.add_context("[inputs." + input + "]");
    throw;
  }
}

bool InputCatalog::computable(const core::Expression& expression) {
  return std::all_of(expression.names().begin(), expression.names().end(), [&](const std::string& name) {
    return is_static(name) ? layer(name, "", "expression") != nullptr : daily_is_there(name);
  });
}

// A circle is left to those who derive the input, and so is one that is required and has nothing left.
bool InputCatalog::daily_is_there(const std::string& name) {
  const InputDefinition& input = require(name, "expression");
  if (input.expressions.empty()) return !is_absent(input);
  if (input.files.required ||
      std::find(m_in_progress.begin(), m_in_progress.end(), name) != m_in_progress.end())
    return true;
  m_in_progress.push_back(name);
  const bool any = std::any_of(input.expressions.begin(), input.expressions.end(),
                               [&](const std::string& text) { return computable(expression(text, name)); });
  m_in_progress.pop_back();
  return any;
}

io::InputSpec InputCatalog::spec_of(const InputDefinition& input, const std::string& units) const {
  io::InputSpec spec = input.files;
  spec.target_units = input.to_units.empty() ? units : input.to_units;
  spec.may_have_no_day = m_may_have_no_day;
  return spec;
}

LayerPointer InputCatalog::derive_layer(const InputDefinition& input) {
  for (const std::string& text : input.expressions) {
    const core::Expression parsed = expression(text, input.name);
    if (!computable(parsed)) continue;
    std::vector<LayerPointer> operands;
    std::vector<std::span<const float>> spans;
    for (const std::string& name : parsed.names()) {
      operands.push_back(layer(name, "", "[inputs." + input.name + "]"));
      spans.emplace_back(*operands.back());
    }
    auto values = std::make_shared<std::vector<float>>(static_cast<std::size_t>(m_grid.cells()));
    parsed.evaluate(spans, *values);
    return values;
  }
  if (!input.files.required) return nullptr;
  throw Error(ErrorKind::data, "[inputs." + input.name +
                                   "] cannot be derived: each of its expressions needs a layer that is "
                                   "absent. Add a fallback that needs less, for example a constant");
}

LayerPointer InputCatalog::station_layer(const InputDefinition& input) const {
  if (!m_stations)
    throw Error(ErrorKind::usage,
                "[inputs." + input.name + "] takes a station statistic, which needs [grid] stations = true");
  auto values = std::make_shared<std::vector<float>>();
  const auto calibration_days = static_cast<std::size_t>(m_stations->calibration_days);
  for (std::size_t station = 0; station < m_stations->stations.size(); ++station) {
    const std::vector<float> series = m_stations->zone(station, *input.station_depth_cm);
    std::vector<double> valid;
    for (std::size_t i = 0; i < calibration_days; ++i)
      if (!std::isnan(series[i])) valid.push_back(series[i]);
    const double q = input.station_statistic == StationStatistic::minimum   ? 0.0
                     : input.station_statistic == StationStatistic::maximum ? 1.0
                                                                            : input.station_quantile;
    const double value = valid.empty() ? std::numeric_limits<double>::quiet_NaN() : stats::quantile(valid, q);
    values->push_back(static_cast<float>(value * input.station_factor));
  }
  return values;
}

LayerPointer InputCatalog::made_layer(const MadeLayer& made, const std::string& units,
                                      const std::string& who) const {
  auto values = std::make_shared<std::vector<float>>(made.make());
  if (units.empty() || units == made.units) return values;
  try {
    io::make_converter(made.units, units).apply(*values);
  } catch (Error& error) {
    error.add_context(who + " reads '" + made.name + "'");
    throw;
  }
  return values;
}

LayerPointer InputCatalog::layer(const std::string& name, const std::string& units, const std::string& who) {
  const InputDefinition& input = require(name, who);
  if (!is_static(name))
    throw Error(ErrorKind::usage, who + " needs '" + name +
                                      "' as a static layer, but its files hold a series of dates; "
                                      "give a map, or role = \"static\" if the file has only one");
  const std::pair key{name, units};
  if (const auto known = m_layers.find(key); known != m_layers.end()) return known->second;
  LayerPointer values;
  if (const auto made = m_made_layers.find(name); made != m_made_layers.end()) {
    values = made_layer(made->second, units, who);
  } else if (!input.expressions.empty()) {
    values = derive_layer(input);
  } else if (input.station_depth_cm) {
    values = station_layer(input);
  } else {
    return keep(key, io::read_static_layer(spec_of(input, units), m_grid));
  }
  m_layers[key] = values;
  return values;
}

// Whatever is not a plain file is left to `layer`, and so are its errors.
void InputCatalog::read_ahead(const std::vector<LayerRequest>& wanted) {
  std::vector<std::pair<std::string, std::string>> keys;
  std::vector<io::InputSpec> specs;
  for (const LayerRequest& request : wanted) {
    const InputDefinition* input = find(request.name);
    const std::pair key{request.name, request.units};
    if (!input || m_layers.contains(key) || std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    if (m_made_layers.contains(request.name) || !input->expressions.empty() || !input->method.empty() ||
        input->station_depth_cm || !is_static(request.name))
      continue;
    keys.push_back(key);
    specs.push_back(spec_of(*input, request.units));
  }
  std::vector<io::StaticLayer> layers = io::read_static_layers(specs, m_grid, engine::tbb_parallel_for());
  for (std::size_t i = 0; i < keys.size(); ++i) keep(keys[i], std::move(layers[i]));
}

LayerPointer InputCatalog::keep(const std::pair<std::string, std::string>& key, io::StaticLayer read) {
  LayerPointer values;
  if (!read.values.empty()) {
    values = std::make_shared<const std::vector<float>>(std::move(read.values));
    m_reports.push_back(std::move(read.report));
  }
  m_layers[key] = values;
  return values;
}

LayerPointer InputCatalog::layer_as_read(const std::string& name, const std::string& who) {
  const io::InputReport* read = report(name);
  const auto known = read ? m_layers.find({name, read->value_units}) : m_layers.end();
  return known == m_layers.end() ? layer(name, "", who) : known->second;
}

void InputCatalog::require_same_units(const InputDefinition& input, const std::string& units,
                                      const std::string& who) const {
  const io::InputReport* opened = report(input.name);
  if (!opened || !input.to_units.empty()) return;  // no file, or one unit was asked for
  const std::string& wanted = units.empty() ? opened->file_units : units;
  if (wanted == opened->value_units) return;
  try {
    if (io::make_converter(opened->value_units, wanted).is_identity()) return;
  } catch (const Error&) {  // units that do not meet: said below, with the remedy
  }
  const auto shown = [](const std::string& text) { return text.empty() ? "the file's units" : text; };
  throw Error(ErrorKind::usage,
              who + " wants '" + input.name + "' in " + shown(wanted) +
                  ", something else in the pipeline has it in " + shown(opened->value_units) +
                  "; set to_units for all of them, or give the input twice, under two names");
}

std::shared_ptr<core::BlockSource> InputCatalog::source(const std::string& name, const std::string& units,
                                                        const std::string& who) {
  const InputDefinition& input = require(name, who);
  if (is_absent(input))
    throw Error(ErrorKind::data, who + " needs '" + name + "' day by day, but no file of [inputs." + name +
                                     "] is there (" + input.files.paths.front().string() +
                                     ", required = false); give the files, or let it read an input with a "
                                     "fallback");
  if (const auto known = m_sources.find(name); known != m_sources.end()) {
    require_same_units(input, units, who);
    return known->second;
  }
  std::shared_ptr<core::BlockSource> opened;
  if (input.station_depth_cm) {
    if (!m_stations)
      throw Error(ErrorKind::usage,
                  "[inputs." + name + "] takes station sensors, which needs [grid] stations = true");
    std::vector<std::vector<float>> columns;
    for (std::size_t station = 0; station < m_stations->stations.size(); ++station)
      columns.push_back(m_stations->zone(station, *input.station_depth_cm));
    opened = make_column_source(name, std::move(columns));
  } else {
    io::OpenedInput input_opened = io::open_input(spec_of(input, units), m_grid, m_time);
    m_reports.push_back(std::move(input_opened.report));
    opened = std::move(input_opened.source);
    if (!m_inside.empty()) opened = make_masked_source(std::move(opened), m_inside, m_grid.cols());
  }
  m_sources[name] = opened;
  return opened;
}

const io::InputReport* InputCatalog::report(const std::string& name) const {
  const auto found = std::find_if(m_reports.begin(), m_reports.end(),
                                  [&](const io::InputReport& one) { return one.name == name; });
  return found == m_reports.end() ? nullptr : &*found;
}

bool InputCatalog::is_read(const std::string& name) const {
  const auto same = [&](const auto& layer) { return layer.first.first == name; };
  return m_sources.contains(name) || std::any_of(m_layers.begin(), m_layers.end(), same);
}

std::int64_t InputCatalog::drop_unused_layers() {
  const std::int64_t before = resident_bytes();
  std::erase_if(m_layers, [](const auto& entry) { return entry.second.use_count() == 1; });
  return before - resident_bytes();
}

std::map<std::string, std::string> InputCatalog::layer_checksums() const {
  std::vector<const std::vector<float>*> layers;
  std::map<std::string, std::string> sums;
  std::vector<std::string*> places;
  for (const auto& [key, values] : m_layers) {
    if (!values) continue;
    layers.push_back(values.get());
    places.push_back(&sums[key.first + " [" + key.second + "]"]);
  }
  engine::tbb_parallel_for()(static_cast<std::int64_t>(layers.size()), [&](std::int64_t i) {
    const auto at = static_cast<std::size_t>(i);
    *places[at] = io::sha256_of_bytes(std::as_bytes(std::span(*layers[at])));
  });
  return sums;
}

std::int64_t InputCatalog::resident_bytes() const {
  std::int64_t bytes = static_cast<std::int64_t>(m_inside.size() * sizeof(float));
  for (const auto& [key, values] : m_layers)
    if (values) bytes += static_cast<std::int64_t>(values->size() * sizeof(float));
  return bytes;
}

}  // namespace rootzone::pipeline
