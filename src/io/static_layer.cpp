#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <optional>

#include "depth_average.hpp"
#include "input_values.hpp"
#include "lookup_table.hpp"
#include "native_warp.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/file_pattern.hpp"
#include "rootzone/io/input.hpp"
#include "rootzone/io/library_lock.hpp"
#include "rootzone/io/units.hpp"
#include "rootzone/io/warp.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;

constexpr std::int64_t strip_cells = std::int64_t{4} << 20;  // 16 MB of source floats at a time

/// What is done to the native numbers before they are warped, and to a class map after it.
struct StaticRules {
  ValueRule values;
  std::optional<LookupTable> lookup;
  bool coverage = false;      ///< the share of area that has any value is wanted, not the values
  bool lookup_after = false;  ///< the class with most area is wanted, then its value
};

void process(std::span<float> values, StaticRules& rules, bool after_warp) {
  if (rules.coverage) {
    if (!after_warp)
      for (float& value : values) value = std::isnan(value) ? 0.0F : 1.0F;
    return;
  }
  if (rules.lookup_after != after_warp) return;
  if (rules.lookup) rules.lookup->apply(values);
  apply_values(rules.values, values);
}

/// Model rows whose source window fits a strip; at least one.
std::int64_t strip_rows(const GridWarp& warp, std::int64_t first_row) {
  std::int64_t rows = std::min<std::int64_t>(warp.model_rows() - first_row, 4096);
  while (rows > 1 && warp.source_window(first_row, rows).cells() > strip_cells) rows = (rows + 1) / 2;
  return rows;
}

// Stacks are fetched by several threads at once, and HDF5 need not be built for that.
std::unique_ptr<NativeFetch> fetch_locked(NativeStack& stack, const CellWindow& window) {
  const NetcdfLock lock(netcdf_mutex());
  return stack.fetch({0, 1, window.first_row, window.rows, window.first_col, window.cols});
}

std::vector<float> read_warped(NativeStack& stack, const GridWarp& warp, StaticRules& rules) {
  const std::int64_t cols = warp.model_cols();
  std::vector<float> result(static_cast<std::size_t>(warp.model_rows() * cols),
                            std::numeric_limits<float>::quiet_NaN());
  std::vector<float> native;
  for (std::int64_t row = 0; row < warp.model_rows();) {
    const std::int64_t rows = strip_rows(warp, row);
    const CellWindow window = warp.source_window(row, rows);
    if (window.cells() > 0) {
      native.resize(static_cast<std::size_t>(window.cells()));
      fetch_locked(stack, window)->decode(native, core::serial_for);
      process(native, rules, false);
      warp.apply(window, native, row, rows,
                 std::span(result).subspan(static_cast<std::size_t>(row * cols),
                                           static_cast<std::size_t>(rows * cols)));
    }
    row += rows;
  }
  process(result, rules, true);
  return result;
}

StaticRules make_rules(const InputSpec& spec, const NativeDescription& native, InputReport& report) {
  StaticRules rules;
  rules.coverage = spec.coverage;
  if (spec.coverage) {
    report.units = "1 (share of area with a value)";
    report.file_units = report.value_units = "1";
    return rules;
  }
  std::string units = spec.units.empty() ? native.units : spec.units;
  if (!spec.lookup_table.empty()) {
    rules.lookup.emplace(spec);
    rules.lookup_after = spec.resampling == Resampling::mode;
    // The map's own units are those of its class numbers.
    units = spec.units.empty() ? rules.lookup->units() : spec.units;
  }
  report.units = units +
                 (spec.target_units.empty() || spec.target_units == units ? "" : " → " + spec.target_units) +
                 (!spec.units.empty() && spec.units != native.units ? " (overridden)" : "");
  report.file_units = units;
  report.value_units = spec.target_units.empty() ? units : spec.target_units;
  try {
    const UnitConverter converter = make_converter(units, spec.target_units);
    rules.values = {converter.scale, converter.offset, spec.valid_range};
  } catch (Error& error) {
    error.add_context("[inputs." + spec.name + "]");
    throw;
  }
  return rules;
}

/// A map whose file is open and whose values are still to be read.
struct OpenLayer {
  StaticLayer layer;
  std::unique_ptr<NativeStack> stack;
  StaticRules rules;
  GridWarp warp;

  void read() {
    layer.values = read_warped(*stack, warp, rules);
    const NetcdfLock lock(netcdf_mutex());
    stack.reset();
    if (rules.lookup && !rules.lookup->warning().empty())
      layer.report.warnings.push_back(rules.lookup->warning());
  }
};

OpenLayer open_one(const InputSpec& spec, const core::Grid& grid) {
  StaticLayer layer;
  layer.report.name = spec.name;
  std::unique_ptr<NativeStack> stack = open_stack(spec);
  const NativeDescription& native = stack->description();
  if (native.times.size() > 1)
    throw Error(ErrorKind::data,
                "[inputs." + spec.name + "] " + native.files.front().string() + " holds " +
                    std::to_string(native.times.size()) +
                    " dates, a static layer has one; choose another file, `variable` or `band`");
  describe_native(native, layer.report);
  StaticRules rules = make_rules(spec, native, layer.report);
  GridWarp warp = make_warp(native, grid, spec);
  layer.report.resampling = warp.description();
  if (warp.outside_percent() > 0.0)
    layer.report.warnings.push_back(std::to_string(std::lround(std::ceil(warp.outside_percent()))) +
                                    " % of the model's cells lie outside the input's grid");
  return {std::move(layer), std::move(stack), std::move(rules), std::move(warp)};
}

/// Σ weight · layer over the layers that are there; missing where less than half of the weight is.
void average_layers(std::span<const OpenLayer> layers, std::span<const double> weights,
                    std::vector<float>& values) {
  for (std::size_t cell = 0; cell < values.size(); ++cell) {
    double sum = 0.0;
    double valid = 0.0;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const float value = layers[i].layer.values[cell];
      if (std::isnan(value)) continue;
      sum += weights[i] * static_cast<double>(value);
      valid += weights[i];
    }
    values[cell] =
        valid >= 0.5 - 1e-9 ? static_cast<float>(sum / valid) : std::numeric_limits<float>::quiet_NaN();
  }
}

InputSpec layer_spec(const InputSpec& spec, const DepthLayer& layer) {
  InputSpec one = spec;
  one.layers.clear();
  one.depth_cm.reset();
  one.paths = {layer.path};
  if (!layer.variable.empty()) one.variable = layer.variable;
  return one;
}

/// An input: one map, or the horizons that its depths take a part of.
struct OpenInputLayers {
  std::vector<OpenLayer> layers;  ///< empty: the file of an optional input is absent
  std::vector<double> weights;
  std::string depth_warning;

  StaticLayer conclude(const InputSpec& spec, const core::Grid& grid);
};

OpenInputLayers open_profile(const InputSpec& spec, const core::Grid& grid) {
  DepthWeights depth{{1.0}, ""};
  if (spec.depth_cm)
    depth = depth_weights(spec.layers, *spec.depth_cm, spec.name);
  else if (spec.layers.size() > 1)
    throw Error(ErrorKind::usage, "[inputs." + spec.name + "] has " + std::to_string(spec.layers.size()) +
                                      " layers; set `depth = [top, bottom]` in cm to average them over");
  OpenInputLayers opened;
  opened.depth_warning = depth.warning;
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    if (depth.weights[i] <= 0.0) continue;  // outside the depths: not even read
    opened.layers.push_back(open_one(layer_spec(spec, spec.layers[i]), grid));
    opened.weights.push_back(depth.weights[i]);
  }
  return opened;
}

StaticLayer profile_of(const OpenInputLayers& opened, const core::Grid& grid) {
  StaticLayer result;
  result.report = opened.layers.front().layer.report;
  for (std::size_t i = 1; i < opened.layers.size(); ++i) {
    const InputReport& report = opened.layers[i].layer.report;
    result.report.files.insert(result.report.files.end(), report.files.begin(), report.files.end());
    result.report.warnings.insert(result.report.warnings.end(), report.warnings.begin(),
                                  report.warnings.end());
  }
  if (!opened.depth_warning.empty()) result.report.warnings.push_back(opened.depth_warning);
  result.values.resize(static_cast<std::size_t>(grid.cells()));
  average_layers(opened.layers, opened.weights, result.values);
  return result;
}

/// What was read, as one layer.
StaticLayer OpenInputLayers::conclude(const InputSpec& spec, const core::Grid& grid) {
  StaticLayer layer;
  if (layers.empty()) {
    layer.report.name = spec.name;
    return layer;
  }
  layer = spec.layers.empty() ? std::move(layers.front().layer) : profile_of(*this, grid);
  if (std::all_of(layer.values.begin(), layer.values.end(), [](float value) { return std::isnan(value); }))
    throw Error(ErrorKind::data, "[inputs." + spec.name +
                                     "] every cell of the model grid is missing; check `nodata`, "
                                     "`valid_range`, masks, and that the data cover the basin");
  return layer;
}

bool any_absent(const InputSpec& spec) {
  if (spec.layers.empty()) return find_files(spec.paths, core::Calendar::standard).empty();
  return std::any_of(spec.layers.begin(), spec.layers.end(), [](const DepthLayer& layer) {
    return find_files({layer.path}, core::Calendar::standard).empty();
  });
}

OpenInputLayers open_layers(const InputSpec& spec, const core::Grid& grid) {
  if (!spec.required && any_absent(spec)) return {};
  if (!spec.layers.empty()) return open_profile(spec, grid);
  OpenInputLayers opened;
  opened.layers.push_back(open_one(spec, grid));
  return opened;
}

}  // namespace

// Opened one after the other: the libraries let one thread in at a time, and each further thread would have
// to load PROJ's tables anew. Decoding and warping is what takes long.
std::vector<StaticLayer> read_static_layers(std::span<const InputSpec> specs, const core::Grid& grid,
                                            const core::ParallelFor& parallel_for) {
  std::vector<OpenInputLayers> inputs;
  for (const InputSpec& spec : specs) inputs.push_back(open_layers(spec, grid));
  std::vector<OpenLayer*> maps;
  for (OpenInputLayers& input : inputs)
    for (OpenLayer& layer : input.layers) maps.push_back(&layer);
  std::vector<std::exception_ptr> failures(maps.size());
  parallel_for(static_cast<std::int64_t>(maps.size()), [&](std::int64_t i) {
    const auto at = static_cast<std::size_t>(i);
    try {
      maps[at]->read();
    } catch (...) {
      failures[at] = std::current_exception();
    }
  });
  for (const std::exception_ptr& failure : failures)  // of several always the same one
    if (failure) std::rethrow_exception(failure);
  std::vector<StaticLayer> layers;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    layers.push_back(inputs[i].conclude(specs[i], grid));
    inputs[i].layers.clear();  // a profile's horizons are whole grids
  }
  return layers;
}

StaticLayer read_static_layer(const InputSpec& spec, const core::Grid& grid) {
  return std::move(read_static_layers(std::span(&spec, 1), grid, core::serial_for).front());
}

}  // namespace rootzone::io
