#include "rootzone/storage/extremes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "gev_likelihood.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"

namespace rootzone::storage {
namespace {

using core::Error;
using core::ErrorKind;
using std::numbers::egamma;
using std::numbers::ln2;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<std::string_view, 6> method_names{
    "gumbel_l_moments",          "gumbel_moments", "gumbel_moments_population",
    "gumbel_maximum_likelihood", "gev_l_moments",  "gev_maximum_likelihood"};

struct LMoments {
  double mean;
  double l2;
  double skewness;  ///< l3/l2
};

/// Unbiased sample L-moments of values in rising order (Hosking 1990).
LMoments l_moments(std::span<const double> rising) {
  const auto n = static_cast<double>(rising.size());
  double b0 = 0.0, b1 = 0.0, b2 = 0.0;
  for (std::size_t i = 0; i < rising.size(); ++i) {
    const auto below = static_cast<double>(i);
    b0 += rising[i];
    b1 += rising[i] * below / (n - 1.0);
    if (rising.size() > 2) b2 += rising[i] * below * (below - 1.0) / ((n - 1.0) * (n - 2.0));
  }
  b0 /= n;
  b1 /= n;
  b2 /= n;
  const double l2 = 2.0 * b1 - b0;
  return {b0, l2, (6.0 * b2 - 6.0 * b1 + b0) / l2};
}

ExtremeFit gumbel_by_l_moments(std::span<const double> rising) {
  const LMoments moments = l_moments(rising);
  const double scale = moments.l2 / ln2;
  return {moments.mean - egamma * scale, scale, 0.0};
}

ExtremeFit gumbel_by_moments(std::span<const double> values, double degrees_of_freedom) {
  double mean = 0.0;
  for (double x : values) mean += x;
  mean /= static_cast<double>(values.size());
  double squares = 0.0;
  for (double x : values) squares += (x - mean) * (x - mean);
  const double scale = std::sqrt(6.0 * squares / degrees_of_freedom) / std::numbers::pi;
  return {mean - egamma * scale, scale, 0.0};
}

/// Solve σ = mean − Σx·e^(−x/σ)/Σe^(−x/σ) by Newton, kept between bounds by bisection.
ExtremeFit gumbel_by_likelihood(std::span<const double> rising) {
  const double least = rising.front();
  double mean = 0.0;
  for (double x : rising) mean += x - least;
  mean /= static_cast<double>(rising.size());
  double low = 0.0, high = 2.0 * mean, scale = gumbel_by_l_moments(rising).scale;
  double sum = 0.0;
  for (int i = 0; i < 200; ++i) {
    double weighted = 0.0, squares = 0.0;
    sum = 0.0;
    for (double x : rising) {  // measured from the least: no overflow
      const double e = std::exp(-(x - least) / scale);
      sum += e;
      weighted += (x - least) * e;
      squares += (x - least) * (x - least) * e;
    }
    const double centre = weighted / sum;
    const double value = scale - mean + centre;
    const double slope = 1.0 + (squares / sum - centre * centre) / (scale * scale);
    (value > 0.0 ? high : low) = scale;
    double next = scale - value / slope;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    const double change = std::abs(next - scale);
    scale = next;
    if (change <= 1e-14 * scale) break;
  }
  sum = 0.0;
  for (double x : rising) sum += std::exp(-(x - least) / scale);
  return {least - scale * std::log(sum / static_cast<double>(rising.size())), scale, 0.0};
}

/// L-skewness of a GEV with Hosking's k: 2(1 − 3^(−k))/(1 − 2^(−k)) − 3.
double gev_l_skewness(double k) {
  if (std::abs(k) < 1e-9) return 2.0 * std::log(3.0) / ln2 - 3.0;
  return 2.0 * std::expm1(-k * std::log(3.0)) / std::expm1(-k * ln2) - 3.0;
}

ExtremeFit gev_by_l_moments(std::span<const double> rising) {
  const LMoments moments = l_moments(rising);
  // L-skewness falls as k rises; bounds keep the mean finite and the density regular.
  double low = -0.999, high = 0.999;
  for (int i = 0; i < 100; ++i) {
    const double middle = 0.5 * (low + high);
    (gev_l_skewness(middle) > moments.skewness ? low : high) = middle;
  }
  const double k = 0.5 * (low + high);
  if (std::abs(k) < 1e-9) return gumbel_by_l_moments(rising);
  const double gamma = std::tgamma(1.0 + k);
  const double scale = moments.l2 * k / (-std::expm1(-k * ln2) * gamma);
  return {moments.mean - scale * (1.0 - gamma) / k, scale, -k};
}

ExtremeFit fit_rising(FitMethod method, std::span<const double> rising) {
  const auto n = static_cast<double>(rising.size());
  switch (method) {
    case FitMethod::gumbel_l_moments:
      return gumbel_by_l_moments(rising);
    case FitMethod::gumbel_moments:
      return gumbel_by_moments(rising, n - 1.0);
    case FitMethod::gumbel_moments_population:
      return gumbel_by_moments(rising, n);
    case FitMethod::gumbel_maximum_likelihood:
      return gumbel_by_likelihood(rising);
    case FitMethod::gev_l_moments:
      return gev_by_l_moments(rising);
    case FitMethod::gev_maximum_likelihood: {
      const std::array<ExtremeFit, 2> starts{gev_by_l_moments(rising), gumbel_by_likelihood(rising)};
      return maximise_gev_likelihood(rising, starts);
    }
  }
  return {not_a_number, not_a_number, not_a_number};
}

}  // namespace

FitMethod parse_fit_method(std::string_view word) {
  for (std::size_t i = 0; i < method_names.size(); ++i)
    if (method_names[i] == word) return static_cast<FitMethod>(i);
  const std::vector<std::string> known(method_names.begin(), method_names.end());
  throw Error(ErrorKind::usage,
              "fit: \"" + std::string(word) + "\" is not a method." + core::did_you_mean(word, known));
}

std::string_view name_of(FitMethod method) {
  return method_names[static_cast<std::size_t>(method)];
}

ExtremeFit fit_maxima(FitMethod method, std::span<const double> maxima) {
  std::vector<double> rising;
  rising.reserve(maxima.size());
  std::copy_if(maxima.begin(), maxima.end(), std::back_inserter(rising),
               [](double x) { return !std::isnan(x); });
  if (rising.size() < fewest_maxima(method)) return {not_a_number, not_a_number, not_a_number};
  std::sort(rising.begin(), rising.end());
  if (rising.front() == rising.back()) return {rising.front(), 0.0, 0.0};
  return fit_rising(method, rising);
}

double return_level(const ExtremeFit& fit, double return_period_years) {
  if (!(return_period_years > 1.0))
    throw Error(ErrorKind::usage,
                "return period = " + std::to_string(return_period_years) +
                    " years: expected more than 1; the level of one year or less is not defined");
  // −ln(1 − 1/T), without the loss of digits at large T.
  const double reduced = -std::log(-std::log1p(-1.0 / return_period_years));
  if (fit.shape == 0.0) return fit.location + fit.scale * reduced;
  return fit.location + fit.scale * std::expm1(fit.shape * reduced) / fit.shape;
}

}  // namespace rootzone::storage
