#pragma once
#include "column_run.hpp"

namespace rootzone::soil::test {

/// Soils of published solutions that users have no call for: the column's own kernel on other formulas. Give
/// the columns any VanGenuchten as material; its numbers are not used. Units of time are the soil's.

/// Haverkamp et al. (1977) as in Celia et al. (1990), cm and s:
/// θ = .075 + 1.611e6·.212/(1.611e6 + |h|^3.96), K = .00944·1.175e6/(1.175e6 + |h|^4.74).
ColumnKernel haverkamp_kernel(ModelKind);

/// Gardner (1958) as in Srivastava & Yeh (1991), cm and h: K = e^(0.1 h), θ = .06 + .34·e^(0.1 h).
ColumnKernel gardner_kernel(ModelKind);
inline constexpr double gardner_alpha = 0.1;
double gardner_head(double relative_conductivity);

}  // namespace rootzone::soil::test
