#include <benchmark/benchmark.h>

#include <cmath>
#include <numbers>
#include <random>

#include "rootzone/soil/richards_column.hpp"

// The set-up of Qi et al. (2026): 50 cm, twelve graded cells, roots to 40 cm, three years of daily weather, θ
// at 5 cm. One core; microseconds per column and day.

namespace {

using namespace rootzone::soil;

constexpr int days = 1095;

double uniform(std::mt19937& generator) {
  return static_cast<double>(generator() >> 5) / 134217728.0;
}

ColumnForcing weather(unsigned seed) {
  ColumnForcing forcing;
  std::mt19937 generator(seed);
  for (int day = 0; day < days; ++day) {
    const double angle = 2.0 * std::numbers::pi * (day - 100) / 365.0;
    const auto shares = partition_potential(0.3 + 0.25 * std::sin(angle), 2.0 + 1.5 * std::sin(angle));
    const bool rain = uniform(generator) < 0.3;
    const double amount = -0.9 * std::log(1.0 - uniform(generator));
    forcing.duration_d.push_back(1.0);
    forcing.precipitation_cm_d.push_back(rain ? amount : 0.0);
    forcing.potential_evaporation_cm_d.push_back(shares.evaporation);
    forcing.potential_transpiration_cm_d.push_back(shares.transpiration);
  }
  return forcing;
}

/// `count` columns, each with its own weather.
void run(benchmark::State& state, const std::vector<SoilHydraulics>& soils, bool tangent) {
  const auto grid = ColumnGrid::graded_50cm();
  std::vector<ColumnForcing> forcing;
  for (unsigned k = 0; k < 64; ++k) forcing.push_back(weather(k));
  std::vector<RichardsColumn> columns(64);
  for (std::size_t k = 0; k < columns.size(); ++k) {
    columns[k].materials = {soils[k % soils.size()]};
    columns[k].root_fraction = hoffman_roots(grid, 40.0);
    columns[k].forcing = &forcing[k];
  }
  ColumnRequest request;
  request.depths_cm = {5.0};
  request.tangent = tangent;
  double steps = 0.0, iterations = 0.0, failed = 0.0;
  for (auto _ : state) {
    const auto results = run_columns(grid, columns, {}, request);
    steps = iterations = failed = 0.0;
    for (const auto& result : results) {
      steps += static_cast<double>(result.steps);
      iterations += static_cast<double>(result.iterations);
      failed += result.status == ColumnStatus::complete ? 0.0 : 1.0;
    }
  }
  const double column_days = 64.0 * days;
  state.counters["us_per_column_day"] = benchmark::Counter(
      column_days * 1e-6, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["steps_per_day"] = steps / column_days;
  state.counters["iterations_per_day"] = iterations / column_days;
  state.counters["failed"] = failed;
}

/// Sixty-four different soils of Table 1.
std::vector<SoilHydraulics> drawn(bool fredlund_xing) {
  std::mt19937 generator(5);
  const auto between = [&](double low, double high) { return low + (high - low) * uniform(generator); };
  const auto log_between = [&](double low, double high) {
    return std::exp(between(std::log(low), std::log(high)));
  };
  std::vector<SoilHydraulics> soils;
  for (int k = 0; k < 64; ++k)
    if (fredlund_xing)
      soils.push_back(FredlundXing{between(0.32, 0.5), log_between(0.0015, 0.2), log_between(1.05, 13.5),
                                   between(0.2, 1.6), log_between(0.5, 8000.0)});
    else
      soils.push_back(VanGenuchten{between(0.32, 0.5), between(0.0, 0.15), log_between(0.0015, 0.23),
                                   log_between(1.05, 8.0), log_between(0.3, 8000.0), 0.5, -2.0});
  return soils;
}

const SoilHydraulics sand = VanGenuchten{0.43, 0.045, 0.15, 3.0, 1000.0};
const SoilHydraulics loam = VanGenuchten{0.43, 0.08, 0.04, 1.6, 50.0};
const SoilHydraulics clay = VanGenuchten{0.4, 0.1, 0.01, 1.1, 10.0, 0.5, -2.0};
const SoilHydraulics fredlund_xing = FredlundXing{};

void column(benchmark::State& state, const std::vector<SoilHydraulics>& soils) {
  run(state, soils, false);
}
void column_with_tangent(benchmark::State& state, const std::vector<SoilHydraulics>& soils) {
  run(state, soils, true);
}

}  // namespace

#define ROOTZONE_COLUMN_BENCHMARK(name, ...)                                   \
  BENCHMARK_CAPTURE(column, name, __VA_ARGS__)->Unit(benchmark::kMillisecond); \
  BENCHMARK_CAPTURE(column_with_tangent, name, __VA_ARGS__)->Unit(benchmark::kMillisecond)

ROOTZONE_COLUMN_BENCHMARK(sand, std::vector<SoilHydraulics>{sand});
ROOTZONE_COLUMN_BENCHMARK(loam, std::vector<SoilHydraulics>{loam});
ROOTZONE_COLUMN_BENCHMARK(clay, std::vector<SoilHydraulics>{clay});
ROOTZONE_COLUMN_BENCHMARK(fredlund_xing, std::vector<SoilHydraulics>{fredlund_xing});
ROOTZONE_COLUMN_BENCHMARK(drawn_van_genuchten, drawn(false));
ROOTZONE_COLUMN_BENCHMARK(drawn_fredlund_xing, drawn(true));
BENCHMARK_MAIN();
