#include <gmock/gmock.h>
#include <gtest/gtest.h>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include <algorithm>
#include <cmath>
#include <limits>

#include "lstm_kernel.hpp"
#include "lstm_reference.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/sptf/lstm_inference.hpp"
#include "rootzone/sptf/lstm_training.hpp"

namespace rootzone::sptf {
namespace {

std::vector<LstmReadout> readouts() {
  std::vector<LstmReadout> all;
  for (const auto activation : {OutputActivation::linear, OutputActivation::sigmoid})
    for (const auto aggregation : {Aggregation::mean, Aggregation::last, Aggregation::every_step})
      all.push_back({activation, aggregation});
  return all;
}

std::vector<float> infer(const LstmWeights& weights, const LstmReadout& readout, InstructionSet set,
                         const SequenceBlock& block) {
  std::vector<float> outputs(output_size(weights.shape, readout, block));
  LstmInference(weights, readout, set, block.width).run(block, outputs);
  return outputs;
}

double largest_difference(const std::vector<float>& fast, const std::vector<double>& reference) {
  double largest = 0.0;
  for (std::size_t i = 0; i < fast.size(); ++i) {
    EXPECT_EQ(std::isnan(fast[i]), std::isnan(reference[i]));
    if (!std::isnan(reference[i])) largest = std::max(largest, std::abs(fast[i] - reference[i]));
  }
  return largest;
}

TEST(Lstm, ForwardEqualsTheReference) {
  for (const LstmShape shape : {LstmShape{5, 4, 32, 6}, LstmShape{3, 0, 17, 1}, LstmShape{6, 4, 128, 6}}) {
    const LstmWeights weights = random_lstm_weights(shape, 11);
    const RandomBlock block(shape, 16, 60, 0.3, 5);
    for (const LstmReadout& readout : readouts()) {
      const std::vector<double> reference = LstmReference(weights, readout).forward(block.view());
      for (const InstructionSet set : instruction_sets())
        EXPECT_LT(largest_difference(infer(weights, readout, set, block.view()), reference), 1e-5)
            << name_of(set) << " with " << shape.hidden << " hidden units";
    }
  }
}

TEST(Lstm, AYearAtFullSizeEqualsTheReference) {
  const LstmShape shape;
  const LstmWeights weights = random_lstm_weights(shape, 12);
  RandomBlock block(shape, 16, 365, 0.1, 6);
  block.keep_first(3);
  const std::vector<double> reference = LstmReference(weights, {}).forward(block.view());
  for (const InstructionSet set : instruction_sets())
    EXPECT_LT(largest_difference(infer(weights, {}, set, block.view()), reference), 1e-5) << name_of(set);
}

/// One sequence of a block alone in another block, at another place.
RandomBlock moved(const RandomBlock& source, std::int64_t width, std::int64_t place) {
  RandomBlock to = source;
  to.width = width;
  const auto carry = [&](const std::vector<float>& from, std::vector<float>& into) {
    const std::size_t rows = from.size() / static_cast<std::size_t>(source.width);
    into.assign(rows * static_cast<std::size_t>(width), 0.0F);
    for (std::size_t row = 0; row < rows; ++row)
      into[row * static_cast<std::size_t>(width) + static_cast<std::size_t>(place)] =
          from[row * static_cast<std::size_t>(source.width)];
  };
  carry(source.daily, to.daily);
  carry(source.constants, to.constants);
  carry(source.usable, to.usable);
  return to;
}

TEST(Lstm, PlaceNeighboursAndWidthDoNotChangeASequencesBits) {
  for (const LstmShape shape : {LstmShape{5, 4, 40, 6}, LstmShape{5, 4, 128, 1}}) {
    const LstmWeights weights = random_lstm_weights(shape, 13);
    const RandomBlock source(shape, inference_width, 4, 0.2, 7);
    for (const InstructionSet set : instruction_sets()) {
      const std::vector<float> whole = infer(weights, {}, set, source.view());
      for (const std::int64_t width :
           {inference_grain, 2 * inference_grain, inference_width, 6 * inference_grain})
        for (const std::int64_t place : {0, 1, 15, 16, 31, 47, 95, 100, 143, 287}) {
          if (place >= width) continue;
          const std::vector<float> alone = infer(weights, {}, set, moved(source, width, place).view());
          for (std::int64_t o = 0; o < shape.outputs; ++o)
            EXPECT_EQ(alone[static_cast<std::size_t>(o * width + place)],
                      whole[static_cast<std::size_t>(o * inference_width)])
                << name_of(set) << ", place " << place << " of " << width;
        }
    }
  }
}

TEST(Lstm, AStepThatIsNotUsableChangesNothing) {
  const LstmShape shape{2, 1, 8, 3};
  const LstmWeights weights = random_lstm_weights(shape, 14);
  RandomBlock block(shape, 16, 20, 0.4, 9);
  for (const LstmReadout& readout : readouts()) {
    if (readout.aggregation == Aggregation::every_step) continue;
    const std::vector<float> before = infer(weights, readout, best_instruction_set(), block.view());
    RandomBlock other = block;  // other values on the unusable days
    for (std::size_t step = 0; step < 20; ++step)
      for (std::size_t b = 0; b < 16; ++b)
        if (other.usable[step * 16 + b] == 0.0F)
          for (std::size_t d = 0; d < 2; ++d) other.daily[(step * 2 + d) * 16 + b] = 99.0F;
    EXPECT_EQ(infer(weights, readout, best_instruction_set(), other.view()), before);
  }
}

TEST(Lstm, ASequenceWithoutUsableStepsIsMissing) {
  const LstmShape shape{2, 0, 8, 2};
  RandomBlock block(shape, 16, 10, 0.01, 1);
  std::fill(block.usable.begin(), block.usable.end(), 1.0F);
  for (std::size_t step = 0; step < 10; ++step) block.usable[step * 16 + 3] = 0.0F;
  for (const auto aggregation : {Aggregation::mean, Aggregation::last}) {
    const auto outputs = infer(random_lstm_weights(shape, 1), {OutputActivation::sigmoid, aggregation},
                               best_instruction_set(), block.view());
    for (std::size_t i = 0; i < outputs.size(); ++i) EXPECT_EQ(std::isnan(outputs[i]), i % 16 == 3) << i;
  }
}

TEST(Lstm, TheTapesOutputsAreThoseOfInference) {
  const LstmShape shape{5, 4, 32, 6};
  const LstmWeights weights = random_lstm_weights(shape, 15);
  const RandomBlock block(shape, 48, 25, 0.2, 10);
  for (const InstructionSet set : instruction_sets()) {
    LstmTape tape(set);
    for (const LstmReadout& readout : readouts()) {
      std::vector<float> outputs(output_size(shape, readout, block.view()));
      tape.forward(weights, readout, block.view(), outputs);
      EXPECT_EQ(outputs, infer(weights, readout, set, block.view()));
    }
  }
}

TEST(Lstm, FunctionsAreAccurate) {
  std::vector<float> x;
  for (double v = -100.0; v <= 100.0; v += 0.0037) x.push_back(static_cast<float>(v));
  for (double v = 1e-30; v < 1.0; v *= 1.7) {
    x.push_back(static_cast<float>(v));
    x.push_back(static_cast<float>(-v));
  }
  std::vector<float> y(x.size());
  const auto count = static_cast<std::int64_t>(x.size());
  for (const InstructionSet set : instruction_sets()) {
    const auto worst = [&](KernelFunction function, auto exact, auto scale) {
      lstm_kernel(set).evaluate(function, x.data(), y.data(), count);
      double largest = 0.0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double expected = exact(static_cast<double>(x[i]));
        largest = std::max(largest, std::abs(y[i] - expected) / scale(expected));
      }
      RecordProperty(name_of(set), std::to_string(largest));
      return largest;
    };
    const auto relative = [](double value) { return std::abs(value) + 1e-300; };
    const auto clamped = [](double v) { return std::exp(std::clamp(v, -87.0, 88.0)); };
    EXPECT_LT(worst(KernelFunction::exponential, clamped, relative), 1.5e-7) << name_of(set);
    EXPECT_LT(worst(
                  KernelFunction::hyperbolic_tangent, [](double v) { return std::tanh(v); }, relative),
              4e-7)
        << name_of(set);
    EXPECT_LT(worst(
                  KernelFunction::sigmoid, [](double v) { return 1.0 / (1.0 + std::exp(-v)); },
                  [](double value) { return std::max(value, 1e-10); }),
              4e-7)
        << name_of(set);
  }
}

#if defined(__SSE2__)
TEST(Lstm, FlushesDenormalsInWhateverThreadAndLeavesItsModeAsItWas) {
  // Input and candidate gates shut: every cell decays by half a step from 1e-30 into the denormals.
  const LstmShape shape{1, 0, 16, 1};
  LstmWeights weights(shape);
  for (std::size_t row = 0; row < 64; ++row) weights.step()[row * 17 + 16] = row / 16 == 2 ? 1e-30F : 0.0F;
  RandomBlock block(shape, 16, 120, 0.0, 1);
  std::fill(block.daily.begin(), block.daily.end(), 0.0F);
  std::fill_n(block.daily.begin(), 16, 1.0F);
  const unsigned before = _mm_getcsr();
  for (const unsigned mode : {before & ~0x8040U, before | 0x8040U}) {
    _mm_setcsr(mode);
    for (const InstructionSet set : instruction_sets()) {
      LstmTape tape(set);
      const LstmReadout readout{OutputActivation::linear, Aggregation::every_step};
      std::fill(weights.output().begin(), weights.output().end(), 1.0F);
      std::vector<float> outputs(output_size(shape, readout, block.view()));
      tape.forward(weights, readout, block.view(), outputs);
      EXPECT_EQ(_mm_getcsr() & 0x8040U, mode & 0x8040U);
      int denormal = 0;
      for (const float y : outputs) denormal += std::fpclassify(y) == FP_SUBNORMAL;
      EXPECT_EQ(denormal, 0) << name_of(set);
      EXPECT_GT(outputs.front(), 0.0F);
      EXPECT_EQ(outputs.back(), 0.0F);
    }
  }
  _mm_setcsr(before);
}
#endif

TEST(Lstm, RefusesWhatDoesNotFit) {
  const LstmShape shape{2, 1, 8, 2};
  LstmWeights weights = random_lstm_weights(shape, 1);
  EXPECT_THROW(LstmInference(weights, {}, InstructionSet::sse, 24), core::Error);
  LstmInference inference(weights, {}, InstructionSet::sse, 16);
  const RandomBlock block(shape, 16, 5, 0.0, 1);
  std::vector<float> outputs(31);
  EXPECT_THROW(inference.run(block.view(), outputs), core::Error);
  weights.values[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(LstmInference(weights, {}, InstructionSet::sse, 16), core::Error);
  EXPECT_THROW((LstmShape{0, 1, 8, 2}.validate()), core::Error);
  EXPECT_THROW((LstmShape{1, 1, 8, 5000}.validate()), core::Error);
}

}  // namespace
}  // namespace rootzone::sptf
