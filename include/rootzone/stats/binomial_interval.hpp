#pragma once
#include <cstdint>

namespace rootzone::stats {

/// A share of successes and where its probability may lie.
struct BinomialShare {
  double share = 0.0;  ///< successes / trials
  double low = 0.0;
  double high = 1.0;
};

/// Estimate a probability from independent trials, with the interval of Clopper and Pearson (1934), the exact
/// one: it covers the probability at least with the given confidence, whatever the probability. It is made
/// for independent trials; for a quasi-random sample it is on the wide side. 0 ≤ successes ≤ trials, trials >
/// 0, confidence in (0, 1), or std::invalid_argument. Pure. Test: BinomialInterval.*.
BinomialShare clopper_pearson(std::int64_t successes, std::int64_t trials, double confidence = 0.95);

}  // namespace rootzone::stats
