#pragma once
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "rootzone/core/parallel.hpp"
#include "rootzone/core/progress.hpp"
#include "rootzone/study/sptf_inverse.hpp"
#include "rootzone/study/sptf_surrogate.hpp"
#include "rootzone/study/sptf_training.hpp"
#include "rootzone/study/twin_sites.hpp"

namespace rootzone::pipeline {

/// What every command on a folder of sites is given.
struct SptfJobContext {
  core::ParallelFor parallel_for = core::serial_for;
  core::ProgressSink* progress = nullptr;
  const std::atomic<int>* stop_signal = nullptr;
  std::function<void(const std::string&)> log = [](const std::string&) {};  ///< a line for people
  std::function<void(const std::string&)> warn = [](const std::string&) {};
};

/// `rootzone sptf twins`: write twin sites into a new or empty folder, or one that holds older twins
/// (docs/sptf.md). Throws Error(usage) if the folder holds other things.
void write_twins(const std::filesystem::path& folder, const study::TwinOptions& options,
                 const SptfJobContext& context);

/// Through what the loss goes back.
enum class TrainingPhysics { column, surrogate };

struct TrainRequest {
  std::filesystem::path sites;  ///< folder of sites
  std::filesystem::path out;    ///< folder; an unfinished training in it goes on
  study::SptfModel model = study::SptfModel::van_genuchten;
  study::SptfTrainingSettings settings;
  std::int64_t most_sites = 0;  ///< of the training part, by seed; 0 = all
  TrainingPhysics physics = TrainingPhysics::column;
  study::SurrogateSettings surrogate;
  std::int64_t checkpoint_interval = 25;  ///< iterations
  bool restart = false;                   ///< drop what is there
};

/// `rootzone sptf train`: writes `weights.nc` (the best on validation), `loss.csv`, `loss.svg` and, while it
/// goes on, `checkpoint.rzsptf`. Throws Error(state) if the checkpoint is of other settings or sites, or
/// damaged; core::Interrupted after a signal, with a checkpoint written.
void train_sptf(const TrainRequest& request, const SptfJobContext& context, std::ostream& out);

struct InverseRequest {
  std::filesystem::path sites;
  std::filesystem::path out;
  study::SptfModel model = study::SptfModel::van_genuchten;
  study::InverseSettings settings;
  std::string part = "test";  ///< training, validation, test or all
  std::uint64_t split_seed = 1;
  std::int64_t most_sites = 0;  ///< 0 = all of the part
};

/// `rootzone sptf inverse`: fits every site's parameters to its first year by SCE-UA and writes
/// `inverse_<model>.csv` (site, parameters, rmse of both years, evaluations, why it stopped).
void invert_sptf(const InverseRequest& request, const SptfJobContext& context, std::ostream& out);

struct EvaluateRequest {
  std::filesystem::path sites;
  std::filesystem::path out;
  std::vector<std::filesystem::path> weights;   ///< networks, each with its own hydraulic model
  std::vector<std::filesystem::path> inverses;  ///< tables of `sptf inverse`
  std::string part = "test";
  std::uint64_t split_seed = 1;
  std::int64_t most_sites = 0;
  std::vector<std::int64_t> input_days = {10, 20, 30, 40, 60, 90, 120, 180, 240, 300, 365};
  std::int64_t windows_per_length = 3;
  std::int64_t shuffles = 100;
  double organic_carbon_percent = 1.2;  ///< of all sites, for the pedotransfer functions that ask for it
  std::uint64_t seed = 1;
  bool record_scores = false;  ///< put each network's pooled scores into its weights file
};

/// `rootzone sptf evaluate`: scores of the second year at 5 cm, against the truth of twins and against
/// observations: `scores.csv` (pooled and by class), `sites.csv` (per site), `input_length.csv`,
/// `importance.csv`, `report.html`.
void evaluate_sptf(const EvaluateRequest& request, const SptfJobContext& context, std::ostream& out);

}  // namespace rootzone::pipeline
