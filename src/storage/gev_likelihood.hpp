#pragma once
#include <span>

#include "rootzone/storage/extremes.hpp"

namespace rootzone::storage {

/// Maximise the GEV likelihood over location, scale and shape in (−1, 1) by the simplex method (Nelder and
/// Mead 1965) from each start, restarted until it stands; the best wins. Beyond ξ = −1 the likelihood has no
/// maximum. rising: at least 3 values in rising order, not all equal.
ExtremeFit maximise_gev_likelihood(std::span<const double> rising, std::span<const ExtremeFit> starts);

}  // namespace rootzone::storage
