#include "rootzone/soil/root_uptake.hpp"

#include <algorithm>
#include <cmath>

#include "parameter_check.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::soil {
namespace {

/// Share of each cell from a cumulative distribution over depth; what lies below the column is spread over
/// it.
template <class Cumulative>
std::vector<double> shares(const ColumnGrid& grid, Cumulative cumulative) {
  std::vector<double> share(grid.cells());
  const double within = cumulative(grid.depth_cm());
  for (std::size_t i = 0; i < share.size(); ++i)
    share[i] = (cumulative(grid.edge_cm()[i + 1]) - cumulative(grid.edge_cm()[i])) / within;
  return share;
}

void check(const SShapedUptake& uptake) {
  check_parameter("S-shaped uptake", "half_head_cm", uptake.half_head_cm, {-1e7, -1e-3});
  check_parameter("S-shaped uptake", "exponent", uptake.exponent, {0.0, 50.0, true});
}

void check(const FeddesUptake& uptake) {
  const bool falling = 0.0 >= uptake.h1_cm && uptake.h1_cm > uptake.h2_cm &&
                       uptake.h2_cm > uptake.h3_high_cm && uptake.h3_high_cm >= uptake.h3_low_cm &&
                       uptake.h3_low_cm > uptake.h4_cm && std::isfinite(uptake.h4_cm);
  if (!falling)
    throw core::Error(
        core::ErrorKind::usage,
        "Feddes uptake: expected 0 >= h1 > h2 > h3_high >= h3_low > h4 (cm); check their order and signs");
  check_parameter("Feddes uptake", "low_demand_cm_d", uptake.low_demand_cm_d, {0.0, 100.0});
  check_parameter("Feddes uptake", "high_demand_cm_d", uptake.high_demand_cm_d,
                  {uptake.low_demand_cm_d, 100.0, true});
}

void check(const PrescribedUptake&) {}

}  // namespace

void validate(const UptakeModel& uptake) {
  std::visit([](const auto& model) { check(model); }, uptake);
}

std::vector<double> hoffman_roots(const ColumnGrid& grid, double root_depth_cm) {
  check_parameter("roots", "root_depth_cm", root_depth_cm, {0.0, 1e5, true});
  return shares(grid, [root_depth_cm](double depth_cm) {
    const double d = std::min(depth_cm / root_depth_cm, 1.0);
    if (d <= 0.2) return 5.0 / 3.0 * d;
    return 1.0 - 25.0 / 24.0 * (1.0 - d) * (1.0 - d);
  });
}

std::vector<double> exponential_roots(const ColumnGrid& grid, double scale_cm, double root_depth_cm) {
  check_parameter("roots", "scale_cm", scale_cm, {0.0, 1e6, true});
  check_parameter("roots", "root_depth_cm", root_depth_cm, {0.0, 1e5, true});
  return shares(grid,
                [=](double depth_cm) { return -std::expm1(-std::min(depth_cm, root_depth_cm) / scale_cm); });
}

PotentialShares partition_potential(double potential_evapotranspiration, double leaf_area_index,
                                    double extinction) {
  const double potential = std::max(potential_evapotranspiration, 0.0);
  const double to_soil = std::exp(-extinction * std::max(leaf_area_index, 0.0));
  return {potential * (1.0 - to_soil), potential * to_soil};
}

}  // namespace rootzone::soil
