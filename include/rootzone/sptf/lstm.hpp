#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rootzone::sptf {

/// Sizes of a network of one LSTM layer (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al.
/// 2000) and one linear layer on its hidden state. Inputs that do not change in time are apart: what they add
/// to the gates is computed once.
struct LstmShape {
  std::int64_t daily_inputs = 5;
  std::int64_t constant_inputs = 4;
  std::int64_t hidden = 128;
  std::int64_t outputs = 6;

  bool operator==(const LstmShape&) const = default;
  /// Number of weights.
  std::size_t size() const;
  /// Throws Error(data) naming the size that is out of range (constant inputs may be 0, the rest not).
  void validate() const;
};

/// All weights in one array, so that optimisers and checkpoints see plain numbers. Gates come in the order i,
/// f, g, o, `hidden` rows each. The matrices lie one after the other, each row-major: step[4·hidden][hidden +
/// daily_inputs] (recurrent weights, then daily inputs), constant[4·hidden][constant_inputs],
/// gate_bias[4·hidden], output[outputs][hidden], output_bias[outputs].
struct LstmWeights {
  LstmShape shape;
  std::vector<float> values;

  LstmWeights() = default;
  explicit LstmWeights(const LstmShape& sizes);  ///< all zero

  std::span<float> step() { return part(0); }
  std::span<float> constant() { return part(1); }
  std::span<float> gate_bias() { return part(2); }
  std::span<float> output() { return part(3); }
  std::span<float> output_bias() { return part(4); }
  std::span<const float> step() const { return part(0); }
  std::span<const float> constant() const { return part(1); }
  std::span<const float> gate_bias() const { return part(2); }
  std::span<const float> output() const { return part(3); }
  std::span<const float> output_bias() const { return part(4); }

  /// Throws Error(data) if the array's length is not the shape's, or a value is not finite.
  void validate() const;

 private:
  std::span<float> part(int which);
  std::span<const float> part(int which) const;
};

/// Weights drawn uniformly from ±1/√hidden, as is usual for this layer; forget biases at 1 (Gers et al.
/// 2000), so that a fresh network remembers. The same numbers on every machine.
LstmWeights random_lstm_weights(const LstmShape& shape, std::uint64_t seed);

/// What becomes of the linear layer's outputs.
enum class OutputActivation { linear, sigmoid };

/// Which outputs a sequence has: the mean over its usable steps, those after its last usable step, or all.
enum class Aggregation { mean, last, every_step };

/// How a network turns a sequence into outputs.
struct LstmReadout {
  OutputActivation activation = OutputActivation::sigmoid;
  Aggregation aggregation = Aggregation::mean;
};

/// Sequences side by side, `width` of them, of `steps` steps each; sequences that are not there (the last
/// block) hold zeros and are never usable. All values must be finite, those of unusable steps too. usable: 1
/// where the step counts, 0 where the sequence has no valid input: there the state stays as it was and the
/// step does not enter the aggregation. Empty: every step counts.
struct SequenceBlock {
  std::int64_t width = 0;
  std::int64_t steps = 0;
  std::span<const float> daily;      ///< [steps][daily_inputs][width]
  std::span<const float> constants;  ///< [constant_inputs][width]
  std::span<const float> usable;     ///< [steps][width] or empty
};

/// Values that a block's outputs take: [outputs][width], or [steps][outputs][width] for every_step.
std::size_t output_size(const LstmShape& shape, const LstmReadout& readout, const SequenceBlock& block);

}  // namespace rootzone::sptf
