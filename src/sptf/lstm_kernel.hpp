#pragma once
#include <cstdint>

#include "rootzone/sptf/instruction_set.hpp"

// What the kernel files of the three instruction sets take and give: plain pointers and numbers, so that no
// code they share with the rest of the program (vectors, strings) is compiled for an instruction set of its
// own.

namespace rootzone::sptf {

struct KernelSizes {
  std::int64_t daily = 0;
  std::int64_t constants = 0;
  std::int64_t hidden = 0;
  std::int64_t outputs = 0;
  std::int64_t width = 0;
  std::int64_t steps = 0;
};

/// Pointers into LstmWeights::values, or into a gradient of that layout.
struct KernelWeights {
  const float* step = nullptr;
  const float* constant = nullptr;
  const float* gate_bias = nullptr;
  const float* output = nullptr;
  const float* output_bias = nullptr;
};

struct KernelGradient {
  float* step = nullptr;
  float* constant = nullptr;
  float* gate_bias = nullptr;
  float* output = nullptr;
  float* output_bias = nullptr;
};

enum class KernelAggregation : int { mean, last, every_step };

/// Arrays with a stride of 0 from step to step are overwritten by the next step (inference); a tape keeps
/// them all.
struct ForwardJob {
  KernelSizes sizes;
  KernelWeights weights;
  bool sigmoid_outputs = true;
  KernelAggregation aggregation = KernelAggregation::mean;
  const float* daily = nullptr;
  const float* constants = nullptr;
  const float* usable = nullptr;  ///< null: every step counts
  float* states = nullptr;        ///< [hidden + daily][width] per step
  float* gates = nullptr;         ///< [4·hidden][width] per step
  float* cells = nullptr;         ///< [hidden][width] per step
  float* step_outputs = nullptr;  ///< [outputs][width] per step
  std::int64_t states_stride = 0;
  std::int64_t gates_stride = 0;
  std::int64_t cells_stride = 0;
  std::int64_t step_outputs_stride = 0;
  float* constant_gates = nullptr;  ///< work: [4·hidden][width]
  float* counts = nullptr;          ///< [width]
  float* outputs = nullptr;
};

/// After a ForwardJob that kept every step.
struct BackwardJob {
  ForwardJob forward;
  const float* output_gradient = nullptr;
  KernelGradient gradient;              ///< added to
  float* constants_gradient = nullptr;  ///< null, or [constants][width]
  float* gate_gradient = nullptr;       ///< work: [4·hidden][width]
  float* gate_gradient_sum = nullptr;   ///< work: [4·hidden][width]
  float* state_gradient = nullptr;      ///< work: [hidden][width]
  float* cell_gradient = nullptr;       ///< work: [hidden][width]
  float* step_gradient = nullptr;       ///< work: [outputs][width]
};

enum class KernelFunction : int { exponential, sigmoid, hyperbolic_tangent };

/// The functions of one instruction set.
struct LstmKernel {
  void (*forward)(const ForwardJob& job);
  void (*backward)(const BackwardJob& job);
  /// y = function(x), for the test of its accuracy.
  void (*evaluate)(KernelFunction function, const float* x, float* y, std::int64_t count);
  /// c[rows][n] += Σ_k a[k][rows]·b[n][k], Eigen's product at the shape of a step: the rate the benchmark
  /// compares with. Arrays as the forward pass has them: a column per row of a, k together in b.
  void (*multiply)(std::int64_t rows, std::int64_t n, std::int64_t k, const float* a, const float* b,
                   float* c);
};

/// Throws nothing; the set must be one that this machine can run.
const LstmKernel& lstm_kernel(InstructionSet set);

LstmKernel sse_lstm_kernel();
#if defined(__x86_64__)
LstmKernel avx2_lstm_kernel();
LstmKernel avx512_lstm_kernel();
#endif

}  // namespace rootzone::sptf
