#include "rootzone/sptf/lstm_inference.hpp"

#include "lstm_job.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::sptf {

LstmInference::LstmInference(const LstmWeights& weights, const LstmReadout& readout, InstructionSet set,
                             std::int64_t width)
    : m_weights(&weights), m_readout(readout), m_set(set), m_width(width) {
  weights.validate();
  if (width <= 0 || width % 16 != 0)
    throw core::Error(core::ErrorKind::internal,
                      "LSTM block: the width must be a multiple of 16, found " + std::to_string(width));
  const LstmShape& shape = weights.shape;
  m_work.resize(
      static_cast<std::size_t>(width * (10 * shape.hidden + shape.daily_inputs + shape.outputs + 1)));
}

void LstmInference::run(const SequenceBlock& block, std::span<float> outputs) {
  const LstmShape& shape = m_weights->shape;
  check_block(shape, m_readout, block, outputs.size());
  if (block.width != m_width)
    throw core::Error(core::ErrorKind::internal, "LSTM block: expected a width of " +
                                                     std::to_string(m_width) + ", found " +
                                                     std::to_string(block.width));
  ForwardJob job;
  job.sizes = kernel_sizes(shape, block);
  job.weights = kernel_weights(*m_weights);
  job.sigmoid_outputs = m_readout.activation == OutputActivation::sigmoid;
  job.aggregation = kernel_aggregation(m_readout.aggregation);
  job.daily = block.daily.data();
  job.constants = block.constants.data();
  job.usable = block.usable.empty() ? nullptr : block.usable.data();
  job.outputs = outputs.data();
  float* work = m_work.data();
  const auto take = [&](std::int64_t rows) {
    float* const taken = work;
    work += rows * m_width;
    return taken;
  };
  job.gates = take(4 * shape.hidden);
  job.constant_gates = take(4 * shape.hidden);
  job.states = take(shape.hidden + shape.daily_inputs);
  job.cells = take(shape.hidden);
  job.step_outputs = take(shape.outputs);
  job.counts = take(1);
  lstm_kernel(m_set).forward(job);
}

}  // namespace rootzone::sptf
