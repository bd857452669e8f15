#pragma once
#include <optional>
#include <string>
#include <vector>

#include "rootzone/soil/pedotransfer.hpp"
#include "stage_context.hpp"

namespace rootzone::pipeline {

/// A map that a property is set beside: another model's, or a measured one.
struct PedotransferReference {
  soil::SoilProperty property = soil::SoilProperty::water_content_33kpa;
  std::string name;  ///< of the layer
  PixelParameter values{0.0};
};

/// All a pedotransfer stage is made of.
struct PedotransferJob {
  std::vector<soil::PedotransferFunction> functions;
  PixelParameter sand_percent{0.0};
  std::optional<PixelParameter> silt_percent;  ///< else what sand and clay leave
  PixelParameter clay_percent{0.0};
  std::optional<PixelParameter> bulk_density_g_per_cm3;
  std::optional<PixelParameter> organic_carbon_percent;
  bool topsoil = true;
  bool density_is_assumed = false;  ///< one number for the whole map
  bool carbon_is_assumed = false;
  std::optional<PixelParameter> root_depth_mm;
  std::string suffix;         ///< behind every variable's name
  std::vector<float> inside;  ///< share of each cell in the basin; empty: everywhere
  std::vector<PedotransferReference> references;
  std::string reference_title;
  std::int64_t cells = 0;

  bool is_inside(std::int64_t cell) const {
    return inside.empty() || inside[static_cast<std::size_t>(cell)] > 0.0F;
  }
  soil::SoilSample sample(std::int64_t cell) const;
  /// In the order of `functions`.
  std::vector<soil::SoilEstimate> estimates(std::int64_t cell) const;
  /// The functions that give a property, as positions in `functions`.
  std::vector<std::size_t> functions_that_give(soil::SoilProperty property) const;
  /// Of the median; the others put their words behind it.
  std::string variable(soil::SoilProperty property) const;
};

PedotransferJob read_pedotransfer_job(const nlohmann::json& settings, StageContext& context);

}  // namespace rootzone::pipeline
