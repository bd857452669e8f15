#pragma once
#include <span>

#include "lstm_kernel.hpp"
#include "rootzone/sptf/lstm.hpp"

namespace rootzone::sptf {

KernelWeights kernel_weights(const LstmWeights& weights);
/// The parts of a gradient laid out as LstmWeights::values.
KernelGradient kernel_gradient(const LstmShape& shape, std::span<float> gradient);
KernelSizes kernel_sizes(const LstmShape& shape, const SequenceBlock& block);
KernelAggregation kernel_aggregation(Aggregation aggregation);

/// Throws Error(internal) naming what does not fit.
void check_block(const LstmShape& shape, const LstmReadout& readout, const SequenceBlock& block,
                 std::size_t outputs);

}  // namespace rootzone::sptf
