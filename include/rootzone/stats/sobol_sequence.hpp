#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rootzone::stats {

/// The longest sequence and the most dimensions that `scrambled_sobol` gives (the direction numbers of Joe
/// and Kuo 2008 as Boost.Random ships them).
inline constexpr std::size_t most_sobol_points = std::size_t{1} << 31U;
inline constexpr std::size_t most_sobol_dimensions = 3667;

/// Draw the first points of a Sobol sequence, scrambled after Owen (1995): every bit of a coordinate is
/// flipped by a coin that depends on the seed, the dimension and all higher bits of the coordinate. The
/// scrambled sequence keeps the stratification of the plain one (of 2^m points, one lies in each of 2^m equal
/// intervals of every coordinate), each point is uniform in the unit cube, and seeds give independent
/// replicates. Lemieux (2009), section 6.3. Boost.Random gives the plain sequence, from its second point on;
/// the first, the origin, is put back, or 2^m points would be no net.
///
/// Returns points × dimensions, a point after the other; values in (0, 1), a half-step of 2⁻³³ from its ends;
/// the same for a seed on every machine. Take a power of two of points where possible. Throws
/// std::invalid_argument for 0 or more than the most dimensions or points. Pure.
/// Tests: SobolSequence.* (stratification in every coordinate, a net in the first two, uniform over seeds).
std::vector<double> scrambled_sobol(std::size_t points, std::size_t dimensions, std::uint64_t seed);

}  // namespace rootzone::stats
