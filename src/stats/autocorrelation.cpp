#include "rootzone/stats/autocorrelation.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace rootzone::stats {
namespace {

constexpr double largest_decay = 0.999;

double mean_of(std::span<const double> values) {
  double sum = 0.0;
  for (double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// Departures from the mean on the daily axis, 0 in gaps: lagged products over gaps then vanish.
std::vector<double> departures(std::span<const double> values, const DayPattern& pattern) {
  const double mean = mean_of(values);
  std::vector<double> centred(values.begin(), values.end());
  for (double& value : centred) value -= mean;
  return pattern.scatter(centred);
}

double lagged_product(const std::vector<double>& series, std::int64_t lag) {
  const auto shift = static_cast<std::size_t>(lag);
  double sum = 0.0;
  for (std::size_t i = 0; i + shift < series.size(); ++i) sum += series[i] * series[i + shift];
  return sum;
}

/// Autocorrelation at a lag: mean product of the pairs over the variance.
double correlation_at(const std::vector<double>& series, double variance, std::int64_t lag,
                      const DayPattern& pattern) {
  return lagged_product(series, lag) / static_cast<double>(pattern.pair_count(lag)) / variance;
}

std::int64_t pairs_needed(const DayPattern& pattern) {
  return std::max<std::int64_t>(10, pattern.count() / 10);
}

double lag1_of(const std::vector<double>& series, double variance, const DayPattern& pattern) {
  const std::int64_t needed = pairs_needed(pattern);
  for (std::int64_t lag = 1; lag < pattern.length(); ++lag) {
    if (pattern.pair_count(lag) < needed) continue;
    const double r = correlation_at(series, variance, lag, pattern);
    if (lag == 1) return std::clamp(r, -1.0, largest_decay);
    return r > 0.0 ? std::min(std::pow(r, 1.0 / static_cast<double>(lag)), largest_decay) : 0.0;
  }
  return 0.0;
}

/// 1 + 2 Σ (pairs_k / n) ρ_k to the first ρ_k ≤ 0, ρ made non-increasing. A lag without enough pairs keeps
/// the value before it: it weighs little, having few pairs.
double summed_inflation(const std::vector<double>& series, double variance, const DayPattern& pattern) {
  const std::int64_t needed = pairs_needed(pattern);
  const std::int64_t last_lag = pattern.length() / 4;
  double rho = 1.0;
  double sum = 1.0;
  for (std::int64_t lag = 1; lag <= last_lag; ++lag) {
    const std::int64_t pairs = pattern.pair_count(lag);
    if (pairs >= needed) {
      const double r = correlation_at(series, variance, lag, pattern);
      if (r <= 0.0) break;
      rho = std::min(rho, r);
    }
    // With no lag measured yet (rho = 1) a few stray pairs say nothing.
    if (rho < 1.0) sum += 2.0 * rho * static_cast<double>(pairs) / static_cast<double>(pattern.count());
  }
  return sum;
}

/// r_1 is too low by (1 + 3ρ)/n where the mean is estimated too (Marriott and Pope 1954).
double bias_corrected(double rho, const DayPattern& pattern) {
  return std::clamp(rho + (1.0 + 3.0 * rho) / static_cast<double>(pattern.count()), 0.0, largest_decay);
}

double variance_of(const std::vector<double>& series, const DayPattern& pattern) {
  return lagged_product(series, 0) / static_cast<double>(pattern.count());
}

}  // namespace

DayPattern::DayPattern(std::vector<std::int64_t> days) : m_days(std::move(days)) {
  for (std::size_t i = 1; i < m_days.size(); ++i)
    if (m_days[i] <= m_days[i - 1]) throw std::invalid_argument("DayPattern: days must increase");
  if (m_days.empty()) return;
  m_length = m_days.back() - m_days.front() + 1;
  m_present.assign(static_cast<std::size_t>(m_length), 0.0);
  for (std::int64_t day : m_days) m_present[static_cast<std::size_t>(day - m_days.front())] = 1.0;
  m_pair_counts.assign(static_cast<std::size_t>(m_length), -1);
}

std::int64_t DayPattern::pair_count(std::int64_t lag) const {
  if (lag < 0 || lag >= m_length) return 0;
  if (gap_free()) return m_length - lag;
  std::int64_t& known = m_pair_counts[static_cast<std::size_t>(lag)];
  if (known < 0) known = std::llround(lagged_product(m_present, lag));
  return known;
}

std::vector<double> DayPattern::scatter(std::span<const double> values) const {
  if (static_cast<std::int64_t>(values.size()) != count())
    throw std::invalid_argument("DayPattern: one value per day expected");
  std::vector<double> daily(static_cast<std::size_t>(m_length), 0.0);
  for (std::size_t i = 0; i < values.size(); ++i)
    daily[static_cast<std::size_t>(m_days[i] - m_days.front())] = values[i];
  return daily;
}

double lag1_autocorrelation(std::span<const double> values, const DayPattern& pattern) {
  if (values.empty()) return 0.0;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  if (*low == *high) return 0.0;
  const std::vector<double> series = departures(values, pattern);
  return lag1_of(series, variance_of(series, pattern), pattern);
}

double decay_inflation(double decay, const DayPattern& pattern) {
  const std::span<const std::int64_t> days = pattern.days();
  if (days.size() < 2 || decay == 0.0) return 1.0;
  // before = Σ over earlier values of decay^(distance). One round brings it to its steady course, the
  // second counts.
  double before = 0.0;
  double sum = 0.0;
  for (int round = 0; round < 2; ++round) {
    sum = 0.0;
    for (std::size_t i = 0; i < days.size(); ++i) {
      const std::int64_t step = i == 0 ? 1 : days[i] - days[i - 1];
      before = (step == 1 ? decay : std::pow(decay, static_cast<double>(step))) * (1.0 + before);
      sum += before;
    }
  }
  return 1.0 + 2.0 * sum / static_cast<double>(days.size());
}

double squares_inflation(std::span<const double> values, const DayPattern& pattern) {
  if (values.size() < 2) return 1.0;
  const double rho = bias_corrected(lag1_autocorrelation(values, pattern), pattern);
  return std::max(1.0, decay_inflation(rho * rho, pattern));
}

double sampled_inflation(std::span<const double> values, const DayPattern& pattern) {
  if (values.size() < 2) return 1.0;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  if (*low == *high) return 1.0;
  const std::vector<double> series = departures(values, pattern);
  const double variance = variance_of(series, pattern);
  const double rho = bias_corrected(lag1_of(series, variance, pattern), pattern);
  return std::max({1.0, decay_inflation(rho, pattern), summed_inflation(series, variance, pattern)});
}

double effective_pairs(std::span<const double> x, std::span<const double> y, const DayPattern& pattern) {
  const double product = lag1_autocorrelation(x, pattern) * lag1_autocorrelation(y, pattern);
  const auto n = static_cast<double>(pattern.count());
  return product <= 0.0 ? n : n / decay_inflation(product, pattern);
}

}  // namespace rootzone::stats
