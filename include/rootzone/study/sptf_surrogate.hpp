#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "rootzone/sptf/lstm.hpp"
#include "rootzone/study/sptf_physics.hpp"

namespace rootzone::study {

/// How a surrogate of the column is made.
struct SurrogateSettings {
  std::int64_t runs = 4000;  ///< column runs it learns from; the paper: 30 000
  std::int64_t days = 240;   ///< of a run
  std::int64_t iterations = 1000;
  std::int64_t batch = 96;
  std::int64_t hidden = 64;     ///< the paper: 256
  double learning_rate = 5e-3;  ///< at the start, falling with half a cosine to a twentieth
  std::uint64_t seed = 1;

  /// Throws Error(usage) naming the setting.
  void validate() const;
};

/// A trained surrogate and how good it is on runs it has not seen (a tenth of all).
struct Surrogate {
  SptfModel model = SptfModel::van_genuchten;
  sptf::LstmWeights weights;
  double validation_rmse = 0.0;  ///< m3 m-3; the paper accepts 0.01
};

/// Train a surrogate: an LSTM that is given rain, potential evaporation and transpiration of the day and the
/// six parameters, and gives θ at 5 cm day by day, for columns that start at −100 cm (Qi et al. 2026,
/// section 2.2.2; their runs have two sets of weather, a dry and a wet one, these the weather of the sites
/// given, from a day at random). Parameters are drawn evenly from the unit box, θs ceilings from 0.41 to 0.6.
/// `step` hears of every iteration; it may throw to stop. The same for any parallel_for.
Surrogate train_surrogate(SptfModel model, std::span<const SptfSite> sites, const SurrogateSettings& settings,
                          const core::ParallelFor& parallel_for, const std::function<void()>& step);

/// The surrogate in the column's place. Jobs that come together must have as many days, spin-up included.
class SurrogatePhysics : public MoisturePhysics {
 public:
  explicit SurrogatePhysics(const Surrogate& surrogate) : m_surrogate(surrogate) {}
  SptfModel model() const override { return m_surrogate.model; }
  void simulate(std::span<const MoistureJob> jobs, std::span<std::vector<float>> moisture,
                const core::ParallelFor& parallel_for) const override;
  std::vector<MoistureLoss> losses(std::span<const MoistureJob> jobs,
                                   const core::ParallelFor& parallel_for) const override;

 private:
  Surrogate m_surrogate;
};

}  // namespace rootzone::study
