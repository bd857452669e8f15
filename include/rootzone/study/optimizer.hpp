#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace rootzone::study {

/// A global optimiser of pagmo 2 by its name, with its operators.
struct OptimizerSettings {
  std::string name = "sga";  ///< one of `optimizer_names`
  unsigned population = 100;
  unsigned generations = 100;
  // Of sga alone:
  std::string crossover = "sbx";         ///< exponential, binomial, single, sbx
  double crossover_probability = 0.9;    ///< [0, 1]
  double crossover_index = 1.0;          ///< distribution index of sbx, [1, 100]
  std::string mutation = "polynomial";   ///< gaussian, uniform, polynomial
  double mutation_probability = 0.5;     ///< of a coordinate, [0, 1]
  double mutation_parameter = 20.0;      ///< index of polynomial [1, 100], width of gaussian [0, 1]
  std::string selection = "tournament";  ///< tournament, truncated
  unsigned selection_size = 2;
  /// Throws std::invalid_argument naming the setting, what is allowed and what was found.
  void validate() const;
  /// Every setting that applies to this optimiser, as name and text, for outputs.
  std::vector<std::pair<std::string, std::string>> described() const;
};

/// "sga" (genetic algorithm), "cmaes" (covariance matrix adaptation), "de1220" (self-adaptive differential
/// evolution).
std::span<const std::string> optimizer_names();

struct Optimum {
  std::vector<double> point;  ///< inside [0, 1] in every coordinate
  double value = 0.0;
  std::int64_t evaluations = 0;
};

/// To be made smallest over the unit box; called from the calling thread only.
using Objective = std::function<double(std::span<const double>)>;

/// Minimise over [0, 1]^dimensions with pagmo 2 (Biscani and Izzo 2020, JOSS 5, 2338), from a random
/// population of the seed. A value that is not finite counts as the largest. The result depends on the
/// arguments alone: no clock, no thread. Throws std::invalid_argument for settings out of range.
Optimum minimise(const Objective& objective, std::size_t dimensions, const OptimizerSettings& settings,
                 unsigned seed);

}  // namespace rootzone::study
