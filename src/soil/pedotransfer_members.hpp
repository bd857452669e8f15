#pragma once
#include "rootzone/soil/pedotransfer.hpp"
#include "rootzone/soil/pedotransfer_functions.hpp"

namespace rootzone::soil {

/// What each function makes of a soil, in the common units; NaN where it says nothing. No check.
SoilEstimate estimate_cosby(const SoilSample& sample);
SoilEstimate estimate_saxton_rawls(const SoilSample& sample);
SoilEstimate estimate_rawls_brakensiek(const SoilSample& sample);
SoilEstimate estimate_vereecken(const SoilSample& sample);
SoilEstimate estimate_wosten(const SoilSample& sample);
SoilEstimate estimate_weynants(const SoilSample& sample);
SoilEstimate estimate_toth(const SoilSample& sample);

/// Of van Genuchten–Mualem parameters: themselves, and θ at 33 and 1500 kPa by their curve.
SoilEstimate estimate_of(const MualemParameters& parameters);

}  // namespace rootzone::soil
