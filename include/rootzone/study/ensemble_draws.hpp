#pragma once
#include <cstdint>
#include <vector>

#include "rootzone/study/random_field.hpp"

namespace rootzone::study {

/// Draw the members of an ensemble of standard normal vectors whose sample mean is 0 and whose sample
/// covariance (divisor members − 1) is the identity, to rounding: second-order exact sampling (Pham 2001,
/// Mon. Weather Rev. 129, 1194). A linear model run with them gives the standard deviation of an infinite
/// ensemble, where plain draws of 20 members err by 16 %. Counter-based draws (normal_deviate at index
/// member · dimensions + dimension), centred, then orthogonalised by Gram and Schmidt.
/// members > dimensions ≥ 1, else Error(usage). Returned: members × dimensions, row-major. Pure.
std::vector<double> exact_normal_ensemble(std::int64_t members, std::int64_t dimensions,
                                          const RandomStream& stream);

}  // namespace rootzone::study
