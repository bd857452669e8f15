#include "rootzone/stats/sobol_sequence.hpp"

#include <boost/random/sobol.hpp>
#include <stdexcept>
#include <string>

#include "counter_hash.hpp"

namespace rootzone::stats {
namespace {

constexpr unsigned bits = 32;

/// Owen's nested scrambling: the coin of a bit is that of the node of the binary tree its higher bits lead
/// to.
std::uint32_t scrambled(std::uint32_t x, std::uint64_t key) {
  std::uint32_t result = 0;
  for (unsigned bit = bits; bit-- > 0;) {
    // A leading one tells the node "01" at depth 2 from "1" at depth 1.
    const std::uint64_t node = (std::uint64_t{1} << (bits - 1U - bit)) | (std::uint64_t{x} >> bit >> 1U);
    const std::uint32_t coin = static_cast<std::uint32_t>(mix_bits(key ^ node) >> 63U);
    result |= (((x >> bit) & 1U) ^ coin) << bit;
  }
  return result;
}

double centre(std::uint32_t x) {
  return (static_cast<double>(x) + 0.5) * 0x1p-32;
}

}  // namespace

std::vector<double> scrambled_sobol(std::size_t points, std::size_t dimensions, std::uint64_t seed) {
  if (dimensions == 0 || dimensions > most_sobol_dimensions)
    throw std::invalid_argument("Sobol sequence: 1 to " + std::to_string(most_sobol_dimensions) +
                                " dimensions expected, found " + std::to_string(dimensions));
  if (points == 0 || points > most_sobol_points)
    throw std::invalid_argument("Sobol sequence: 1 to " + std::to_string(most_sobol_points) +
                                " points expected, found " + std::to_string(points));
  std::vector<std::uint64_t> keys(dimensions);
  for (std::size_t d = 0; d < dimensions; ++d) keys[d] = counter_hash(seed, d, 0);
  boost::random::sobol_engine<std::uint32_t, bits> plain(dimensions);
  std::vector<double> values(points * dimensions);
  for (std::size_t d = 0; d < dimensions; ++d) values[d] = centre(scrambled(0, keys[d]));
  for (std::size_t i = dimensions; i < values.size(); ++i)
    values[i] = centre(scrambled(plain(), keys[i % dimensions]));
  return values;
}

}  // namespace rootzone::stats
