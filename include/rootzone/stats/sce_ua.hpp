#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace rootzone::stats {

/// How a search by shuffled complexes runs and when it ends.
struct SceUaOptions {
  int complexes = 5;                     ///< ngs; more find the global minimum more surely and cost more
  std::int64_t max_evaluations = 10000;  ///< maxn; a loop that has begun is finished
  int kstop = 30;                        ///< loops looked back on for progress
  /// The best value has improved by less than this many per cent of its mean size over kstop loops.
  double pcento = 0.01;
  /// Geometric mean over the parameters of (range of the population) / (upper − lower).
  double peps = 1e-5;
  std::uint64_t seed = 1;
  /// Throws std::invalid_argument naming the setting.
  void validate() const;
};

enum class SceUaStop { parameters_agree, no_progress, max_evaluations };
std::string_view sce_ua_stop_name(SceUaStop stop);

struct SceUaResult {
  std::vector<double> best;
  double value = 0.0;
  std::int64_t evaluations = 0;
  std::int64_t loops = 0;
  SceUaStop stop = SceUaStop::max_evaluations;
};

/// Values of `values.size()` points at once, one after the other in `points` (n coordinates each). NaN is
/// taken as +∞. Every complex asks for one point at a time, so up to `complexes` (at the start the whole
/// population) come together: a model that runs several parameter sets at once may do so.
using BatchObjective = std::function<void(std::span<const double> points, std::span<double> values)>;

/// A search that is asked for points and told their values, so that several searches may share a model's
/// runs.
///
///     while (!search.done()) search.tell(values_of(search.points()));
class SceUaSearch {
 public:
  /// Throws std::invalid_argument as minimise_sce_ua.
  SceUaSearch(std::span<const double> lower, std::span<const double> upper, const SceUaOptions& options = {});
  ~SceUaSearch();
  SceUaSearch(SceUaSearch&&) noexcept;
  SceUaSearch& operator=(SceUaSearch&&) noexcept;

  bool done() const;
  /// Points that wait for their values, one after the other; count() of them.
  std::span<const double> points() const;
  std::size_t count() const;
  /// Values of points(); NaN is taken as +∞. Throws std::invalid_argument for another number of values.
  void tell(std::span<const double> values);
  /// Complete once done().
  const SceUaResult& result() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

/// Minimise by shuffled complex evolution (SCE-UA; Duan, Sorooshian and Gupta 1992, 1994) in a box.
/// n parameters, complexes of 2n + 1 points, each evolved 2n + 1 times per loop: a simplex of n + 1 points
/// drawn by triangular weights of rank; its worst point is reflected about the centroid of the others (a
/// random point of the box if that lies outside), else contracted halfway to it, else replaced by a random
/// point of the box even if that is worse. Then all points are shuffled into the complexes anew by rank.
/// lower, upper: bounds, upper > lower. Ends at the first of: parameters agree (peps), no progress (pcento
/// over kstop loops), max_evaluations. The same result for the same seed on any machine with the same
/// objective; each complex has its own random numbers. Throws std::invalid_argument for bounds of different
/// length, empty or unordered. Pure apart from the objective. Accuracy: SceUa.MeetsTheTable (seven
/// functions, 100 seeds: the minimum to 1e-3 in 100, 100, 100, 95, 76, 99 and 98 % of the searches).
SceUaResult minimise_sce_ua(const BatchObjective& objective, std::span<const double> lower,
                            std::span<const double> upper, const SceUaOptions& options = {});

}  // namespace rootzone::stats
