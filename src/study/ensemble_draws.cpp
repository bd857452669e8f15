#include "rootzone/study/ensemble_draws.hpp"

#include <cmath>
#include <cstddef>
#include <string>

#include "rootzone/core/error.hpp"

namespace rootzone::study {

std::vector<double> exact_normal_ensemble(std::int64_t members, std::int64_t dimensions,
                                          const RandomStream& stream) {
  if (dimensions < 1 || members <= dimensions)
    throw core::Error(core::ErrorKind::usage, "an ensemble over " + std::to_string(dimensions) +
                                                  " uncertain numbers needs more members than that, found " +
                                                  std::to_string(members));
  const auto rows = static_cast<std::size_t>(members);
  const auto cols = static_cast<std::size_t>(dimensions);
  std::vector<std::vector<double>> columns(cols, std::vector<double>(rows));
  for (std::size_t col = 0; col < cols; ++col)
    for (std::size_t row = 0; row < rows; ++row) columns[col][row] = normal_deviate(stream, row * cols + col);
  const auto remove_mean = [rows](std::vector<double>& values) {
    double sum = 0.0;
    for (const double value : values) sum += value;
    for (double& value : values) value -= sum / static_cast<double>(rows);
  };
  const auto dot = [](const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
  };
  const double length = std::sqrt(static_cast<double>(members - 1));
  for (std::size_t col = 0; col < cols; ++col) {
    remove_mean(columns[col]);
    for (int pass = 0; pass < 2; ++pass)  // twice is enough: what the first leaves is rounding
      for (std::size_t earlier = 0; earlier < col; ++earlier) {
        const double share = dot(columns[col], columns[earlier]) / static_cast<double>(members - 1);
        for (std::size_t row = 0; row < rows; ++row) columns[col][row] -= share * columns[earlier][row];
      }
    const double norm = std::sqrt(dot(columns[col], columns[col]));
    for (double& value : columns[col]) value *= length / norm;
  }
  std::vector<double> draws(rows * cols);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t col = 0; col < cols; ++col) draws[row * cols + col] = columns[col][row];
  return draws;
}

}  // namespace rootzone::study
