#pragma once
#include "soil/column_checks.hpp"

namespace rootzone::soil::test {

/// Columns with parameters drawn from Table 1 of Qi et al. (2026), half of the n uniform, half log-uniform,
/// under sixteen years of weather from dry to wet: how many could not be solved, and the worst closure as a
/// share of the throughput.
struct DrawnRun {
  std::size_t failed = 0;
  double worst_closure = 0.0;
};

inline DrawnRun run_drawn_columns(bool fredlund_xing, std::size_t count, std::uint64_t seed) {
  Draws draws(seed);
  const auto n_between = [&](std::size_t k, double high) {
    return k % 2 == 0 ? draws.log_uniform(1.05, high) : draws.uniform(1.05, high);
  };
  std::vector<ColumnForcing> weather;
  for (int place = 0; place < 16; ++place)
    weather.push_back(
        daily_weather(365, 100 + static_cast<std::uint64_t>(place), place % 2 == 0 ? 0.08 : 0.3));
  const auto grid = ColumnGrid::graded_50cm();
  std::vector<RichardsColumn> columns;
  for (std::size_t k = 0; k < count; ++k) {
    SoilHydraulics soil;
    if (fredlund_xing)
      soil = FredlundXing{draws.uniform(0.32, 0.5), draws.log_uniform(0.0015, 0.2), n_between(k, 13.5),
                          draws.uniform(0.2, 1.6), draws.log_uniform(0.5, 8000.0)};
    else
      soil = VanGenuchten{draws.uniform(0.32, 0.5),
                          draws.uniform(0.0, 0.15),
                          draws.log_uniform(0.0015, 0.23),
                          n_between(k, 8.0),
                          draws.log_uniform(0.3, 8000.0),
                          0.5,
                          -2.0};
    columns.push_back(pedotransfer_column(soil, grid, weather[k % 16], -draws.log_uniform(50.0, 2000.0)));
  }
  DrawnRun run;
  for (const ColumnResult& result : run_columns(grid, columns, {}, {})) {
    if (result.status != ColumnStatus::complete) ++run.failed;
    run.worst_closure = std::max(run.worst_closure, result.closure_error_cm / result.throughput_cm);
  }
  return run;
}

}  // namespace rootzone::soil::test
