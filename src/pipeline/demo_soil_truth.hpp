#pragma once
#include "demo_context.hpp"

namespace rootzone::pipeline {

/// The true hydraulic properties of the top 10 cm, truth/soil/<variable>.tif: what the process model runs on,
/// without the errors of the soil maps. Open water is missing.
void write_demo_soil_truth(const DemoContext& context);

}  // namespace rootzone::pipeline
