#pragma once
#include "rootzone/study/sptf_physics.hpp"

namespace rootzone::study {

/// Set-up of the column that site-specific pedotransfer functions are made for (Qi et al. 2026, Table 2): 50
/// cm in 12 graded cells, roots to 40 cm (Hoffman & van Genuchten 1983), potential rates by Ritchie (1972)
/// with k = 0.39, atmosphere above, free drainage below, start at −100 cm. van Genuchten soils enter air at
/// −2 cm (Vogel et al. 2000) whatever their n: without, the conductivity of wet soils with n up to 1.5 falls
/// within the first millimetres of suction, and their columns took a hundred times the steps or could not be
/// solved; with a border in n, moisture would jump where a search crosses it. Above n of 3 it changes next to
/// nothing.
inline constexpr double sptf_air_entry_head_cm = -2.0;
inline constexpr double sptf_root_depth_cm = 40.0;
inline constexpr double sptf_moisture_depth_cm = 5.0;

/// The physics itself: runs the Richards column, and takes gradients from its exact tangent.
/// A column that cannot be solved has NaN moisture and a loss without days. Thread-safe. Results do not
/// depend on parallel_for, nor on which jobs come together.
class ColumnPhysics : public MoisturePhysics {
 public:
  explicit ColumnPhysics(SptfModel model) : m_model(model) {}
  SptfModel model() const override { return m_model; }
  void simulate(std::span<const MoistureJob> jobs, std::span<std::vector<float>> moisture,
                const core::ParallelFor& parallel_for) const override;
  std::vector<MoistureLoss> losses(std::span<const MoistureJob> jobs,
                                   const core::ParallelFor& parallel_for) const override;

 private:
  SptfModel m_model;
};

}  // namespace rootzone::study
