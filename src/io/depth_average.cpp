#include "depth_average.hpp"

#include <algorithm>
#include <cstdio>
#include <numeric>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;

std::string cm(double top, double bottom) {
  std::array<char, 80> text{};
  std::snprintf(text.data(), text.size(), "%g … %g cm", top, bottom);
  return text.data();
}

DepthWeights by_overlap(std::span<const DepthLayer> layers, const std::array<double, 2>& depth,
                        const std::string& name) {
  DepthWeights result;
  double covered = 0.0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k)
      if (std::min(layers[i].bottom_cm, layers[k].bottom_cm) - std::max(layers[i].top_cm, layers[k].top_cm) >
          1e-6)
        throw Error(ErrorKind::data, "[inputs." + name + "] the horizons " +
                                         cm(layers[k].top_cm, layers[k].bottom_cm) + " and " +
                                         cm(layers[i].top_cm, layers[i].bottom_cm) + " overlap");
    result.weights.push_back(
        std::max(0.0, std::min(layers[i].bottom_cm, depth[1]) - std::max(layers[i].top_cm, depth[0])));
    covered += result.weights.back();
  }
  if (covered <= 0.0)
    throw Error(ErrorKind::data, "[inputs." + name + "] no horizon lies within the depths asked for, " +
                                     cm(depth[0], depth[1]));
  if (covered < (depth[1] - depth[0]) * (1.0 - 1e-6)) {
    std::array<char, 120> text{};
    std::snprintf(text.data(), text.size(),
                  "the horizons cover %g of the %g cm asked for; the mean is over those", covered,
                  depth[1] - depth[0]);
    result.warning = text.data();
  }
  for (double& weight : result.weights) weight /= covered;
  return result;
}

/// Integral over [a, b] of the straight line through two points, shared between them.
void add_segment(double z0, double z1, double a, double b, double& w0, double& w1) {
  const double low = std::max(z0, a);
  const double high = std::min(z1, b);
  if (high <= low) return;
  const double middle = 0.5 * (low + high);
  w0 += (high - low) * (z1 - middle) / (z1 - z0);
  w1 += (high - low) * (middle - z0) / (z1 - z0);
}

DepthWeights by_trapezoid(std::span<const DepthLayer> layers, std::array<double, 2> depth,
                          const std::string& name) {
  std::vector<std::size_t> order(layers.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return layers[a].top_cm < layers[b].top_cm; });
  const auto z = [&](std::size_t i) { return layers[order[i]].top_cm; };
  const std::size_t last = order.size() - 1;
  for (std::size_t i = 1; i <= last; ++i)
    if (z(i) <= z(i - 1))
      throw Error(ErrorKind::data, "[inputs." + name + "] two layers have the depth " + cm(z(i), z(i)));
  if (depth[1] < z(0) || depth[0] > z(last))
    throw Error(ErrorKind::data, "[inputs." + name + "] the points of the profile, " + cm(z(0), z(last)) +
                                     ", do not reach the depths asked for, " + cm(depth[0], depth[1]));
  // One depth is the limit of a thin slice around it.
  if (depth[1] - depth[0] < 1e-6) depth = {depth[0] - 5e-7, depth[0] + 5e-7};
  DepthWeights result;
  result.weights.assign(layers.size(), 0.0);
  const double above = std::max(0.0, std::min(z(0), depth[1]) - depth[0]);
  const double below = std::max(0.0, depth[1] - std::max(z(last), depth[0]));
  result.weights[order[0]] += above;
  result.weights[order[last]] += below;
  for (std::size_t i = 0; i < last; ++i)
    add_segment(z(i), z(i + 1), depth[0], depth[1], result.weights[order[i]], result.weights[order[i + 1]]);
  for (double& weight : result.weights) weight /= depth[1] - depth[0];
  if (above + below > 1e-5)
    result.warning = "the points of the profile, " + cm(z(0), z(last)) + ", are held constant to reach " +
                     cm(depth[0], depth[1]);
  return result;
}

}  // namespace

DepthWeights depth_weights(std::span<const DepthLayer> layers, const std::array<double, 2>& depth_cm,
                           const std::string& name) {
  if (layers.empty()) throw Error(ErrorKind::usage, "[inputs." + name + "] depth is given, but no layers");
  if (!(depth_cm[0] <= depth_cm[1]) || depth_cm[0] < 0.0)
    throw Error(ErrorKind::usage, "[inputs." + name +
                                      "] depth must be [top, bottom] with 0 ≤ top ≤ bottom, found " +
                                      cm(depth_cm[0], depth_cm[1]));
  std::size_t points = 0;
  for (const DepthLayer& layer : layers) {
    if (!(layer.top_cm <= layer.bottom_cm))
      throw Error(ErrorKind::usage, "[inputs." + name + "] a layer's top lies below its bottom: " +
                                        cm(layer.top_cm, layer.bottom_cm));
    if (layer.top_cm == layer.bottom_cm) ++points;
  }
  if (points == layers.size()) return by_trapezoid(layers, depth_cm, name);
  if (points > 0)
    throw Error(
        ErrorKind::usage,
        "[inputs." + name + "] some layers are points (top = bottom), others horizons; give one kind");
  if (depth_cm[0] == depth_cm[1])
    throw Error(ErrorKind::usage, "[inputs." + name +
                                      "] horizons are averaged over a range of depths, found " +
                                      cm(depth_cm[0], depth_cm[1]));
  return by_overlap(layers, depth_cm, name);
}

}  // namespace rootzone::io
