#include "rootzone/study/filter_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "rootzone/moisture/exponential_filter.hpp"

namespace rootzone::study {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// The index of every day; NaN before the first observation, standing on days without one.
std::vector<double> index_of(std::span<const float> surface, double time_days) {
  moisture::SeriesFilter filter{time_days};
  std::vector<double> index(surface.size(), not_a_number);
  for (std::size_t day = 0; day < surface.size(); ++day) {
    if (std::isfinite(surface[day]))
      filter.update(static_cast<double>(day), static_cast<double>(surface[day]));
    if (filter.denominator > 0.0) index[day] = filter.value();
  }
  return index;
}

struct Pairs {
  std::vector<double> index;
  std::vector<double> reference;
};

Pairs pairs_of(const std::vector<double>& index, std::span<const float> reference, DayRange compared,
               std::size_t first_day) {
  Pairs pairs;
  const auto begin = std::max(first_day, static_cast<std::size_t>(compared.first));
  for (auto day = begin; day < static_cast<std::size_t>(compared.end); ++day) {
    if (std::isnan(index[day]) || !std::isfinite(reference[day])) continue;
    pairs.index.push_back(index[day]);
    pairs.reference.push_back(static_cast<double>(reference[day]));
  }
  return pairs;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0.0;
  for (double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double correlation(const Pairs& pairs) {
  const double x_mean = mean_of(pairs.index), y_mean = mean_of(pairs.reference);
  double xx = 0.0, yy = 0.0, xy = 0.0;
  for (std::size_t i = 0; i < pairs.index.size(); ++i) {
    const double x = pairs.index[i] - x_mean, y = pairs.reference[i] - y_mean;
    xx += x * x;
    yy += y * y;
    xy += x * y;
  }
  const auto varies = [&](double squares, double mean) {  // more than rounding does
    return squares > static_cast<double>(pairs.index.size()) * std::pow(1e-9 * mean, 2);
  };
  return varies(xx, x_mean) && varies(yy, y_mean) ? xy / std::sqrt(xx * yy) : not_a_number;
}

double scaled_nse(const Pairs& pairs) {
  const auto [x_low, x_high] = std::minmax_element(pairs.index.begin(), pairs.index.end());
  const auto [y_low, y_high] = std::minmax_element(pairs.reference.begin(), pairs.reference.end());
  const double x_range = *x_high - *x_low, y_range = *y_high - *y_low;
  if (!(x_range > 1e-9 * std::abs(*x_high)) || !(y_range > 1e-9 * std::abs(*y_high))) return not_a_number;
  const double y_mean = (mean_of(pairs.reference) - *y_low) / y_range;
  double errors = 0.0, squares = 0.0;
  for (std::size_t i = 0; i < pairs.index.size(); ++i) {
    const double y = (pairs.reference[i] - *y_low) / y_range;
    errors += std::pow((pairs.index[i] - *x_low) / x_range - y, 2);
    squares += std::pow(y - y_mean, 2);
  }
  return 1.0 - errors / squares;
}

}  // namespace

std::optional<FilterFit> fit_filter(std::span<const float> surface, std::span<const float> root_zone,
                                    DayRange compared, double warm_up_days, FilterObjective objective,
                                    std::span<const double> times_days, std::int64_t min_pairs) {
  if (times_days.empty()) throw std::invalid_argument("exponential filter: no time T to try");
  if (surface.size() != root_zone.size())
    throw std::invalid_argument("exponential filter: surface and root zone differ in length");
  std::size_t start = 0;
  while (start < surface.size() && !std::isfinite(surface[start])) ++start;
  const std::size_t first_day = start + static_cast<std::size_t>(std::max(0.0, warm_up_days));
  std::optional<FilterFit> best;
  std::vector<double> best_index;
  for (double time_days : times_days) {
    std::vector<double> index = index_of(surface, time_days);
    const Pairs pairs = pairs_of(index, root_zone, compared, first_day);
    if (static_cast<std::int64_t>(pairs.index.size()) < min_pairs || pairs.index.size() < 2) continue;
    const double value = objective == FilterObjective::nse ? scaled_nse(pairs) : correlation(pairs);
    if (std::isnan(value) || (best && !(value > best->objective))) continue;
    const auto map = stats::fit_linear_map(pairs.index, pairs.reference);
    if (!map) continue;
    best = FilterFit{time_days, value, *map, {}};
    best_index = std::move(index);
  }
  if (!best) return best;
  for (double value : best_index) best->values.push_back(static_cast<float>(best->map(value)));
  return best;
}

}  // namespace rootzone::study
