#include "lstm_job.hpp"

#include <string>

#include "rootzone/core/error.hpp"

namespace rootzone::sptf {
namespace {

constexpr std::int64_t lanes = 16;  // of the widest vectors

void expect(const char* what, std::int64_t expected, std::size_t found) {
  if (static_cast<std::int64_t>(found) == expected) return;
  throw core::Error(core::ErrorKind::internal, std::string("LSTM block: expected ") +
                                                   std::to_string(expected) + " " + what + ", found " +
                                                   std::to_string(found));
}

}  // namespace

KernelWeights kernel_weights(const LstmWeights& weights) {
  return {weights.step().data(), weights.constant().data(), weights.gate_bias().data(),
          weights.output().data(), weights.output_bias().data()};
}

KernelGradient kernel_gradient(const LstmShape& shape, std::span<float> gradient) {
  float* const constant = gradient.data() + 4 * shape.hidden * (shape.hidden + shape.daily_inputs);
  float* const gate_bias = constant + 4 * shape.hidden * shape.constant_inputs;
  float* const output = gate_bias + 4 * shape.hidden;
  return {gradient.data(), constant, gate_bias, output, output + shape.outputs * shape.hidden};
}

KernelSizes kernel_sizes(const LstmShape& shape, const SequenceBlock& block) {
  return {shape.daily_inputs, shape.constant_inputs, shape.hidden, shape.outputs, block.width, block.steps};
}

KernelAggregation kernel_aggregation(Aggregation aggregation) {
  if (aggregation == Aggregation::last) return KernelAggregation::last;
  return aggregation == Aggregation::mean ? KernelAggregation::mean : KernelAggregation::every_step;
}

void check_block(const LstmShape& shape, const LstmReadout& readout, const SequenceBlock& block,
                 std::size_t outputs) {
  if (block.width <= 0 || block.width % lanes != 0 || block.steps <= 0)
    throw core::Error(core::ErrorKind::internal,
                      "LSTM block: expected a width that is a multiple of 16 and at least one step, found " +
                          std::to_string(block.width) + " and " + std::to_string(block.steps));
  expect("daily values", block.steps * shape.daily_inputs * block.width, block.daily.size());
  expect("constants", shape.constant_inputs * block.width, block.constants.size());
  if (!block.usable.empty()) expect("usable marks", block.steps * block.width, block.usable.size());
  expect("outputs", static_cast<std::int64_t>(output_size(shape, readout, block)), outputs);
}

}  // namespace rootzone::sptf
