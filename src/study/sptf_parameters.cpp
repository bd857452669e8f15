#include "rootzone/study/sptf_parameters.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "rootzone/core/error.hpp"

namespace rootzone::study {
namespace {

constexpr double lowest_saturation = 0.32;
constexpr double lowest_ceiling = 0.41;

constexpr std::array<SptfRange, sptf_parameter_count> fxw_ranges{{
    {"saturated_water_content", "m3 m-3", lowest_saturation, lowest_ceiling, SptfScale::linear},
    {"alpha", "cm-1", 0.2, 0.0015, SptfScale::logarithmic},
    {"n", "1", 1.05, 13.5, SptfScale::logarithmic},
    {"saturated_hydraulic_conductivity", "cm d-1", 0.5, 8000.0, SptfScale::logarithmic},
    {"m", "1", 0.2, 1.6, SptfScale::linear},
    {"half_uptake_pressure_head", "cm", -50.0, -2000.0, SptfScale::logarithmic},
}};
constexpr std::array<SptfRange, sptf_parameter_count> vgm_ranges{{
    {"saturated_water_content", "m3 m-3", lowest_saturation, lowest_ceiling, SptfScale::linear},
    {"alpha", "cm-1", 0.23, 0.0015, SptfScale::logarithmic},
    {"n", "1", 1.05, 8.0, SptfScale::logarithmic},
    {"saturated_hydraulic_conductivity", "cm d-1", 0.3, 8000.0, SptfScale::logarithmic},
    {"residual_water_content", "m3 m-3", 0.0, 0.15, SptfScale::linear},
    {"half_uptake_pressure_head", "cm", -50.0, -2000.0, SptfScale::logarithmic},
}};

SptfRange site_range(SptfModel model, std::size_t parameter, double ceiling) {
  SptfRange range = sptf_ranges(model)[parameter];
  if (parameter == 0) range.high = ceiling;
  return range;
}

double from_unit(const SptfRange& range, double unit) {
  if (range.scale == SptfScale::linear) return range.low + unit * (range.high - range.low);
  return range.low * std::exp(unit * std::log(range.high / range.low));
}

}  // namespace

std::string_view sptf_model_name(SptfModel model) {
  return model == SptfModel::fredlund_xing ? "fxw" : "vgm";
}

SptfModel sptf_model(std::string_view name) {
  if (name == "fxw") return SptfModel::fredlund_xing;
  if (name == "vgm") return SptfModel::van_genuchten;
  throw core::Error(core::ErrorKind::usage,
                    "'" + std::string(name) + "' is no hydraulic model; expected fxw or vgm");
}

std::span<const SptfRange, sptf_parameter_count> sptf_ranges(SptfModel model) {
  return model == SptfModel::fredlund_xing ? fxw_ranges : vgm_ranges;
}

double saturation_ceiling(std::span<const float> observed) {
  double ceiling = lowest_ceiling;
  for (const float value : observed)
    if (static_cast<double>(value) > ceiling) ceiling = static_cast<double>(value);  // false for NaN
  return ceiling;
}

SptfParameters sptf_physical(SptfModel model, const SptfParameters& unit, double ceiling) {
  SptfParameters physical{};
  for (std::size_t k = 0; k < sptf_parameter_count; ++k)
    physical[k] = from_unit(site_range(model, k, ceiling), unit[k]);
  return physical;
}

SptfParameters sptf_physical_slope(SptfModel model, const SptfParameters& unit, double ceiling) {
  SptfParameters slope{};
  for (std::size_t k = 0; k < sptf_parameter_count; ++k) {
    const SptfRange range = site_range(model, k, ceiling);
    slope[k] = range.scale == SptfScale::linear
                   ? range.high - range.low
                   : from_unit(range, unit[k]) * std::log(range.high / range.low);
  }
  return slope;
}

SptfParameters sptf_unit(SptfModel model, const SptfParameters& physical, double ceiling) {
  SptfParameters unit{};
  for (std::size_t k = 0; k < sptf_parameter_count; ++k) {
    const SptfRange range = site_range(model, k, ceiling);
    unit[k] = range.scale == SptfScale::linear
                  ? (physical[k] - range.low) / (range.high - range.low)
                  : std::log(physical[k] / range.low) / std::log(range.high / range.low);
  }
  return unit;
}

}  // namespace rootzone::study
