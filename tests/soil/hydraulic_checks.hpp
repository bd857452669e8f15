#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

namespace rootzone::soil::test {

/// SplitMix64: the same draws with every standard library.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : m_state(seed) {}
  double uniform(double low, double high) {
    m_state += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = m_state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    z ^= z >> 31;
    return low + (high - low) * static_cast<double>(z >> 11) * 0x1p-53;
  }
  double log_uniform(double low, double high) { return std::exp(uniform(std::log(low), std::log(high))); }

 private:
  std::uint64_t m_state;
};

/// θ and K finite, within bounds and not rising with suction, from saturation to 1e6 cm.
template <class Soil>
void expect_finite_and_monotone(const Soil& soil, double least_water_content) {
  double last_theta = soil.saturated_water_content;
  double last_k = soil.saturated_conductivity_cm_d;
  ASSERT_DOUBLE_EQ(soil.water_content(0.0), last_theta);
  ASSERT_NEAR(soil.conductivity_cm_d(0.0), last_k, 1e-12 * last_k);
  for (double log_s = -2.0; log_s < 6.01; log_s += 0.25) {
    const double head = -std::pow(10.0, log_s);
    const auto p = soil.at(head);
    ASSERT_TRUE(std::isfinite(p.water_content) && std::isfinite(p.capacity_per_cm) &&
                std::isfinite(p.conductivity_cm_d) && std::isfinite(p.conductivity_slope_d))
        << "h " << head;
    ASSERT_LE(p.water_content, last_theta * (1.0 + 1e-12)) << "h " << head;
    ASSERT_LE(p.conductivity_cm_d, last_k * (1.0 + 1e-10)) << "h " << head;
    ASSERT_GE(p.water_content, least_water_content) << "h " << head;
    ASSERT_GE(p.conductivity_cm_d, 0.0) << "h " << head;
    ASSERT_GE(p.capacity_per_cm, 0.0) << "h " << head;
    last_theta = p.water_content;
    last_k = p.conductivity_cm_d;
  }
}

/// C and dK/dh against central differences in h.
template <class Soil>
void expect_head_derivatives(const Soil& soil, double head, double tolerance = 1e-6) {
  const double step = 1e-5 * std::abs(head);
  const auto p = soil.at(head), above = soil.at(head + step), below = soil.at(head - step);
  const double capacity = (above.water_content - below.water_content) / (2.0 * step);
  const double slope = (above.conductivity_cm_d - below.conductivity_cm_d) / (2.0 * step);
  // Differences of θ carry rounding of θ/step.
  EXPECT_NEAR(p.capacity_per_cm, capacity, tolerance * std::abs(capacity) + 1e-15 / step) << "h " << head;
  EXPECT_NEAR(p.conductivity_slope_d, slope, tolerance * std::abs(slope) + 1e-15 * p.conductivity_cm_d / step)
      << "h " << head;
}

/// ∂θ/∂p and ∂K/∂p against central differences, `field` giving a reference to the parameter of a copy.
template <class Soil, class Field>
void expect_parameter_derivative(const Soil& soil, double head, std::size_t index, Field field) {
  Soil above = soil, below = soil;
  const double step = 1e-5 * std::max(std::abs(field(above)), 1e-3);
  field(above) += step;
  field(below) -= step;
  const auto exact = soil.derivatives(head);
  const double theta = (above.water_content(head) - below.water_content(head)) / (2.0 * step);
  const double k = (above.conductivity_cm_d(head) - below.conductivity_cm_d(head)) / (2.0 * step);
  const double scale_theta = soil.water_content(head), scale_k = soil.conductivity_cm_d(head);
  EXPECT_NEAR(exact.water_content[index], theta, 1e-6 * std::abs(theta) + 1e-15 * scale_theta / step)
      << Soil::parameter_names[index] << " at h " << head;
  EXPECT_NEAR(exact.conductivity[index], k, 1e-6 * std::abs(k) + 1e-14 * scale_k / step)
      << Soil::parameter_names[index] << " at h " << head;
}

}  // namespace rootzone::soil::test
