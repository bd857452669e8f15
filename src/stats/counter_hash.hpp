#pragma once
#include <cstdint>

namespace rootzone::stats {

/// SplitMix64's finaliser (Steele et al. 2014): every bit of the result depends on every bit of x.
inline std::uint64_t mix_bits(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

/// The index-th number of a stream under a seed, without those before it.
inline std::uint64_t counter_hash(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) {
  return mix_bits(mix_bits(mix_bits(seed) ^ stream) ^ index);
}

/// 0 … bound − 1 from a hash; bound < 2³². The bias, at most bound · 2⁻³², is of no account here.
inline std::uint32_t bounded(std::uint64_t hash, std::uint32_t bound) {
  return static_cast<std::uint32_t>(((hash >> 32U) * bound) >> 32U);
}

}  // namespace rootzone::stats
