#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace rootzone::sptf {

struct AdamSettings {
  double learning_rate = 1e-4;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
};

/// Adam (Kingma & Ba 2015, algorithm 1), with everything a checkpoint needs in plain sight.
struct Adam {
  AdamSettings settings;
  std::int64_t steps = 0;
  std::vector<float> first_moment;
  std::vector<float> second_moment;

  Adam() = default;
  Adam(const AdamSettings& adam_settings, std::size_t weights);

  /// One step against the gradient. Pure arithmetic, in order: the same bytes on one machine and another.
  /// Throws Error(internal) if lengths differ.
  void step(std::span<float> weights, std::span<const float> gradient);
};

/// Euclidean norm, summed in double in order.
double gradient_norm(std::span<const float> gradient);
/// Scale a gradient down to `largest_norm` if it is longer; returns its norm before. A gradient that is not
/// finite is set to zero and reported as infinite.
double clip_gradient(std::span<float> gradient, double largest_norm);

}  // namespace rootzone::sptf
