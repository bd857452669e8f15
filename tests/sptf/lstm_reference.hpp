#pragma once
#include <cstdint>
#include <vector>

#include "rootzone/sptf/lstm.hpp"

namespace rootzone::sptf {

/// A network in plain loops and double precision, one sequence after the other: what the fast one is held
/// against.
class LstmReference {
 public:
  LstmReference(const LstmWeights& weights, const LstmReadout& readout);

  /// Outputs of the whole block, shaped as the fast one's.
  std::vector<double> forward(const SequenceBlock& block) const;
  struct Gradients {
    std::vector<double> weights;
    std::vector<double> constants;
  };
  Gradients backward(const SequenceBlock& block, const std::vector<double>& output_gradient) const;

  /// In double, so that finite differences see smaller steps than float32 could.
  std::vector<double> weights;

 private:
  struct Step;
  std::vector<Step> run(const SequenceBlock& block, std::int64_t sequence) const;
  double step_weight(std::int64_t row, std::int64_t column) const;
  bool any_usable(const SequenceBlock& block, std::int64_t sequence) const;
  std::vector<double> linear(const std::vector<double>& hidden) const;

  LstmShape m_shape;
  LstmReadout m_readout;
  std::size_t m_constant, m_bias, m_output, m_output_bias;
};

/// A block of random but repeatable sequences: inputs within ±2, `missing_share` of the steps unusable.
struct RandomBlock {
  RandomBlock(const LstmShape& shape, std::int64_t width, std::int64_t steps, double missing_share,
              std::uint64_t seed);
  /// Leave only the first sequences usable: the reference skips the others.
  void keep_first(std::int64_t sequences);
  SequenceBlock view() const { return {width, steps, daily, constants, usable}; }

  std::int64_t width, steps;
  std::vector<float> daily, constants, usable;
};

/// Uniform on [low, high), the same on every machine.
class TestRandom {
 public:
  explicit TestRandom(std::uint64_t seed) : m_state(seed) {}
  double uniform(double low, double high);

 private:
  std::uint64_t m_state;
};

}  // namespace rootzone::sptf
