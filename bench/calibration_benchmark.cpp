#include <benchmark/benchmark.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "rootzone/study/calibration.hpp"

// The calibration of SMAR: the objective alone, one repetition of each optimiser, and the 20 repetitions of a
// station on 1 and 2 threads.

namespace {

using namespace rootzone::study;

SmarStation station(int days) {
  std::mt19937 generator(1);
  const auto uniform = [&] { return static_cast<double>(generator()) / 4294967296.0; };
  SmarStation s;
  double wetness = 0.5;
  for (int day = 0; day < days; ++day) {
    wetness = std::max(0.1, wetness * 0.9);
    if (uniform() < 0.3) wetness = std::min(0.98, wetness + 0.35 * uniform());
    s.surface.push_back(static_cast<float>(0.45 * wetness));
    s.root_zone.push_back(static_cast<float>(0.2 + 0.15 * uniform()));
  }
  s.surface_porosity = 0.45;
  s.root_zone_porosity = 0.4;
  s.field_capacity = 0.25;
  return s;
}

void objective(benchmark::State& state) {
  const auto days = state.range(0);
  const SmarProblem problem(station(static_cast<int>(days)), {}, {0, days});
  SmarValues values{0.15, 0.35, 0.05, 0.12};
  for (auto _ : state) {
    values.a += 1e-9;
    benchmark::DoNotOptimize(problem.rmse(values));
  }
  state.counters["evaluations_per_second"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void repetition(benchmark::State& state, const char* optimizer) {
  const SmarProblem problem(station(730), {}, {0, 487});
  CalibrationSettings settings;
  settings.optimizer.name = optimizer;
  std::int64_t evaluations = 0;
  int number = 0;
  for (auto _ : state) evaluations += calibrate_once(problem, {487, 730}, settings, ++number).evaluations;
  state.counters["evaluations_per_second"] =
      benchmark::Counter(static_cast<double>(evaluations), benchmark::Counter::kIsRate);
}

/// 20 repetitions × 10 000 evaluations × 730 days.
void whole_station(benchmark::State& state) {
  const tbb::global_control threads(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(state.range(0)));
  const CalibrationTask task{SmarProblem(station(1095), {}, {0, 730}), {730, 1095}};
  const rootzone::core::ParallelFor parallel_for = [](std::int64_t count,
                                                      const std::function<void(std::int64_t)>& body) {
    tbb::parallel_for(std::int64_t{0}, count, [&](std::int64_t i) { body(i); });
  };
  for (auto _ : state) benchmark::DoNotOptimize(calibrate(std::span(&task, 1), {}, parallel_for));
  state.counters["evaluations_per_second"] = benchmark::Counter(
      20.0 * 10100.0 * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

}  // namespace

BENCHMARK(objective)->Arg(365)->Arg(730)->Arg(2555);
BENCHMARK_CAPTURE(repetition, sga, "sga")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(repetition, cmaes, "cmaes")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(repetition, de1220, "de1220")->Unit(benchmark::kMillisecond);
BENCHMARK(whole_station)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_MAIN();
