#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace rootzone::stats {

/// Factors that are varied together and get one index between them.
struct FactorGroup {
  std::string name;
  std::vector<std::size_t> factors;
};

/// Which points a variance decomposition evaluates.
struct SobolDesign {
  std::size_t factors = 0;
  /// Each factor in exactly one group; empty: every factor by itself, named x1, x2, ….
  std::vector<FactorGroup> groups;
  std::size_t samples = 16384;  ///< rows of each matrix; a power of two is best
  std::uint64_t seed = 1;

  /// Throws std::invalid_argument naming the factor or group that is wrong.
  void validate() const;
};

/// The points of Saltelli et al. (2010): matrices A and B of independent rows in the unit cube (the halves of
/// a scrambled Sobol sequence of 2·factors dimensions), and for each group the matrix A with the columns of
/// the group taken from B. Matrix 0 is A, 1 is B, 2 + g that of group g. Immutable: rows may be read from any
/// thread.
class SaltelliSample {
 public:
  /// Throws std::invalid_argument as `SobolDesign::validate`.
  explicit SaltelliSample(SobolDesign design);

  const SobolDesign& design() const { return m_design; }
  std::size_t rows() const { return m_design.samples; }
  std::size_t matrices() const { return m_design.groups.size() + 2; }
  std::size_t evaluations() const { return rows() * matrices(); }
  /// point: one value in (0, 1) per factor.
  void row(std::size_t matrix, std::size_t row, std::span<double> point) const;

 private:
  SobolDesign m_design;
  std::vector<double> m_points;  ///< rows × (A's factors, B's factors)
};

/// One output of a model at every point of a sample.
struct SampleOutput {
  std::size_t rows = 0;
  std::vector<std::string> groups;
  std::vector<double> values;  ///< matrix after matrix; not finite: the model failed there

  std::span<const double> matrix(std::size_t m) const { return std::span(values).subspan(m * rows, rows); }
};

/// A model: point in the unit cube, one value per factor → as many outputs as asked for.
using SampledModel = std::function<void(std::span<const double> point, std::span<double> outputs)>;

/// Evaluate a model with several outputs at every point. Returns one SampleOutput per output.
std::vector<SampleOutput> evaluate_sample(const SaltelliSample& sample, std::size_t outputs,
                                          const SampledModel& model);

/// The output's ranks among all its values, scaled to (0, 1]: bounded whatever the output's tails, so that
/// its variance exists. Ties share their mean rank, values that are not finite stay so.
SampleOutput rank_transformed(const SampleOutput& output);
/// The natural logarithm of a positive output; −∞ for 0, NaN below.
SampleOutput log_transformed(const SampleOutput& output);

}  // namespace rootzone::stats
