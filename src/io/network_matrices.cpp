#include "network_matrices.hpp"

#include <algorithm>
#include <cmath>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;

std::string shape_text(std::int64_t rows, std::int64_t cols) {
  return std::to_string(rows) + " × " + std::to_string(cols);
}

void check_shape(const NetworkMatrix& matrix, std::int64_t rows, std::int64_t cols, const std::string& where,
                 const std::string& why) {
  if (matrix.rows != rows || matrix.cols != cols)
    throw Error(ErrorKind::data, where + ", " + matrix.name + ": expected " + shape_text(rows, cols) + " (" +
                                     why + "), found " + shape_text(matrix.rows, matrix.cols));
  const auto bad = std::find_if(matrix.values.begin(), matrix.values.end(),
                                [](double value) { return !std::isfinite(value); });
  if (bad != matrix.values.end()) {
    const auto i = static_cast<std::int64_t>(bad - matrix.values.begin());
    throw Error(ErrorKind::data, where + ", " + matrix.name + ": row " + std::to_string(i / cols + 1) +
                                     ", column " + std::to_string(i % cols + 1) + " is not a finite number");
  }
}

void check_shapes(const NetworkMatrices& matrices, std::int64_t hidden, std::int64_t inputs,
                  std::int64_t outputs, const std::string& where) {
  if (hidden < 1 || matrices.recurrent_weights.rows != 4 * hidden)
    throw Error(ErrorKind::data,
                where + ", recurrent_weights: expected four rows for each column (gates i, f, g, o), found " +
                    shape_text(matrices.recurrent_weights.rows, matrices.recurrent_weights.cols));
  const std::string size = std::to_string(hidden) + " hidden units";
  check_shape(matrices.recurrent_weights, 4 * hidden, hidden, where, size);
  check_shape(matrices.input_weights, 4 * hidden, inputs, where,
              size + ", " + std::to_string(inputs) + " inputs");
  check_shape(matrices.gate_bias, 4 * hidden, 1, where, size);
  check_shape(matrices.output_weights, outputs, hidden, where,
              size + ", " + std::to_string(outputs) + " outputs");
  check_shape(matrices.output_bias, outputs, 1, where, std::to_string(outputs) + " outputs");
}

}  // namespace

void set_weights(sptf::Network& network, const NetworkMatrices& matrices, const std::string& gates,
                 const std::string& where) {
  const std::int64_t hidden = matrices.recurrent_weights.cols;
  const auto inputs = static_cast<std::int64_t>(network.inputs.size());
  const auto outputs = static_cast<std::int64_t>(network.outputs.size());
  check_shapes(matrices, hidden, inputs, outputs, where);
  const auto constants = std::count_if(network.inputs.begin(), network.inputs.end(),
                                       [](const sptf::NetworkInput& input) { return input.constant; });
  network.weights = sptf::LstmWeights({inputs - constants, constants, hidden, outputs});
  const std::string order = "ifgo";
  const auto step = network.weights.step(), constant = network.weights.constant();
  const auto bias = network.weights.gate_bias();
  std::size_t step_at = 0, constant_at = 0;
  for (std::int64_t row = 0; row < 4 * hidden; ++row) {
    const auto gate = static_cast<std::int64_t>(gates.find(order[static_cast<std::size_t>(row / hidden)]));
    const std::int64_t from = gate * hidden + row % hidden;
    for (std::int64_t k = 0; k < hidden; ++k)
      step[step_at++] = static_cast<float>(matrices.recurrent_weights.at(from, k));
    for (std::int64_t i = 0; i < inputs; ++i) {
      const auto weight = static_cast<float>(matrices.input_weights.at(from, i));
      if (network.inputs[static_cast<std::size_t>(i)].constant)
        constant[constant_at++] = weight;
      else
        step[step_at++] = weight;
    }
    bias[static_cast<std::size_t>(row)] = static_cast<float>(matrices.gate_bias.at(from, 0));
  }
  const auto narrow = [](double value) { return static_cast<float>(value); };
  std::transform(matrices.output_weights.values.begin(), matrices.output_weights.values.end(),
                 network.weights.output().begin(), narrow);
  std::transform(matrices.output_bias.values.begin(), matrices.output_bias.values.end(),
                 network.weights.output_bias().begin(), narrow);
}

NetworkMatrices matrices_of(const sptf::Network& network) {
  const sptf::LstmShape& shape = network.weights.shape;
  NetworkMatrices matrices;
  const auto resize = [](NetworkMatrix& matrix, std::int64_t rows, std::int64_t cols) {
    matrix.rows = rows;
    matrix.cols = cols;
  };
  resize(matrices.input_weights, 4 * shape.hidden, shape.daily_inputs + shape.constant_inputs);
  resize(matrices.recurrent_weights, 4 * shape.hidden, shape.hidden);
  resize(matrices.gate_bias, 4 * shape.hidden, 1);
  resize(matrices.output_weights, shape.outputs, shape.hidden);
  resize(matrices.output_bias, shape.outputs, 1);
  const auto step = network.weights.step(), constant = network.weights.constant();
  std::size_t step_at = 0, constant_at = 0;
  for (std::int64_t row = 0; row < 4 * shape.hidden; ++row) {
    for (std::int64_t k = 0; k < shape.hidden; ++k)
      matrices.recurrent_weights.values.push_back(static_cast<double>(step[step_at++]));
    for (const sptf::NetworkInput& input : network.inputs)
      matrices.input_weights.values.push_back(
          static_cast<double>(input.constant ? constant[constant_at++] : step[step_at++]));
  }
  const auto copy = [](std::span<const float> from, NetworkMatrix& to) {
    to.values.assign(from.begin(), from.end());
  };
  copy(network.weights.gate_bias(), matrices.gate_bias);
  copy(network.weights.output(), matrices.output_weights);
  copy(network.weights.output_bias(), matrices.output_bias);
  return matrices;
}

}  // namespace rootzone::io
