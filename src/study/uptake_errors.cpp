#include "rootzone/study/uptake_errors.hpp"

#include <algorithm>
#include <cmath>
#include <variant>

#include "rootzone/core/error.hpp"

namespace rootzone::study {
namespace {

using core::Error;
using core::ErrorKind;

/// A factor of the unit cube as a number in (−1, 1).
double centred(double unit) {
  return 2.0 * unit - 1.0;
}

soil::SoilHydraulics perturbed(soil::BrooksCorey soil, std::span<const double> f) {
  const bool exponent_follows =
      std::abs(soil.conductivity_exponent / soil::BrooksCorey::exponent_of(soil.n) - 1.0) < 1e-9;
  soil.saturated_water_content *= f[0];
  soil.residual_water_content *= f[1];
  soil.n *= f[2];
  soil.air_entry_head_cm *= f[3];
  soil.saturated_conductivity_cm_d *= f[4];
  if (exponent_follows) soil.conductivity_exponent = soil::BrooksCorey::exponent_of(soil.n);
  return soil;
}

soil::SoilHydraulics perturbed(soil::VanGenuchten soil, std::span<const double> f) {
  soil.saturated_water_content *= f[0];
  soil.residual_water_content *= f[1];
  soil.n = 1.0 + (soil.n - 1.0) * f[2];
  soil.alpha_per_cm *= f[3];
  soil.saturated_conductivity_cm_d *= f[4];
  return soil;
}

soil::SoilHydraulics perturbed(soil::FredlundXing soil, std::span<const double> f) {
  soil.saturated_water_content *= f[0];
  soil.m *= f[1];
  soil.n = 1.0 + (soil.n - 1.0) * f[2];
  soil.alpha_per_cm *= f[3];
  soil.saturated_conductivity_cm_d *= f[4];
  return soil;
}

std::vector<std::string> names_of(const soil::BrooksCorey&) {
  return {"saturated_water_content", "residual_water_content", "n", "air_entry_head",
          "saturated_conductivity"};
}
std::vector<std::string> names_of(const soil::VanGenuchten&) {
  return {"saturated_water_content", "residual_water_content", "n", "alpha", "saturated_conductivity"};
}
std::vector<std::string> names_of(const soil::FredlundXing&) {
  return {"saturated_water_content", "m", "n", "alpha", "saturated_conductivity"};
}

void check_error(const char* name, double error) {
  if (!(error >= 0.0 && error < 1.0))
    throw Error(ErrorKind::usage, std::string("the error of ") + name +
                                      " should be at least 0 and below 1, found " + std::to_string(error));
}

}  // namespace

std::string_view name_of(ErrorCase error_case) {
  switch (error_case) {
    case ErrorCase::soil:
      return "soil";
    case ErrorCase::data:
      return "data";
    case ErrorCase::both:
      return "both";
  }
  return "";
}

void InversionErrors::validate() const {
  check_error("the soil's parameters", soil);
  check_error("water content", water_content);
  check_error("evaporation", evaporation);
  check_error("precipitation", precipitation);
}

std::vector<std::string> uncertain_parameters(const soil::SoilHydraulics& soil) {
  return std::visit([](const auto& model) { return names_of(model); }, soil);
}

soil::SoilHydraulics perturbed_soil(const soil::SoilHydraulics& soil, std::span<const double> factors) {
  return std::visit([&](const auto& model) { return perturbed(model, factors); }, soil);
}

InversionUnderErrors::InversionUnderErrors(LayeredInterval interval, std::vector<soil::SoilHydraulics> soil,
                                           const InversionErrors& errors, ErrorCase error_case)
    : m_interval(std::move(interval)),
      m_soil(std::move(soil)),
      m_errors(errors),
      m_soil_now(m_soil),
      m_initial(m_interval.initial_water_content),
      m_final(m_interval.final_water_content),
      m_drainage(m_interval.thickness_cm.size()),
      m_workspace(m_interval.thickness_cm.size()) {
  m_errors.validate();
  uptake::ProfileInterval{m_interval.thickness_cm, m_initial, m_final}.validate();
  if (m_soil.empty() || (m_soil.size() > 1 && m_soil.size() != m_interval.thickness_cm.size()))
    throw Error(ErrorKind::internal, "uptake errors: one soil, or one per layer expected");
  if (error_case != ErrorCase::data && errors.soil > 0.0) add_soil_parameters();
  if (error_case == ErrorCase::soil) return;
  m_water_varies = errors.water_content > 0.0;
  m_evaporation_varies = errors.evaporation > 0.0 && m_interval.evaporation_cm != 0.0;
  m_precipitation_varies = errors.precipitation > 0.0 && m_interval.precipitation_cm != 0.0;
  if (m_water_varies) m_water_at = add_group("theta", 2 * m_initial.size());
  if (m_evaporation_varies) m_evaporation_at = add_group("evaporation", 1);
  if (m_precipitation_varies) m_precipitation_at = add_group("precipitation", 1);
}

void InversionUnderErrors::add_soil_parameters() {
  const std::vector<std::string> names = uncertain_parameters(m_soil.front());
  const std::vector<std::string>& known = m_errors.known_parameters;
  for (const std::string& name : known)
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      std::string list;
      for (const std::string& one : names) list += (list.empty() ? "" : ", ") + one;
      throw Error(ErrorKind::usage, "the errors name '" + name +
                                        "' as known, which is no parameter of the soil; it has: " + list);
    }
  m_soil_factors.assign(names.size(), 1.0);
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (std::find(known.begin(), known.end(), names[k]) != known.end()) continue;
    m_soil_parameters.push_back(k);
    add_group(names[k], 1);
  }
}

std::size_t InversionUnderErrors::add_group(const std::string& name, std::size_t factors) {
  const std::size_t first = m_factors;
  stats::FactorGroup group{name, {}};
  for (std::size_t i = 0; i < factors; ++i) group.factors.push_back(m_factors++);
  m_groups.push_back(std::move(group));
  return first;
}

void InversionUnderErrors::uptake(std::span<const double> point, std::span<double> uptake_cm) {
  const std::size_t layers = m_initial.size();
  if (!m_soil_parameters.empty()) {
    for (std::size_t k = 0; k < m_soil_parameters.size(); ++k)
      m_soil_factors[m_soil_parameters[k]] = 1.0 + m_errors.soil * centred(point[k]);
    for (std::size_t i = 0; i < m_soil.size(); ++i) m_soil_now[i] = perturbed_soil(m_soil[i], m_soil_factors);
  }
  if (m_water_varies) {
    const bool relative = m_errors.water_content_kind == WaterErrorKind::relative;
    const auto in_error = [&](double theta, std::size_t factor) {
      const double error = m_errors.water_content * centred(point[m_water_at + factor]);
      return relative ? theta * (1.0 + error) : theta + error;
    };
    for (std::size_t i = 0; i < layers; ++i) {
      m_initial[i] = in_error(m_interval.initial_water_content[i], i);
      m_final[i] = in_error(m_interval.final_water_content[i], layers + i);
    }
  }
  uptake::ProfileInterval profile{m_interval.thickness_cm, m_initial, m_final, m_interval.precipitation_cm,
                                  m_interval.evaporation_cm};
  if (m_evaporation_varies)
    profile.evaporation_cm *= 1.0 + m_errors.evaporation * centred(point[m_evaporation_at]);
  if (m_precipitation_varies)
    profile.precipitation_cm *= 1.0 + m_errors.precipitation * centred(point[m_precipitation_at]);
  uptake::trapezoid_drainage(profile, m_soil_now, m_interval.interval_days, m_workspace, m_drainage);
  uptake::balance_uptake(profile, m_drainage, uptake_cm);
}

}  // namespace rootzone::study
