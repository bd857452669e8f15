#include "rootzone/uptake/storage_balance.hpp"

#include <cassert>
#include <stdexcept>
#include <variant>

namespace rootzone::uptake {

void ProfileInterval::validate() const {
  if (thickness_cm.empty() || initial_water_content.size() != thickness_cm.size() ||
      final_water_content.size() != thickness_cm.size())
    throw std::invalid_argument("profile: one water content per layer expected at both ends");
  for (double thickness : thickness_cm)
    if (!(thickness > 0.0)) throw std::invalid_argument("profile: positive thicknesses expected");
}

void balance_uptake(const ProfileInterval& interval, std::span<const double> drainage_cm,
                    std::span<double> uptake_cm) {
  const std::size_t layers = interval.thickness_cm.size();
  assert(drainage_cm.size() == layers && uptake_cm.size() == layers);
  double inflow_cm = interval.precipitation_cm - interval.evaporation_cm;
  for (std::size_t i = 0; i < layers; ++i) {
    const double storage_change_cm =
        interval.thickness_cm[i] * (interval.final_water_content[i] - interval.initial_water_content[i]);
    uptake_cm[i] = inflow_cm - drainage_cm[i] - storage_change_cm;
    inflow_cm = drainage_cm[i];
  }
}

void darcy_fluxes(std::span<const double> thickness_cm, std::span<const double> conductivity_cm_d,
                  std::span<const double> head_cm, std::span<double> flux_cm_d) {
  const std::size_t layers = thickness_cm.size();
  assert(conductivity_cm_d.size() == layers && head_cm.size() == layers && flux_cm_d.size() == layers);
  for (std::size_t i = 0; i + 1 < layers; ++i) {
    const double distance_cm = 0.5 * (thickness_cm[i] + thickness_cm[i + 1]);
    const double conductivity = 0.5 * (conductivity_cm_d[i] + conductivity_cm_d[i + 1]);
    flux_cm_d[i] = -conductivity * ((head_cm[i + 1] - head_cm[i]) / distance_cm - 1.0);
  }
  if (layers > 0) flux_cm_d[layers - 1] = conductivity_cm_d[layers - 1];
}

void hydraulic_state(std::span<const soil::SoilHydraulics> soil, std::span<const double> water_content,
                     std::span<double> conductivity_cm_d, std::span<double> head_cm) {
  assert(soil.size() == 1 || soil.size() == water_content.size());
  for (std::size_t i = 0; i < water_content.size(); ++i)
    std::visit(
        [&](const auto& model) {
          head_cm[i] = model.pressure_head_cm(water_content[i]);
          conductivity_cm_d[i] = model.conductivity_cm_d(head_cm[i]);
        },
        soil[soil.size() == 1 ? 0 : i]);
}

DrainageWorkspace::DrainageWorkspace(std::size_t layers)
    : m_conductivity(layers), m_head(layers), m_final(layers) {}

void trapezoid_drainage(const ProfileInterval& interval, std::span<const soil::SoilHydraulics> soil,
                        double interval_days, DrainageWorkspace& workspace, std::span<double> drainage_cm) {
  const std::span<const double> thickness = interval.thickness_cm;
  assert(workspace.m_head.size() == thickness.size() && drainage_cm.size() == thickness.size());
  hydraulic_state(soil, interval.initial_water_content, workspace.m_conductivity, workspace.m_head);
  darcy_fluxes(thickness, workspace.m_conductivity, workspace.m_head, drainage_cm);
  hydraulic_state(soil, interval.final_water_content, workspace.m_conductivity, workspace.m_head);
  darcy_fluxes(thickness, workspace.m_conductivity, workspace.m_head, workspace.m_final);
  for (std::size_t i = 0; i < thickness.size(); ++i)
    drainage_cm[i] = 0.5 * (drainage_cm[i] + workspace.m_final[i]) * interval_days;
}

}  // namespace rootzone::uptake
