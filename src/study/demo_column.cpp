#include "rootzone/study/demo_column.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "rootzone/core/vector_clones.hpp"

namespace rootzone::study {
namespace {

constexpr double quarter_days = 1.0 / column_quarters;
/// Soil evaporation comes from these two layers, in these shares.
constexpr std::array<double, 2> evaporation_depth_share{0.75, 0.25};

constexpr double melt_mm_per_degree = 3.0;
constexpr double melt_above_c = 0.5;
constexpr double all_snow_below_c = 0.0;
constexpr double all_rain_above_c = 2.0;
constexpr double snow_shades_ground_mm = 5.0;
constexpr double canopy_mm_per_leaf_area = 0.2;  // Dickinson 1984
constexpr double extinction = 0.39;              // Ritchie 1972
constexpr double infiltration_over_conductivity = 1.5;
constexpr double compensation = 0.6;  // critical stress index, Jarvis 1989

// By value and without a branch, unlike std::min and std::max, which keep the loops below scalar.
[[gnu::always_inline]] inline double lesser(double a, double b) {
  return a < b ? a : b;
}
[[gnu::always_inline]] inline double greater(double a, double b) {
  return a > b ? a : b;
}

// Natural logarithm and exponential without calls, so that the loops below become vector code. Relative
// error below 1e-8 and 2e-7: far under what the model's constants are known to.
[[gnu::always_inline]] inline double quick_log(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  // The exponent as a double, by writing it into the mantissa of 2^52.
  const double exponent = std::bit_cast<double>((bits >> 52) | 0x4330000000000000ULL) - (0x1p52 + 1023.0);
  const double mantissa = std::bit_cast<double>((bits & 0x000fffffffffffffULL) | 0x3ff0000000000000ULL);
  const double halve = mantissa > std::numbers::sqrt2 ? 0.5 : 1.0;
  const double raise = mantissa > std::numbers::sqrt2 ? 1.0 : 0.0;
  const double m = mantissa * halve;
  const double z = (m - 1.0) / (m + 1.0);
  const double w = z * z;
  const double series = 1.0 + w * (1.0 / 3 + w * (1.0 / 5 + w * (1.0 / 7 + w * (1.0 / 9))));
  return 2.0 * z * series + (exponent + raise) * std::numbers::ln2;
}

[[gnu::always_inline]] inline double quick_exp(double x) {
  const double y = greater(x, -700.0) * std::numbers::log2e;
  const double shifted = y + 0x1.8p52;  // rounds to the nearest integer, which lands in the low bits
  const double r = (y - (shifted - 0x1.8p52)) * std::numbers::ln2;
  const double series =
      1.0 + r * (1.0 + r * (1.0 / 2 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720))))));
  return series *
         std::bit_cast<double>((std::bit_cast<std::uint64_t>(shifted) << 52) + 0x3ff0000000000000ULL);
}

double layer_mm(int layer) {
  const auto i = static_cast<std::size_t>(layer);
  return 10.0 * (column_edges_cm[i + 1] - column_edges_cm[i]);
}

/// Snow, canopy, infiltration excess, and what evaporation is left for soil and plants.
[[gnu::always_inline]] inline void surface_fluxes(const ColumnParameters& p, const ColumnForcing& f,
                                                  ColumnState& state, ColumnDay& day, SurfaceDay& out) {
  const double rain_days = f.rain_hours / 24.0;
  for (std::size_t k = 0; k < column_width; ++k) {
    const double rain_share = lesser(
        1.0, greater(0.0, (f.temperature_c[k] - all_snow_below_c) / (all_rain_above_c - all_snow_below_c)));
    const double rain = f.precipitation_mm[k] * rain_share;
    const double snow = state.snow_mm[k] + (f.precipitation_mm[k] - rain);
    const double melt = lesser(snow, melt_mm_per_degree * greater(0.0, f.temperature_c[k] - melt_above_c));
    state.snow_mm[k] = snow - melt;
    day.inflow_mm[k] = rain + melt;

    const double wet = state.canopy_mm[k] + rain;
    const double throughfall = greater(0.0, wet - canopy_mm_per_leaf_area * f.leaf_area_index[k]);
    const double from_canopy = lesser(wet - throughfall, f.potential_evapotranspiration_mm[k]);
    state.canopy_mm[k] = wet - throughfall - from_canopy;

    const double impervious = throughfall * p.impervious_fraction[k];
    const double capacity = infiltration_over_conductivity * p.conductivity_mm_d[0][k] * rain_days;
    const double infiltrating_rain = lesser(throughfall - impervious, capacity);
    out.infiltration_mm[k] = infiltrating_rain + melt;
    day.runoff_mm[k] = throughfall - infiltrating_rain;

    const double left = f.potential_evapotranspiration_mm[k] - from_canopy;
    const double shaded = quick_exp(-extinction * f.leaf_area_index[k]);
    out.soil_demand_mm[k] = state.snow_mm[k] > snow_shades_ground_mm ? 0.0 : left * shaded;
    out.plant_demand_mm[k] = left * (1.0 - shaded);
    day.evaporation_mm[k] = from_canopy;
    day.recharge_mm[k] = 0.0;
  }
}

/// Fill the layers from the top; what finds no room runs off.
[[gnu::always_inline]] inline void infiltrate(const ColumnParameters& p, const ColumnLane& water,
                                              ColumnState& state, ColumnDay& day) {
  ColumnLane left = water;
  for (std::size_t layer = 0; layer < column_layers; ++layer)
    for (std::size_t k = 0; k < column_width; ++k) {
      const double taken = lesser(left[k], p.capacity_mm[layer][k] - state.water_mm[layer][k]);
      state.water_mm[layer][k] += taken;
      left[k] -= taken;
    }
  for (std::size_t k = 0; k < column_width; ++k) day.runoff_mm[k] += left[k];
}

[[gnu::always_inline]] inline void evaporate(const ColumnParameters& p, const ColumnLane& demand,
                                             double share, ColumnState& state, ColumnDay& day) {
  for (std::size_t layer = 0; layer < evaporation_depth_share.size(); ++layer)
    for (std::size_t k = 0; k < column_width; ++k) {
      const double available = greater(0.0, state.water_mm[layer][k] - p.air_dry_mm[layer][k]);
      const double stress = lesser(1.0, available * p.per_evaporation_range[layer][k]);
      const double taken = lesser(available, demand[k] * share * evaporation_depth_share[layer] * stress);
      state.water_mm[layer][k] -= taken;
      day.evaporation_mm[k] += taken;
    }
}

[[gnu::always_inline]] inline void transpire(const ColumnParameters& p, const ColumnLane& demand,
                                             double share, ColumnState& state, ColumnDay& day) {
  ColumnProfile stress;
  ColumnLane index{};
  for (std::size_t layer = 0; layer < column_layers; ++layer)
    for (std::size_t k = 0; k < column_width; ++k) {
      const double available = greater(0.0, state.water_mm[layer][k] - p.wilting_mm[layer][k]);
      stress[layer][k] =
          p.root_fraction[layer][k] * lesser(1.0, available * p.per_transpiration_range[layer][k]);
      index[k] += stress[layer][k];
    }
  ColumnLane wanted_per_stress;
  for (std::size_t k = 0; k < column_width; ++k)
    wanted_per_stress[k] = demand[k] * share / greater(compensation, index[k]);
  for (std::size_t layer = 0; layer < column_layers; ++layer)
    for (std::size_t k = 0; k < column_width; ++k) {
      const double available = greater(0.0, state.water_mm[layer][k] - p.wilting_mm[layer][k]);
      const double wanted = wanted_per_stress[k] * stress[layer][k];
      const double taken = lesser(available, wanted);
      state.water_mm[layer][k] -= taken;
      day.evaporation_mm[k] += taken;
    }
}

/// Gravity drainage, lowest layer first, so that room is made before water comes. Leaves the logarithm of
/// each layer's saturation before it for the exchange: logarithms and divisions are what this model costs.
[[gnu::always_inline]] inline void drain(const ColumnParameters& p, ColumnState& state, ColumnDay& day,
                                         ColumnProfile& log_saturation) {
  for (std::size_t below = column_layers; below > 0; --below) {
    const std::size_t layer = below - 1;
    ColumnLane flux;
    for (std::size_t k = 0; k < column_width; ++k) {
      const double water = state.water_mm[layer][k];
      const double logarithm = quick_log(greater(1e-3, water * p.per_capacity[layer][k]));
      const double c = p.exponent[layer][k];
      const double conductivity = p.conductivity_mm_d[layer][k] * quick_exp(c * logarithm);
      log_saturation[layer][k] = logarithm;
      // W(t) = W·(1 + (c−1)·K·t/W)^(−1/(c−1)) solves dW/dt = −Ks·(W/C)^c.
      const double growth = quick_log(1.0 + (c - 1.0) * conductivity * quarter_days / greater(1e-6, water));
      flux[k] = water * (1.0 - quick_exp(p.drainage_power[layer][k] * growth));
    }
    if (below == column_layers) {
      for (std::size_t k = 0; k < column_width; ++k) {
        state.water_mm[layer][k] -= flux[k];
        day.recharge_mm[k] += flux[k];
      }
    } else {
      for (std::size_t k = 0; k < column_width; ++k) {
        const double taken = lesser(flux[k], p.capacity_mm[below][k] - state.water_mm[below][k]);
        state.water_mm[layer][k] -= taken;
        state.water_mm[below][k] += taken;
      }
    }
  }
}

/// Capillary flow between neighbours down the gradient of saturation, with the diffusivity of the drier one,
/// which throttles it; implicit, so that it cannot overshoot.
[[gnu::always_inline]] inline void exchange(const ColumnParameters& p, const ColumnProfile& log_saturation,
                                            ColumnState& state) {
  for (std::size_t layer = 0; layer + 1 < column_layers; ++layer)
    for (std::size_t k = 0; k < column_width; ++k) {
      const double difference = state.water_mm[layer][k] * p.per_capacity[layer][k] -
                                state.water_mm[layer + 1][k] * p.per_capacity[layer + 1][k];
      const double drier = lesser(log_saturation[layer][k], log_saturation[layer + 1][k]);
      const double moved =
          quarter_days * p.exchange_mm_d[layer][k] * quick_exp(p.exchange_exponent[layer][k] * drier);
      const double flux =
          difference * moved / (1.0 + moved * (p.per_capacity[layer][k] + p.per_capacity[layer + 1][k]));
      state.water_mm[layer][k] -= flux;
      state.water_mm[layer + 1][k] += flux;
    }
}

}  // namespace

double LayerSoil::water_content_at(double suction_mm) const {
  return porosity * std::min(1.0, std::pow(air_entry_mm / suction_mm, 1.0 / clapp_hornberger_b));
}

void ColumnParameters::set(int lane, const ColumnSoil& soil) {
  const auto k = static_cast<std::size_t>(lane);
  for (std::size_t layer = 0; layer < column_layers; ++layer) {
    const LayerSoil& here = soil.layers[layer];
    const double thickness = layer_mm(static_cast<int>(layer));
    const double wilting = here.wilting_point();
    const double field = here.field_capacity();
    capacity_mm[layer][k] = here.porosity * thickness;
    per_capacity[layer][k] = 1.0 / capacity_mm[layer][k];
    air_dry_mm[layer][k] = here.air_dry() * thickness;
    wilting_mm[layer][k] = wilting * thickness;
    per_evaporation_range[layer][k] = 1.0 / ((field - here.air_dry()) * thickness);
    per_transpiration_range[layer][k] = 1.0 / (0.6 * (field - wilting) * thickness);
    root_fraction[layer][k] = soil.root_fraction[layer];
    conductivity_mm_d[layer][k] = here.saturated_conductivity_mm_d;
    exponent[layer][k] = 2.0 * here.clapp_hornberger_b + 3.0;
    drainage_power[layer][k] = -1.0 / (exponent[layer][k] - 1.0);
    if (layer + 1 == column_layers) continue;
    // q = D(s)·dθ/dz with D = b·Ks·ψs/θs·s^(b+2); both layers' soils enter by their geometric means.
    const LayerSoil& next = soil.layers[layer + 1];
    const double distance = 0.5 * (thickness + layer_mm(static_cast<int>(layer) + 1));
    const double b = 0.5 * (here.clapp_hornberger_b + next.clapp_hornberger_b);
    exchange_mm_d[layer][k] = b *
                              std::sqrt(here.saturated_conductivity_mm_d * next.saturated_conductivity_mm_d) *
                              std::sqrt(here.air_entry_mm * next.air_entry_mm) / distance;
    exchange_exponent[layer][k] = b + 2.0;
  }
  impervious_fraction[k] = soil.impervious_fraction;
}

void ColumnState::start(int lane, const ColumnSoil& soil) {
  const auto k = static_cast<std::size_t>(lane);
  for (std::size_t layer = 0; layer < column_layers; ++layer)
    water_mm[layer][k] = soil.layers[layer].field_capacity() * layer_mm(static_cast<int>(layer));
  snow_mm[k] = 0.0;
  canopy_mm[k] = 0.0;
}

double ColumnState::total_mm(int lane) const {
  const auto k = static_cast<std::size_t>(lane);
  double total = snow_mm[k] + canopy_mm[k];
  for (const ColumnLane& layer : water_mm) total += layer[k];
  return total;
}

ROOTZONE_VECTOR_CLONES
void advance_surface(const ColumnParameters& parameters, const ColumnForcing& forcing, ColumnState& state,
                     ColumnDay& day, SurfaceDay& surface) {
  surface_fluxes(parameters, forcing, state, day, surface);
}

ROOTZONE_VECTOR_CLONES
void advance_columns(const ColumnParameters& parameters, const ColumnForcing& forcing, ColumnState& state,
                     ColumnDay& day) {
  SurfaceDay surface;
  ColumnProfile log_saturation;
  surface_fluxes(parameters, forcing, state, day, surface);
  for (int quarter = 0; quarter < column_quarters; ++quarter) {
    const auto q = static_cast<std::size_t>(quarter);
    if (quarter == forcing.rain_quarter) infiltrate(parameters, surface.infiltration_mm, state, day);
    evaporate(parameters, surface.soil_demand_mm, evaporation_share[q], state, day);
    transpire(parameters, surface.plant_demand_mm, evaporation_share[q], state, day);
    drain(parameters, state, day, log_saturation);
    exchange(parameters, log_saturation, state);
    day.water_mm[q] = state.water_mm;
  }
}

}  // namespace rootzone::study
