#include "rootzone/study/sptf_training.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <utility>

#include "rootzone/core/error.hpp"
#include "rootzone/sptf/lstm_inference.hpp"
#include "rootzone/sptf/lstm_training.hpp"
#include "rootzone/study/random_field.hpp"
#include "rootzone/study/sptf_network.hpp"

namespace rootzone::study {
namespace {

/// Sequences that one tape holds; the batch is cut into these whatever the number of threads.
constexpr std::size_t tape_width = 48;
constexpr std::int64_t no_iteration = -1;

enum Stream : std::uint64_t { order_stream = 0x7101, length_stream, window_stream, target_stream };

constexpr sptf::LstmReadout readout{sptf::OutputActivation::sigmoid, sptf::Aggregation::mean};

sptf::LstmShape shape_for(std::int64_t hidden) {
  sptf::LstmShape shape;
  shape.daily_inputs = static_cast<std::int64_t>(sptf_daily_inputs().size());
  shape.constant_inputs = static_cast<std::int64_t>(sptf_constant_inputs().size());
  shape.hidden = hidden;
  shape.outputs = static_cast<std::int64_t>(sptf_parameter_count);
  return shape;
}

double missing() {
  return std::numeric_limits<double>::quiet_NaN();
}

/// Outputs lie parameter by parameter: that of a sequence.
SptfParameters unit_of(std::span<const float> outputs, std::size_t width, std::size_t column) {
  SptfParameters unit{};
  for (std::size_t k = 0; k < unit.size(); ++k) unit[k] = static_cast<double>(outputs[k * width + column]);
  return unit;
}

/// The order in which a round goes through `count` sites.
std::vector<std::size_t> round_order(std::uint64_t seed, std::uint64_t round, std::size_t count) {
  std::vector<std::pair<std::uint64_t, std::size_t>> keys;
  for (std::size_t i = 0; i < count; ++i)
    keys.emplace_back(random_bits({seed, order_stream}, round * count + i), i);
  std::sort(keys.begin(), keys.end());
  std::vector<std::size_t> order;
  for (const auto& [key, index] : keys) order.push_back(index);
  return order;
}

/// The places of a batch: it goes on where the last one ended, through a new order of the sites in every
/// round.
std::vector<std::size_t> batch_places(std::uint64_t seed, std::uint64_t first_draw, std::size_t size,
                                      std::size_t count) {
  std::vector<std::size_t> places;
  std::vector<std::size_t> order;
  for (std::uint64_t draw = first_draw; draw < first_draw + size; ++draw) {
    if (order.empty() || draw % count == 0) order = round_order(seed, draw / count, count);
    places.push_back(order[draw % count]);
  }
  return places;
}

/// What each day of a site counts as whose column cannot be solved: the largest error a moisture can have. As
/// if it were not there, weights that fail at the hardest sites would look best; infinite, one site that no
/// weights can solve would leave no best ones.
constexpr double failed_error = 1.0;

/// Days that would enter the loss of a job.
std::int64_t counted_days(const MoistureJob& job) {
  std::int64_t days = 0;
  for (std::size_t d = 0; d < job.days; ++d) days += counts(*job.site, job.first_day + d) ? 1 : 0;
  return days;
}

/// A whole number in [0, count).
std::size_t draw_index(const RandomStream& stream, std::uint64_t index, std::size_t count) {
  return std::min(static_cast<std::size_t>(uniform_deviate(stream, index) * static_cast<double>(count)),
                  count - 1);
}

}  // namespace

/// What one iteration works on.
struct SptfTraining::Batch {
  std::size_t input_days = 0;
  std::vector<InputWindow> windows;
  std::vector<MoistureJob> jobs;
};

void SptfTrainingSettings::validate() const {
  const auto require = [](bool holds, const char* setting, double found, const char* range) {
    if (!holds)
      throw core::Error(core::ErrorKind::usage, std::string("training: ") + setting + " must be " + range +
                                                    ", found " + std::to_string(found));
  };
  const auto days = static_cast<std::int64_t>(sptf_year_days);
  require(iterations >= 1, "iterations", static_cast<double>(iterations), "1 or more");
  require(batch >= 1, "batch", static_cast<double>(batch), "1 or more");
  require(hidden >= 1 && hidden <= 1024, "hidden", static_cast<double>(hidden), "1 to 1024");
  require(learning_rate > 0.0, "learning rate", learning_rate, "above 0");
  require(largest_gradient > 0.0, "largest gradient", largest_gradient, "above 0");
  require(spin_up_days >= 0 && spin_up_days <= days, "spin-up", static_cast<double>(spin_up_days),
          "0 to 365 days");
  require(target_days >= 1 && target_days <= days, "target", static_cast<double>(target_days),
          "1 to 365 days");
  require(whole_year_share >= 0.0 && whole_year_share <= 1.0, "whole-year share", whole_year_share, "0 to 1");
  require(shortest_input_days >= 1 && shortest_input_days <= days, "shortest input",
          static_cast<double>(shortest_input_days), "1 to 365 days");
  require(validation_interval >= 1, "validation interval", static_cast<double>(validation_interval),
          "1 or more");
}

std::vector<SptfParameters> predict_parameters(const sptf::LstmWeights& weights,
                                               std::span<const InputWindow> windows, std::size_t days,
                                               const core::ParallelFor& parallel_for) {
  std::vector<SptfParameters> units(windows.size());
  const std::size_t blocks = (windows.size() + tape_width - 1) / tape_width;
  parallel_for(static_cast<std::int64_t>(blocks), [&](std::int64_t b) {
    const std::size_t first = static_cast<std::size_t>(b) * tape_width;
    const auto part = windows.subspan(first, std::min(tape_width, windows.size() - first));
    const InputBlock block = encode_inputs(part, days, tape_width);
    std::vector<float> outputs(sptf::output_size(weights.shape, readout, block.view()));
    sptf::LstmInference(weights, readout, sptf::best_instruction_set(), static_cast<std::int64_t>(tape_width))
        .run(block.view(), outputs);
    for (std::size_t i = 0; i < part.size(); ++i) units[first + i] = unit_of(outputs, tape_width, i);
  });
  return units;
}

SptfTraining::SptfTraining(const SptfTrainingSettings& settings, std::span<const SptfSite> sites,
                           const SiteSplit& split, const MoisturePhysics& physics,
                           core::ParallelFor parallel_for)
    : m_settings(settings),
      m_sites(sites),
      m_split(split),
      m_physics(physics),
      m_parallel_for(std::move(parallel_for)) {
  settings.validate();
  if (split.training.empty() || split.validation.empty())
    throw core::Error(
        core::ErrorKind::data,
        std::to_string(sites.size()) + " sites are too few to train on some and validate on others");
}

SptfTrainingState SptfTraining::begin() const {
  SptfTrainingState state;
  state.weights = sptf::random_lstm_weights(shape_for(m_settings.hidden), m_settings.seed);
  state.adam = sptf::Adam({.learning_rate = m_settings.learning_rate}, state.weights.values.size());
  state.best_weights = state.weights;
  state.best_validation = std::numeric_limits<double>::infinity();
  state.best_iteration = no_iteration;
  return state;
}

SptfTraining::Batch SptfTraining::draw_batch(std::int64_t iteration) const {
  const RandomStream lengths{m_settings.seed, length_stream};
  const RandomStream windows{m_settings.seed, window_stream};
  const RandomStream targets{m_settings.seed, target_stream};
  const auto step = static_cast<std::uint64_t>(iteration);
  Batch batch;
  batch.input_days = sptf_year_days;
  if (uniform_deviate(lengths, 2 * step) >= m_settings.whole_year_share) {
    const auto shortest = static_cast<double>(m_settings.shortest_input_days);
    const double ratio = static_cast<double>(sptf_year_days) / shortest;
    batch.input_days =
        static_cast<std::size_t>(shortest * std::pow(ratio, uniform_deviate(lengths, 2 * step + 1)));
  }
  const auto size = static_cast<std::size_t>(m_settings.batch);
  const auto target_days = static_cast<std::size_t>(m_settings.target_days);
  const auto places = batch_places(m_settings.seed, step * size, size, m_split.training.size());
  for (std::size_t i = 0; i < size; ++i) {
    const SptfSite& site = m_sites[m_split.training[places[i]]];
    const std::uint64_t draw = step * size + i;
    batch.windows.push_back({&site, draw_index(windows, draw, sptf_year_days - batch.input_days + 1)});
    MoistureJob job;
    job.site = &site;
    job.ceiling = window_ceiling(batch.windows.back(), batch.input_days);
    job.first_day = sptf_year_days + draw_index(targets, draw, sptf_year_days - target_days + 1);
    job.days = target_days;
    job.spin_up_days = static_cast<std::size_t>(m_settings.spin_up_days);
    batch.jobs.push_back(job);
  }
  return batch;
}

double SptfTraining::gradient_of(const SptfTrainingState& state, const Batch& batch,
                                 std::vector<float>& gradient) {
  const std::size_t blocks = (batch.windows.size() + tape_width - 1) / tape_width;
  std::vector<InputBlock> inputs(blocks);
  std::vector<std::vector<float>> outputs(blocks);
  while (m_tapes.size() < blocks) m_tapes.emplace_back(sptf::best_instruction_set());
  std::vector<MoistureJob> jobs = batch.jobs;
  m_parallel_for(static_cast<std::int64_t>(blocks), [&](std::int64_t index) {
    const auto b = static_cast<std::size_t>(index);
    const std::size_t first = b * tape_width;
    const auto part =
        std::span(batch.windows).subspan(first, std::min(tape_width, batch.windows.size() - first));
    inputs[b] = encode_inputs(part, batch.input_days, tape_width);
    outputs[b].resize(sptf::output_size(state.weights.shape, readout, inputs[b].view()));
    m_tapes[b].forward(state.weights, readout, inputs[b].view(), outputs[b]);
    for (std::size_t i = 0; i < part.size(); ++i) jobs[first + i].unit = unit_of(outputs[b], tape_width, i);
  });
  const std::vector<MoistureLoss> losses = m_physics.losses(jobs, m_parallel_for);
  double sum = 0.0;
  std::int64_t days = 0;
  for (const MoistureLoss& loss : losses) {
    sum += loss.sum;
    days += loss.days;
  }
  if (days == 0) return missing();
  std::vector<std::vector<float>> gradients(blocks);
  m_parallel_for(static_cast<std::int64_t>(blocks), [&](std::int64_t index) {
    const auto b = static_cast<std::size_t>(index);
    std::vector<float> output_gradient(outputs[b].size(), 0.0F);
    for (std::size_t i = 0; i < tape_width && b * tape_width + i < losses.size(); ++i)
      for (std::size_t k = 0; k < sptf_parameter_count; ++k)
        output_gradient[k * tape_width + i] =
            static_cast<float>(losses[b * tape_width + i].gradient[k] / static_cast<double>(days));
    gradients[b].assign(state.weights.values.size(), 0.0F);
    m_tapes[b].backward(state.weights, output_gradient, gradients[b]);
  });
  gradient.assign(state.weights.values.size(), 0.0F);
  for (const std::vector<float>& part : gradients) sptf::add_gradient(gradient, part);
  return std::sqrt(sum / static_cast<double>(days));
}

SptfLossPoint SptfTraining::advance(SptfTrainingState& state) {
  std::vector<float> gradient;
  SptfLossPoint point;
  point.iteration = state.iteration + 1;
  point.training = gradient_of(state, draw_batch(state.iteration), gradient);
  point.validation = missing();
  const double progress = static_cast<double>(state.iteration) / static_cast<double>(m_settings.iterations);
  const double fall = 0.5 * (1.0 + std::cos(std::numbers::pi * std::min(progress, 1.0)));
  state.adam.settings.learning_rate = m_settings.learning_rate * (0.05 + 0.95 * fall);
  if (!gradient.empty()) {
    sptf::clip_gradient(gradient, m_settings.largest_gradient);
    state.adam.step(state.weights.values, gradient);
  }
  state.iteration = point.iteration;
  if (point.iteration % m_settings.validation_interval == 0 || point.iteration == m_settings.iterations) {
    point.validation = error(state.weights, m_split.validation);
    if (point.validation < state.best_validation) {
      state.best_validation = point.validation;
      state.best_iteration = point.iteration;
      state.best_weights = state.weights;
    }
  }
  state.history.push_back(point);
  return point;
}

double SptfTraining::error(const sptf::LstmWeights& weights, std::span<const std::size_t> sites) const {
  std::vector<InputWindow> windows;
  for (const std::size_t site : sites) windows.push_back({&m_sites[site], 0});
  const std::vector<SptfParameters> units =
      predict_parameters(weights, windows, sptf_year_days, m_parallel_for);
  std::vector<MoistureJob> jobs;
  for (std::size_t i = 0; i < sites.size(); ++i)
    jobs.push_back({windows[i].site, units[i], window_ceiling(windows[i], sptf_year_days), sptf_year_days,
                    sptf_year_days, static_cast<std::size_t>(m_settings.spin_up_days)});
  std::vector<std::vector<float>> moisture(jobs.size());
  m_physics.simulate(jobs, moisture, m_parallel_for);
  double sum = 0.0;
  std::int64_t days = 0;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const MoistureLoss loss = moisture_loss(jobs[i], moisture[i]);
    const std::int64_t lost = loss.days > 0 ? 0 : counted_days(jobs[i]);
    sum += loss.sum + static_cast<double>(lost) * failed_error * failed_error;
    days += loss.days + lost;
  }
  return days > 0 ? std::sqrt(sum / static_cast<double>(days)) : missing();
}

}  // namespace rootzone::study
