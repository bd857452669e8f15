#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace rootzone::uptake {

/// Layers are thicknesses in cm from the surface down.

/// Cut a column into layers of equal thickness. depth_cm > 0, count > 0, or std::invalid_argument.
std::vector<double> equal_layers(double depth_cm, std::size_t count);

/// Mean of a cell quantity (water content) over layers, by overlap, so that layer edges may lie inside cells.
/// cells: one value per cell of cell_thickness_cm; result: one value per layer. Throws std::invalid_argument
/// if the lengths differ, a thickness is not positive, or the cells end above the layers (to 1e-9 cm).
std::vector<double> layer_means(std::span<const double> cells, std::span<const double> cell_thickness_cm,
                                std::span<const double> layer_thickness_cm);

/// Sum of a cell quantity (uptake in cm) over layers; a cell that an edge cuts is shared by thickness. Errors
/// as `layer_means`.
std::vector<double> layer_sums(std::span<const double> cells, std::span<const double> cell_thickness_cm,
                               std::span<const double> layer_thickness_cm);

/// Values at the lower edges of the layers of a quantity given at the lower edges of cells (water that
/// passed); between cell edges linear, which is exact where storage changes evenly within a cell. surface:
/// the value at the column's top. Errors as `layer_means`.
std::vector<double> at_layer_bottoms(double surface, std::span<const double> cell_bottoms,
                                     std::span<const double> cell_thickness_cm,
                                     std::span<const double> layer_thickness_cm);

}  // namespace rootzone::uptake
