#include "rootzone/sptf/lstm.hpp"

#include <array>
#include <cmath>
#include <string>

#include "rootzone/core/error.hpp"

namespace rootzone::sptf {
namespace {

using core::Error;
using core::ErrorKind;

constexpr std::int64_t largest_size = 4096;

std::array<std::size_t, 6> offsets(const LstmShape& shape) {
  const auto hidden = static_cast<std::size_t>(shape.hidden);
  const auto outputs = static_cast<std::size_t>(shape.outputs);
  const std::array<std::size_t, 5> sizes{4 * hidden * (hidden + static_cast<std::size_t>(shape.daily_inputs)),
                                         4 * hidden * static_cast<std::size_t>(shape.constant_inputs),
                                         4 * hidden, outputs * hidden, outputs};
  std::array<std::size_t, 6> at{};
  for (std::size_t i = 0; i < sizes.size(); ++i) at[i + 1] = at[i] + sizes[i];
  return at;
}

void check_size(const char* what, std::int64_t value, std::int64_t least) {
  if (value >= least && value <= largest_size) return;
  throw Error(ErrorKind::data, std::string("network: expected ") + what + " from " + std::to_string(least) +
                                   " to " + std::to_string(largest_size) + ", found " +
                                   std::to_string(value));
}

/// SplitMix64 (Steele et al. 2014): small, the same on every machine.
std::uint64_t next_random(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

}  // namespace

std::size_t LstmShape::size() const {
  return offsets(*this).back();
}

void LstmShape::validate() const {
  check_size("daily inputs", daily_inputs, 1);
  check_size("constant inputs", constant_inputs, 0);
  check_size("hidden units", hidden, 1);
  check_size("outputs", outputs, 1);
}

LstmWeights::LstmWeights(const LstmShape& sizes) : shape(sizes) {
  shape.validate();
  values.assign(shape.size(), 0.0F);
}

std::span<float> LstmWeights::part(int which) {
  const auto at = offsets(shape);
  const auto i = static_cast<std::size_t>(which);
  return std::span(values).subspan(at[i], at[i + 1] - at[i]);
}

std::span<const float> LstmWeights::part(int which) const {
  const auto at = offsets(shape);
  const auto i = static_cast<std::size_t>(which);
  return std::span(values).subspan(at[i], at[i + 1] - at[i]);
}

void LstmWeights::validate() const {
  shape.validate();
  if (values.size() != shape.size())
    throw Error(ErrorKind::data, "network: expected " + std::to_string(shape.size()) + " weights, found " +
                                     std::to_string(values.size()));
  for (const float value : values)
    if (!std::isfinite(value)) throw Error(ErrorKind::data, "network: a weight is not a finite number");
}

LstmWeights random_lstm_weights(const LstmShape& shape, std::uint64_t seed) {
  LstmWeights weights(shape);
  const double bound = 1.0 / std::sqrt(static_cast<double>(shape.hidden));
  std::uint64_t state = seed;
  for (float& value : weights.values) {
    const double unit = static_cast<double>(next_random(state) >> 11) * 0x1.0p-53;
    value = static_cast<float>((2.0 * unit - 1.0) * bound);
  }
  const auto hidden = static_cast<std::size_t>(shape.hidden);
  for (std::size_t row = hidden; row < 2 * hidden; ++row) weights.gate_bias()[row] = 1.0F;
  return weights;
}

std::size_t output_size(const LstmShape& shape, const LstmReadout& readout, const SequenceBlock& block) {
  const std::int64_t one = shape.outputs * block.width;
  return static_cast<std::size_t>(readout.aggregation == Aggregation::every_step ? block.steps * one : one);
}

}  // namespace rootzone::sptf
