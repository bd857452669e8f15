#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "lstm_kernel.hpp"
#include "rootzone/sptf/lstm_inference.hpp"
#include "rootzone/sptf/lstm_training.hpp"

// The network of the maps (365 days, 128 hidden units, nine inputs, six outputs), inference and training, on
// one and two threads, beside Eigen's float32 product of the shape of a step. Every figure is also a rate of
// arithmetic: `gflops` of inference over `gflops` of product is the share that the gates and the rest leave.

namespace {

using namespace rootzone::sptf;

constexpr std::int64_t days = 365;

// Iterations are counted over all threads already: without the mean over threads two of them would count
// double.
const auto rate_of_all_threads = static_cast<benchmark::Counter::Flags>(
    benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kAvgThreads);

double step_flops(const LstmShape& shape) {
  const auto hidden = static_cast<double>(shape.hidden);
  return 2.0 * (4.0 * hidden * (hidden + static_cast<double>(shape.daily_inputs)) +
                hidden * static_cast<double>(shape.outputs));
}

struct Block {
  Block(const LstmShape& shape, std::int64_t block_width) : width(block_width) {
    std::mt19937 generator(1);
    const auto fill = [&](std::vector<float>& values, std::int64_t size) {
      for (std::int64_t i = 0; i < size; ++i)
        values.push_back(static_cast<float>(generator() % 2001U) / 1000.0F - 1.0F);
    };
    fill(daily, days * shape.daily_inputs * width);
    fill(constants, shape.constant_inputs * width);
  }
  SequenceBlock view() const { return {width, days, daily, constants, {}}; }
  std::int64_t width;
  std::vector<float> daily, constants;
};

void rates(benchmark::State& state, const char* unit, double per_iteration, double flops) {
  state.counters[unit] = benchmark::Counter(per_iteration, rate_of_all_threads);
  state.counters["gflops"] = benchmark::Counter(flops * 1e-9, rate_of_all_threads);
}

void product(benchmark::State& state, InstructionSet set) {
  const LstmShape shape;
  const std::int64_t width = inference_width, inner = shape.hidden + shape.daily_inputs,
                     gates = 4 * shape.hidden;
  const std::vector<float> a(static_cast<std::size_t>(width * inner), 0.5F);
  const std::vector<float> b(static_cast<std::size_t>(inner * gates), 0.5F);
  std::vector<float> c(static_cast<std::size_t>(width * gates));
  for (auto _ : state) {
    lstm_kernel(set).multiply(width, gates, inner, a.data(), b.data(), c.data());
    benchmark::ClobberMemory();
  }
  const double flops = 2.0 * static_cast<double>(width * inner * gates);
  rates(state, "products_per_s", 1.0, flops);
}

void inference(benchmark::State& state, InstructionSet set) {
  const LstmShape shape;
  const LstmWeights weights = random_lstm_weights(shape, 1);
  const Block block(shape, state.range(0));
  LstmInference network(weights, {}, set, block.width);
  std::vector<float> outputs(output_size(shape, {}, block.view()));
  for (auto _ : state) {
    network.run(block.view(), outputs);
    benchmark::ClobberMemory();
  }
  const auto pixels = static_cast<double>(block.width);
  rates(state, "pixels_per_s", pixels, pixels * days * step_flops(shape));
}

void training(benchmark::State& state, InstructionSet set) {
  const LstmShape shape;
  const LstmWeights weights = random_lstm_weights(shape, 1);
  const Block block(shape, state.range(0));
  LstmTape tape(set);
  std::vector<float> outputs(output_size(shape, {}, block.view())), gradient(shape.size());
  for (auto _ : state) {
    tape.forward(weights, {}, block.view(), outputs);
    tape.backward(weights, outputs, gradient);
    benchmark::ClobberMemory();
  }
  const double steps = static_cast<double>(block.width) * days;
  rates(state, "steps_per_s", steps, 3.0 * steps * step_flops(shape));
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  for (const InstructionSet set : instruction_sets()) {
    const std::string name = name_of(set);
    for (const int threads : {1, 2}) {
      benchmark::RegisterBenchmark(("product/" + name).c_str(), product, set)
          ->Threads(threads)
          ->UseRealTime();
      benchmark::RegisterBenchmark(("inference/" + name).c_str(), inference, set)
          ->Arg(96)
          ->Arg(144)
          ->Arg(192)
          ->Arg(288)
          ->Threads(threads)
          ->UseRealTime()
          ->Unit(benchmark::kMillisecond);
      benchmark::RegisterBenchmark(("training/" + name).c_str(), training, set)
          ->Arg(48)
          ->Arg(96)
          ->Arg(192)
          ->Threads(threads)
          ->UseRealTime()
          ->Unit(benchmark::kMillisecond);
    }
  }
  benchmark::RunSpecifiedBenchmarks();
}
