#include "rootzone/io/network_file.hpp"

#include <netcdf.h>

#include <array>
#include <optional>

#include "netcdf_file_maker.hpp"
#include "network_matrices.hpp"
#include "network_netcdf.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/library_lock.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;
using sptf::Network;
using sptf::NetworkInput;
using sptf::NetworkOutput;

constexpr const char* product = "rootzone site-specific pedotransfer function";
constexpr double format_version = 1.0;

/// Removes the partial file if writing fails.
struct PartialFile {
  std::filesystem::path path;
  ~PartialFile() {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
};

/// Variables of texts and numbers along one dimension, kept until the definitions end.
class Columns {
 public:
  Columns(NetcdfFileMaker& file, const std::string& dimension, std::size_t length)
      : m_file(file), m_dimension(file.dimension(dimension, static_cast<std::int64_t>(length))) {}

  int dimension() const { return m_dimension; }
  void add(const std::string& name, std::vector<std::string> texts) {
    m_texts.emplace_back(m_file.variable(name, NC_STRING, std::array{m_dimension}), std::move(texts));
  }
  void add(const std::string& name, std::vector<double> numbers) {
    m_numbers.emplace_back(m_file.variable(name, NC_DOUBLE, std::array{m_dimension}), std::move(numbers));
  }
  void put() {
    for (const auto& [id, texts] : m_texts) m_file.put(id, std::span<const std::string>(texts));
    for (const auto& [id, numbers] : m_numbers) m_file.put(id, std::span<const double>(numbers));
  }

 private:
  NetcdfFileMaker& m_file;
  int m_dimension;
  std::vector<std::pair<int, std::vector<std::string>>> m_texts;
  std::vector<std::pair<int, std::vector<double>>> m_numbers;
};

template <typename Entry, typename Member>
auto column(const std::vector<Entry>& entries, Member member) {
  std::vector<std::decay_t<decltype(member(entries.front()))>> values;
  for (const Entry& entry : entries) values.push_back(member(entry));
  return values;
}

void add_inputs(Columns& columns, const std::vector<NetworkInput>& inputs) {
  columns.add("input_name", column(inputs, [](const NetworkInput& i) { return i.name; }));
  columns.add("input_units", column(inputs, [](const NetworkInput& i) { return i.units; }));
  columns.add("input_kind", column(inputs, [](const NetworkInput& i) {
                return std::string(i.constant ? "constant" : "daily");
              }));
  columns.add("input_offset", column(inputs, [](const NetworkInput& i) { return i.offset; }));
  columns.add("input_scale", column(inputs, [](const NetworkInput& i) { return i.scale; }));
}

void add_outputs(Columns& columns, const std::vector<NetworkOutput>& outputs) {
  columns.add("output_name", column(outputs, [](const NetworkOutput& o) { return o.name; }));
  columns.add("output_units", column(outputs, [](const NetworkOutput& o) { return o.units; }));
  columns.add("output_scale", column(outputs, [](const NetworkOutput& o) {
                return std::string(o.scale == sptf::OutputScale::linear ? "linear" : "logarithmic");
              }));
  columns.add("output_at_zero", column(outputs, [](const NetworkOutput& o) { return o.at_zero; }));
  columns.add("output_at_one", column(outputs, [](const NetworkOutput& o) { return o.at_one; }));
  columns.add("output_raised_by", column(outputs, [](const NetworkOutput& o) {
                return std::string(o.raised_by_observations ? "surface_soil_moisture" : "");
              }));
}

void add_attributes(NetcdfFileMaker& file, const Network& network) {
  const bool mean = network.readout.aggregation == sptf::Aggregation::mean;
  file.attributes(NC_GLOBAL, {{"title", network.title},
                              {"product", product},
                              {"format_version", format_version},
                              {"hydraulic_model", sptf::name_of(network.model)},
                              {"gate_order", "i f g o"},
                              {"output_activation", "sigmoid"},
                              {"aggregation", mean ? "mean" : "last"},
                              {"training", network.training},
                              {"training_data", network.data}});
}

void fill_file(NetcdfFileMaker& file, const Network& network) {
  const NetworkMatrices matrices = matrices_of(network);
  add_attributes(file, network);
  Columns inputs(file, "input", network.inputs.size()), outputs(file, "output", network.outputs.size());
  const int gates = file.dimension("gate", 4 * network.weights.shape.hidden);
  const int hidden = file.dimension("hidden", network.weights.shape.hidden);
  add_inputs(inputs, network.inputs);
  add_outputs(outputs, network.outputs);
  std::vector<std::pair<int, const NetworkMatrix*>> variables;
  const auto add = [&](const NetworkMatrix& matrix, std::initializer_list<int> dimensions) {
    variables.emplace_back(file.variable(matrix.name, NC_FLOAT, std::vector<int>(dimensions)), &matrix);
  };
  add(matrices.input_weights, {gates, inputs.dimension()});
  add(matrices.recurrent_weights, {gates, hidden});
  add(matrices.gate_bias, {gates});
  add(matrices.output_weights, {outputs.dimension(), hidden});
  add(matrices.output_bias, {outputs.dimension()});
  std::optional<Columns> scores;
  if (!network.scores.empty()) {
    scores.emplace(file, "score", network.scores.size());
    scores->add("score_name", column(network.scores, [](const auto& score) { return score.first; }));
    scores->add("score_value", column(network.scores, [](const auto& score) { return score.second; }));
  }
  file.end_definitions();
  for (const auto& [id, matrix] : variables) file.put(id, matrix->values);
  inputs.put();
  outputs.put();
  if (scores) scores->put();
}

std::vector<NetworkInput> read_inputs(const NetworkNetcdf& file) {
  const std::size_t count = file.length("input_name");
  const auto names = file.texts("input_name", count), units = file.texts("input_units", count),
             kinds = file.texts("input_kind", count);
  const auto offsets = file.numbers("input_offset", count), scales = file.numbers("input_scale", count);
  std::vector<NetworkInput> inputs;
  for (std::size_t i = 0; i < count; ++i) {
    if (kinds[i] != "daily" && kinds[i] != "constant")
      throw Error(ErrorKind::data, file.file().path().string() +
                                       ", input_kind: expected daily or constant, found '" + kinds[i] +
                                       "' for '" + names[i] + "'");
    inputs.push_back({names[i], units[i], kinds[i] == "constant", offsets[i], scales[i]});
  }
  return inputs;
}

std::vector<NetworkOutput> read_outputs(const NetworkNetcdf& file) {
  const std::size_t count = file.length("output_name");
  const auto names = file.texts("output_name", count), units = file.texts("output_units", count),
             scales = file.texts("output_scale", count), raised = file.texts("output_raised_by", count);
  const auto zeros = file.numbers("output_at_zero", count), ones = file.numbers("output_at_one", count);
  std::vector<NetworkOutput> outputs;
  for (std::size_t i = 0; i < count; ++i) {
    if (scales[i] != "linear" && scales[i] != "logarithmic")
      throw Error(ErrorKind::data, file.file().path().string() +
                                       ", output_scale: expected linear or logarithmic, found '" + scales[i] +
                                       "' for '" + names[i] + "'");
    if (!raised[i].empty() && raised[i] != "surface_soil_moisture")
      throw Error(ErrorKind::data,
                  file.file().path().string() +
                      ", output_raised_by: expected surface_soil_moisture or nothing, found '" + raised[i] +
                      "' for '" + names[i] + "'");
    outputs.push_back({names[i], units[i],
                       scales[i] == "linear" ? sptf::OutputScale::linear : sptf::OutputScale::logarithmic,
                       zeros[i], ones[i], !raised[i].empty()});
  }
  return outputs;
}

void expect_attribute(const NetworkNetcdf& file, const char* name, const std::string& expected) {
  const std::string found = file.attribute(name, true);
  if (found != expected)
    throw Error(ErrorKind::data, file.file().path().string() + ": the global attribute '" + name + "' is '" +
                                     found + "', expected '" + expected + "'");
}

Network read_contents(const NetworkNetcdf& file) {
  expect_attribute(file, "product", product);
  if (file.number_attribute("format_version") != format_version)
    throw Error(ErrorKind::data, file.file().path().string() +
                                     ": its format_version is not 1; it needs another version of rootzone");
  expect_attribute(file, "gate_order", "i f g o");
  expect_attribute(file, "output_activation", "sigmoid");
  Network network;
  network.model = sptf::hydraulic_model(file.attribute("hydraulic_model", true));
  const std::string aggregation = file.attribute("aggregation", true);
  if (aggregation != "mean" && aggregation != "last")
    throw Error(ErrorKind::data, file.file().path().string() + ": the global attribute 'aggregation' is '" +
                                     aggregation + "', expected mean or last");
  network.readout.aggregation = aggregation == "mean" ? sptf::Aggregation::mean : sptf::Aggregation::last;
  network.title = file.attribute("title", false);
  network.training = file.attribute("training", false);
  network.data = file.attribute("training_data", false);
  network.inputs = read_inputs(file);
  network.outputs = read_outputs(file);
  if (file.has("score_name")) {
    const std::size_t count = file.length("score_name");
    const auto names = file.texts("score_name", count);
    const auto values = file.numbers("score_value", count);
    for (std::size_t i = 0; i < count; ++i) network.scores.emplace_back(names[i], values[i]);
  }
  return network;
}

}  // namespace

void write_network(const std::filesystem::path& path, const Network& network) {
  network.validate();
  const PartialFile partial{partial_path(path)};
  {
    const NetcdfLock lock(netcdf_mutex());
    NetcdfFileMaker file(partial.path);
    fill_file(file, network);
    file.close();
  }
  sync_to_disk(partial.path);
  rename_into_place(partial.path, path);
}

Network read_network(const std::filesystem::path& path) {
  const NetworkNetcdf file(path);
  Network network = read_contents(file);
  NetworkMatrices matrices;
  for (NetworkMatrix* matrix : {&matrices.input_weights, &matrices.recurrent_weights, &matrices.gate_bias,
                                &matrices.output_weights, &matrices.output_bias})
    *matrix = file.matrix(matrix->name);
  set_weights(network, matrices, "ifgo", path.string());
  try {
    network.validate();
  } catch (Error& error) {
    error.add_context(path.string());
    throw;
  }
  return network;
}

}  // namespace rootzone::io
