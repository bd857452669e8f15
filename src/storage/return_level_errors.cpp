#include "rootzone/storage/return_level_errors.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "rootzone/core/error.hpp"

namespace rootzone::storage {
namespace {

using core::Error;
using core::ErrorKind;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

/// Mean and sum of squared deviations of a stream of numbers (Welford).
struct Spread {
  double mean = 0.0;
  double squares = 0.0;
  int count = 0;
  void add(double x) {
    ++count;
    const double before = x - mean;
    mean += before / count;
    squares += before * (x - mean);
  }
  double deviation() const { return std::sqrt(squares / (count - 1)); }
};

double quantile(const ExtremeFit& fit, double probability) {
  const double reduced = -std::log(-std::log(probability));
  return fit.location +
         fit.scale * (fit.shape == 0.0 ? reduced : std::expm1(fit.shape * reduced) / fit.shape);
}

FitErrors constant_errors(double value, std::size_t periods) {
  return {value, value, value, std::vector<double>(periods, value)};
}

}  // namespace

double uniform_variate(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) {
  const std::uint64_t bits = mix(mix(mix(seed) ^ stream) ^ index);
  return (static_cast<double>(bits >> 11U) + 0.5) * 0x1p-53;
}

FitErrors bootstrap_errors(FitMethod method, const ExtremeFit& fit, std::size_t n,
                           std::span<const double> periods, const BootstrapSettings& settings,
                           std::uint64_t stream) {
  if (settings.samples < 2)
    throw Error(ErrorKind::usage,
                "bootstrap: samples = " + std::to_string(settings.samples) + ": expected at least 2");
  for (double period : periods) return_level(fit, period);  // throws for a period ≤ 1
  if (std::isnan(fit.scale) || n < fewest_maxima(method))
    return constant_errors(not_a_number, periods.size());
  if (fit.scale == 0.0) return constant_errors(0.0, periods.size());
  Spread location, scale, shape;
  std::vector<Spread> levels(periods.size());
  std::vector<double> sample(n);
  std::uint64_t index = 0;
  for (int s = 0; s < settings.samples; ++s) {
    for (double& x : sample) x = quantile(fit, uniform_variate(settings.seed, stream, index++));
    const ExtremeFit again = fit_maxima(method, sample);
    location.add(again.location);
    scale.add(again.scale);
    shape.add(again.shape);
    for (std::size_t p = 0; p < periods.size(); ++p) levels[p].add(return_level(again, periods[p]));
  }
  FitErrors errors{location.deviation(), scale.deviation(), shape.deviation(), {}};
  for (const Spread& level : levels) errors.levels.push_back(level.deviation());
  return errors;
}

GumbelErrorTable::GumbelErrorTable(FitMethod method, std::size_t most_maxima, std::span<const double> periods,
                                   const BootstrapSettings& settings) {
  if (is_gev(method))
    throw Error(ErrorKind::usage, std::string("bootstrap: ") + std::string(name_of(method)) +
                                      " has a shape: its errors must be drawn for each pixel");
  const ExtremeFit standard{0.0, 1.0, 0.0};
  for (std::size_t n = 0; n <= most_maxima; ++n)
    m_standard.push_back(bootstrap_errors(method, standard, n, periods, settings));
}

FitErrors GumbelErrorTable::errors(const ExtremeFit& fit, std::size_t n) const {
  FitErrors errors = m_standard.at(n);
  errors.location *= fit.scale;
  errors.scale *= fit.scale;
  for (double& level : errors.levels) level *= fit.scale;
  return errors;
}

double GumbelErrorTable::level_error(const ExtremeFit& fit, std::size_t n, std::size_t period) const {
  return m_standard.at(n).levels.at(period) * fit.scale;
}

}  // namespace rootzone::storage
