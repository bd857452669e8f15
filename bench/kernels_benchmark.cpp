#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "rootzone/moisture/exponential_filter.hpp"
#include "rootzone/moisture/smar.hpp"
#include "rootzone/storage/mass_curve.hpp"

// Each kernel advances a strip of pixels over a year of days, as the engine has it do: small strips stay in
// the cache from day to day (files chunked in space), a map of a million pixels does not (a file per day).

namespace {

using rootzone::core::FlagBits;

constexpr std::size_t input_days = 16;  // different days of input, used in turn

std::vector<float> random_days(std::size_t pixels, double low, double high, double missing_share) {
  std::mt19937 generator(1);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  std::vector<float> values(pixels * input_days);
  for (float& x : values) {
    x = static_cast<float>(low + (high - low) * uniform(generator));
    if (uniform(generator) < missing_share) x = std::numeric_limits<float>::quiet_NaN();
  }
  return values;
}

/// Days per iteration: a year for strips, a few days for maps.
std::int64_t days_for(std::size_t pixels) {
  return pixels > 100000 ? 16 : 365;
}

void report(benchmark::State& state, std::size_t pixels) {
  const double pixel_days = static_cast<double>(pixels) * static_cast<double>(days_for(pixels));
  state.counters["ns_per_pixel_day"] = benchmark::Counter(
      pixel_days * 1e-9, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

std::span<const float> day_of(const std::vector<float>& values, std::int64_t day, std::size_t pixels) {
  return std::span(values).subspan(static_cast<std::size_t>(day) % input_days * pixels, pixels);
}

void smar(benchmark::State& state, double missing_share) {
  using namespace rootzone::moisture;
  const auto pixels = static_cast<std::size_t>(state.range(0));
  const auto column = [pixels](float value) { return std::vector<float>(pixels, value); };
  const auto sw2 = column(0.2F), sc1 = column(0.4F), a = column(0.1F), b = column(0.3F), n1 = column(0.45F),
             n2 = column(0.4F), z2 = column(400.0F), initial = column(0.6F);
  const SmarSettings settings;
  const SmarCoefficients coefficients({sw2, sc1, a, b, n1, n2, z2, initial}, settings);
  const auto surface = random_days(pixels, 0.05, 0.45, missing_share);
  std::vector<std::vector<double>> fields;
  for (const auto& field : smar_state_fields) fields.emplace_back(pixels, field.initial);
  std::vector<float> saturation(pixels), water(pixels);
  std::vector<FlagBits> flags(pixels);
  for (auto _ : state)
    for (std::int64_t day = 0; day < days_for(pixels); ++day) {
      advance_smar(coefficients.view(), settings, {fields[0], fields[1], fields[2], fields[3], fields[4]},
                   {day_of(surface, day, pixels), saturation, water, flags});
      benchmark::ClobberMemory();
    }
  report(state, pixels);
}

void exponential_filter(benchmark::State& state, double missing_share) {
  using namespace rootzone::moisture;
  const auto pixels = static_cast<std::size_t>(state.range(0));
  const FilterSettings settings;
  const FilterCoefficients coefficients(20.0, state.range(0), settings);
  const auto surface = random_days(pixels, 0.05, 0.45, missing_share);
  std::vector<double> numerator(pixels), denominator(pixels), elapsed(pixels);
  std::vector<float> value(pixels), quality(pixels);
  std::vector<FlagBits> flags(pixels);
  for (auto _ : state)
    for (std::int64_t day = 0; day < days_for(pixels); ++day) {
      advance_exponential_filter(coefficients.view(), settings, {numerator, denominator, elapsed},
                                 {day_of(surface, day, pixels), value, quality, flags});
      benchmark::ClobberMemory();
    }
  report(state, pixels);
}

void mass_curve(benchmark::State& state, double missing_share) {
  using namespace rootzone::storage;
  const auto pixels = static_cast<std::size_t>(state.range(0));
  const MassCurveSettings settings;
  const MassCurveRecord record({2001, 1, 1}, {2001, 12, 31}, rootzone::core::Calendar::standard, settings);
  const auto inflow = random_days(pixels, 0.0, 5.0, missing_share);
  const auto outflow = random_days(pixels, 0.0, 5.0, 0.0);
  std::vector<std::vector<double>> fields;
  for (const auto& field : mass_curve_state_fields(record.years()))
    fields.emplace_back(pixels, field.initial);
  MassCurveState view;
  for (std::size_t f = 0; f < mass_curve_scalars; ++f) view.scalars[f] = fields[f];
  const std::vector<std::span<double>> annual{fields[mass_curve_scalars]};
  view.annual_maximum = annual;
  std::vector<float> deficit(pixels), overflow(pixels);
  std::vector<FlagBits> flags(pixels);
  for (auto _ : state)
    for (std::int64_t day = 0; day < days_for(pixels); ++day) {
      advance_mass_curve(
          settings, record, {}, view, record.first_day() + day,
          {day_of(inflow, day, pixels), day_of(outflow, day, pixels), {}, deficit, overflow, flags});
      benchmark::ClobberMemory();
    }
  report(state, pixels);
}

}  // namespace

BENCHMARK_CAPTURE(smar, observed, 0.0)
    ->Arg(256)
    ->Arg(1024)
    ->Arg(4096)
    ->Arg(1000000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(smar, a_third_missing, 0.33)->Arg(4096)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(exponential_filter, observed, 0.0)
    ->Arg(256)
    ->Arg(1024)
    ->Arg(4096)
    ->Arg(1000000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(exponential_filter, a_third_missing, 0.33)->Arg(4096)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(mass_curve, observed, 0.0)
    ->Arg(256)
    ->Arg(1024)
    ->Arg(4096)
    ->Arg(1000000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(mass_curve, one_in_fifty_missing, 0.02)->Arg(4096)->Unit(benchmark::kMillisecond);
BENCHMARK_MAIN();
