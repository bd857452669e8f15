#pragma once
#include <span>
#include <string_view>

namespace rootzone::storage {

/// How a distribution is fitted to annual maxima. On ten maxima the 80-year level differs by half between
/// them, so every output names its method.
enum class FitMethod {
  gumbel_l_moments,           ///< default: robust (Hosking 1990)
  gumbel_moments,             ///< standard deviation with n − 1
  gumbel_moments_population,  ///< standard deviation with n
  gumbel_maximum_likelihood,
  gev_l_moments,  ///< Hosking et al. 1985, with the shape solved for, not approximated
  gev_maximum_likelihood
};

FitMethod parse_fit_method(std::string_view word);  ///< throws Error(usage) with a suggestion
std::string_view name_of(FitMethod method);
constexpr bool is_gev(FitMethod method) {
  return method == FitMethod::gev_l_moments || method == FitMethod::gev_maximum_likelihood;
}

/// F(x) = exp(−(1 + ξ(x − μ)/σ)^(−1/ξ)); ξ = 0 is Gumbel, exp(−e^(−(x − μ)/σ)). ξ > 0 has the heavy tail, ξ <
/// 0 an upper end (Hosking's k is −ξ).
struct ExtremeFit {
  double location = 0.0;  ///< μ, unit of the maxima
  double scale = 0.0;     ///< σ ≥ 0
  double shape = 0.0;     ///< ξ
};

/// Fewest maxima a method can do with: 2 for Gumbel, 3 for GEV.
constexpr std::size_t fewest_maxima(FitMethod method) {
  return is_gev(method) ? 3 : 2;
}

/// Fit to the maxima; NaN among them are left out. All equal: location = that value, scale = 0. With fewer
/// than fewest_maxima() all three are NaN. Where a GEV fit has no solution with −1 < ξ < 1 the shape is the
/// nearest that has. Maxima in any order and unit; the fit follows x → c·x + d. Pure. Accuracy: the test
/// Extremes.ReferenceLevels… holds the reference levels to 1e-3.
ExtremeFit fit_maxima(FitMethod method, std::span<const double> maxima);

/// Level exceeded once in return_period_years on average: F⁻¹(1 − 1/T). Not cut at 0 (the caller does that,
/// and flags it). Throws Error(usage) unless the period is above 1.
double return_level(const ExtremeFit& fit, double return_period_years);

}  // namespace rootzone::storage
