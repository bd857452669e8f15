#pragma once
#include <cstdint>
#include <vector>

namespace rootzone::study {

/// Which numbers of a seed: every use takes its own stream, so that adding one leaves the others alone.
struct RandomStream {
  std::uint64_t seed = 1;
  std::uint64_t stream = 0;
};

/// Give the index-th random 64 bits of a stream (SplitMix64's finaliser over a counter; Steele et al. 2014).
/// A function of its arguments alone: the same on any thread, in any order, with any standard library.
std::uint64_t random_bits(const RandomStream& stream, std::uint64_t index);
/// Uniform on the open interval (0, 1).
double uniform_deviate(const RandomStream& stream, std::uint64_t index);
/// Standard normal (Box & Muller 1958, the cosine branch).
double normal_deviate(const RandomStream& stream, std::uint64_t index);

/// Make a Gaussian random field of mean 0 and variance 1 at every cell: white noise smoothed with a separable
/// Gaussian kernel of standard deviation `length_cells`, so the correlation at distance d is about
/// exp(−d² / (4·length²)). No edge effect: the noise extends beyond the field. rows × cols values, row-major.
/// `first_index` moves to other noise of the stream (fields of successive days); two fields do not share
/// noise if their indices differ by at least `gaussian_field_draws`. length_cells ≥ 0; 0 = white noise. Pure.
std::vector<double> gaussian_field(std::int64_t rows, std::int64_t cols, double length_cells,
                                   const RandomStream& stream, std::uint64_t first_index = 0);
/// How many indices of the stream one field takes.
std::uint64_t gaussian_field_draws(std::int64_t rows, std::int64_t cols, double length_cells);

}  // namespace rootzone::study
