#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "rootzone/core/parallel.hpp"
#include "rootzone/study/sptf_parameters.hpp"
#include "rootzone/study/sptf_site.hpp"

namespace rootzone::study {

/// Moisture at 5 cm to be computed for one site: `spin_up_days` before `first_day` (fewer at the start of the
/// record) forget the start, then `days` days are handed out.
struct MoistureJob {
  const SptfSite* site = nullptr;
  SptfParameters unit{};  ///< parameters as unit values (sptf_physical)
  double ceiling = 0.41;  ///< of θs
  std::size_t first_day = 0;
  std::size_t days = 0;
  std::size_t spin_up_days = 0;
};

/// Sum of squared differences to the observations of a job's days that count: observed and thawed (Eq. 3 of
/// Qi et al. 2026 without its division), with its derivative by the unit parameters.
struct MoistureLoss {
  double sum = 0.0;
  std::int64_t days = 0;
  SptfParameters gradient{};
};

/// Something that turns parameters and weather into moisture at 5 cm: the Richards column, or a surrogate of
/// it.
class MoisturePhysics {
 public:
  virtual ~MoisturePhysics() = default;
  virtual SptfModel model() const = 0;
  /// moisture: of job after job, its `days` values.
  virtual void simulate(std::span<const MoistureJob> jobs, std::span<std::vector<float>> moisture,
                        const core::ParallelFor& parallel_for) const = 0;
  /// The losses against the sites' observations, with gradients. The same for any parallel_for.
  virtual std::vector<MoistureLoss> losses(std::span<const MoistureJob> jobs,
                                           const core::ParallelFor& parallel_for) const = 0;
};

/// Whether a day enters the loss: observed and thawed.
bool counts(const SptfSite& site, std::size_t day);

/// The loss without a gradient, of moisture that was simulated.
MoistureLoss moisture_loss(const MoistureJob& job, std::span<const float> moisture);

}  // namespace rootzone::study
