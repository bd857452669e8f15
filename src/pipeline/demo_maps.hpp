#pragma once
#include "demo_context.hpp"

namespace rootzone::pipeline {

/// Terrain, land cover and outline on the basin's grid; soil maps of 250 m in EPSG:4326 as SoilGrids has
/// them; hydraulic maps in EPSG:3035; the leaf area index of each month.
void write_demo_maps(const DemoContext& context);

}  // namespace rootzone::pipeline
