#include "rootzone/sptf/lstm_training.hpp"

#include <algorithm>

#include "lstm_job.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::sptf {
namespace {

void grow(std::vector<float>& values, std::int64_t size) {
  if (static_cast<std::int64_t>(values.size()) < size) values.resize(static_cast<std::size_t>(size));
}

}  // namespace

LstmTape::LstmTape(InstructionSet set) : m_set(set) {}

ForwardJob LstmTape::job(const LstmWeights& weights) {
  const std::int64_t width = m_block.width;
  ForwardJob job;
  job.sizes = kernel_sizes(m_shape, m_block);
  job.weights = kernel_weights(weights);
  job.sigmoid_outputs = m_readout.activation == OutputActivation::sigmoid;
  job.aggregation = kernel_aggregation(m_readout.aggregation);
  job.constants = m_constants.data();
  job.usable = m_usable.empty() ? nullptr : m_usable.data();
  job.states = m_states.data();
  job.gates = m_gates.data();
  job.cells = m_cells.data();
  job.step_outputs = m_outputs.data();
  job.states_stride = (m_shape.hidden + m_shape.daily_inputs) * width;
  job.gates_stride = 4 * m_shape.hidden * width;
  job.cells_stride = m_shape.hidden * width;
  job.step_outputs_stride = m_shape.outputs * width;
  job.constant_gates = m_work.data();
  job.counts = m_counts.data();
  return job;
}

void LstmTape::forward(const LstmWeights& weights, const LstmReadout& readout, const SequenceBlock& block,
                       std::span<float> outputs) {
  weights.validate();
  check_block(weights.shape, readout, block, outputs.size());
  m_shape = weights.shape;
  m_readout = readout;
  m_block = block;
  m_constants.assign(block.constants.begin(), block.constants.end());
  m_usable.assign(block.usable.begin(), block.usable.end());
  const std::int64_t width = block.width;
  grow(m_states, (block.steps + 1) * (m_shape.hidden + m_shape.daily_inputs) * width);
  grow(m_gates, block.steps * 4 * m_shape.hidden * width);
  grow(m_cells, (block.steps + 1) * m_shape.hidden * width);
  grow(m_outputs, block.steps * m_shape.outputs * width);
  grow(m_counts, width);
  // Backward needs two arrays of gates and the gradients of hidden state, cell and outputs; forward one of
  // gates.
  grow(m_work, (10 * m_shape.hidden + m_shape.outputs) * width);
  ForwardJob forward = job(weights);
  forward.daily = block.daily.data();
  forward.outputs = outputs.data();
  lstm_kernel(m_set).forward(forward);
  m_block.daily = {};  // the states hold a copy; the caller's arrays may go
  m_block.constants = {};
  m_block.usable = {};
  m_remembers = true;
}

void LstmTape::backward(const LstmWeights& weights, std::span<const float> output_gradient,
                        std::span<float> gradient, std::span<float> constants_gradient) {
  const auto constants = static_cast<std::size_t>(m_shape.constant_inputs * m_block.width);
  if (!m_remembers || weights.shape != m_shape || weights.values.size() != m_shape.size() ||
      output_gradient.size() != output_size(m_shape, m_readout, m_block) ||
      gradient.size() != m_shape.size() ||
      (!constants_gradient.empty() && constants_gradient.size() != constants))
    throw core::Error(core::ErrorKind::internal, "LSTM: backward() does not fit the last forward()");
  BackwardJob backward;
  backward.forward = job(weights);
  backward.output_gradient = output_gradient.data();
  backward.gradient = kernel_gradient(m_shape, gradient);
  backward.constants_gradient = constants_gradient.empty() ? nullptr : constants_gradient.data();
  const std::int64_t gates = 4 * m_shape.hidden * m_block.width;
  backward.gate_gradient = m_work.data();
  backward.gate_gradient_sum = backward.gate_gradient + gates;
  backward.state_gradient = backward.gate_gradient_sum + gates;
  backward.cell_gradient = backward.state_gradient + m_shape.hidden * m_block.width;
  backward.step_gradient = backward.cell_gradient + m_shape.hidden * m_block.width;
  lstm_kernel(m_set).backward(backward);
}

void add_gradient(std::span<float> sum, std::span<const float> part) {
  if (sum.size() != part.size())
    throw core::Error(core::ErrorKind::internal, "gradients of different length");
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += part[i];
}

}  // namespace rootzone::sptf
