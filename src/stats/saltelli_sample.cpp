#include "rootzone/stats/saltelli_sample.hpp"

#include <cmath>
#include <stdexcept>

#include "rootzone/stats/metrics.hpp"
#include "rootzone/stats/sobol_sequence.hpp"

namespace rootzone::stats {
namespace {

void name_each_factor(SobolDesign& design) {
  if (!design.groups.empty()) return;
  for (std::size_t i = 0; i < design.factors; ++i)
    design.groups.push_back({std::string("x") + std::to_string(i + 1), {i}});
}

}  // namespace

void SobolDesign::validate() const {
  if (factors == 0) throw std::invalid_argument("Sobol design: at least one factor expected");
  if (samples < 2) throw std::invalid_argument("Sobol design: at least two samples expected");
  if (groups.empty()) return;
  std::vector<int> times(factors, 0);
  for (const FactorGroup& group : groups) {
    if (group.factors.empty())
      throw std::invalid_argument("Sobol design: group '" + group.name + "' has no factor");
    for (std::size_t factor : group.factors) {
      if (factor >= factors)
        throw std::invalid_argument("Sobol design: group '" + group.name + "' names factor " +
                                    std::to_string(factor) + " of " + std::to_string(factors));
      ++times[factor];
    }
  }
  for (std::size_t factor = 0; factor < factors; ++factor)
    if (times[factor] != 1)
      throw std::invalid_argument("Sobol design: factor " + std::to_string(factor) + " is in " +
                                  std::to_string(times[factor]) + " groups, expected one");
}

SaltelliSample::SaltelliSample(SobolDesign design) : m_design(std::move(design)) {
  m_design.validate();
  name_each_factor(m_design);
  m_points = scrambled_sobol(m_design.samples, 2 * m_design.factors, m_design.seed);
}

void SaltelliSample::row(std::size_t matrix, std::size_t row, std::span<double> point) const {
  const std::size_t factors = m_design.factors;
  const std::span<const double> both = std::span(m_points).subspan(row * 2 * factors, 2 * factors);
  const std::span<const double> a = both.first(factors);
  const std::span<const double> b = both.last(factors);
  const std::span<const double> base = matrix == 1 ? b : a;
  std::copy(base.begin(), base.end(), point.begin());
  if (matrix < 2) return;
  for (std::size_t factor : m_design.groups[matrix - 2].factors) point[factor] = b[factor];
}

std::vector<SampleOutput> evaluate_sample(const SaltelliSample& sample, std::size_t outputs,
                                          const SampledModel& model) {
  SampleOutput empty;
  empty.rows = sample.rows();
  for (const FactorGroup& group : sample.design().groups) empty.groups.push_back(group.name);
  empty.values.resize(sample.evaluations());
  std::vector<SampleOutput> results(outputs, empty);
  std::vector<double> point(sample.design().factors);
  std::vector<double> values(outputs);
  for (std::size_t m = 0; m < sample.matrices(); ++m)
    for (std::size_t r = 0; r < sample.rows(); ++r) {
      sample.row(m, r, point);
      model(point, values);
      for (std::size_t k = 0; k < outputs; ++k) results[k].values[m * sample.rows() + r] = values[k];
    }
  return results;
}

SampleOutput rank_transformed(const SampleOutput& output) {
  std::vector<double> finite;
  for (double y : output.values)
    if (std::isfinite(y)) finite.push_back(y);
  std::vector<double> ranks(finite.size());
  mean_ranks(finite, ranks);
  SampleOutput result = output;
  std::size_t next = 0;
  for (double& y : result.values)
    if (std::isfinite(y)) y = ranks[next++] / static_cast<double>(finite.size());
  return result;
}

SampleOutput log_transformed(const SampleOutput& output) {
  SampleOutput result = output;
  for (double& y : result.values) y = std::log(y);
  return result;
}

}  // namespace rootzone::stats
