// The LSTM's passes, included by one file per instruction set after it has named ROOTZONE_KERNEL (a namespace
// of its own). Nothing here may leave code behind that other files could share: plain pointers, internal
// linkage, and Eigen under another name.
#include <Eigen/Core>

#include "lstm_kernel.hpp"
#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace rootzone::sptf::ROOTZONE_KERNEL {
namespace {

#include "lstm_functions.hpp"

using Index = std::int64_t;
/// Columns of `width` sequences, one after the other in memory.
using Columns = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic>>;
using MutableColumns = Eigen::Map<Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic>>;
/// Columns of the first rows of a longer matrix.
using PartColumns =
    Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic>, 0, Eigen::OuterStride<>>;
using MutablePartColumns =
    Eigen::Map<Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic>, 0, Eigen::OuterStride<>>;

/// Flushes denormals while it lives: a forgetful gate would otherwise leave numbers that cost a hundred times
/// more and mean nothing. Set here, in the thread that computes, so that nobody has to remember it.
class FlushDenormals {
 public:
#if defined(__SSE2__)
  FlushDenormals() : m_before(_mm_getcsr()) {
    _mm_setcsr(m_before | 0x8040U);  // FTZ and DAZ
    eigen_assert((_mm_getcsr() & 0x8040U) == 0x8040U);
  }
  ~FlushDenormals() {
    _mm_setcsr(m_before);
  }
#else
  FlushDenormals() : m_before(0) {}
#endif
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
  unsigned m_before;
};

void copy(const float* from, float* to, Index count) {
  __builtin_memcpy(to, from, static_cast<std::size_t>(count) * sizeof(float));
}

void fill(float* values, Index count, float value) {
  for (Index i = 0; i < count; ++i) values[i] = value;
}

/// Bias and constant inputs: what every step's gates begin from.
void begin_gates(const ForwardJob& job) {
  const KernelSizes& n = job.sizes;
  for (Index row = 0; row < 4 * n.hidden; ++row)
    fill(job.constant_gates + row * n.width, n.width, job.weights.gate_bias[row]);
  if (n.constants == 0) return;
  MutableColumns(job.constant_gates, n.width, 4 * n.hidden).noalias() +=
      Columns(job.constants, n.width, n.constants) * Columns(job.weights.constant, n.constants, 4 * n.hidden);
}

/// One hidden unit of all sequences.
struct Unit {
  float* gates[4];  ///< i, f, g, o: their arguments
  const float* cell_before;
  float* cell;
  const float* hidden_before;
  float* hidden;
};

/// New cell and hidden state. `keeps_gates`: leave the gates, activated, where their arguments were.
/// `usable`: null, or 0 for sequences that keep cell and hidden state.
template <bool keeps_gates, bool is_masked>
inline void advance_unit(Index width, const Unit& unit, const float* usable) {
  float* __restrict gi = unit.gates[0];
  float* __restrict gf = unit.gates[1];
  float* __restrict gg = unit.gates[2];
  float* __restrict go = unit.gates[3];
  const float* cell_before = unit.cell_before;
  float* cell = unit.cell;
  const float* hidden_before = unit.hidden_before;
  float* hidden = unit.hidden;
#pragma GCC ivdep  // cells and hidden states are the same array or another, never shifted
  for (Index b = 0; b < width; ++b) {
    const GatedValue in = gated(gi[b], gg[b]);
    const float f = sigmoid(gf[b]);
    const float c = multiply_add(f, cell_before[b], in.product);
    const GatedValue out = gated(go[b], c);
    if (keeps_gates) {
      gi[b] = in.gate;
      gf[b] = f;
      gg[b] = in.value;
      go[b] = out.gate;
    }
    const bool counts = !is_masked || usable[b] != 0.0F;
    cell[b] = counts ? c : cell_before[b];
    hidden[b] = counts ? out.product : hidden_before[b];
  }
}

void advance_unit(const ForwardJob& job, const Unit& unit, const float* usable) {
  const Index width = job.sizes.width;
  if (job.gates_stride != 0)
    usable == nullptr ? advance_unit<true, false>(width, unit, usable)
                      : advance_unit<true, true>(width, unit, usable);
  else
    usable == nullptr ? advance_unit<false, false>(width, unit, usable)
                      : advance_unit<false, true>(width, unit, usable);
}

/// Add a hidden unit's part to the linear layer, while it is still at hand.
void read_unit_out(const ForwardJob& job, Index unit, const float* __restrict hidden,
                   float* __restrict outputs) {
  const KernelSizes& n = job.sizes;
  for (Index o = 0; o < n.outputs; ++o) {
    const float weight = job.weights.output[o * n.hidden + unit];
    float* __restrict y = outputs + o * n.width;
    for (Index b = 0; b < n.width; ++b) y[b] = multiply_add(weight, hidden[b], y[b]);
  }
}

/// Whether anybody asks for the linear layer after this step.
bool is_read_out(const ForwardJob& job, Index step) {
  return job.aggregation != KernelAggregation::last || step + 1 == job.sizes.steps;
}

void advance_state(const ForwardJob& job, Index step, const float* usable) {
  const KernelSizes& n = job.sizes;
  float* gates = job.gates + step * job.gates_stride;
  const float* states = job.states + step * job.states_stride;
  float* next_states = job.states + (step + 1) * job.states_stride;
  const float* cells = job.cells + step * job.cells_stride;
  float* next_cells = job.cells + (step + 1) * job.cells_stride;
  float* outputs = job.step_outputs + step * job.step_outputs_stride;
  const bool reads_out = is_read_out(job, step);
  if (reads_out)
    for (Index o = 0; o < n.outputs; ++o) fill(outputs + o * n.width, n.width, job.weights.output_bias[o]);
  const Index gate = n.hidden * n.width;
  for (Index unit = 0; unit < n.hidden; ++unit) {
    const Index at = unit * n.width;
    float* g = gates + at;
    advance_unit(job,
                 {{g, g + gate, g + 2 * gate, g + 3 * gate},
                  cells + at,
                  next_cells + at,
                  states + at,
                  next_states + at},
                 usable);
    if (reads_out) read_unit_out(job, unit, next_states + at, outputs);
  }
  if (reads_out && job.sigmoid_outputs)
    for (Index i = 0; i < n.outputs * n.width; ++i) outputs[i] = sigmoid(outputs[i]);
}

/// The usable row of a step, or null if every sequence counts.
const float* usable_row(const ForwardJob& job, Index step) {
  if (job.usable == nullptr) return nullptr;
  const float* row = job.usable + step * job.sizes.width;
  float least = 1.0F;
  for (Index b = 0; b < job.sizes.width; ++b) least = row[b] < least ? row[b] : least;
  return least != 0.0F ? nullptr : row;
}

void collect(const ForwardJob& job, Index step, const float* usable) {
  const KernelSizes& n = job.sizes;
  for (Index b = 0; b < n.width; ++b) job.counts[b] += usable == nullptr ? 1.0F : usable[b];
  if (!is_read_out(job, step)) return;
  const float* outputs = job.step_outputs + step * job.step_outputs_stride;
  if (job.aggregation == KernelAggregation::every_step)
    copy(outputs, job.outputs + step * n.outputs * n.width, n.outputs * n.width);
  if (job.aggregation == KernelAggregation::last) copy(outputs, job.outputs, n.outputs * n.width);
  if (job.aggregation != KernelAggregation::mean) return;
  for (Index o = 0; o < n.outputs; ++o)
    for (Index b = 0; b < n.width; ++b)
      job.outputs[o * n.width + b] += (usable == nullptr ? 1.0F : usable[b]) * outputs[o * n.width + b];
}

/// Mean instead of sum; NaN for what no step has spoken of.
void conclude(const ForwardJob& job) {
  const KernelSizes& n = job.sizes;
  if (job.aggregation == KernelAggregation::every_step) return;
  const float missing = __builtin_nanf("");
  for (Index o = 0; o < n.outputs; ++o)
    for (Index b = 0; b < n.width; ++b) {
      float& value = job.outputs[o * n.width + b];
      const float mean = job.aggregation == KernelAggregation::mean ? value / job.counts[b] : value;
      value = job.counts[b] > 0.0F ? mean : missing;
    }
}

void forward(const ForwardJob& job) {
  const FlushDenormals flush;
  const KernelSizes& n = job.sizes;
  begin_gates(job);
  fill(job.states, n.hidden * n.width, 0.0F);
  fill(job.cells, n.hidden * n.width, 0.0F);
  fill(job.counts, n.width, 0.0F);
  if (job.aggregation == KernelAggregation::mean) fill(job.outputs, n.outputs * n.width, 0.0F);
  const Index inner = n.hidden + n.daily;
  for (Index step = 0; step < n.steps; ++step) {
    float* states = job.states + step * job.states_stride;
    float* gates = job.gates + step * job.gates_stride;
    copy(job.daily + step * n.daily * n.width, states + n.hidden * n.width, n.daily * n.width);
    copy(job.constant_gates, gates, 4 * n.hidden * n.width);
    MutableColumns(gates, n.width, 4 * n.hidden).noalias() +=
        Columns(states, n.width, inner) * Columns(job.weights.step, inner, 4 * n.hidden);
    const float* usable = usable_row(job, step);
    advance_state(job, step, usable);
    collect(job, step, usable);
  }
  conclude(job);
}

/// d loss / d (linear layer's output) of one step, from the gradient of the aggregated outputs.
/// False if the step has none.
bool step_output_gradient(const BackwardJob& job, Index step) {
  const ForwardJob& f = job.forward;
  const KernelSizes& n = f.sizes;
  if (f.aggregation == KernelAggregation::last && step + 1 < n.steps) return false;
  const float* gradient = job.output_gradient;
  if (f.aggregation == KernelAggregation::every_step) gradient += step * n.outputs * n.width;
  const float* usable = f.usable == nullptr ? nullptr : f.usable + step * n.width;
  const float* outputs = f.step_outputs + step * f.step_outputs_stride;
  for (Index o = 0; o < n.outputs; ++o)
    for (Index b = 0; b < n.width; ++b) {
      const Index at = o * n.width + b;
      float share = 1.0F;
      if (f.aggregation == KernelAggregation::mean)
        share = f.counts[b] > 0.0F ? (usable == nullptr ? 1.0F : usable[b]) / f.counts[b] : 0.0F;
      if (f.aggregation == KernelAggregation::last) share = f.counts[b] > 0.0F ? 1.0F : 0.0F;
      const float slope = f.sigmoid_outputs ? outputs[at] * (1.0F - outputs[at]) : 1.0F;
      job.step_gradient[at] = share != 0.0F ? share * gradient[at] * slope : 0.0F;
    }
  return true;
}

float sum_of(const float* values, Index count) {
  double sum = 0.0;
  for (Index i = 0; i < count; ++i) sum += static_cast<double>(values[i]);
  return static_cast<float>(sum);
}

void back_through_readout(const BackwardJob& job, Index step) {
  const ForwardJob& f = job.forward;
  const KernelSizes& n = f.sizes;
  const float* hidden = f.states + (step + 1) * f.states_stride;
  const Columns dy(job.step_gradient, n.width, n.outputs);
  MutableColumns(job.state_gradient, n.width, n.hidden).noalias() +=
      dy * Columns(f.weights.output, n.hidden, n.outputs).transpose();
  MutableColumns(job.gradient.output, n.hidden, n.outputs).noalias() +=
      Columns(hidden, n.width, n.hidden).transpose() * dy;
  for (Index o = 0; o < n.outputs; ++o)
    job.gradient.output_bias[o] += sum_of(job.step_gradient + o * n.width, n.width);
}

struct UnitGradient {
  float* di;
  float* df;
  float* dg;
  float* d_o;
  float* sum_i;
  float* sum_f;
  float* sum_g;
  float* sum_o;
};

/// One hidden unit of all sequences: from d loss / d hidden and d cell to those of the gates' arguments and
/// of the cell before.
void back_unit(Index width, const float* __restrict i, const float* __restrict f, const float* __restrict g,
               const float* __restrict o, const float* __restrict cell_before, const float* __restrict cell,
               const float* __restrict dh, float* __restrict dc, const UnitGradient& out) {
  float* __restrict di = out.di;
  float* __restrict df = out.df;
  float* __restrict dg = out.dg;
  float* __restrict d_o = out.d_o;
  for (Index b = 0; b < width; ++b) {
    const float tanh_cell = hyperbolic_tangent(cell[b]);
    const float d_cell = dc[b] + dh[b] * o[b] * (1.0F - tanh_cell * tanh_cell);
    d_o[b] = dh[b] * tanh_cell * o[b] * (1.0F - o[b]);
    di[b] = d_cell * g[b] * i[b] * (1.0F - i[b]);
    dg[b] = d_cell * i[b] * (1.0F - g[b] * g[b]);
    df[b] = d_cell * cell_before[b] * f[b] * (1.0F - f[b]);
    dc[b] = d_cell * f[b];
  }
}

/// Unusable steps: the gradient passes the step by. cell_after: dc before back_unit is needed no more, so the
/// rule is applied with what was kept.
void pass_by(Index width, const float* __restrict usable, const float* __restrict dc_kept,
             float* __restrict dc, const UnitGradient& out) {
  for (Index b = 0; b < width; ++b) {
    const bool counts = usable[b] != 0.0F;
    out.di[b] = counts ? out.di[b] : 0.0F;
    out.df[b] = counts ? out.df[b] : 0.0F;
    out.dg[b] = counts ? out.dg[b] : 0.0F;
    out.d_o[b] = counts ? out.d_o[b] : 0.0F;
    dc[b] = counts ? dc[b] : dc_kept[b];
  }
}

void accumulate(Index count, const float* __restrict part, float* __restrict sum) {
  for (Index i = 0; i < count; ++i) sum[i] += part[i];
}

void back_through_state(const BackwardJob& job, Index step, const float* usable, float* dc_kept) {
  const ForwardJob& f = job.forward;
  const KernelSizes& n = f.sizes;
  const Index gate = n.hidden * n.width;
  const float* gates = f.gates + step * f.gates_stride;
  const float* cells = f.cells + step * f.cells_stride;
  const float* next_cells = f.cells + (step + 1) * f.cells_stride;
  for (Index unit = 0; unit < n.hidden; ++unit) {
    const Index at = unit * n.width;
    float* d = job.gate_gradient + at;
    float* s = job.gate_gradient_sum + at;
    const UnitGradient out{d, d + gate, d + 2 * gate, d + 3 * gate, s, s + gate, s + 2 * gate, s + 3 * gate};
    const float* g = gates + at;
    float* dc = job.cell_gradient + at;
    if (usable != nullptr) copy(dc, dc_kept, n.width);
    back_unit(n.width, g, g + gate, g + 2 * gate, g + 3 * gate, cells + at, next_cells + at,
              job.state_gradient + at, dc, out);
    if (usable != nullptr) pass_by(n.width, usable, dc_kept, dc, out);
  }
  accumulate(4 * gate, job.gate_gradient, job.gate_gradient_sum);
}

/// d loss / d hidden of the step before, and this step's share of the weights' gradient.
void back_through_gates(const BackwardJob& job, Index step, const float* usable) {
  const ForwardJob& f = job.forward;
  const KernelSizes& n = f.sizes;
  const Index inner = n.hidden + n.daily;
  const Columns dg(job.gate_gradient, n.width, 4 * n.hidden);
  const Columns states(f.states + step * f.states_stride, n.width, inner);
  MutableColumns(job.gradient.step, inner, 4 * n.hidden).noalias() += states.transpose() * dg;
  if (step == 0) return;
  if (usable == nullptr) {
    fill(job.state_gradient, n.hidden * n.width, 0.0F);
  } else {
    for (Index unit = 0; unit < n.hidden; ++unit)
      for (Index b = 0; b < n.width; ++b)
        job.state_gradient[unit * n.width + b] *= usable[b] != 0.0F ? 0.0F : 1.0F;
  }
  MutableColumns(job.state_gradient, n.width, n.hidden).noalias() +=
      dg * PartColumns(f.weights.step, n.hidden, 4 * n.hidden, Eigen::OuterStride<>(inner)).transpose();
}

/// Bias and constant inputs, from the sum over the steps.
void back_through_constants(const BackwardJob& job) {
  const ForwardJob& f = job.forward;
  const KernelSizes& n = f.sizes;
  const Columns sum(job.gate_gradient_sum, n.width, 4 * n.hidden);
  for (Index row = 0; row < 4 * n.hidden; ++row)
    job.gradient.gate_bias[row] += sum_of(job.gate_gradient_sum + row * n.width, n.width);
  if (n.constants == 0) return;
  MutableColumns(job.gradient.constant, n.constants, 4 * n.hidden).noalias() +=
      Columns(f.constants, n.width, n.constants).transpose() * sum;
  if (job.constants_gradient != nullptr)
    MutableColumns(job.constants_gradient, n.width, n.constants).noalias() =
        sum * Columns(f.weights.constant, n.constants, 4 * n.hidden).transpose();
}

void backward(const BackwardJob& job) {
  const FlushDenormals flush;
  const KernelSizes& n = job.forward.sizes;
  fill(job.state_gradient, n.hidden * n.width, 0.0F);
  fill(job.cell_gradient, n.hidden * n.width, 0.0F);
  fill(job.gate_gradient_sum, 4 * n.hidden * n.width, 0.0F);
  for (Index step = n.steps - 1; step >= 0; --step) {
    const float* usable = usable_row(job.forward, step);
    if (step_output_gradient(job, step)) back_through_readout(job, step);
    back_through_state(job, step, usable, job.step_gradient);
    back_through_gates(job, step, usable);
  }
  back_through_constants(job);
}

void evaluate(KernelFunction function, const float* x, float* y, Index count) {
  for (Index i = 0; i < count; ++i) {
    if (function == KernelFunction::exponential) y[i] = exponential(x[i]);
    if (function == KernelFunction::sigmoid) y[i] = sigmoid(x[i]);
    if (function == KernelFunction::hyperbolic_tangent) y[i] = hyperbolic_tangent(x[i]);
  }
}

void multiply(Index rows, Index n, Index k, const float* a, const float* b, float* c) {
  MutableColumns(c, rows, n).noalias() += Columns(a, rows, k) * Columns(b, k, n);
}

}  // namespace

LstmKernel make() {
  // Eigen cuts long products by the sizes of the caches it finds, and a cut is a rounding: sizes that are the
  // same everywhere keep the bytes the same on every machine of this instruction set.
  Eigen::setCpuCacheSizes(32 * 1024, 1024 * 1024, 8 * 1024 * 1024);
  return {forward, backward, evaluate, multiply};
}

}  // namespace rootzone::sptf::ROOTZONE_KERNEL
