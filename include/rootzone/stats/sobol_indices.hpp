#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "rootzone/stats/saltelli_sample.hpp"

namespace rootzone::stats {

/// An index with its bootstrap error. NaN where the output does not vary.
struct SobolEstimate {
  double value = std::numeric_limits<double>::quiet_NaN();
  double standard_error = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};

struct GroupIndices {
  std::string name;
  SobolEstimate first_order;  ///< share of the variance that the group explains by itself
  SobolEstimate total;        ///< share that is left if everything but the group is fixed
};

struct BootstrapOptions {
  int replicates = 500;
  double confidence = 0.95;
  std::uint64_t seed = 1;
  /// Throws std::invalid_argument naming the setting.
  void validate() const;
};

/// A variance decomposition and what speaks against believing it.
struct SobolResult {
  std::vector<GroupIndices> groups;
  SobolEstimate sum_first_order;  ///< at most 1 for independent groups
  SobolEstimate sum_total;        ///< at least 1
  double mean = 0.0;
  double variance = 0.0;
  std::size_t rows_used = 0;
  std::size_t rows_left_out = 0;      ///< the model was not finite at one of their points
  double largest_row_share = 0.0;     ///< of the variance, by the row furthest from the mean
  std::vector<std::string> warnings;  ///< sentences, empty if nothing speaks against it

  /// ΣS ≤ 1 + 3 standard errors and ΣST ≥ 1 − 3 standard errors.
  bool sum_rules_hold() const;
};

/// Decompose the variance of an output (Sobol 1993) over independent groups of factors: first order by
/// Saltelli et al. (2010), table 2 (b), mean(f(B)·(f(AB_i) − f(A)))/V with the mean of f taken off first;
/// total by Jansen (1999), mean((f(A) − f(AB_i))²)/(2V); V over the rows of A and B. Intervals: percentiles
/// of the bootstrap over rows, which takes the rows as independent and so is wide for a scrambled Sobol
/// sample.
///
/// Warnings are given where ΣS ≤ 1 or ΣST ≥ 1 is broken by more than three standard errors, where one row
/// holds over a tenth of the variance (the variance may not exist: decompose a transform instead), where rows
/// had to be left out, and where the output does not vary. Throws std::invalid_argument for invalid options
/// or arrays that do not fit. Pure; the same for a seed on every machine. Accuracy:
/// Sobol.IshigamiIndicesAreExact, Sobol.GFunctionIndicesAreExact (within 0.005 at 16 384 rows).
SobolResult sobol_indices(const SampleOutput& output, const BootstrapOptions& options = {});

}  // namespace rootzone::stats
