#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "rootzone/storage/extremes.hpp"

namespace rootzone::storage {

/// A counter-based generator: the i-th number of stream s under a seed is a hash of the three (SplitMix64,
/// Steele et al. 2014), so that any pixel's numbers can be had without those before it. In (0, 1), never 0
/// or 1.
double uniform_variate(std::uint64_t seed, std::uint64_t stream, std::uint64_t index);

/// Standard errors of parameters and return levels.
struct FitErrors {
  double location = 0.0;
  double scale = 0.0;
  double shape = 0.0;
  std::vector<double> levels;  ///< one per return period
};

struct BootstrapSettings {
  int samples = 500;
  std::uint64_t seed = 1;  ///< recorded with the product
};

/// Standard errors by parametric bootstrap: `samples` records of n maxima drawn from the fit, each fitted
/// again by the same method. stream: tells pixels apart (the cell's index). The same numbers for any order of
/// calls. Scale 0 gives errors of 0, a NaN fit NaN. Throws Error(usage) if samples < 2 or a period ≤ 1.
FitErrors bootstrap_errors(FitMethod method, const ExtremeFit& fit, std::size_t n,
                           std::span<const double> periods, const BootstrapSettings& settings,
                           std::uint64_t stream = 0);

/// For maps: Gumbel fits follow location and scale, so that the bootstrap need be made once for each number
/// of maxima and only multiplied with a pixel's scale: bootstrap_errors of every pixel with stream 0.
class GumbelErrorTable {
 public:
  /// Throws Error(usage) for a GEV method.
  GumbelErrorTable(FitMethod method, std::size_t most_maxima, std::span<const double> periods,
                   const BootstrapSettings& settings);
  FitErrors errors(const ExtremeFit& fit, std::size_t n) const;
  /// Standard error of the level of the i-th period.
  double level_error(const ExtremeFit& fit, std::size_t n, std::size_t period) const;

 private:
  std::vector<FitErrors> m_standard;  ///< by number of maxima
};

}  // namespace rootzone::storage
