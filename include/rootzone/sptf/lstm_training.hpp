#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "rootzone/sptf/instruction_set.hpp"
#include "rootzone/sptf/lstm.hpp"

namespace rootzone::sptf {

struct ForwardJob;

/// A block of sequences run forward and remembered, then backward: gradients of all weights by
/// back-propagation through time (Werbos 1990), whole sequences, nothing cut off. One object per thread and
/// block in flight; it grows to what its largest block needs, about (6·hidden + 2·daily_inputs)·4 bytes per
/// sequence and step: 213 MB for 192 sequences of 365 steps at 128 hidden units.
///
/// To train on several threads, cut the batch into blocks of a fixed width, give each block a tape and a
/// gradient of its own, and add the gradients in the order of the blocks: the sum is then the same for any
/// number of threads.
///
///     tape.forward(weights, readout, block, outputs);   // any thread
///     …                                                 // d loss / d outputs
///     tape.backward(weights, output_gradient, gradient, constants_gradient);
///     add_gradient(sum, gradient);                      // block after block
///
/// Accuracy: gradients agree with a double-precision reference to 1e-5 of the largest
/// (Lstm.GradientsEqualThe…) and with finite differences. Forward outputs are bit for bit those of
/// LstmInference at the same width.
class LstmTape {
 public:
  explicit LstmTape(InstructionSet set);

  /// As LstmInference::run. block.width must be a multiple of 16 (48 is the kernels' own grain: 48, 96, 144
  /// and 192 waste nothing).
  void forward(const LstmWeights& weights, const LstmReadout& readout, const SequenceBlock& block,
               std::span<float> outputs);

  /// Add the gradient of the last forward() to `gradient` (laid out as LstmWeights::values).
  /// output_gradient: d loss / d outputs, shaped as the outputs; 0 for sequences that are not there.
  /// Sequences without a usable step contribute nothing. constants_gradient: empty, or
  /// [constant_inputs][width], filled with d loss / d constants. The same weights and block data as in
  /// forward(). Throws Error(internal) if lengths do not fit, or without a forward().
  void backward(const LstmWeights& weights, std::span<const float> output_gradient, std::span<float> gradient,
                std::span<float> constants_gradient = {});

 private:
  ForwardJob job(const LstmWeights& weights);

  InstructionSet m_set;
  bool m_remembers = false;
  LstmReadout m_readout;
  LstmShape m_shape;
  SequenceBlock m_block;
  std::vector<float> m_states;     ///< [steps + 1][hidden + daily_inputs][width]: what each step multiplies
  std::vector<float> m_gates;      ///< [steps][4·hidden][width], after their activation
  std::vector<float> m_cells;      ///< [steps + 1][hidden][width]
  std::vector<float> m_outputs;    ///< [steps][outputs][width], after their activation
  std::vector<float> m_constants;  ///< [constant_inputs][width]
  std::vector<float> m_usable;     ///< [steps][width] or empty
  std::vector<float> m_counts;     ///< [width] usable steps
  std::vector<float> m_work;
};

/// sum += part, element by element.
void add_gradient(std::span<float> sum, std::span<const float> part);

}  // namespace rootzone::sptf
