#include "rootzone/study/random_field.hpp"

#include <cmath>
#include <cstddef>
#include <numbers>

namespace rootzone::study {
namespace {

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

constexpr std::uint64_t golden_gamma = 0x9e3779b97f4a7c15ULL;

std::int64_t kernel_radius(double length_cells) {
  return static_cast<std::int64_t>(std::ceil(3.0 * length_cells));
}

/// Weights of a truncated Gaussian whose squares sum to 1, so that smoothing keeps the variance.
std::vector<double> kernel(double length_cells) {
  const std::int64_t radius = kernel_radius(length_cells);
  std::vector<double> weights;
  double squares = 0.0;
  for (std::int64_t i = -radius; i <= radius; ++i) {
    const double z = length_cells > 0.0 ? static_cast<double>(i) / length_cells : 0.0;
    weights.push_back(std::exp(-0.5 * z * z));
    squares += weights.back() * weights.back();
  }
  for (double& weight : weights) weight /= std::sqrt(squares);
  return weights;
}

}  // namespace

std::uint64_t random_bits(const RandomStream& stream, std::uint64_t index) {
  // Two rounds part the streams of a seed before the counter enters.
  const std::uint64_t key = mix(mix(stream.seed + golden_gamma) + (stream.stream + 1) * golden_gamma);
  return mix(key + (index + 1) * golden_gamma);
}

double uniform_deviate(const RandomStream& stream, std::uint64_t index) {
  return (static_cast<double>(random_bits(stream, index) >> 12) + 0.5) * 0x1p-52;
}

double normal_deviate(const RandomStream& stream, std::uint64_t index) {
  const double radius = std::sqrt(-2.0 * std::log(uniform_deviate(stream, 2 * index)));
  return radius * std::cos(2.0 * std::numbers::pi * uniform_deviate(stream, 2 * index + 1));
}

std::uint64_t gaussian_field_draws(std::int64_t rows, std::int64_t cols, double length_cells) {
  const std::int64_t margin = 2 * kernel_radius(length_cells);
  return static_cast<std::uint64_t>((rows + margin) * (cols + margin));
}

std::vector<double> gaussian_field(std::int64_t rows, std::int64_t cols, double length_cells,
                                   const RandomStream& stream, std::uint64_t first_index) {
  const std::vector<double> weights = kernel(length_cells);
  const auto taps = weights.size();
  const auto wide_rows = static_cast<std::size_t>(rows) + taps - 1;
  const auto wide_cols = static_cast<std::size_t>(cols) + taps - 1;
  const auto width = static_cast<std::size_t>(cols);

  std::vector<double> noise(wide_cols);
  std::vector<double> smoothed_along_rows(wide_rows * width);
  for (std::size_t row = 0; row < wide_rows; ++row) {
    for (std::size_t col = 0; col < wide_cols; ++col)
      noise[col] = normal_deviate(stream, first_index + row * wide_cols + col);
    double* out = smoothed_along_rows.data() + row * width;
    for (std::size_t tap = 0; tap < taps; ++tap)
      for (std::size_t col = 0; col < width; ++col) out[col] += weights[tap] * noise[col + tap];
  }

  std::vector<double> field(static_cast<std::size_t>(rows) * width);
  for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row)
    for (std::size_t tap = 0; tap < taps; ++tap)
      for (std::size_t col = 0; col < width; ++col)
        field[row * width + col] += weights[tap] * smoothed_along_rows[(row + tap) * width + col];
  return field;
}

}  // namespace rootzone::study
