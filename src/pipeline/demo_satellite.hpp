#pragma once
#include "demo_context.hpp"
#include "rootzone/study/demo_basin.hpp"

namespace rootzone::pipeline {

/// Bits of the surface soil moisture's flag files; 0 = good.
inline constexpr int frozen_or_snow_bit = 1;
inline constexpr int dense_vegetation_bit = 2;
inline constexpr int urban_bit = 4;

/// Write one day as a satellite would have seen it: the truth of 0–5 cm with a bias, errors that are partly
/// correlated in space, orbit gaps, senseless values over frozen ground, some days without a file.
/// Safe from several threads on different days.
void write_demo_satellite_day(const DemoContext& context, const study::BasinDay& day);

}  // namespace rootzone::pipeline
