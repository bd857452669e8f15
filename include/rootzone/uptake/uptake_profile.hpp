#pragma once
#include <span>
#include <vector>

namespace rootzone::uptake {

/// Uptake of each layer as a share of their sum (Fu et al., Eq. 16). The sum may be near zero or negative:
/// then the shares are large and of any sign, and their error has no finite variance. Not finite if the sum
/// is zero. Pure.
std::vector<double> proportions_of_sum(std::span<const double> uptake);

/// The same over a transpiration known from elsewhere (same unit, > 0 or std::invalid_argument): linear in
/// the uptake, so that errors stay in proportion; the shares need not add up to one.
std::vector<double> proportions_of(std::span<const double> uptake, double transpiration);

/// Earth mover's distance between two uptake profiles (Fu et al., Eq. 17): Σ_i |Σ_{j≤i}(u_j − v_j)|·Δz_i, in
/// the unit of the thickness. What a share must be moved, times how far; shares that do not add up to the
/// same sum count as carried to the bottom. One entry per layer in all three, asserted. Pure. Test:
/// EarthMover.*.
double earth_movers_distance(std::span<const double> u, std::span<const double> v,
                             std::span<const double> thickness);

}  // namespace rootzone::uptake
