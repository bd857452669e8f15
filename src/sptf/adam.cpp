#include "rootzone/sptf/adam.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rootzone/core/error.hpp"

namespace rootzone::sptf {

Adam::Adam(const AdamSettings& adam_settings, std::size_t weights)
    : settings(adam_settings), first_moment(weights, 0.0F), second_moment(weights, 0.0F) {}

void Adam::step(std::span<float> weights, std::span<const float> gradient) {
  if (weights.size() != gradient.size() || weights.size() != first_moment.size() ||
      weights.size() != second_moment.size())
    throw core::Error(core::ErrorKind::internal, "Adam: weights, gradient and moments differ in length");
  ++steps;
  const auto t = static_cast<double>(steps);
  const double rate = settings.learning_rate / (1.0 - std::pow(settings.beta1, t));
  const double unbias = 1.0 / std::sqrt(1.0 - std::pow(settings.beta2, t));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double g = gradient[i];
    const double m = settings.beta1 * first_moment[i] + (1.0 - settings.beta1) * g;
    const double v = settings.beta2 * second_moment[i] + (1.0 - settings.beta2) * g * g;
    first_moment[i] = static_cast<float>(m);
    second_moment[i] = static_cast<float>(v);
    weights[i] = static_cast<float>(weights[i] - rate * m / (std::sqrt(v) * unbias + settings.epsilon));
  }
}

double gradient_norm(std::span<const float> gradient) {
  double sum = 0.0;
  for (const float g : gradient) sum += static_cast<double>(g) * static_cast<double>(g);
  return std::sqrt(sum);
}

double clip_gradient(std::span<float> gradient, double largest_norm) {
  const double norm = gradient_norm(gradient);
  if (!std::isfinite(norm)) {
    std::fill(gradient.begin(), gradient.end(), 0.0F);
    return std::numeric_limits<double>::infinity();
  }
  if (norm > largest_norm)
    for (float& g : gradient) g = static_cast<float>(g * (largest_norm / norm));
  return norm;
}

}  // namespace rootzone::sptf
