#include "rootzone/soil/pedotransfer.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "pedotransfer_members.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"

namespace rootzone::soil {
namespace {

constexpr double smallest_n = 1.1;
constexpr double smallest_alpha_per_cm = 1e-5;
constexpr double largest_alpha_per_cm = 1.0;

constexpr std::array<SoilPropertyInfo, soil_property_count> properties{{
    {SoilProperty::saturated_water_content, "saturated_water_content", "saturated water content", "m3 m-3"},
    {SoilProperty::residual_water_content, "residual_water_content", "residual water content", "m3 m-3"},
    {SoilProperty::van_genuchten_alpha, "van_genuchten_alpha", "van Genuchten alpha", "cm-1"},
    {SoilProperty::van_genuchten_n, "van_genuchten_n", "van Genuchten n", "1"},
    {SoilProperty::saturated_hydraulic_conductivity, "saturated_hydraulic_conductivity",
     "saturated hydraulic conductivity", "cm d-1"},
    {SoilProperty::water_content_33kpa, "water_content_33kpa", "water content at 33 kPa", "m3 m-3"},
    {SoilProperty::water_content_1500kpa, "water_content_1500kpa", "water content at 1500 kPa", "m3 m-3"},
    {SoilProperty::available_water_content, "available_water_content", "available water content", "m3 m-3"},
}};

//                                                           θs     θr     α      n      Ks     θ33   θ1500
//                                                           available
constexpr std::array<PedotransferInfo, 7> functions{{
    {PedotransferFunction::cosby,
     "cosby",
     "Cosby et al. 1984",
     "mineral soils; no range given",
     false,
     false,
     {true, false, false, false, true, true, true, true}},
    {PedotransferFunction::rawls_brakensiek,
     "rawls_brakensiek",
     "Rawls and Brakensiek 1985",
     "sand 5–70 %, clay 5–60 %",
     true,
     false,
     {true, true, true, true, true, true, true, true}},
    {PedotransferFunction::vereecken,
     "vereecken",
     "Vereecken et al. 1989",
     "Belgian soils; no range given",
     true,
     true,
     {true, true, false, false, false, true, true, true}},
    {PedotransferFunction::wosten,
     "wosten",
     "Wösten et al. 1999",
     "European soils with clay, silt and organic matter above 0",
     true,
     true,
     {true, true, true, true, true, true, true, true}},
    {PedotransferFunction::saxton_rawls,
     "saxton_rawls",
     "Saxton and Rawls 2006",
     "clay up to 60 %, organic matter up to 8 %",
     false,
     true,
     {true, false, false, false, true, true, true, true}},
    {PedotransferFunction::weynants,
     "weynants",
     "Weynants et al. 2009, corrected 2017",
     "Belgian soils; no range given",
     true,
     true,
     {true, true, true, true, true, true, true, true}},
    {PedotransferFunction::toth,
     "toth",
     "Tóth et al. 2015",
     "European soils; no range given",
     false,
     true,
     {false, false, false, false, false, true, true, true}},
}};

bool is_percent(double value) {
  return value >= 0.0 && value <= 100.0;
}

Rejection check_input(const PedotransferInfo& info, const SoilSample& sample) {
  const double sum = sample.sand_percent + sample.silt_percent + sample.clay_percent;
  const double carbon = info.uses_organic_carbon ? sample.organic_carbon_percent : 0.0;
  const double density = info.uses_bulk_density ? sample.bulk_density_g_per_cm3 : 1.0;
  if (std::isnan(sum) || std::isnan(carbon) || std::isnan(density)) return Rejection::missing_input;
  const bool texture = is_percent(sample.sand_percent) && is_percent(sample.silt_percent) &&
                       is_percent(sample.clay_percent) &&
                       std::abs(sum - 100.0) <= texture_sum_tolerance_percent;
  const bool rest = carbon >= 0.0 && organic_matter_per_carbon * carbon <= 100.0 && density > 0.0 &&
                    density < particle_density_g_per_cm3;
  return texture && rest ? Rejection::none : Rejection::impossible_input;
}

bool outside_validity(PedotransferFunction function, const SoilSample& sample) {
  if (function == PedotransferFunction::rawls_brakensiek)
    return !(sample.sand_percent > 5.0 && sample.sand_percent < 70.0 && sample.clay_percent > 5.0 &&
             sample.clay_percent < 60.0);
  if (function == PedotransferFunction::saxton_rawls)
    return sample.clay_percent > 60.0 || organic_matter_per_carbon * sample.organic_carbon_percent > 8.0;
  return false;
}

SoilEstimate raw_estimate(PedotransferFunction function, const SoilSample& sample) {
  switch (function) {
    case PedotransferFunction::cosby:
      return estimate_cosby(sample);
    case PedotransferFunction::saxton_rawls:
      return estimate_saxton_rawls(sample);
    case PedotransferFunction::rawls_brakensiek:
      return estimate_rawls_brakensiek(sample);
    case PedotransferFunction::vereecken:
      return estimate_vereecken(sample);
    case PedotransferFunction::wosten:
      return estimate_wosten(sample);
    case PedotransferFunction::weynants:
      return estimate_weynants(sample);
    case PedotransferFunction::toth:
      break;
  }
  return estimate_toth(sample);
}

// Curves whose α and n are not given as van Genuchten–Mualem's, but must make sense too.
Rejection check_vereecken(const SoilSample& sample) {
  const RetentionParameters curve = vereecken_1989(sample);
  // n of m = 1 is the exponent that n − 1 is of Mualem's form.
  if (curve.n < smallest_n - 1.0) return Rejection::small_n;
  const bool alpha =
      curve.alpha_per_cm >= smallest_alpha_per_cm && curve.alpha_per_cm <= largest_alpha_per_cm;
  return alpha ? Rejection::none : Rejection::alpha_bounds;
}

Rejection check_water(const SoilEstimate& estimate) {
  const auto given = [&](SoilProperty property, double otherwise) {
    const double value = estimate[property];
    return std::isnan(value) ? otherwise : value;
  };
  const double saturated = given(SoilProperty::saturated_water_content, 1.0);
  const double moist = estimate[SoilProperty::water_content_33kpa];
  const double dry = estimate[SoilProperty::water_content_1500kpa];
  const double residual = given(SoilProperty::residual_water_content, 0.0);
  const double conductivity = given(SoilProperty::saturated_hydraulic_conductivity, 1.0);
  if (!(residual >= 0.0 && residual <= saturated)) return Rejection::residual_bounds;
  const bool ordered = dry >= 0.0 && moist >= dry && saturated >= moist && saturated <= 1.0;
  return ordered && conductivity > 0.0 ? Rejection::none : Rejection::water_order;
}

Rejection check_result(const PedotransferInfo& info, const SoilSample& sample, const SoilEstimate& estimate) {
  for (std::size_t i = 0; i < soil_property_count; ++i)
    if (info.gives[i] && !std::isfinite(estimate.values[i])) return Rejection::undefined;
  const double n = estimate[SoilProperty::van_genuchten_n];
  if (n < smallest_n) return Rejection::small_n;
  const double alpha = estimate[SoilProperty::van_genuchten_alpha];
  if (alpha < smallest_alpha_per_cm || alpha > largest_alpha_per_cm) return Rejection::alpha_bounds;
  if (info.function == PedotransferFunction::vereecken)
    if (const Rejection found = check_vereecken(sample); found != Rejection::none) return found;
  return check_water(estimate);
}

SoilEstimate dropped(Rejection reason, bool outside) {
  SoilEstimate estimate;
  estimate.rejection = reason;
  estimate.outside_validity = outside;
  return estimate;
}

}  // namespace

std::span<const SoilPropertyInfo> soil_properties() {
  return properties;
}

std::span<const PedotransferInfo> pedotransfer_functions() {
  return functions;
}

const PedotransferInfo& info_of(PedotransferFunction function) {
  return *std::find_if(functions.begin(), functions.end(),
                       [&](const PedotransferInfo& info) { return info.function == function; });
}

PedotransferFunction parse_pedotransfer_function(std::string_view name) {
  std::vector<std::string> names;
  for (const PedotransferInfo& info : functions) {
    if (info.name == name) return info.function;
    names.emplace_back(info.name);
  }
  throw core::Error(core::ErrorKind::usage, "there is no pedotransfer function '" + std::string(name) + "'." +
                                                core::did_you_mean(std::string(name), names));
}

std::string_view describe(Rejection rejection) {
  switch (rejection) {
    case Rejection::none:
      return "used";
    case Rejection::missing_input:
      return "an input is missing";
    case Rejection::impossible_input:
      return "impossible texture, density or organic carbon";
    case Rejection::undefined:
      return "the equations have no finite value";
    case Rejection::small_n:
      return "n below 1.1";
    case Rejection::alpha_bounds:
      return "alpha outside 1e-5 … 1 cm-1";
    case Rejection::residual_bounds:
      return "residual water content outside 0 … saturation";
    case Rejection::water_order:
      break;
  }
  return "water contents out of order";
}

double water_content_mualem(const RetentionParameters& curve, double suction_cm) {
  const double range = curve.saturated_water_content - curve.residual_water_content;
  const double m = 1.0 - 1.0 / curve.n;
  return curve.residual_water_content +
         range * std::pow(1.0 + std::pow(curve.alpha_per_cm * suction_cm, curve.n), -m);
}

double water_content_brooks_corey(double residual, double saturated, double air_entry_head_cm, double lambda,
                                  double suction_cm) {
  if (suction_cm <= air_entry_head_cm) return saturated;
  return residual + (saturated - residual) * std::pow(air_entry_head_cm / suction_cm, lambda);
}

SoilEstimate estimate_of(const MualemParameters& p) {
  SoilEstimate estimate;
  estimate[SoilProperty::saturated_water_content] = p.retention.saturated_water_content;
  estimate[SoilProperty::residual_water_content] = p.retention.residual_water_content;
  estimate[SoilProperty::van_genuchten_alpha] = p.retention.alpha_per_cm;
  estimate[SoilProperty::van_genuchten_n] = p.retention.n;
  estimate[SoilProperty::saturated_hydraulic_conductivity] = p.conductivity_cm_per_day;
  estimate[SoilProperty::water_content_33kpa] = water_content_mualem(p.retention, head_33kpa_cm);
  estimate[SoilProperty::water_content_1500kpa] = water_content_mualem(p.retention, head_1500kpa_cm);
  return estimate;
}

SoilEstimate estimate_soil(PedotransferFunction function, const SoilSample& sample) {
  const PedotransferInfo& info = info_of(function);
  if (const Rejection bad = check_input(info, sample); bad != Rejection::none) return dropped(bad, false);
  const bool outside = outside_validity(function, sample);
  SoilEstimate estimate = raw_estimate(function, sample);
  estimate.outside_validity = outside;
  estimate[SoilProperty::available_water_content] =
      estimate[SoilProperty::water_content_33kpa] - estimate[SoilProperty::water_content_1500kpa];
  const Rejection bad = check_result(info, sample, estimate);
  return bad == Rejection::none ? estimate : dropped(bad, outside);
}

}  // namespace rootzone::soil
