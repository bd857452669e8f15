#include "rootzone/stats/sce_ua.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>

namespace rootzone::stats {
namespace {

struct Point {
  std::vector<double> x;
  double value = 0.0;
};

void sort_by_value(std::vector<Point>& points) {
  std::stable_sort(points.begin(), points.end(),
                   [](const Point& a, const Point& b) { return a.value < b.value; });
}

/// The engine is fixed by the standard, the step to a double by this line: the same on every machine.
class Uniform {
 public:
  Uniform(std::uint64_t seed, std::uint64_t stream) {
    std::seed_seq sequence{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                           static_cast<std::uint32_t>(stream)};
    m_engine.seed(sequence);
  }
  /// In [0, 1).
  double operator()() { return static_cast<double>(m_engine() >> 11) * 0x1p-53; }

 private:
  std::mt19937_64 m_engine;
};

}  // namespace

/// The search between two calls: which points wait for their values, and what they are for.
struct SceUaSearch::State {
  enum class Stage { start, reflection, contraction, random_point, done };

  std::vector<double> lower;
  std::vector<double> upper;
  SceUaOptions options;
  std::size_t n = 0;
  std::size_t members = 0;  ///< of a complex
  std::vector<Uniform> random;
  std::vector<Point> population;            ///< between loops; by rank
  std::vector<std::vector<Point>> parts;    ///< the complexes during a loop, each by rank
  std::vector<Point> offspring;             ///< one per complex
  std::vector<std::vector<double>> centre;  ///< of each complex's simplex without its worst point
  std::vector<std::size_t> worst;           ///< rank of that point
  std::vector<std::size_t> asked;           ///< complexes (at the start: points) that wait
  std::vector<double> points;               ///< their coordinates
  std::vector<double> best_per_loop;
  std::size_t steps_left = 0;  ///< of the loop
  Stage stage = Stage::start;
  SceUaResult result;

  State(std::span<const double> from, std::span<const double> to, const SceUaOptions& settings)
      : lower(from.begin(), from.end()),
        upper(to.begin(), to.end()),
        options(settings),
        n(from.size()),
        members(2 * from.size() + 1) {
    for (int c = 0; c < settings.complexes; ++c)
      random.emplace_back(settings.seed, static_cast<std::uint64_t>(c));
    population.resize(random.size() * members);
    for (std::size_t i = 0; i < population.size(); ++i) {
      population[i].x = random_point(random[i % random.size()]);
      ask(i, population[i].x);
    }
  }

  void ask(std::size_t place, const std::vector<double>& x) {
    asked.push_back(place);
    points.insert(points.end(), x.begin(), x.end());
  }

  std::vector<double> random_point(Uniform& numbers) const {
    std::vector<double> x(n);
    for (std::size_t i = 0; i < n; ++i) x[i] = lower[i] + numbers() * (upper[i] - lower[i]);
    return x;
  }

  bool inside(const std::vector<double>& x) const {
    for (std::size_t i = 0; i < n; ++i)
      if (!(x[i] >= lower[i] && x[i] <= upper[i])) return false;
    return true;
  }

  /// Ranks of n + 1 different members of a complex, the better the likelier, in ascending order.
  std::vector<std::size_t> draw_parents(Uniform& numbers) const {
    const auto count = static_cast<double>(members);
    std::vector<std::size_t> ranks;
    while (ranks.size() < n + 1) {
      const double root = std::sqrt((count + 0.5) * (count + 0.5) - count * (count + 1.0) * numbers());
      const auto rank = std::min(static_cast<std::size_t>(count + 0.5 - root), members - 1);
      if (std::find(ranks.begin(), ranks.end(), rank) == ranks.end()) ranks.push_back(rank);
    }
    std::sort(ranks.begin(), ranks.end());
    return ranks;
  }

  std::vector<double> centroid(const std::vector<Point>& complex,
                               const std::vector<std::size_t>& ranks) const {
    std::vector<double> mean(n, 0.0);
    for (std::size_t k = 0; k + 1 < ranks.size(); ++k)
      for (std::size_t i = 0; i < n; ++i) mean[i] += complex[ranks[k]].x[i];
    for (double& x : mean) x /= static_cast<double>(ranks.size() - 1);
    return mean;
  }

  /// The worst point, moved through the centroid (−1: mirrored; 0.5: halfway to it).
  std::vector<double> moved(std::size_t c, double share_of_worst) const {
    std::vector<double> x(n);
    const std::vector<double>& from = parts[c][worst[c]].x;
    for (std::size_t i = 0; i < n; ++i) x[i] = centre[c][i] + share_of_worst * (from[i] - centre[c][i]);
    return x;
  }

  /// A simplex and its reflection for every complex; they go side by side, to be evaluated together.
  void reflect() {
    stage = Stage::reflection;
    for (std::size_t c = 0; c < parts.size(); ++c) {
      const std::vector<std::size_t> ranks = draw_parents(random[c]);
      worst[c] = ranks.back();
      centre[c] = centroid(parts[c], ranks);
      const std::vector<double> x = moved(c, -1.0);
      offspring[c].x = inside(x) ? x : random_point(random[c]);
      ask(c, offspring[c].x);
    }
  }

  /// Ask again for the complexes whose offspring is no better than what it is to replace.
  void retry(Stage next) {
    stage = next;
    for (std::size_t c = 0; c < parts.size(); ++c) {
      if (offspring[c].value <= parts[c][worst[c]].value) continue;
      offspring[c].x = next == Stage::contraction ? moved(c, 0.5) : random_point(random[c]);
      ask(c, offspring[c].x);
    }
  }

  void replace_worst() {
    for (std::size_t c = 0; c < parts.size(); ++c) {
      parts[c][worst[c]] = std::move(offspring[c]);
      offspring[c] = {};
      sort_by_value(parts[c]);
    }
  }

  void begin_loop() {
    parts.assign(random.size(), {});
    offspring.assign(random.size(), {});
    centre.assign(random.size(), {});
    worst.assign(random.size(), 0);
    for (std::size_t i = 0; i < population.size(); ++i)
      parts[i % parts.size()].push_back(std::move(population[i]));
    steps_left = members;
    reflect();
  }

  void end_loop() {
    population.clear();
    for (std::vector<Point>& part : parts)
      for (Point& point : part) population.push_back(std::move(point));
    ++result.loops;
  }

  /// After the start and after every loop: stop, or go on.
  void judge() {
    sort_by_value(population);
    best_per_loop.push_back(population.front().value);
    if (spread() < options.peps)
      result.stop = SceUaStop::parameters_agree;
    else if (stalled())
      result.stop = SceUaStop::no_progress;
    else if (result.evaluations >= options.max_evaluations)
      result.stop = SceUaStop::max_evaluations;
    else
      return begin_loop();
    stage = Stage::done;
    result.best = population.front().x;
    result.value = population.front().value;
  }

  void next_step() {
    replace_worst();
    if (--steps_left > 0) return reflect();
    end_loop();
    judge();
  }

  double spread() const {
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      double low = population.front().x[i];
      double high = low;
      for (const Point& point : population) {
        low = std::min(low, point.x[i]);
        high = std::max(high, point.x[i]);
      }
      sum += std::log(std::max((high - low) / (upper[i] - lower[i]), 1e-300));
    }
    return std::exp(sum / static_cast<double>(n));
  }

  bool stalled() const {
    const auto back = static_cast<std::size_t>(options.kstop);
    if (best_per_loop.size() <= back) return false;
    double size = 0.0;
    for (std::size_t i = best_per_loop.size() - back; i < best_per_loop.size(); ++i)
      size += std::abs(best_per_loop[i]);
    size /= static_cast<double>(back);
    const double gain = best_per_loop[best_per_loop.size() - 1 - back] - best_per_loop.back();
    return gain * 100.0 <= options.pcento * size;
  }

  void tell(std::span<const double> values) {
    for (std::size_t i = 0; i < asked.size(); ++i) {
      Point& point = stage == Stage::start ? population[asked[i]] : offspring[asked[i]];
      point.value = std::isnan(values[i]) ? std::numeric_limits<double>::infinity() : values[i];
    }
    result.evaluations += static_cast<std::int64_t>(asked.size());
    asked.clear();
    points.clear();
    switch (stage) {
      case Stage::start:
        return judge();
      case Stage::reflection:
        retry(Stage::contraction);
        break;
      case Stage::contraction:
        retry(Stage::random_point);
        break;
      case Stage::random_point:
      case Stage::done:
        break;
    }
    if (asked.empty()) next_step();
  }
};

SceUaSearch::SceUaSearch(std::span<const double> lower, std::span<const double> upper,
                         const SceUaOptions& options) {
  options.validate();
  if (lower.empty() || lower.size() != upper.size())
    throw std::invalid_argument("SCE-UA: lower and upper need one bound per parameter");
  for (std::size_t i = 0; i < lower.size(); ++i)
    if (!(upper[i] > lower[i]))
      throw std::invalid_argument("SCE-UA: upper bound of parameter " + std::to_string(i) +
                                  " is not above its lower bound");
  m_state = std::make_unique<State>(lower, upper, options);
}
SceUaSearch::~SceUaSearch() = default;
SceUaSearch::SceUaSearch(SceUaSearch&&) noexcept = default;
SceUaSearch& SceUaSearch::operator=(SceUaSearch&&) noexcept = default;

bool SceUaSearch::done() const {
  return m_state->stage == State::Stage::done;
}
std::span<const double> SceUaSearch::points() const {
  return m_state->points;
}
std::size_t SceUaSearch::count() const {
  return m_state->asked.size();
}
const SceUaResult& SceUaSearch::result() const {
  return m_state->result;
}

void SceUaSearch::tell(std::span<const double> values) {
  if (values.size() != count())
    throw std::invalid_argument("SCE-UA: " + std::to_string(values.size()) + " values for " +
                                std::to_string(count()) + " points");
  if (!done()) m_state->tell(values);
}

void SceUaOptions::validate() const {
  const auto require = [](bool holds, const char* what) {
    if (!holds) throw std::invalid_argument(std::string("SCE-UA: ") + what);
  };
  require(complexes >= 1, "complexes must be 1 or more");
  require(max_evaluations >= 1, "max_evaluations must be 1 or more");
  require(kstop >= 1, "kstop must be 1 or more");
  require(pcento >= 0.0, "pcento must be 0 or more");
  require(peps >= 0.0, "peps must be 0 or more");
}

std::string_view sce_ua_stop_name(SceUaStop stop) {
  switch (stop) {
    case SceUaStop::parameters_agree:
      return "parameters_agree";
    case SceUaStop::no_progress:
      return "no_progress";
    case SceUaStop::max_evaluations:
      return "max_evaluations";
  }
  return "";
}

SceUaResult minimise_sce_ua(const BatchObjective& objective, std::span<const double> lower,
                            std::span<const double> upper, const SceUaOptions& options) {
  SceUaSearch search(lower, upper, options);
  std::vector<double> values;
  while (!search.done()) {
    values.resize(search.count());
    objective(search.points(), values);
    search.tell(values);
  }
  return search.result();
}

}  // namespace rootzone::stats
