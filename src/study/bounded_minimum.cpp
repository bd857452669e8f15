#include "bounded_minimum.hpp"

#include <nlopt.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>

#include "rootzone/core/error.hpp"

namespace rootzone::study {
namespace {

struct Destroy {
  void operator()(nlopt_opt solver) const { nlopt_destroy(solver); }
};
using Solver = std::unique_ptr<std::remove_pointer_t<nlopt_opt>, Destroy>;

constexpr double relative_step = 1e-9;
constexpr double relative_value = 1e-12;
constexpr int most_evaluations = 2000;

void check(nlopt_result result, const char* call) {
  if (result < 0)
    throw core::Error(core::ErrorKind::internal,
                      std::string(call) + " failed: " + nlopt_result_to_string(result));
}

/// The objective, and the best point it was asked for.
struct Watched {
  const Objective& objective;
  Minimum best;
};

double evaluate(unsigned n, const double* x, double* gradient, void* data) {
  Watched& watched = *static_cast<Watched*>(data);
  const std::span<const double> point(x, n);
  const double value =
      watched.objective(point, gradient ? std::span<double>(gradient, n) : std::span<double>());
  if (value < watched.best.value) watched.best = {{point.begin(), point.end()}, value};
  return value;
}

}  // namespace

Minimum bounded_minimum(const Objective& objective, std::span<const double> lower,
                        std::span<const double> upper, std::span<const double> start, Descent descent) {
  const auto n = static_cast<unsigned>(start.size());
  const Solver solver(nlopt_create(descent == Descent::gradient ? NLOPT_LD_SLSQP : NLOPT_LN_SBPLX, n));
  if (!solver) throw core::Error(core::ErrorKind::internal, "nlopt_create failed");
  std::vector<double> x(start.begin(), start.end());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::clamp(x[i], lower[i], upper[i]);
  Watched watched{objective, {x, std::numeric_limits<double>::infinity()}};
  check(nlopt_set_lower_bounds(solver.get(), lower.data()), "nlopt_set_lower_bounds");
  check(nlopt_set_upper_bounds(solver.get(), upper.data()), "nlopt_set_upper_bounds");
  check(nlopt_set_min_objective(solver.get(), evaluate, &watched), "nlopt_set_min_objective");
  check(nlopt_set_xtol_rel(solver.get(), relative_step), "nlopt_set_xtol_rel");
  check(nlopt_set_ftol_rel(solver.get(), relative_value), "nlopt_set_ftol_rel");
  check(nlopt_set_maxeval(solver.get(), most_evaluations), "nlopt_set_maxeval");
  double value = 0.0;
  const nlopt_result result = nlopt_optimize(solver.get(), x.data(), &value);
  if (result == NLOPT_INVALID_ARGS || result == NLOPT_OUT_OF_MEMORY) check(result, "nlopt_optimize");
  return watched.best;
}

}  // namespace rootzone::study
