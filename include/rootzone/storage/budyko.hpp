#pragma once

namespace rootzone::storage {

inline constexpr double fu_default_omega = 2.6;

/// Mean evaporation where discharge is unknown (Fu 1981): E/P = 1 + PET/P − (1 + (PET/P)^ω)^(1/ω), in the
/// unit of P. precipitation, potential: long-term means, ≥ 0; omega > 1. 0 where P is 0; NaN in gives NaN, so
/// does a negative mean or omega ≤ 1. Always 0 ≤ E ≤ min(P, PET).
double fu_evaporation(double precipitation, double potential, double omega = fu_default_omega);

/// The factor c in E_t = c·PET_t that closes the long-term balance: (mean Pe − mean Q)/mean PET. NaN where
/// mean PET is not positive; not below 0.
double closing_evaporation_factor(double mean_effective_precipitation, double mean_discharge,
                                  double mean_potential);

}  // namespace rootzone::storage
