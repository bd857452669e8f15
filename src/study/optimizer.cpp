#include "rootzone/study/optimizer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/cmaes.hpp>
#include <pagmo/algorithms/de1220.hpp>
#include <pagmo/algorithms/sga.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>
#include <sstream>
#include <stdexcept>

namespace rootzone::study {
namespace {

const std::array<std::string, 3> names{"sga", "cmaes", "de1220"};
const std::array<std::string, 4> crossovers{"exponential", "binomial", "single", "sbx"};
const std::array<std::string, 3> mutations{"gaussian", "uniform", "polynomial"};
const std::array<std::string, 2> selections{"tournament", "truncated"};

/// The objective as pagmo wants it. pagmo copies problems: the objective is shared, not copied.
struct BoxProblem {
  const Objective* objective = nullptr;
  std::size_t dimensions = 1;

  pagmo::vector_double fitness(const pagmo::vector_double& point) const {
    const double value = (*objective)(point);
    return {std::isfinite(value) ? value : std::numeric_limits<double>::max()};
  }
  std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
    return {pagmo::vector_double(dimensions, 0.0), pagmo::vector_double(dimensions, 1.0)};
  }
};

/// One algorithm and one population are seeded apart, so that they do not draw the same numbers.
constexpr unsigned population_seed(unsigned seed) {
  return seed ^ 0x9e3779b9U;
}

pagmo::algorithm algorithm_of(const OptimizerSettings& s, unsigned seed) {
  // Stop when nothing moves any more, far below what a parameter means.
  constexpr double tolerance = 1e-12;
  if (s.name == "cmaes")
    return pagmo::algorithm(
        pagmo::cmaes(s.generations, -1.0, -1.0, -1.0, -1.0, 0.5, tolerance, tolerance, false, true, seed));
  if (s.name == "de1220")
    return pagmo::algorithm(pagmo::de1220(s.generations, pagmo::de1220_statics<void>::allowed_variants, 1,
                                          tolerance, tolerance, false, seed));
  return pagmo::algorithm(pagmo::sga(s.generations, s.crossover_probability, s.crossover_index,
                                     s.mutation_probability, s.mutation_parameter, s.selection_size,
                                     s.crossover, s.mutation, s.selection, seed));
}

template <class List>
void require_one_of(const std::string& found, const List& allowed, const char* setting) {
  if (std::find(allowed.begin(), allowed.end(), found) != allowed.end()) return;
  std::string list;
  for (const std::string& one : allowed) list += (list.empty() ? "" : ", ") + one;
  throw std::invalid_argument(std::string(setting) + ": expected one of " + list + ", found '" + found + "'");
}

void require_within(double found, double low, double high, const char* setting) {
  if (found >= low && found <= high) return;
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text << setting << ": expected a number in [" << low << ", " << high << "], found " << found;
  throw std::invalid_argument(text.str());
}

std::string number_text(double value) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text << value;
  return text.str();
}

}  // namespace

std::span<const std::string> optimizer_names() {
  return names;
}

void OptimizerSettings::validate() const {
  require_one_of(name, names, "optimizer");
  require_within(population, name == "sga" ? 4 : 7, 1e6, "population");
  require_within(generations, 1, 1e6, "generations");
  if (name != "sga") return;
  require_one_of(crossover, crossovers, "crossover");
  require_one_of(mutation, mutations, "mutation");
  require_one_of(selection, selections, "selection");
  require_within(crossover_probability, 0, 1, "crossover_probability");
  require_within(crossover_index, 1, 100, "crossover_index");
  require_within(mutation_probability, 0, 1, "mutation_probability");
  require_within(mutation_parameter, mutation == "polynomial" ? 1 : 0, mutation == "polynomial" ? 100 : 1,
                 "mutation_parameter");
  require_within(selection_size, 1, population, "selection_size");
  // Parents are paired.
  if (crossover == "sbx" && population % 2 != 0)
    throw std::invalid_argument("population: crossover sbx needs an even number, found " +
                                std::to_string(population));
}

std::vector<std::pair<std::string, std::string>> OptimizerSettings::described() const {
  std::vector<std::pair<std::string, std::string>> all{{"optimizer", name},
                                                       {"population", std::to_string(population)},
                                                       {"generations", std::to_string(generations)}};
  if (name != "sga") return all;
  all.emplace_back("crossover", crossover);
  all.emplace_back("crossover_probability", number_text(crossover_probability));
  if (crossover == "sbx") all.emplace_back("crossover_index", number_text(crossover_index));
  all.emplace_back("mutation", mutation);
  all.emplace_back("mutation_probability", number_text(mutation_probability));
  if (mutation != "uniform") all.emplace_back("mutation_parameter", number_text(mutation_parameter));
  all.emplace_back("selection", selection);
  all.emplace_back("selection_size", std::to_string(selection_size));
  return all;
}

Optimum minimise(const Objective& objective, std::size_t dimensions, const OptimizerSettings& settings,
                 unsigned seed) {
  settings.validate();
  const pagmo::problem problem(BoxProblem{&objective, dimensions});
  pagmo::population population(problem, settings.population, population_seed(seed));
  population = algorithm_of(settings, seed).evolve(population);
  Optimum optimum;
  optimum.point = population.champion_x();
  optimum.value = population.champion_f()[0];
  optimum.evaluations = static_cast<std::int64_t>(population.get_problem().get_fevals());
  for (double& coordinate : optimum.point) coordinate = std::clamp(coordinate, 0.0, 1.0);
  return optimum;
}

}  // namespace rootzone::study
