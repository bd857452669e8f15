#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rootzone::study {

enum class RetentionModel { van_genuchten, fredlund_xing, brooks_corey };
/// "van_genuchten", "fredlund_xing", "brooks_corey"; throws core::Error(usage) with a suggestion for another
/// word.
RetentionModel parse_retention_model(std::string_view word);
std::string_view name_of(RetentionModel model);

/// Bounds of a fit. α is van Genuchten's and Fredlund–Xing's; for Brooks–Corey it is 1/|h_e|.
struct RetentionBounds {
  double largest_residual = 1.0;   ///< 0 ≤ θr ≤ this
  double largest_saturated = 1.0;  ///< θr ≤ θs ≤ this
  std::array<double, 2> alpha_per_cm{1e-6, 1e3};
  std::array<double, 2> n{1.05, 15.0};                ///< van Genuchten's and Fredlund–Xing's
  std::array<double, 2> m{0.01, 10.0};                ///< Fredlund–Xing's
  std::array<double, 2> pore_size_index{0.01, 10.0};  ///< Brooks–Corey's
  /// Throws core::Error(usage) naming the bound.
  void validate() const;
};

struct RetentionFit {
  RetentionModel model = RetentionModel::van_genuchten;
  double residual_water_content = 0.0;  ///< 0 for Fredlund–Xing, which has none
  double saturated_water_content = 0.0;
  double alpha_per_cm = 0.0;  ///< Brooks–Corey: 1/|h_e|
  double n = 0.0;             ///< Brooks–Corey: the pore-size index
  double m = 0.0;             ///< Fredlund–Xing; van Genuchten: 1 − 1/n; Brooks–Corey: NaN
  double rmse = 0.0;
  std::int64_t points = 0;
  std::vector<std::string> at_bound;  ///< names of the parameters that lie on one

  /// θ of the fitted curve at a suction, cm ≥ 0.
  double water_content(double suction_cm) const;
};

/// Fit a retention curve to measured water contents by least squares within bounds.
/// suction_cm ≥ 0, water_content in m³/m³, of the same length; a pair with a NaN is left out. Each pair
/// counts alike. Method: θ is linear in θr and θs, which are solved exactly within their bounds for every
/// trial of the others (variable projection, Golub and Pereyra 1973); the others by NLopt from the three best
/// knots of a coarse grid: SLSQP (Kraft 1994) with analytic derivatives, or Subplex (Rowan 1990) for
/// Brooks–Corey, whose air entry has kinks. van Genuchten without air entry; Fredlund–Xing with the residual
/// suction of soil::FredlundXing. Throws core::Error(data) for fewer pairs than parameters, a suction below 0
/// or a water content outside 0 … 1, core::Error(usage) for bounds that are none. No random number; the same
/// bytes every time. Accuracy: RetentionFit.* (exact curves are recovered to 1e-5; no grid search finds
/// better) and Montana.*.
RetentionFit fit_retention(RetentionModel model, std::span<const double> suction_cm,
                           std::span<const double> water_content, const RetentionBounds& bounds = {});

}  // namespace rootzone::study
