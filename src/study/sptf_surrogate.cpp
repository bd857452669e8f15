#include "rootzone/study/sptf_surrogate.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

#include "rootzone/core/error.hpp"
#include "rootzone/soil/root_uptake.hpp"
#include "rootzone/sptf/adam.hpp"
#include "rootzone/sptf/lstm_inference.hpp"
#include "rootzone/sptf/lstm_training.hpp"
#include "rootzone/study/random_field.hpp"
#include "rootzone/study/sptf_column.hpp"

namespace rootzone::study {
namespace {

constexpr std::size_t tape_width = 48;
constexpr std::size_t daily_inputs = 3;
constexpr sptf::LstmReadout readout{sptf::OutputActivation::linear, sptf::Aggregation::every_step};
// θ = middle + spread · output; θs and unit parameters are standardised likewise.
constexpr double moisture_middle = 0.22;
constexpr double moisture_spread = 0.12;
constexpr double saturation_middle = 0.40;
constexpr double saturation_spread = 0.06;
constexpr double unit_middle = 0.5;
constexpr double unit_spread = 0.29;

enum Stream : std::uint64_t { run_stream = 0x8201, batch_stream };

std::size_t spin_up(const MoistureJob& job) {
  return std::min(job.spin_up_days, job.first_day);
}
std::size_t steps_of(const MoistureJob& job) {
  return spin_up(job) + job.days;
}

struct Block {
  std::int64_t steps = 0;
  std::vector<float> daily;
  std::vector<float> constants;
  sptf::SequenceBlock view() const {
    return {static_cast<std::int64_t>(tape_width), steps, daily, constants, {}};
  }
};

std::array<float, daily_inputs> day_inputs(const SptfSite& site, std::size_t day) {
  const soil::PotentialShares shares =
      soil::partition_potential(static_cast<double>(site.potential_evapotranspiration_mm[day]),
                                static_cast<double>(site.leaf_area_index[day]));
  return {(site.precipitation_mm[day] - 2.0F) / 6.0F, static_cast<float>(shares.evaporation - 1.3),
          static_cast<float>(shares.transpiration - 1.0)};
}

Block encode(std::span<const MoistureJob> jobs) {
  Block block;
  const std::size_t steps = steps_of(jobs.front());
  block.steps = static_cast<std::int64_t>(steps);
  block.daily.assign(steps * daily_inputs * tape_width, 0.0F);
  block.constants.assign(sptf_parameter_count * tape_width, 0.0F);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const MoistureJob& job = jobs[i];
    if (steps_of(job) != steps) throw std::invalid_argument("surrogate: jobs of different length");
    for (std::size_t d = 0; d < steps; ++d) {
      const auto values = day_inputs(*job.site, job.first_day - spin_up(job) + d);
      for (std::size_t k = 0; k < daily_inputs; ++k)
        block.daily[(d * daily_inputs + k) * tape_width + i] = values[k];
    }
    const double saturation = 0.32 + job.unit[0] * (job.ceiling - 0.32);
    block.constants[i] = static_cast<float>((saturation - saturation_middle) / saturation_spread);
    for (std::size_t k = 1; k < sptf_parameter_count; ++k)
      block.constants[k * tape_width + i] = static_cast<float>((job.unit[k] - unit_middle) / unit_spread);
  }
  return block;
}

double moisture_of(float output) {
  return moisture_middle + moisture_spread * static_cast<double>(output);
}

std::size_t block_count(std::size_t jobs) {
  return (jobs + tape_width - 1) / tape_width;
}
std::span<const MoistureJob> block_jobs(std::span<const MoistureJob> jobs, std::size_t block) {
  return jobs.subspan(block * tape_width, std::min(tape_width, jobs.size() - block * tape_width));
}

/// A column run to learn from.
struct Run {
  MoistureJob job;
  std::vector<float> moisture;
};

std::vector<Run> make_runs(SptfModel model, std::span<const SptfSite> sites,
                           const SurrogateSettings& settings, const core::ParallelFor& parallel_for) {
  const RandomStream random{settings.seed, run_stream};
  const auto days = static_cast<std::size_t>(settings.days);
  std::vector<MoistureJob> jobs;
  for (std::uint64_t run = 0; run < static_cast<std::uint64_t>(settings.runs); ++run) {
    const auto draw = [&](std::uint64_t which) { return uniform_deviate(random, run * 16 + which); };
    MoistureJob job;
    job.site = &sites[std::min(static_cast<std::size_t>(draw(0) * static_cast<double>(sites.size())),
                               sites.size() - 1)];
    job.first_day = static_cast<std::size_t>(draw(1) * static_cast<double>(job.site->days() - days));
    job.days = days;
    job.ceiling = 0.41 + 0.19 * draw(2);
    for (std::size_t k = 0; k < sptf_parameter_count; ++k) job.unit[k] = draw(3 + k);
    jobs.push_back(job);
  }
  std::vector<std::vector<float>> moisture(jobs.size());
  ColumnPhysics(model).simulate(jobs, moisture, parallel_for);
  std::vector<Run> runs;
  for (std::size_t i = 0; i < jobs.size(); ++i)
    if (!std::isnan(moisture[i].back())) runs.push_back({jobs[i], std::move(moisture[i])});
  return runs;
}

struct SquaredError {
  double sum = 0.0;
  std::vector<float> gradient;  ///< of sum by the outputs
};

SquaredError compare(std::span<const Run* const> runs, std::span<const float> outputs) {
  SquaredError error;
  error.gradient.assign(outputs.size(), 0.0F);
  for (std::size_t i = 0; i < runs.size(); ++i)
    for (std::size_t d = 0; d < runs[i]->moisture.size(); ++d) {
      const double difference =
          moisture_of(outputs[d * tape_width + i]) - static_cast<double>(runs[i]->moisture[d]);
      error.sum += difference * difference;
      error.gradient[d * tape_width + i] = static_cast<float>(2.0 * difference * moisture_spread);
    }
  return error;
}

std::vector<MoistureJob> jobs_of(std::span<const Run* const> runs) {
  std::vector<MoistureJob> jobs;
  for (const Run* run : runs) jobs.push_back(run->job);
  return jobs;
}

std::vector<const Run*> draw_batch(const std::vector<Run>& runs, std::size_t training,
                                   std::uint64_t iteration, const SurrogateSettings& settings) {
  const RandomStream random{settings.seed, batch_stream};
  const auto size = static_cast<std::uint64_t>(settings.batch);
  std::vector<const Run*> batch;
  for (std::uint64_t i = 0; i < size; ++i) {
    const double u = uniform_deviate(random, iteration * size + i);
    batch.push_back(
        &runs[std::min(static_cast<std::size_t>(u * static_cast<double>(training)), training - 1)]);
  }
  return batch;
}

std::vector<float> batch_gradient(const sptf::LstmWeights& weights, const std::vector<const Run*>& batch,
                                  std::vector<sptf::LstmTape>& tapes, const core::ParallelFor& parallel_for) {
  const std::size_t blocks = block_count(batch.size());
  while (tapes.size() < blocks) tapes.emplace_back(sptf::best_instruction_set());
  std::vector<std::vector<float>> parts(blocks);
  parallel_for(static_cast<std::int64_t>(blocks), [&](std::int64_t index) {
    const auto b = static_cast<std::size_t>(index);
    const auto runs =
        std::span(batch).subspan(b * tape_width, std::min(tape_width, batch.size() - b * tape_width));
    const Block block = encode(jobs_of(runs));
    std::vector<float> outputs(sptf::output_size(weights.shape, readout, block.view()));
    tapes[b].forward(weights, readout, block.view(), outputs);
    SquaredError error = compare(runs, outputs);
    const auto values = static_cast<float>(batch.size() * runs.front()->moisture.size());
    for (float& slope : error.gradient) slope /= values;
    parts[b].assign(weights.values.size(), 0.0F);
    tapes[b].backward(weights, error.gradient, parts[b]);
  });
  std::vector<float> gradient(weights.values.size(), 0.0F);
  for (const std::vector<float>& part : parts) sptf::add_gradient(gradient, part);
  return gradient;
}

/// Outputs of blocks of jobs, without the way back.
void run_forward(const sptf::LstmWeights& weights, std::span<const MoistureJob> jobs,
                 std::span<std::vector<float>> moisture, const core::ParallelFor& parallel_for) {
  parallel_for(static_cast<std::int64_t>(block_count(jobs.size())), [&](std::int64_t index) {
    const auto b = static_cast<std::size_t>(index);
    const auto part = block_jobs(jobs, b);
    const Block block = encode(part);
    std::vector<float> outputs(sptf::output_size(weights.shape, readout, block.view()));
    sptf::LstmInference(weights, readout, sptf::best_instruction_set(), static_cast<std::int64_t>(tape_width))
        .run(block.view(), outputs);
    for (std::size_t i = 0; i < part.size(); ++i) {
      std::vector<float>& days = moisture[b * tape_width + i];
      days.resize(part[i].days);
      for (std::size_t d = 0; d < part[i].days; ++d)
        days[d] = static_cast<float>(moisture_of(outputs[(spin_up(part[i]) + d) * tape_width + i]));
    }
  });
}

double validation_error(const sptf::LstmWeights& weights, std::span<const Run> runs,
                        const core::ParallelFor& parallel_for) {
  std::vector<MoistureJob> jobs;
  for (const Run& run : runs) jobs.push_back(run.job);
  std::vector<std::vector<float>> moisture(jobs.size());
  run_forward(weights, jobs, moisture, parallel_for);
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < jobs.size(); ++i)
    for (std::size_t d = 0; d < moisture[i].size(); ++d, ++count)
      sum += std::pow(static_cast<double>(moisture[i][d]) - static_cast<double>(runs[i].moisture[d]), 2);
  return std::sqrt(sum / static_cast<double>(count));
}

}  // namespace

void SurrogateSettings::validate() const {
  const auto require = [](bool holds, const char* what) {
    if (!holds) throw core::Error(core::ErrorKind::usage, std::string("surrogate: ") + what);
  };
  require(runs >= 20, "at least 20 column runs are needed");
  require(days >= 30 && days <= static_cast<std::int64_t>(2 * sptf_year_days) - 1,
          "a run must have 30 to 729 days");
  require(iterations >= 1, "iterations must be 1 or more");
  require(batch >= 1, "the batch must be 1 or more");
  require(hidden >= 1 && hidden <= 1024, "hidden units must be 1 to 1024");
  require(learning_rate > 0.0, "the learning rate must be above 0");
}

Surrogate train_surrogate(SptfModel model, std::span<const SptfSite> sites, const SurrogateSettings& settings,
                          const core::ParallelFor& parallel_for, const std::function<void()>& step) {
  settings.validate();
  const std::vector<Run> runs = make_runs(model, sites, settings, parallel_for);
  const std::size_t training = runs.size() - runs.size() / 10;
  if (runs.size() < 20)
    throw core::Error(core::ErrorKind::data, "surrogate: too few of the column runs could be solved");
  sptf::LstmShape shape;
  shape.daily_inputs = daily_inputs;
  shape.constant_inputs = sptf_parameter_count;
  shape.hidden = settings.hidden;
  shape.outputs = 1;
  Surrogate surrogate{model, sptf::random_lstm_weights(shape, settings.seed), 0.0};
  sptf::Adam adam({.learning_rate = settings.learning_rate}, surrogate.weights.values.size());
  std::vector<sptf::LstmTape> tapes;
  for (std::int64_t iteration = 0; iteration < settings.iterations; ++iteration) {
    const auto batch = draw_batch(runs, training, static_cast<std::uint64_t>(iteration), settings);
    std::vector<float> gradient = batch_gradient(surrogate.weights, batch, tapes, parallel_for);
    sptf::clip_gradient(gradient, 0.05);
    const double progress = static_cast<double>(iteration) / static_cast<double>(settings.iterations);
    adam.settings.learning_rate =
        settings.learning_rate * (0.05 + 0.475 * (1.0 + std::cos(std::numbers::pi * progress)));
    adam.step(surrogate.weights.values, gradient);
    step();
  }
  surrogate.validation_rmse =
      validation_error(surrogate.weights, std::span(runs).subspan(training), parallel_for);
  return surrogate;
}

void SurrogatePhysics::simulate(std::span<const MoistureJob> jobs, std::span<std::vector<float>> moisture,
                                const core::ParallelFor& parallel_for) const {
  run_forward(m_surrogate.weights, jobs, moisture, parallel_for);
}

std::vector<MoistureLoss> SurrogatePhysics::losses(std::span<const MoistureJob> jobs,
                                                   const core::ParallelFor& parallel_for) const {
  std::vector<MoistureLoss> losses(jobs.size());
  const sptf::LstmWeights& weights = m_surrogate.weights;
  parallel_for(static_cast<std::int64_t>(block_count(jobs.size())), [&](std::int64_t index) {
    const auto b = static_cast<std::size_t>(index);
    const auto part = block_jobs(jobs, b);
    const Block block = encode(part);
    std::vector<float> outputs(sptf::output_size(weights.shape, readout, block.view()));
    sptf::LstmTape tape(sptf::best_instruction_set());
    tape.forward(weights, readout, block.view(), outputs);
    std::vector<float> slopes(outputs.size(), 0.0F);
    for (std::size_t i = 0; i < part.size(); ++i) {
      MoistureLoss& loss = losses[b * tape_width + i];
      for (std::size_t d = 0; d < part[i].days; ++d) {
        const std::size_t day = part[i].first_day + d;
        if (!counts(*part[i].site, day)) continue;
        const std::size_t at = (spin_up(part[i]) + d) * tape_width + i;
        const double error =
            moisture_of(outputs[at]) - static_cast<double>(part[i].site->surface_soil_moisture[day]);
        loss.sum += error * error;
        ++loss.days;
        slopes[at] = static_cast<float>(2.0 * error * moisture_spread);
      }
    }
    std::vector<float> unused(weights.values.size(), 0.0F);
    std::vector<float> constants(sptf_parameter_count * tape_width);
    tape.backward(weights, slopes, unused, constants);
    for (std::size_t i = 0; i < part.size(); ++i) {
      SptfParameters& gradient = losses[b * tape_width + i].gradient;
      gradient[0] = static_cast<double>(constants[i]) * (part[i].ceiling - 0.32) / saturation_spread;
      for (std::size_t k = 1; k < sptf_parameter_count; ++k)
        gradient[k] = static_cast<double>(constants[k * tape_width + i]) / unit_spread;
    }
  });
  return losses;
}

}  // namespace rootzone::study
