#include "retention_line.hpp"

#include <algorithm>
#include <limits>

namespace rootzone::study {
namespace {

/// Moments of (1 − Se, Se, θ), all that the squares need.
struct Moments {
  double dry_dry = 0.0, dry_wet = 0.0, wet_wet = 0.0, dry_theta = 0.0, wet_theta = 0.0;
};

Moments moments_of(std::span<const double> saturation, std::span<const double> water) {
  Moments sum;
  for (std::size_t i = 0; i < water.size(); ++i) {
    const double wet = saturation[i];
    const double dry = 1.0 - wet;
    sum.dry_dry += dry * dry;
    sum.dry_wet += dry * wet;
    sum.wet_wet += wet * wet;
    sum.dry_theta += dry * water[i];
    sum.wet_theta += wet * water[i];
  }
  return sum;
}

double quotient(double numerator, double denominator, double otherwise) {
  return denominator > 0.0 ? numerator / denominator : otherwise;
}

double mean_square(std::span<const double> saturation, std::span<const double> water, double residual,
                   double saturated) {
  double sum = 0.0;
  for (std::size_t i = 0; i < water.size(); ++i) {
    const double error = residual + (saturated - residual) * saturation[i] - water[i];
    sum += error * error;
  }
  return sum / static_cast<double>(water.size());
}

}  // namespace

RetentionLine fit_retention_line(std::span<const double> effective_saturation,
                                 std::span<const double> water_content, double largest_residual,
                                 double largest_saturated) {
  const Moments m = moments_of(effective_saturation, water_content);
  RetentionLine best{0.0, 0.0, std::numeric_limits<double>::infinity()};
  const auto consider = [&](double residual, double saturated) {
    const double square = mean_square(effective_saturation, water_content, residual, saturated);
    if (square < best.mean_square) best = {residual, saturated, square};
  };
  const double determinant = m.dry_dry * m.wet_wet - m.dry_wet * m.dry_wet;
  if (determinant > 1e-12 * m.dry_dry * m.wet_wet) {
    const double residual = (m.dry_theta * m.wet_wet - m.wet_theta * m.dry_wet) / determinant;
    const double saturated = (m.wet_theta * m.dry_dry - m.dry_theta * m.dry_wet) / determinant;
    if (residual >= 0.0 && residual <= largest_residual && saturated >= residual &&
        saturated <= largest_saturated) {
      consider(residual, saturated);
      return best;
    }
  }
  const auto saturated_for = [&](double residual) {
    return std::clamp(quotient(m.wet_theta - residual * m.dry_wet, m.wet_wet, residual), residual,
                      std::max(residual, largest_saturated));
  };
  const double edge = std::min(largest_residual, largest_saturated);
  consider(0.0, saturated_for(0.0));
  consider(edge, saturated_for(edge));
  const double residual = quotient(m.dry_theta - largest_saturated * m.dry_wet, m.dry_dry, 0.0);
  consider(std::clamp(residual, 0.0, edge), largest_saturated);
  const double all = m.dry_dry + 2.0 * m.dry_wet + m.wet_wet;  // a curve without any change
  const double level = std::clamp(quotient(m.dry_theta + m.wet_theta, all, 0.0), 0.0, edge);
  consider(level, level);
  return best;
}

}  // namespace rootzone::study
