#pragma once
#include "smar_stage.hpp"

namespace rootzone::pipeline {

/// SMAR parameters of every cell from a regression file (docs/regionalisation.md): by its equations, or from
/// its station table by the method the settings or the file name. Cells with a predictor outside the range
/// seen are marked extrapolated. Where the file says how large the error is, its covariance comes with the
/// layers (unless `ensemble = 0`). Error(usage) for a file that is none, Error(data) for one of another
/// scheme, or that refuses a parameter.
SmarLayers smar_regression_layers(const nlohmann::json& settings, StageContext& context);

}  // namespace rootzone::pipeline
