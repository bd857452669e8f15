#include "rootzone/uptake/layers.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace rootzone::uptake {
namespace {

constexpr double depth_tolerance_cm = 1e-9;

double total_cm(std::span<const double> thickness_cm, const char* what) {
  double depth = 0.0;
  for (double thickness : thickness_cm) {
    if (!(thickness > 0.0))
      throw std::invalid_argument(std::string(what) + ": positive thicknesses expected, found " +
                                  std::to_string(thickness));
    depth += thickness;
  }
  return depth;
}

void check(std::size_t cells, std::span<const double> cell_thickness_cm,
           std::span<const double> layer_thickness_cm) {
  if (cells != cell_thickness_cm.size()) throw std::invalid_argument("layers: one value per cell expected");
  if (total_cm(cell_thickness_cm, "cells") < total_cm(layer_thickness_cm, "layers") - depth_tolerance_cm)
    throw std::invalid_argument("layers: the cells end above the lowest layer's bottom");
}

/// From the surface to a depth: the sum of a cell quantity spread evenly over each cell.
double sum_to(double depth_cm, std::span<const double> cells, std::span<const double> cell_thickness_cm) {
  double sum = 0.0;
  double top = 0.0;
  for (std::size_t i = 0; i < cells.size() && top < depth_cm; ++i) {
    const double part = std::min(1.0, (depth_cm - top) / cell_thickness_cm[i]);
    // An edge a rounding error away from the cell's own takes the whole cell.
    const double share = part > 1.0 - depth_tolerance_cm ? 1.0 : part < depth_tolerance_cm ? 0.0 : part;
    sum += share * cells[i];
    top += cell_thickness_cm[i];
  }
  return sum;
}

}  // namespace

std::vector<double> equal_layers(double depth_cm, std::size_t count) {
  if (!(depth_cm > 0.0) || count == 0)
    throw std::invalid_argument("layers: a positive depth and at least one layer expected");
  return std::vector<double>(count, depth_cm / static_cast<double>(count));
}

std::vector<double> layer_sums(std::span<const double> cells, std::span<const double> cell_thickness_cm,
                               std::span<const double> layer_thickness_cm) {
  check(cells.size(), cell_thickness_cm, layer_thickness_cm);
  std::vector<double> sums;
  double bottom = 0.0;
  double above = 0.0;
  for (double thickness : layer_thickness_cm) {
    bottom += thickness;
    const double here = sum_to(bottom, cells, cell_thickness_cm);
    sums.push_back(here - above);
    above = here;
  }
  return sums;
}

std::vector<double> layer_means(std::span<const double> cells, std::span<const double> cell_thickness_cm,
                                std::span<const double> layer_thickness_cm) {
  check(cells.size(), cell_thickness_cm, layer_thickness_cm);
  std::vector<double> water(cells.begin(), cells.end());
  for (std::size_t i = 0; i < water.size(); ++i) water[i] *= cell_thickness_cm[i];
  std::vector<double> means = layer_sums(water, cell_thickness_cm, layer_thickness_cm);
  for (std::size_t i = 0; i < means.size(); ++i) means[i] /= layer_thickness_cm[i];
  return means;
}

std::vector<double> at_layer_bottoms(double surface, std::span<const double> cell_bottoms,
                                     std::span<const double> cell_thickness_cm,
                                     std::span<const double> layer_thickness_cm) {
  check(cell_bottoms.size(), cell_thickness_cm, layer_thickness_cm);
  // Linear within a cell: the increments from edge to edge are a cell quantity, spread evenly.
  std::vector<double> increments(cell_bottoms.begin(), cell_bottoms.end());
  for (std::size_t i = increments.size(); i-- > 1;) increments[i] -= increments[i - 1];
  if (!increments.empty()) increments[0] -= surface;
  std::vector<double> values = layer_sums(increments, cell_thickness_cm, layer_thickness_cm);
  double sum = surface;
  for (double& value : values) {
    sum += value;
    value = sum;
  }
  return values;
}

}  // namespace rootzone::uptake
