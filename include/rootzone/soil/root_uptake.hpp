#pragma once
#include <variant>
#include <vector>

#include "rootzone/soil/column_grid.hpp"

namespace rootzone::soil {

/// Uptake of what the atmosphere asks for, whatever the soil says: S = b·Tp.
struct PrescribedUptake {};

/// S = b·Tp/(1 + (h/h50)^p) for h < 0, b·Tp above (van Genuchten 1987).
struct SShapedUptake {
  double half_head_cm = -500.0;  ///< h50 < 0: uptake is halved
  double exponent = 3.0;         ///< p > 0
};

/// Feddes et al. (1978): no uptake above h1 and below h4, full between h2 and h3, linear between. h3 lies
/// between h3_high (demand ≥ high_demand) and h3_low (demand ≤ low_demand), linear in the demand Tp.
/// Defaults: grass.
struct FeddesUptake {
  double h1_cm = -10.0, h2_cm = -25.0, h3_high_cm = -200.0, h3_low_cm = -800.0, h4_cm = -8000.0;
  double high_demand_cm_d = 0.5, low_demand_cm_d = 0.1;
};

using UptakeModel = std::variant<PrescribedUptake, SShapedUptake, FeddesUptake>;

/// Throws core::Error(usage) naming the parameter.
void validate(const UptakeModel& uptake);

/// Share of the roots in each cell (b integrated over the cell), Hoffman & van Genuchten (1983): with root
/// depth L, b = 5/(3L) above 0.2 L, then 25/(12L)·(1 − d/L) down to L. Sums to 1 if the column is as deep as
/// the roots, else the part below is given to the cells in proportion.
std::vector<double> hoffman_roots(const ColumnGrid& grid, double root_depth_cm);
/// The same for b ∝ exp(−d/scale) down to root_depth.
std::vector<double> exponential_roots(const ColumnGrid& grid, double scale_cm, double root_depth_cm);

/// Potential evapotranspiration shared between plants and soil (Ritchie 1972).
struct PotentialShares {
  double transpiration = 0.0;
  double evaporation = 0.0;
};
/// Tp = PET·(1 − e^(−k·LAI)), Ep = PET·e^(−k·LAI), k = 0.39 unless given. PET < 0 counts as 0.
PotentialShares partition_potential(double potential_evapotranspiration, double leaf_area_index,
                                    double extinction = 0.39);

}  // namespace rootzone::soil
