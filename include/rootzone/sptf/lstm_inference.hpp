#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "rootzone/sptf/instruction_set.hpp"
#include "rootzone/sptf/lstm.hpp"

namespace rootzone::sptf {

/// In blocks of a multiple of this all sequences go through the same instructions, in every kernel: none's
/// result depends on its place, its neighbours or the width. Fewer sequences are padded.
inline constexpr std::int64_t inference_grain = 48;
/// A good width: what a step works on stays in a cache of 1 MB for 128 hidden units.
inline constexpr std::int64_t inference_width = 144;

/// Runs a network forward over blocks of sequences, in float32, without remembering the way. One object per
/// thread: it holds the working arrays (0.7 MB for 144 sequences and 128 hidden units).
///
/// Accuracy: outputs agree with a double-precision reference to 1e-5 (test Lstm.ForwardEqualsTheReference).
/// On one instruction set the same bytes whatever block a sequence comes in
/// (Lstm.PlaceNeighboursAndWidthDoNotChangeASequencesBits); another instruction set may differ in the last
/// digits. Denormals are flushed inside, whatever the thread's mode.
class LstmInference {
 public:
  /// weights must outlive this object. Throws Error(data) if they do not validate, Error(internal) for a
  /// width that is not a multiple of 16.
  LstmInference(const LstmWeights& weights, const LstmReadout& readout, InstructionSet set,
                std::int64_t width = inference_width);

  /// outputs: see output_size(); NaN where a sequence has no usable step (but for every_step).
  /// Throws Error(internal) if lengths do not fit the shape.
  void run(const SequenceBlock& block, std::span<float> outputs);

 private:
  const LstmWeights* m_weights;
  LstmReadout m_readout;
  InstructionSet m_set;
  std::int64_t m_width;
  std::vector<float> m_work;
};

}  // namespace rootzone::sptf
