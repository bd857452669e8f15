#include <spdlog/spdlog.h>

#include <iostream>
#include <map>
#include <memory>

#include "command.hpp"
#include "long_job.hpp"
#include "rootzone/engine/threads.hpp"
#include "rootzone/pipeline/sptf_training_commands.hpp"

namespace rootzone::app {
namespace {

using pipeline::SptfJobContext;
using study::SptfModel;
using study::TwinModels;

const std::map<std::string, SptfModel> models{{"vgm", SptfModel::van_genuchten},
                                              {"fxw", SptfModel::fredlund_xing}};
const std::map<std::string, TwinModels> twin_models{
    {"vgm", TwinModels::van_genuchten}, {"fxw", TwinModels::fredlund_xing}, {"both", TwinModels::both}};
const std::map<std::string, pipeline::TrainingPhysics> physics{
    {"column", pipeline::TrainingPhysics::column}, {"surrogate", pipeline::TrainingPhysics::surrogate}};

/// Runs work on sites with threads, progress, log and a signal to watch.
template <class Body>
void with_context(const Common& common, int jobs, bool body_watches_signal, const Body& body) {
  LongJob job(common);
  const engine::ThreadLimit threads(jobs);
  SptfJobContext context;
  context.parallel_for = engine::tbb_parallel_for();
  context.progress = body_watches_signal ? &job.progress() : &job.stopping_progress();
  context.stop_signal = &job.stop_signal();
  context.log = [](const std::string& line) { spdlog::info("{}", line); };
  context.warn = [](const std::string& line) { spdlog::warn("{}", line); };
  body(context);
}

struct TwinsArguments {
  std::filesystem::path folder;
  study::TwinOptions options;
  int jobs = 0;
};

void add_twins(Commands& commands, CLI::App& sptf) {
  const auto twins = std::make_shared<TwinsArguments>();
  CLI::App& command = commands.add_to(
      sptf, "twins", "simulate sites to train and judge on, with their truth", [twins](const Common& common) {
        with_context(common, twins->jobs, false, [&](const SptfJobContext& context) {
          pipeline::write_twins(twins->folder, twins->options, context);
        });
        std::cout << twins->folder.string() << '\n';
      });
  command
      .add_option("folder", twins->folder, "where to put them: a new or empty folder, or one of older twins")
      ->required();
  command.add_option("--sites", twins->options.sites, "how many; default 1200")->check(CLI::Range(1, 100000));
  add_choice(command, "--models", twins->options.models, twin_models,
             "hydraulic model of the truth: vgm, fxw or both by turns; default both");
  command.add_option("--texture-correlation", twins->options.texture_correlation,
                     "how much texture says of the true parameters, 0 to 1; default 0.5");
  command.add_option("--noise", twins->options.observing.noise, "of observed moisture, m3 m-3; default 0.04");
  command.add_option("--observed-share", twins->options.observing.observed_share,
                     "of days outside outages; default 0.6");
  command.add_option("--seed", twins->options.seed, "of everything random; default 1");
  add_jobs_option(command, twins->jobs);
}

struct TrainArguments {
  pipeline::TrainRequest request;
  int jobs = 0;
};

void add_training_settings(CLI::App& command, study::SptfTrainingSettings& settings) {
  command.add_option("--iterations", settings.iterations, "default 1000");
  command.add_option("--batch", settings.batch,
                     "sites per iteration; default 48, multiples of 48 waste nothing");
  command.add_option("--hidden", settings.hidden, "units of the LSTM; default 128");
  command.add_option("--learning-rate", settings.learning_rate, "at the start; default 0.003");
  command.add_option("--spin-up-days", settings.spin_up_days,
                     "simulated before the target's days; default 30");
  command.add_option("--target-days", settings.target_days,
                     "of the second year in an iteration, a window at random; default 120");
  command.add_option("--whole-year-share", settings.whole_year_share,
                     "of iterations that see the whole first year, not a window of it; default 0.4");
  command.add_option("--shortest-input-days", settings.shortest_input_days, "of such a window; default 10");
  command.add_option("--validation-interval", settings.validation_interval, "in iterations; default 50");
  command.add_option("--seed", settings.seed, "of weights, split and batches; default 1");
}

void add_train(Commands& commands, CLI::App& sptf) {
  const auto train = std::make_shared<TrainArguments>();
  CLI::App& command = commands.add_to(
      sptf, "train", "train a site-specific pedotransfer function; an unfinished training goes on",
      [train](const Common& common) {
        with_context(common, train->jobs, true, [&](const SptfJobContext& context) {
          pipeline::train_sptf(train->request, context, std::cout);
        });
      });
  pipeline::TrainRequest& request = train->request;
  command.add_option("sites", request.sites, "folder of sites (sites.csv and a series per site)")->required();
  command.add_option("--out,-o", request.out, "folder for weights, losses and the checkpoint")->required();
  add_choice(command, "--model", request.model, models, "hydraulic model: vgm or fxw; default vgm");
  add_choice(
      command, "--physics", request.physics, physics,
      "what the loss goes back through: the column's tangent or a surrogate of the column; default column");
  add_training_settings(command, request.settings);
  command.add_option("--most-sites", request.most_sites, "to train on; default 0: all of the training part");
  command.add_option("--surrogate-runs", request.surrogate.runs,
                     "column runs to train the surrogate on; default 4000");
  command.add_option("--surrogate-iterations", request.surrogate.iterations, "default 1000");
  command.add_option("--surrogate-hidden", request.surrogate.hidden, "default 64");
  command.add_option("--checkpoint-interval", request.checkpoint_interval, "in iterations; default 25");
  command.add_flag("--restart", request.restart, "begin anew, whatever checkpoint there is");
  add_jobs_option(command, train->jobs);
}

struct InverseArguments {
  pipeline::InverseRequest request;
  int jobs = 0;
};

void add_inverse(Commands& commands, CLI::App& sptf) {
  const auto inverse = std::make_shared<InverseArguments>();
  CLI::App& command = commands.add_to(
      sptf, "inverse",
      "fit each site's parameters to its first year by SCE-UA: what the functions are held against",
      [inverse](const Common& common) {
        with_context(common, inverse->jobs, false, [&](const SptfJobContext& context) {
          pipeline::invert_sptf(inverse->request, context, std::cout);
        });
      });
  pipeline::InverseRequest& request = inverse->request;
  command.add_option("sites", request.sites, "folder of sites")->required();
  command.add_option("--out,-o", request.out, "folder for the table")->required();
  add_choice(command, "--model", request.model, models, "hydraulic model: vgm or fxw; default vgm");
  command.add_option("--part", request.part, "training, validation, test or all; default test");
  command.add_option("--split-seed", request.split_seed, "the seed of the training; default 1");
  command.add_option("--most-sites", request.most_sites, "default 0: all of the part");
  command.add_option("--complexes", request.settings.search.complexes, "of SCE-UA; default 5");
  command.add_option("--max-evaluations", request.settings.search.max_evaluations, "per site; default 3000");
  command.add_option("--kstop", request.settings.search.kstop, "loops without progress; default 30");
  command.add_option("--seed", request.settings.search.seed, "default 1");
  add_jobs_option(command, inverse->jobs);
}

struct EvaluateArguments {
  pipeline::EvaluateRequest request;
  int jobs = 0;
};

void add_evaluate(Commands& commands, CLI::App& sptf) {
  const auto evaluate = std::make_shared<EvaluateArguments>();
  CLI::App& command = commands.add_to(
      sptf, "evaluate", "judge networks, inverse modelling and pedotransfer functions on the second year",
      [evaluate](const Common& common) {
        with_context(common, evaluate->jobs, false, [&](const SptfJobContext& context) {
          pipeline::evaluate_sptf(evaluate->request, context, std::cout);
        });
      });
  pipeline::EvaluateRequest& request = evaluate->request;
  command.add_option("sites", request.sites, "folder of sites")->required();
  command.add_option("--out,-o", request.out, "folder for tables and the report")->required();
  command.add_option("--weights", request.weights, "networks: weights.nc of sptf train, one or more");
  command.add_option("--inverse", request.inverses, "tables of sptf inverse, one or more");
  command.add_option("--part", request.part, "training, validation, test or all; default test");
  command.add_option("--split-seed", request.split_seed, "the seed of the training; default 1");
  command.add_option("--most-sites", request.most_sites, "default 0: all of the part");
  command
      .add_option("--input-days", request.input_days,
                  "lengths of input to try; default 10,20,30,40,60,90,120,180,240,300,365")
      ->delimiter(',');
  command.add_option("--windows", request.windows_per_length, "per length of input; default 3");
  command.add_option("--shuffles", request.shuffles, "per input, for its importance; default 100, 0: none");
  command.add_option("--organic-carbon", request.organic_carbon_percent,
                     "of all sites, for pedotransfer functions that ask for it, per cent; default 1.2");
  command.add_option("--seed", request.seed, "of windows and shuffles; default 1");
  command.add_flag("--record-scores", request.record_scores,
                   "put each network's pooled scores into its weights file");
  add_jobs_option(command, evaluate->jobs);
}

}  // namespace

void add_sptf_training_commands(Commands& commands, CLI::App& sptf) {
  add_twins(commands, sptf);
  add_train(commands, sptf);
  add_inverse(commands, sptf);
  add_evaluate(commands, sptf);
}

}  // namespace rootzone::app
