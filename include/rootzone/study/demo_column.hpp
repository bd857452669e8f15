#pragma once
#include <array>
#include <cstdint>

namespace rootzone::study {

/// Layer edges of the demo basin's process model, cm below the surface.
inline constexpr int column_layers = 7;
inline constexpr std::array<double, column_layers + 1> column_edges_cm{0.0,  5.0,  10.0,  20.0,
                                                                       35.0, 50.0, 100.0, 200.0};
/// Columns advanced together, and steps of a day (each a quarter: 00–06, 06–12, 12–18, 18–24 UTC).
inline constexpr int column_width = 32;
inline constexpr int column_quarters = 4;

using ColumnLane = std::array<double, column_width>;
using ColumnProfile = std::array<ColumnLane, column_layers>;

/// Soil of one layer as the hydraulic model needs it (Clapp & Hornberger 1978):
/// K = Ks·s^(2b+3), ψ = ψs·s^−b, s = θ/θs.
struct LayerSoil {
  double porosity = 0.45;  ///< θs, m³/m³
  double clapp_hornberger_b = 6.0;
  double air_entry_mm = 200.0;  ///< ψs
  double saturated_conductivity_mm_d = 300.0;
  /// Water content at a suction, from ψ(s), at most the porosity.
  double water_content_at(double suction_mm) const;
  double field_capacity() const { return water_content_at(3365.0); }   ///< 33 kPa
  double wilting_point() const { return water_content_at(152960.0); }  ///< 1500 kPa
  /// Driest state evaporation can reach, 0.4 of the wilting point.
  double air_dry() const { return 0.4 * wilting_point(); }
};

/// What one column is made of.
struct ColumnSoil {
  std::array<LayerSoil, column_layers> layers;
  std::array<double, column_layers> root_fraction{};  ///< sums to 1
  double impervious_fraction = 0.0;                   ///< of the surface, runs off
};

/// Constants of `column_width` columns, arranged for the kernel.
struct ColumnParameters {
  ColumnProfile capacity_mm{};   ///< water at saturation
  ColumnProfile per_capacity{};  ///< 1 / capacity, 1/mm; multiplying is cheaper than dividing
  ColumnProfile air_dry_mm{};
  ColumnProfile wilting_mm{};
  ColumnProfile per_evaporation_range{};    ///< 1 / (air dry … field capacity), 1/mm
  ColumnProfile per_transpiration_range{};  ///< 1 / (wilting point … where stress begins), 1/mm
  ColumnProfile root_fraction{};
  ColumnProfile conductivity_mm_d{};
  ColumnProfile exponent{};           ///< c = 2b + 3
  ColumnProfile drainage_power{};     ///< −1 / (c − 1)
  ColumnProfile exchange_mm_d{};      ///< with the layer below, at saturation
  ColumnProfile exchange_exponent{};  ///< b + 2
  ColumnLane impervious_fraction{};

  /// Put a column into a lane.
  void set(int lane, const ColumnSoil& soil);
};

/// Water in the columns, mm.
struct ColumnState {
  ColumnProfile water_mm{};
  ColumnLane snow_mm{};
  ColumnLane canopy_mm{};
  /// Start a lane at field capacity, without snow.
  void start(int lane, const ColumnSoil& soil);
  double total_mm(int lane) const;
};

/// One day's weather and vegetation of the columns.
struct ColumnForcing {
  ColumnLane precipitation_mm{};
  ColumnLane temperature_c{};
  ColumnLane potential_evapotranspiration_mm{};
  ColumnLane leaf_area_index{};
  double rain_hours = 8.0;  ///< how long the day's rain lasts
  int rain_quarter = 0;     ///< in which quarter it falls, 0 … 3
};

/// What left the columns in one day (mm), and the water of each layer at the end of each quarter.
struct ColumnDay {
  ColumnLane evaporation_mm{};  ///< canopy, soil and plants together
  ColumnLane inflow_mm{};       ///< rain and snowmelt that reached canopy or ground
  ColumnLane runoff_mm{};
  ColumnLane recharge_mm{};  ///< leaves the lowest layer
  std::array<ColumnProfile, column_quarters> water_mm{};
};

/// What a day brings to the soil of the columns, mm.
struct SurfaceDay {
  ColumnLane infiltration_mm{};  ///< rain and snowmelt, in the rain's quarter
  ColumnLane soil_demand_mm{};   ///< evaporation left for the soil
  ColumnLane plant_demand_mm{};  ///< and for the plants
};
/// How potential evaporation spreads over the quarters of a day.
inline constexpr std::array<double, column_quarters> evaporation_share{0.05, 0.45, 0.45, 0.05};

/// The part of a day above the soil: degree-day snow, one canopy bucket, infiltration excess; begins `day`
/// anew.
void advance_surface(const ColumnParameters& parameters, const ColumnForcing& forcing, ColumnState& state,
                     ColumnDay& day, SurfaceDay& surface);

/// Advance `column_width` soil columns by one day: degree-day snow, one canopy bucket, infiltration excess,
/// soil evaporation from 0–10 cm, transpiration over the root profile with compensation, gravity drainage by
/// the exact solution of dW/dt = −K(W) and capillary exchange between layers (docs/demo.md gives the
/// equations and their sources). Not SMAR and not an exponential filter: nothing here relates the root zone
/// to the surface but water that moves.
/// Inputs finite, precipitation and evapotranspiration ≥ 0. Precipitation = change of storage + evaporation +
/// runoff + recharge to rounding (test Column.WaterBalanceCloses). Pure; the same bits on any instruction
/// set.
void advance_columns(const ColumnParameters& parameters, const ColumnForcing& forcing, ColumnState& state,
                     ColumnDay& day);

}  // namespace rootzone::study
