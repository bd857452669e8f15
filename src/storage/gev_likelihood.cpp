#include "gev_likelihood.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace rootzone::storage {
namespace {

using Point = std::array<double, 3>;  ///< location, log of the scale, shape, of standardised maxima

constexpr double infinity = std::numeric_limits<double>::infinity();

double negative_log_likelihood(std::span<const double> values, const Point& point) {
  const double shape = point[2];
  if (!(std::abs(shape) < 1.0)) return infinity;
  const double scale = std::exp(point[1]);
  double sum = static_cast<double>(values.size()) * point[1];
  for (double x : values) {
    const double z = (x - point[0]) / scale;
    double reduced = z;  // −ln(−ln F)
    if (std::abs(shape) > 1e-8) {
      const double base = 1.0 + shape * z;
      if (!(base > 0.0)) return infinity;
      reduced = std::log(base) / shape;
    }
    sum += (1.0 + shape) * reduced + std::exp(-reduced);
  }
  return std::isnan(sum) ? infinity : sum;
}

struct Vertex {
  Point point;
  double value;
};

Point along(const Point& from, const Point& to, double t) {
  Point result;
  for (std::size_t i = 0; i < 3; ++i) result[i] = from[i] + t * (to[i] - from[i]);
  return result;
}

/// One descent of the simplex method; stops when the simplex has shrunk to `tolerance`.
Vertex descend(std::span<const double> values, const Point& start, double step, double tolerance) {
  std::array<Vertex, 4> simplex;
  const auto evaluate = [&](const Point& point) {
    return Vertex{point, negative_log_likelihood(values, point)};
  };
  simplex[0] = evaluate(start);
  for (std::size_t i = 0; i < 3; ++i) {
    Point moved = start;
    moved[i] += step;
    simplex[i + 1] = evaluate(moved);
  }
  const auto better = [](const Vertex& a, const Vertex& b) { return a.value < b.value; };
  for (int iteration = 0; iteration < 600; ++iteration) {
    std::stable_sort(simplex.begin(), simplex.end(), better);
    double size = 0.0;
    for (std::size_t v = 1; v < 4; ++v)
      for (std::size_t i = 0; i < 3; ++i)
        size = std::max(size, std::abs(simplex[v].point[i] - simplex[0].point[i]));
    if (size < tolerance) break;
    Point centre{};
    for (std::size_t i = 0; i < 3; ++i)
      centre[i] = (simplex[0].point[i] + simplex[1].point[i] + simplex[2].point[i]) / 3.0;
    Vertex candidate = evaluate(along(centre, simplex[3].point, -1.0));
    if (candidate.value < simplex[0].value) {
      const Vertex further = evaluate(along(centre, simplex[3].point, -2.0));
      simplex[3] = further.value < candidate.value ? further : candidate;
    } else if (candidate.value < simplex[2].value) {
      simplex[3] = candidate;
    } else {
      const bool outside = candidate.value < simplex[3].value;
      const Vertex nearer = evaluate(along(centre, simplex[3].point, outside ? -0.5 : 0.5));
      if (nearer.value < std::min(candidate.value, simplex[3].value)) {
        simplex[3] = nearer;
      } else {
        for (std::size_t v = 1; v < 4; ++v)
          simplex[v] = evaluate(along(simplex[0].point, simplex[v].point, 0.5));
      }
    }
  }
  return *std::min_element(simplex.begin(), simplex.end(), better);
}

}  // namespace

ExtremeFit maximise_gev_likelihood(std::span<const double> rising, std::span<const ExtremeFit> starts) {
  // Standardised, the steps and the tolerance suit any unit.
  const double origin = rising[rising.size() / 2];
  const double unit = (rising.back() - rising.front()) / 4.0;
  std::vector<double> values;
  for (double x : rising) values.push_back((x - origin) / unit);
  Vertex best{{}, infinity};
  for (const ExtremeFit& start : starts) {
    Vertex here{{(start.location - origin) / unit, std::log(start.scale / unit), start.shape}, infinity};
    double step = 0.2;
    for (int restart = 0; restart < 6; ++restart) {
      const Vertex next = descend(values, here.point, step, 1e-9);
      const bool stands = std::abs(next.value - here.value) < 1e-12;
      if (next.value <= here.value) here = next;
      if (stands) break;
      step = 0.05;
    }
    if (here.value < best.value) best = here;
  }
  return {origin + unit * best.point[0], unit * std::exp(best.point[1]), best.point[2]};
}

}  // namespace rootzone::storage
