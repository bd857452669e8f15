#include "rootzone/uptake/uptake_profile.hpp"

#include <cassert>
#include <cmath>
#include <stdexcept>
#include <string>

namespace rootzone::uptake {
namespace {

std::vector<double> divided(std::span<const double> uptake, double divisor) {
  std::vector<double> shares(uptake.begin(), uptake.end());
  for (double& share : shares) share /= divisor;
  return shares;
}

}  // namespace

std::vector<double> proportions_of_sum(std::span<const double> uptake) {
  double sum = 0.0;
  for (double layer : uptake) sum += layer;
  return divided(uptake, sum);
}

std::vector<double> proportions_of(std::span<const double> uptake, double transpiration) {
  if (!(transpiration > 0.0))
    throw std::invalid_argument("uptake proportions: a transpiration above 0 expected, found " +
                                std::to_string(transpiration));
  return divided(uptake, transpiration);
}

double earth_movers_distance(std::span<const double> u, std::span<const double> v,
                             std::span<const double> thickness) {
  assert(u.size() == v.size() && u.size() == thickness.size());
  double moved = 0.0;
  double distance = 0.0;
  for (std::size_t i = 0; i < u.size(); ++i) {
    moved += u[i] - v[i];
    distance += std::abs(moved) * thickness[i];
  }
  return distance;
}

}  // namespace rootzone::uptake
