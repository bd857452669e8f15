#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace rootzone::stats {

/// Where a daily record has values: what every statement about autocorrelation needs to respect gaps.
/// Holds nothing of the values. Not safe for several threads at once: `pair_count` remembers.
class DayPattern {
 public:
  /// days: positions of the values on the daily axis, strictly increasing (std::invalid_argument if not).
  explicit DayPattern(std::vector<std::int64_t> days);

  std::int64_t count() const { return static_cast<std::int64_t>(m_days.size()); }
  std::span<const std::int64_t> days() const { return m_days; }
  /// Days from the first value to the last, both included; 0 for an empty record.
  std::int64_t length() const { return m_length; }
  bool gap_free() const { return m_length == count(); }
  /// Number of pairs of values exactly `lag` days apart.
  std::int64_t pair_count(std::int64_t lag) const;
  /// One value per day of `length()`, 0 where there is none; values has count() elements.
  std::vector<double> scatter(std::span<const double> values) const;

 private:
  std::vector<std::int64_t> m_days;
  std::int64_t m_length = 0;
  std::vector<double> m_present;                    ///< 1 or 0 per day
  mutable std::vector<std::int64_t> m_pair_counts;  ///< −1 = not yet counted
};

/// The autocorrelation of a series from one day to the next, from pairs exactly one day apart (a gap never
/// makes two values neighbours). Where fewer than max(10, n/10) such pairs exist (an instrument that looks
/// every third day), the shortest lag k that has them gives r_k^(1/k), or 0 if r_k ≤ 0 or no lag has them.
/// values: pattern.count() of them. In [−1, 0.999]; 0 for a constant series.
double lag1_autocorrelation(std::span<const double> values, const DayPattern& pattern);

/// How many times the variance of a mean over the days of `pattern` exceeds that of independent values, if
/// the autocorrelation at k days is decay^k (decay in (−1, 1)): (1+decay)/(1−decay) for a gap-free record,
/// less where gaps set the values apart. The record is taken as going on in the same pattern beyond its ends,
/// so that the gap-free value is the textbook's, not its finite-record variant.
double decay_inflation(double decay, const DayPattern& pattern);

/// The factor for the squares of a series (variances, squared errors): as `decay_inflation` of the square of
/// its lag-1 autocorrelation (bias corrected as below), which for a Gaussian AR(1) series is that of its
/// squares. Far steadier than measuring the autocorrelation of the heavy-tailed squares themselves. ≥ 1.
double squares_inflation(std::span<const double> values, const DayPattern& pattern);

/// The same factor from the series itself: the larger of the lag-1 estimate (bias of r_1 corrected, Marriott
/// and Pope 1954) and the sum of sample autocorrelations to the first that is not positive, made
/// non-increasing (Geyer 1992), which sees the slow part under a noisy surface that lag 1 misses. ≥ 1.
double sampled_inflation(std::span<const double> values, const DayPattern& pattern);

/// Pairs that count as independent for a correlation of x and y: n (1 − r1 r2)/(1 + r1 r2) with the lag-1
/// autocorrelations r1, r2 (Bartlett 1946; Bretherton et al. 1999), gaps as in `decay_inflation`; at
/// most n.
double effective_pairs(std::span<const double> x, std::span<const double> y, const DayPattern& pattern);

}  // namespace rootzone::stats
