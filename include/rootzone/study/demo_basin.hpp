#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "rootzone/core/parallel.hpp"
#include "rootzone/core/time_axis.hpp"
#include "rootzone/study/demo_land.hpp"
#include "rootzone/study/demo_weather.hpp"

namespace rootzone::study {

/// One cell followed in detail through a day.
struct CellTrace {
  double precipitation_mm = 0.0;
  double temperature_c = 0.0;
  double potential_evapotranspiration_mm = 0.0;
  double evaporation_mm = 0.0;
  double snow_mm = 0.0;
  /// m³/m³ at the end of each quarter of the day.
  std::array<std::array<double, column_layers>, column_quarters> moisture{};
  /// Daily mean between layer centres, linear; above the first and below the last centre their value.
  double mean_moisture_at(double depth_cm) const;
  /// The same at the end of one quarter.
  double moisture_at(double depth_cm, int quarter) const;
};

/// What the process model says of one day; arrays rows × cols of the land grid, NaN on open water.
struct BasinDay {
  core::Date date;
  WeatherDay weather;                     ///< on the weather grid
  std::vector<float> evaporation_mm;      ///< canopy, soil and plants
  std::vector<float> inflow_mm;           ///< rain and snowmelt before interception
  std::vector<float> surface_moisture;    ///< 0–5 cm, m³/m³, mean of the day
  std::vector<float> root_zone_moisture;  ///< 10–50 cm, m³/m³, mean of the day
  std::vector<std::uint8_t> frozen;       ///< 1 = snow on the ground or frost
  std::vector<CellTrace> traces;          ///< of DemoBasinOptions::traced_cells
};

/// Where the demo's truth comes from.
enum class DemoTruth : std::uint8_t {
  simple,  ///< seven layers, `advance_columns`
  column   ///< Richards' equation in fifteen cells, `demo_richards.hpp`
};

struct DemoBasinOptions {
  DemoTruth truth = DemoTruth::simple;
  double latitude_deg = 45.3;
  std::int64_t spin_up_days = 365;  ///< run before the first day and thrown away
  std::int64_t chunk_days = 16;     ///< days handed over together
  std::vector<std::int64_t> traced_cells;
};

/// Sums over all cells but open water and over the days of the axis, mm times cells.
struct WaterBooks {
  double precipitation_mm = 0.0;
  double evaporation_mm = 0.0;
  double runoff_mm = 0.0;
  double recharge_mm = 0.0;
  double storage_change_mm = 0.0;
  double worst_cell_error_mm = 0.0;  ///< largest |error| of one cell's balance over the whole record
};

using BasinVisitor = std::function<void(std::span<const BasinDay>)>;

/// Run the demo basin day by day over the axis and hand chunks of days, in order, to the visitor (on the
/// calling thread). The same numbers for any parallel_for and any chunk. Memory does not grow with the days.
/// Throws Error(usage) if a traced cell lies outside the grid or options are not positive.
WaterBooks simulate_basin(const DemoLand& land, DemoWeather& weather, const core::TimeAxis& axis,
                          const DemoBasinOptions& options, const core::ParallelFor& parallel_for,
                          const BasinVisitor& visitor);

}  // namespace rootzone::study
