#include <benchmark/benchmark.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "rootzone/study/sptf_column.hpp"
#include "rootzone/study/sptf_inverse.hpp"
#include "rootzone/study/sptf_surrogate.hpp"
#include "rootzone/study/sptf_training.hpp"
#include "rootzone/study/twin_sites.hpp"

// Training of site-specific pedotransfer functions: an iteration at batch 100 (365 days of input, 128 units)
// through the column's tangent and through a surrogate of 64 and 256 units, and a site of inverse modelling.
//   argument 0: days of the target (120 as shipped, 365 as in the paper); 1: threads

namespace {

using namespace rootzone;
using namespace rootzone::study;

void tbb_for(std::int64_t count, const std::function<void(std::int64_t)>& body) {
  tbb::parallel_for(std::int64_t{0}, count, body);
}

const std::vector<SptfSite>& sites() {
  static const std::vector<SptfSite> made = [] {
    TwinOptions options;
    options.sites = 160;
    std::vector<SptfSite> result;
    for (TwinSite& twin : make_twin_sites(options, tbb_for, nullptr)) result.push_back(std::move(twin.site));
    return result;
  }();
  return made;
}

SptfTrainingSettings settings_of(std::int64_t target_days) {
  SptfTrainingSettings settings;
  settings.batch = 100;
  settings.target_days = target_days;
  settings.whole_year_share = 1.0;
  settings.validation_interval = 1000000;
  settings.iterations = 1000000;
  return settings;
}

void iterate(benchmark::State& state, const MoisturePhysics& physics) {
  const tbb::global_control threads(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(state.range(1)));
  std::vector<std::string> names;
  for (const SptfSite& site : sites()) names.push_back(site.name);
  SptfTraining training(settings_of(state.range(0)), sites(), split_sites(names, 1), physics, tbb_for);
  SptfTrainingState at = training.begin();
  training.advance(at);  // the working arrays are made
  for (auto _ : state) training.advance(at);
  state.counters["steps_per_s"] = benchmark::Counter(100.0 * 365.0 * static_cast<double>(state.iterations()),
                                                     benchmark::Counter::kIsRate);
}

void tangent_vgm(benchmark::State& state) {
  iterate(state, ColumnPhysics(SptfModel::van_genuchten));
}
void tangent_fxw(benchmark::State& state) {
  iterate(state, ColumnPhysics(SptfModel::fredlund_xing));
}

/// What a surrogate has learned does not matter for its cost.
void surrogate(benchmark::State& state, std::int64_t hidden) {
  sptf::LstmShape shape;
  shape.daily_inputs = 3;
  shape.constant_inputs = static_cast<std::int64_t>(sptf_parameter_count);
  shape.hidden = hidden;
  shape.outputs = 1;
  const Surrogate made{SptfModel::van_genuchten, sptf::random_lstm_weights(shape, 1), 0.0};
  iterate(state, SurrogatePhysics(made));
}
void surrogate_64(benchmark::State& state) {
  surrogate(state, 64);
}
void surrogate_256(benchmark::State& state) {
  surrogate(state, 256);
}

void inverse(benchmark::State& state) {
  const tbb::global_control threads(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(state.range(1)));
  InverseSettings settings;
  settings.search.max_evaluations = state.range(0);
  std::vector<std::size_t> which;
  for (std::size_t i = 0; i < 12; ++i) which.push_back(i);
  for (auto _ : state)
    benchmark::DoNotOptimize(
        invert_sites(sites(), which, ColumnPhysics(SptfModel::van_genuchten), settings, tbb_for, [] {}));
  state.counters["seconds_per_site"] =
      benchmark::Counter(12.0 * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

BENCHMARK(tangent_vgm)
    ->Args({120, 1})
    ->Args({120, 2})
    ->Args({365, 2})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(tangent_fxw)
    ->Args({120, 1})
    ->Args({120, 2})
    ->Args({365, 2})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(surrogate_64)->Args({120, 2})->Args({365, 2})->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(surrogate_256)->Args({120, 2})->Args({365, 2})->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(inverse)->Args({1000, 2})->Unit(benchmark::kSecond)->Iterations(1)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
