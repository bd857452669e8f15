#include <cmath>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/io/network_file.hpp"
#include "rootzone/io/sha256.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "rootzone/pipeline/sptf_training_commands.hpp"
#include "rootzone/pipeline/svg_chart.hpp"
#include "rootzone/study/sptf_column.hpp"
#include "rootzone/study/sptf_network.hpp"
#include "sptf_checkpoint.hpp"
#include "sptf_folder.hpp"
#include "sptf_parts.hpp"

namespace rootzone::pipeline {
namespace {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorKind;
using nlohmann::ordered_json;
using study::SptfLossPoint;
using study::SptfSite;
using study::SptfTrainingState;

constexpr const char* checkpoint_name = "checkpoint.rzsptf";

/// What sites hold, as one number to know them by.
std::string fingerprint(const std::vector<SptfSite>& sites) {
  io::Sha256 hash;
  for (const SptfSite& site : sites) {
    hash.update(site.name);
    for (const std::vector<float>* series :
         {&site.surface_soil_moisture, &site.precipitation_mm, &site.potential_evapotranspiration_mm,
          &site.leaf_area_index, &site.land_surface_temperature_c})
      hash.update(std::as_bytes(std::span(*series)));
    const std::array<double, 4> soil{site.soil.sand, site.soil.silt, site.soil.clay, site.soil.bulk_density};
    hash.update(std::as_bytes(std::span(soil)));
  }
  return hash.hex_digest().substr(0, 16);
}

ordered_json identity(const TrainRequest& request, const std::vector<SptfSite>& sites,
                      const study::SiteSplit& split) {
  const study::SptfTrainingSettings& settings = request.settings;
  ordered_json identity{{"model", study::sptf_model_name(request.model)},
                        {"physics", request.physics == TrainingPhysics::column ? "column" : "surrogate"},
                        {"sites", fingerprint(sites)},
                        {"training_sites", split.training.size()},
                        {"iterations", settings.iterations},
                        {"batch", settings.batch},
                        {"hidden", settings.hidden},
                        {"learning_rate", settings.learning_rate},
                        {"largest_gradient", settings.largest_gradient},
                        {"spin_up_days", settings.spin_up_days},
                        {"target_days", settings.target_days},
                        {"whole_year_share", settings.whole_year_share},
                        {"shortest_input_days", settings.shortest_input_days},
                        {"validation_interval", settings.validation_interval},
                        {"seed", settings.seed}};
  if (request.physics == TrainingPhysics::surrogate) {
    identity["surrogate_runs"] = request.surrogate.runs;
    identity["surrogate_days"] = request.surrogate.days;
    identity["surrogate_iterations"] = request.surrogate.iterations;
    identity["surrogate_hidden"] = request.surrogate.hidden;
  }
  return identity;
}

/// The split, with no more sites to train on than asked for.
study::SiteSplit training_split(const std::vector<SptfSite>& sites, std::uint64_t seed, std::int64_t most) {
  study::SiteSplit split = split_of(sites, seed);
  if (most > 0) split.training = part_of(sites, "training", seed, most);
  return split;
}

/// Losses smoothed for the eye: mean of squares over the last so many iterations.
std::vector<double> smoothed(const std::vector<SptfLossPoint>& history) {
  constexpr std::size_t span = 20;
  std::vector<double> values;
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < history.size(); ++i) {
    const auto add = [&](std::size_t at, double sign) {
      const double loss = history[at].training;
      if (std::isnan(loss)) return;
      sum += sign * loss * loss;
      count += sign > 0 ? 1U : static_cast<std::size_t>(-1);
    };
    add(i, 1.0);
    if (i >= span) add(i - span, -1.0);
    values.push_back(count > 0 ? std::sqrt(std::max(sum, 0.0) / static_cast<double>(count)) : std::nan(""));
  }
  return values;
}

std::string loss_picture(const TrainRequest& request, const SptfTrainingState& state) {
  LineChart chart;
  chart.frame.title = "Training of " + std::string(study::sptf_model_name(request.model)) + " (" +
                      (request.physics == TrainingPhysics::column ? "column" : "surrogate") + ")";
  chart.frame.x_label = "iteration";
  chart.frame.y_label = "root mean squared error";
  chart.frame.y_units = "m3 m-3";
  chart.frame.embedding = Embedding::standalone;
  chart.x_axis = XAxis::numbers;
  ChartSeries training{"training, mean of 20 iterations", {}, smoothed(state.history), SeriesMark::line, 0};
  ChartSeries validation{"validation", {}, {}, SeriesMark::line, 1};
  for (const SptfLossPoint& point : state.history) {
    training.x.push_back(static_cast<double>(point.iteration));
    if (std::isnan(point.validation)) continue;
    validation.x.push_back(static_cast<double>(point.iteration));
    validation.y.push_back(point.validation);
  }
  chart.series = {std::move(training), std::move(validation)};
  if (state.best_iteration >= 0) chart.markers = {{static_cast<double>(state.best_iteration), "best"}};
  return render_chart(chart);
}

void write_losses(const TrainRequest& request, const SptfTrainingState& state) {
  const std::array<std::string, 3> header{"iteration", "training_rmse", "validation_rmse"};
  io::CsvWriter csv(header);
  for (const SptfLossPoint& point : state.history) {
    csv.field(point.iteration)
        .field(static_cast<float>(point.training))
        .field(static_cast<float>(point.validation));
    csv.end_row();
  }
  io::write_file_atomically(request.out / "loss.csv", csv.text());
  io::write_file_atomically(request.out / "loss.svg", loss_picture(request, state));
}

/// What a weights file says of how it came about.
sptf::Network network_of(const TrainRequest& request, const SptfTrainingState& state,
                         const study::SiteSplit& split, const std::string& surrogate_words) {
  const study::SptfTrainingSettings& settings = request.settings;
  sptf::Network network = study::make_network(request.model, state.best_weights);
  network.title =
      "Site-specific pedotransfer function, " + std::string(study::sptf_model_name(request.model));
  network.training =
      "physics in the loop through " +
      (request.physics == TrainingPhysics::column ? "the exact tangent of the Richards column"
                                                  : surrogate_words) +
      "; Adam, learning rate " + format_number(settings.learning_rate) + " falling by half a cosine; " +
      std::to_string(state.iteration) + " of " + std::to_string(settings.iterations) + " iterations of " +
      std::to_string(settings.batch) + " sites, best on validation at " +
      std::to_string(state.best_iteration) + "; targets of " + std::to_string(settings.target_days) +
      " days of year two after " + std::to_string(settings.spin_up_days) + " days of spin-up; seed " +
      std::to_string(settings.seed);
  const bool twins = fs::exists(request.sites / "twins.json");
  network.data =
      std::to_string(split.training.size()) + " training and " + std::to_string(split.validation.size()) +
      " validation sites" +
      (twins ? ", twins: simulated weather, soils and column, noise and gaps as of a satellite product" : "");
  network.scores = {{"validation_rmse_m3_m-3", state.best_validation},
                    {"best_iteration", static_cast<double>(state.best_iteration)}};
  return network;
}

/// All that stands of a training: where it is, its losses, and the best network so far.
void save(const TrainRequest& request, const SptfTrainingState& state, const ordered_json& belongs_to,
          const std::function<sptf::Network()>& best) {
  write_losses(request, state);
  if (state.best_iteration >= 0) io::write_network(request.out / "weights.nc", best());
  write_checkpoint(request.out / checkpoint_name, state, belongs_to);
}

/// The iterations from where the state stands to the last, with checkpoints on the way.
void iterate(study::SptfTraining& training, SptfTrainingState& state, const TrainRequest& request,
             const ordered_json& belongs_to, const std::function<sptf::Network()>& best,
             const SptfJobContext& context) {
  const std::int64_t last = request.settings.iterations;
  if (context.progress != nullptr) context.progress->begin("training", last - state.iteration);
  while (state.iteration < last) {
    const SptfLossPoint point = training.advance(state);
    if (!std::isnan(point.validation))
      context.log("iteration " + std::to_string(point.iteration) + " of " + std::to_string(last) +
                  ": training " + format_number(point.training) + ", validation " +
                  format_number(point.validation) + ", best " + format_number(state.best_validation) +
                  " m³ m⁻³");
    const bool stop = context.stop_signal != nullptr && context.stop_signal->load() != 0;
    if (stop || state.iteration % request.checkpoint_interval == 0) save(request, state, belongs_to, best);
    if (stop) throw core::Interrupted(context.stop_signal->load());
    if (context.progress != nullptr) context.progress->advance(1);
  }
  if (context.progress != nullptr) context.progress->end();
}

/// A surrogate of the column, trained on the weather of the training sites.
study::Surrogate make_surrogate(const TrainRequest& request, const std::vector<SptfSite>& sites,
                                const study::SiteSplit& split, const SptfJobContext& context) {
  std::vector<SptfSite> training;
  for (const std::size_t site : split.training) training.push_back(sites[site]);
  if (context.progress != nullptr)
    context.progress->begin("training the surrogate of the column", request.surrogate.iterations);
  const auto step = [&] {
    if (context.stop_signal != nullptr && context.stop_signal->load() != 0)
      throw core::Interrupted(context.stop_signal->load());
    if (context.progress != nullptr) context.progress->advance(1);
  };
  study::Surrogate surrogate =
      study::train_surrogate(request.model, training, request.surrogate, context.parallel_for, step);
  if (context.progress != nullptr) context.progress->end();
  context.log("the surrogate is off by " + format_number(surrogate.validation_rmse) +
              " m³ m⁻³ on column runs that it has not seen");
  return surrogate;
}

}  // namespace

void train_sptf(const TrainRequest& request, const SptfJobContext& context, std::ostream& out) {
  request.settings.validate();
  request.surrogate.validate();
  if (request.checkpoint_interval < 1)
    throw Error(ErrorKind::usage, "the checkpoint interval must be 1 iteration or more");
  const SptfFolder folder = read_sptf_folder(request.sites, context.parallel_for);
  for (const std::string& warning : folder.warnings) context.warn(warning);
  const study::SiteSplit split = training_split(folder.sites, request.settings.seed, request.most_sites);
  io::make_folder(request.out);
  const ordered_json belongs_to = identity(request, folder.sites, split);
  std::optional<SptfTrainingState> state;
  if (!request.restart) state = read_checkpoint(request.out / checkpoint_name, belongs_to);
  std::unique_ptr<study::MoisturePhysics> physics = std::make_unique<study::ColumnPhysics>(request.model);
  std::string surrogate_words;
  if (request.physics == TrainingPhysics::surrogate) {
    const study::Surrogate surrogate = make_surrogate(request, folder.sites, split, context);
    surrogate_words = "an LSTM surrogate of " + std::to_string(request.surrogate.hidden) +
                      " units trained on " + std::to_string(request.surrogate.runs) + " column runs to " +
                      format_number(surrogate.validation_rmse) + " m3 m-3";
    physics = std::make_unique<study::SurrogatePhysics>(surrogate);
  }
  study::SptfTraining training(request.settings, folder.sites, split, *physics, context.parallel_for);
  if (state)
    context.log("going on from iteration " + std::to_string(state->iteration));
  else
    state = training.begin();
  const auto best = [&] { return network_of(request, *state, split, surrogate_words); };
  iterate(training, *state, request, belongs_to, best, context);
  if (state->best_iteration < 0)
    throw Error(ErrorKind::data,
                "training gave no network: no column of the validation sites could be solved");
  save(request, *state, belongs_to, best);
  out << (request.out / "weights.nc").string() << '\n';
}

}  // namespace rootzone::pipeline
