#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "lstm_reference.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/sptf/lstm_training.hpp"

namespace rootzone::sptf {
namespace {

struct Case {
  LstmShape shape;
  LstmReadout readout;
  double missing_share;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const auto activation : {OutputActivation::linear, OutputActivation::sigmoid})
    for (const auto aggregation : {Aggregation::mean, Aggregation::last, Aggregation::every_step})
      for (const double missing : {0.0, 0.3}) {
        all.push_back({{5, 4, 24, 6}, {activation, aggregation}, missing});
        all.push_back({{2, 0, 7, 1}, {activation, aggregation}, missing});
      }
  return all;
}

std::vector<float> random_gradient(std::size_t size) {
  TestRandom random(77);
  std::vector<float> gradient(size);
  for (float& g : gradient) g = static_cast<float>(random.uniform(-1.0, 1.0));
  return gradient;
}

double relative_difference(std::span<const float> fast, std::span<const double> reference) {
  double largest = 0.0, difference = 0.0;
  for (std::size_t i = 0; i < fast.size(); ++i) {
    largest = std::max(largest, std::abs(reference[i]));
    difference = std::max(difference, std::abs(fast[i] - reference[i]));
  }
  return difference / largest;
}

TEST(Lstm, GradientsEqualTheReference) {
  for (const Case& c : cases()) {
    const LstmWeights weights = random_lstm_weights(c.shape, 21);
    const RandomBlock block(c.shape, 16, 40, c.missing_share, 22);
    const std::vector<float> dy = random_gradient(output_size(c.shape, c.readout, block.view()));
    const auto reference =
        LstmReference(weights, c.readout).backward(block.view(), std::vector<double>(dy.begin(), dy.end()));
    for (const InstructionSet set : instruction_sets()) {
      LstmTape tape(set);
      std::vector<float> outputs(dy.size()), gradient(weights.values.size(), 0.0F);
      std::vector<float> constants(reference.constants.size());
      tape.forward(weights, c.readout, block.view(), outputs);
      tape.backward(weights, dy, gradient, constants);
      EXPECT_LT(relative_difference(gradient, reference.weights), 1e-5) << name_of(set);
      if (!constants.empty()) {
        EXPECT_LT(relative_difference(constants, reference.constants), 1e-5) << name_of(set);
      }
    }
  }
}

TEST(Lstm, GradientsOfAYearAtFullSizeEqualTheReference) {
  const LstmShape shape{5, 4, 128, 6};
  const LstmWeights weights = random_lstm_weights(shape, 31);
  RandomBlock block(shape, 16, 365, 0.1, 32);
  block.keep_first(3);
  const std::vector<float> dy = random_gradient(output_size(shape, {}, block.view()));
  const auto reference =
      LstmReference(weights, {}).backward(block.view(), std::vector<double>(dy.begin(), dy.end()));
  for (const InstructionSet set : instruction_sets()) {
    LstmTape tape(set);
    std::vector<float> outputs(dy.size()), gradient(weights.values.size(), 0.0F);
    tape.forward(weights, {}, block.view(), outputs);
    tape.backward(weights, dy, gradient);
    EXPECT_LT(relative_difference(gradient, reference.weights), 1e-5) << name_of(set);
  }
}

// The reference's own gradient against the reference's own outputs: independent of any derivation.
TEST(Lstm, GradientsEqualFiniteDifferences) {
  for (const Case& c : cases()) {
    const LstmWeights weights = random_lstm_weights(c.shape, 23);
    RandomBlock block(c.shape, 16, 9, c.missing_share, 24);
    const std::vector<float> dy = random_gradient(output_size(c.shape, c.readout, block.view()));
    LstmReference reference(weights, c.readout);
    const auto loss = [&] {
      const std::vector<double> y = reference.forward(block.view());
      double sum = 0.0;
      for (std::size_t i = 0; i < y.size(); ++i)
        sum += std::isnan(y[i]) ? 0.0 : y[i] * static_cast<double>(dy[i]);
      return sum;
    };
    LstmTape tape(best_instruction_set());
    std::vector<float> outputs(dy.size()), gradient(weights.values.size(), 0.0F);
    tape.forward(weights, c.readout, block.view(), outputs);
    tape.backward(weights, dy, gradient);
    const double largest = static_cast<double>(std::abs(*std::max_element(
        gradient.begin(), gradient.end(), [](float a, float b) { return std::abs(a) < std::abs(b); })));
    for (std::size_t i = 0; i < weights.values.size(); i += 89) {
      const double kept = reference.weights[i], h = 1e-5;
      reference.weights[i] = kept + h;
      const double above = loss();
      reference.weights[i] = kept - h;
      const double below = loss();
      reference.weights[i] = kept;
      EXPECT_NEAR(gradient[i], (above - below) / (2.0 * h), 1e-5 * largest) << "weight " << i;
    }
  }
}

TEST(Lstm, BackwardAddsAndRepeatsItself) {
  const LstmShape shape{3, 2, 16, 2};
  const LstmWeights weights = random_lstm_weights(shape, 25);
  const RandomBlock block(shape, 32, 15, 0.2, 26);
  const std::vector<float> dy = random_gradient(output_size(shape, {}, block.view()));
  LstmTape tape(best_instruction_set());
  std::vector<float> outputs(dy.size()), once(weights.values.size(), 0.0F);
  tape.forward(weights, {}, block.view(), outputs);
  tape.backward(weights, dy, once);
  std::vector<float> again(weights.values.size(), 0.0F);
  tape.backward(weights, dy, again);
  EXPECT_EQ(once, again);
  add_gradient(again, once);
  for (std::size_t i = 0; i < once.size(); ++i) EXPECT_EQ(again[i], 2.0F * once[i]);
}

TEST(Lstm, AbsentSequencesHaveNoGradient) {
  const LstmShape shape{3, 2, 16, 2};
  const LstmWeights weights = random_lstm_weights(shape, 27);
  const RandomBlock block(shape, 16, 15, 1.0, 28);  // no usable step at all
  const std::vector<float> dy = random_gradient(output_size(shape, {}, block.view()));
  LstmTape tape(best_instruction_set());
  std::vector<float> outputs(dy.size()), gradient(weights.values.size(), 0.0F);
  tape.forward(weights, {}, block.view(), outputs);
  tape.backward(weights, dy, gradient);
  for (const float g : gradient) EXPECT_EQ(g, 0.0F);
}

TEST(Lstm, BackwardWithoutForwardIsRefused) {
  const LstmShape shape{3, 2, 16, 2};
  const LstmWeights weights(shape);
  std::vector<float> gradient(weights.values.size()), dy(32);
  LstmTape tape(best_instruction_set());
  EXPECT_THROW(tape.backward(weights, dy, gradient), core::Error);
}

}  // namespace
}  // namespace rootzone::sptf
