#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "rootzone/core/parallel.hpp"
#include "rootzone/sptf/adam.hpp"
#include "rootzone/sptf/lstm.hpp"
#include "rootzone/sptf/lstm_training.hpp"
#include "rootzone/study/sptf_inputs.hpp"
#include "rootzone/study/sptf_physics.hpp"
#include "rootzone/study/sptf_site.hpp"

namespace rootzone::study {

/// How a site-specific pedotransfer function is trained. The defaults are those of the shipped weights.
struct SptfTrainingSettings {
  std::int64_t iterations = 1000;
  std::int64_t batch = 48;  ///< sites per iteration; multiples of 48 waste nothing
  std::int64_t hidden = 128;
  /// At the start; falls with half a cosine to a twentieth at the last iteration. The paper's 1e-4 is for
  /// inputs as they come; standardised ones bear ten times as much and more.
  double learning_rate = 3e-3;
  double largest_gradient = 1.0;   ///< norm at which a gradient is cut
  std::int64_t spin_up_days = 30;  ///< simulated before the target's days
  std::int64_t target_days = 120;  ///< of year two, a window at random; 365 = all of it
  double whole_year_share = 0.4;   ///< of iterations that see all of year one; the others see a window of it
  std::int64_t shortest_input_days = 10;
  std::int64_t validation_interval = 50;  ///< iterations
  std::uint64_t seed = 1;

  /// Throws Error(usage) naming the setting, its range and what was found.
  void validate() const;
};

/// Root mean squared errors against the observations, m3 m-3; NaN = not computed at this iteration.
struct SptfLossPoint {
  std::int64_t iteration = 0;
  double training = 0.0;
  double validation = 0.0;
};

/// All that training is at a moment: what a checkpoint holds.
struct SptfTrainingState {
  std::int64_t iteration = 0;  ///< done so far
  sptf::LstmWeights weights;
  sptf::Adam adam;
  sptf::LstmWeights best_weights;  ///< of the lowest validation error
  double best_validation = 0.0;
  std::int64_t best_iteration = -1;
  std::vector<SptfLossPoint> history;
};

/// What networks say of sites: unit parameters from `days` days from each window's first.
/// Whatever parallel_for, the same bytes.
std::vector<SptfParameters> predict_parameters(const sptf::LstmWeights& weights,
                                               std::span<const InputWindow> windows, std::size_t days,
                                               const core::ParallelFor& parallel_for);

/// Training of one network: year one in, the physics of year two out, masked mean squared error (Qi et al.
/// 2026, Eq. 3), back through the physics' gradient and the LSTM, Adam. Every random choice is a function of
/// seed and iteration, gradients are added in a fixed order: the same weights for any number of threads, and
/// for any number of stops and resumptions (tests SptfTraining.ResumedEqualsUninterrupted,
/// SptfTraining.ThreadsDoNotChangeIt).
class SptfTraining {
 public:
  /// sites and physics must outlive this. Throws Error(data) if a part of the split has no site.
  SptfTraining(const SptfTrainingSettings& settings, std::span<const SptfSite> sites, const SiteSplit& split,
               const MoisturePhysics& physics, core::ParallelFor parallel_for);

  SptfTrainingState begin() const;
  /// One iteration; validates when one is due. Returns the new point of the history.
  SptfLossPoint advance(SptfTrainingState& state);
  /// Root mean squared error over the given sites, second year, from the whole first year. Each day of a site
  /// whose column cannot be solved counts as an error of 1 m³/m³.
  double error(const sptf::LstmWeights& weights, std::span<const std::size_t> sites) const;

 private:
  struct Batch;
  Batch draw_batch(std::int64_t iteration) const;
  double gradient_of(const SptfTrainingState& state, const Batch& batch, std::vector<float>& gradient);

  SptfTrainingSettings m_settings;
  std::span<const SptfSite> m_sites;
  SiteSplit m_split;
  const MoisturePhysics& m_physics;
  core::ParallelFor m_parallel_for;
  std::vector<sptf::LstmTape> m_tapes;  ///< kept from iteration to iteration for their memory
};

}  // namespace rootzone::study
