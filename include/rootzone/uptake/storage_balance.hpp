#pragma once
#include <span>
#include <vector>

#include "rootzone/soil/hydraulic_model.hpp"

namespace rootzone::uptake {

/// The water content of a layered profile at both ends of an interval, and the water that crossed its top.
/// Layers from the surface down; water contents in m3 m-3, thicknesses and depths of water in cm.
struct ProfileInterval {
  std::span<const double> thickness_cm;
  std::span<const double> initial_water_content;
  std::span<const double> final_water_content;
  double precipitation_cm = 0.0;  ///< over the interval
  double evaporation_cm = 0.0;    ///< from the soil, over the interval
  /// Throws std::invalid_argument if the lengths differ, there is no layer or a thickness is not positive.
  void validate() const;
};

/// Find the root water uptake of each layer as the residual of its water balance (Fu et al., Eqs. 14–15):
/// R_1 = P − E − D_1 − ΔV_1, R_i = D_{i−1} − D_i − ΔV_i, ΔV_i = Δz_i·(θ_i(final) − θ_i(initial)).
/// drainage_cm: D_i, the water that passed the bottom of layer i during the interval, positive downward; one
/// per layer. uptake_cm: R_i, one per layer; negative where more water is found than the balance can explain;
/// nothing is cut off. NaN in gives NaN in that layer and, where it stands in D, the next. Lengths are
/// asserted. Pure. Test: StorageBalance.*.
void balance_uptake(const ProfileInterval& interval, std::span<const double> drainage_cm,
                    std::span<double> uptake_cm);

/// Darcy flux through the bottom of each layer at an instant, cm/d, positive downward (Fu et al., Eqs. 8–11
/// with the indices put right): D_i = −(K_i + K_{i+1})/2·[(h_{i+1} − h_i)/Δ − 1], Δ the distance of the
/// layers' centres (the thickness, if all are equal); free drainage D_N = K_N at the bottom. Lengths are
/// asserted. Pure.
void darcy_fluxes(std::span<const double> thickness_cm, std::span<const double> conductivity_cm_d,
                  std::span<const double> head_cm, std::span<double> flux_cm_d);

/// Conductivity and pressure head of layers with given water contents. soil: one model per layer or one for
/// all. Water contents at or above saturation are saturated, at or below the residual the driest the model
/// knows.
void hydraulic_state(std::span<const soil::SoilHydraulics> soil, std::span<const double> water_content,
                     std::span<double> conductivity_cm_d, std::span<double> head_cm);

/// Workspace of `trapezoid_drainage`, so that many thousand calls take no memory. One per thread.
class DrainageWorkspace {
 public:
  explicit DrainageWorkspace(std::size_t layers);

 private:
  friend void trapezoid_drainage(const ProfileInterval&, std::span<const soil::SoilHydraulics>, double,
                                 DrainageWorkspace&, std::span<double>);
  std::vector<double> m_conductivity;
  std::vector<double> m_head;
  std::vector<double> m_final;
};

/// Estimate the water that passed the bottom of each layer by the trapezoidal rule between the Darcy fluxes
/// at both ends (Fu et al., Eq. 7). interval_days > 0. drainage_cm: one per layer. Test: StorageBalance.*;
/// its error against a Richards column is what `study::uptake_experiment` measures.
void trapezoid_drainage(const ProfileInterval& interval, std::span<const soil::SoilHydraulics> soil,
                        double interval_days, DrainageWorkspace& workspace, std::span<double> drainage_cm);

}  // namespace rootzone::uptake
