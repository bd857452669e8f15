#include <benchmark/benchmark.h>

#include "rootzone/study/uptake_sensitivity.hpp"

// The inversion under errors and its variance decomposition, without the forward run: three layers, one dry
// day.

namespace {

using namespace rootzone::study;

const LayeredInterval& dry_day() {
  static const LayeredInterval interval = [] {
    UptakeExperimentSettings settings;
    settings.intervals_days = {1};
    return layered(settings, run_uptake_column(settings, RootPattern::shallow, Wetness::dry), 1, {3, 30.0});
  }();
  return interval;
}

void report(benchmark::State& state, std::int64_t evaluations) {
  state.counters["evaluations_per_second"] =
      benchmark::Counter(static_cast<double>(evaluations), benchmark::Counter::kIsIterationInvariantRate);
}

/// One inversion with soil and data in error.
void uptake_inversion(benchmark::State& state) {
  InversionUnderErrors inversion(dry_day(), {uptake_paper_soil()}, {}, ErrorCase::both);
  const std::vector<double> point(inversion.factors(), 0.3);
  std::vector<double> uptake(3);
  for (auto _ : state) {
    inversion.uptake(point, uptake);
    benchmark::DoNotOptimize(uptake.data());
  }
  report(state, 1);
}
BENCHMARK(uptake_inversion);

/// Case 3 whole: the sample, 9 × 10 000 inversions, success, indices of four forms with 500 bootstrap
/// replicates.
void uptake_sensitivity_case_3(benchmark::State& state) {
  UptakeSensitivitySettings settings;
  settings.samples = 10000;
  std::int64_t evaluations = 0;
  for (auto _ : state)
    evaluations = interval_sensitivity(dry_day(), uptake_paper_soil(), ErrorCase::both, settings).evaluations;
  report(state, evaluations);
}
BENCHMARK(uptake_sensitivity_case_3)->Unit(benchmark::kMillisecond);

/// The forward run of a week, for comparison.
void uptake_forward_week(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(run_uptake_column({}, RootPattern::deep, Wetness::wet).snapshots.data());
}
BENCHMARK(uptake_forward_week)->Unit(benchmark::kMillisecond);

}  // namespace
