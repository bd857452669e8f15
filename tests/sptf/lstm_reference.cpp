#include "lstm_reference.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace rootzone::sptf {
namespace {

double sigmoid(double x) {
  return 1.0 / (1.0 + std::exp(-x));
}

std::size_t index(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

}  // namespace

struct LstmReference::Step {
  bool usable = true;
  std::vector<double> x;            ///< hidden before, then daily inputs
  std::vector<double> i, f, g, o;   ///< after activation
  std::vector<double> c_before, c;  ///< as computed, even if the step is not usable
  std::vector<double> hidden;       ///< carried on
  std::vector<double> y;
};

LstmReference::LstmReference(const LstmWeights& network, const LstmReadout& readout)
    : weights(network.values.begin(), network.values.end()), m_shape(network.shape), m_readout(readout) {
  const float* first = network.values.data();
  m_constant = static_cast<std::size_t>(network.constant().data() - first);
  m_bias = static_cast<std::size_t>(network.gate_bias().data() - first);
  m_output = static_cast<std::size_t>(network.output().data() - first);
  m_output_bias = static_cast<std::size_t>(network.output_bias().data() - first);
}

double LstmReference::step_weight(std::int64_t row, std::int64_t column) const {
  return weights[index(row * (m_shape.hidden + m_shape.daily_inputs) + column)];
}

std::vector<double> LstmReference::linear(const std::vector<double>& hidden) const {
  std::vector<double> y(index(m_shape.outputs));
  for (std::size_t o = 0; o < y.size(); ++o) {
    y[o] = weights[m_output_bias + o];
    for (std::size_t h = 0; h < hidden.size(); ++h)
      y[o] += weights[m_output + o * hidden.size() + h] * hidden[h];
    if (m_readout.activation == OutputActivation::sigmoid) y[o] = sigmoid(y[o]);
  }
  return y;
}

std::vector<LstmReference::Step> LstmReference::run(const SequenceBlock& block, std::int64_t sequence) const {
  const std::int64_t hidden = m_shape.hidden;
  std::vector<double> h(index(hidden), 0.0), c(index(hidden), 0.0);
  std::vector<Step> steps;
  for (std::int64_t t = 0; t < block.steps; ++t) {
    Step step;
    step.usable = block.usable.empty() || block.usable[index(t * block.width + sequence)] != 0.0F;
    step.x = h;
    for (std::int64_t d = 0; d < m_shape.daily_inputs; ++d)
      step.x.push_back(block.daily[index((t * m_shape.daily_inputs + d) * block.width + sequence)]);
    step.c_before = c;
    const std::array<std::vector<double>*, 4> gates{&step.i, &step.f, &step.g, &step.o};
    for (std::size_t which = 0; which < 4; ++which) {
      for (std::int64_t unit = 0; unit < hidden; ++unit) {
        const std::int64_t row = static_cast<std::int64_t>(which) * hidden + unit;
        double z = weights[m_bias + index(row)];
        for (std::size_t k = 0; k < step.x.size(); ++k)
          z += step_weight(row, static_cast<std::int64_t>(k)) * step.x[k];
        for (std::int64_t s = 0; s < m_shape.constant_inputs; ++s)
          z += weights[m_constant + index(row * m_shape.constant_inputs + s)] *
               static_cast<double>(block.constants[index(s * block.width + sequence)]);
        gates[which]->push_back(which == 2 ? std::tanh(z) : sigmoid(z));
      }
    }
    for (std::size_t unit = 0; unit < h.size(); ++unit) {
      step.c.push_back(step.f[unit] * c[unit] + step.i[unit] * step.g[unit]);
      if (!step.usable) continue;
      c[unit] = step.c[unit];
      h[unit] = step.o[unit] * std::tanh(c[unit]);
    }
    step.hidden = h;
    step.y = linear(h);
    steps.push_back(step);
  }
  return steps;
}

bool LstmReference::any_usable(const SequenceBlock& block, std::int64_t sequence) const {
  if (block.usable.empty() || m_readout.aggregation == Aggregation::every_step) return true;
  for (std::int64_t t = 0; t < block.steps; ++t)
    if (block.usable[index(t * block.width + sequence)] != 0.0F) return true;
  return false;
}

std::vector<double> LstmReference::forward(const SequenceBlock& block) const {
  std::vector<double> outputs(output_size(m_shape, m_readout, block), 0.0);
  const auto width = index(block.width);
  for (std::int64_t b = 0; b < block.width; ++b) {
    if (!any_usable(block, b)) {
      for (std::size_t o = 0; o < index(m_shape.outputs); ++o)
        outputs[o * width + index(b)] = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    const auto steps = run(block, b);
    double count = 0.0;
    for (const Step& step : steps) count += step.usable ? 1.0 : 0.0;
    for (std::size_t o = 0; o < index(m_shape.outputs); ++o) {
      double mean = 0.0;
      for (std::size_t t = 0; t < steps.size(); ++t) {
        if (m_readout.aggregation == Aggregation::every_step)
          outputs[(t * index(m_shape.outputs) + o) * width + index(b)] = steps[t].y[o];
        if (steps[t].usable) mean += steps[t].y[o] / count;
      }
      if (m_readout.aggregation == Aggregation::every_step) continue;
      const double value = m_readout.aggregation == Aggregation::mean ? mean : steps.back().y[o];
      outputs[o * width + index(b)] = count > 0.0 ? value : std::numeric_limits<double>::quiet_NaN();
    }
  }
  return outputs;
}

LstmReference::Gradients LstmReference::backward(const SequenceBlock& block,
                                                 const std::vector<double>& output_gradient) const {
  Gradients sum{std::vector<double>(weights.size(), 0.0),
                std::vector<double>(index(m_shape.constant_inputs * block.width), 0.0)};
  const auto hidden = index(m_shape.hidden), width = index(block.width), outputs = index(m_shape.outputs);
  const std::size_t inner = hidden + index(m_shape.daily_inputs), fixed = index(m_shape.constant_inputs);
  for (std::size_t b = 0; b < width; ++b) {
    if (!any_usable(block, static_cast<std::int64_t>(b))) continue;
    const auto steps = run(block, static_cast<std::int64_t>(b));
    double count = 0.0;
    for (const Step& step : steps) count += step.usable ? 1.0 : 0.0;
    std::vector<double> dh(hidden, 0.0), dc(hidden, 0.0);
    for (std::size_t t = steps.size(); t-- > 0;) {
      const Step& step = steps[t];
      for (std::size_t o = 0; o < outputs; ++o) {
        double dy = output_gradient[o * width + b];
        if (m_readout.aggregation == Aggregation::every_step)
          dy = output_gradient[(t * outputs + o) * width + b];
        if (m_readout.aggregation == Aggregation::mean) dy = step.usable ? dy / count : 0.0;
        if (m_readout.aggregation == Aggregation::last && (t + 1 < steps.size() || count == 0.0)) dy = 0.0;
        if (m_readout.activation == OutputActivation::sigmoid) dy *= step.y[o] * (1.0 - step.y[o]);
        sum.weights[m_output_bias + o] += dy;
        for (std::size_t h = 0; h < hidden; ++h) {
          sum.weights[m_output + o * hidden + h] += dy * step.hidden[h];
          dh[h] += dy * weights[m_output + o * hidden + h];
        }
      }
      if (!step.usable) continue;
      std::vector<double> before(hidden, 0.0);
      for (std::size_t h = 0; h < hidden; ++h) {
        const double tc = std::tanh(step.c[h]);
        const double d = dc[h] + dh[h] * step.o[h] * (1.0 - tc * tc);
        const double dz[4] = {d * step.g[h] * step.i[h] * (1.0 - step.i[h]),
                              d * step.c_before[h] * step.f[h] * (1.0 - step.f[h]),
                              d * step.i[h] * (1.0 - step.g[h] * step.g[h]),
                              dh[h] * tc * step.o[h] * (1.0 - step.o[h])};
        dc[h] = d * step.f[h];
        for (std::size_t gate = 0; gate < 4; ++gate) {
          const std::size_t row = gate * hidden + h;
          sum.weights[m_bias + row] += dz[gate];
          for (std::size_t k = 0; k < inner; ++k) sum.weights[row * inner + k] += dz[gate] * step.x[k];
          for (std::size_t k = 0; k < hidden; ++k) before[k] += dz[gate] * weights[row * inner + k];
          for (std::size_t s = 0; s < fixed; ++s) {
            sum.weights[m_constant + row * fixed + s] +=
                dz[gate] * static_cast<double>(block.constants[s * width + b]);
            sum.constants[s * width + b] += dz[gate] * weights[m_constant + row * fixed + s];
          }
        }
      }
      dh = before;
    }
  }
  return sum;
}

double TestRandom::uniform(double low, double high) {
  m_state = m_state * 6364136223846793005ULL + 1442695040888963407ULL;
  return low + (high - low) * static_cast<double>(m_state >> 11) * 0x1.0p-53;
}

RandomBlock::RandomBlock(const LstmShape& shape, std::int64_t block_width, std::int64_t block_steps,
                         double missing_share, std::uint64_t seed)
    : width(block_width), steps(block_steps) {
  TestRandom random(seed);
  for (std::int64_t i = 0; i < steps * shape.daily_inputs * width; ++i)
    daily.push_back(static_cast<float>(random.uniform(-2.0, 2.0)));
  for (std::int64_t i = 0; i < shape.constant_inputs * width; ++i)
    constants.push_back(static_cast<float>(random.uniform(-2.0, 2.0)));
  if (missing_share <= 0.0) return;
  for (std::int64_t i = 0; i < steps * width; ++i)
    usable.push_back(random.uniform(0.0, 1.0) < missing_share ? 0.0F : 1.0F);
}

void RandomBlock::keep_first(std::int64_t sequences) {
  usable.resize(index(steps * width), 1.0F);
  for (std::size_t i = 0; i < usable.size(); ++i)
    if (i % index(width) >= index(sequences)) usable[i] = 0.0F;
}

}  // namespace rootzone::sptf
