#include "rootzone/study/sptf_network.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "rootzone/core/error.hpp"
#include "rootzone/sptf/predictor.hpp"

namespace rootzone::study {
namespace {

constexpr std::size_t places_at_once = 48;

std::span<const float> series_of(const SptfSite& site, const std::string& variable) {
  if (variable == "surface_soil_moisture") return site.surface_soil_moisture;
  if (variable == "precipitation") return site.precipitation_mm;
  if (variable == "potential_evapotranspiration") return site.potential_evapotranspiration_mm;
  if (variable == "leaf_area_index") return site.leaf_area_index;
  if (variable == "land_surface_temperature") return site.land_surface_temperature_c;
  throw core::Error(core::ErrorKind::data,
                    "the network asks for '" + variable + "', which sites do not have");
}

double constant_of(const SiteSoil& soil, const std::string& variable) {
  if (variable == "sand") return soil.sand;
  if (variable == "silt") return soil.silt;
  if (variable == "clay") return soil.clay;
  if (variable == "bulk_density") return soil.bulk_density;
  throw core::Error(core::ErrorKind::data,
                    "the network asks for '" + variable + "', which sites do not have");
}

void set_place(sptf::Predictor& predictor, const sptf::Network& network, std::int64_t place,
               const InputWindow& window, std::size_t days) {
  std::vector<std::span<const float>> daily;
  for (const std::string& variable : sptf::Predictor::daily_variables(network))
    daily.push_back(series_of(*window.site, variable).subspan(window.first_day, days));
  std::vector<double> constants;
  for (const std::string& variable : sptf::Predictor::constant_variables(network))
    constants.push_back(constant_of(window.site->soil, variable));
  predictor.set(place, daily, constants);
}

SptfParameters unit_of(SptfModel model, const sptf::SoilEstimate& estimate, double ceiling) {
  const SptfParameters physical{
      estimate.saturated_water_content,           estimate.alpha_per_cm, estimate.n,
      estimate.saturated_conductivity_cm_per_day, estimate.shape,        estimate.half_uptake_head_cm};
  return sptf_unit(model, physical, ceiling);
}

}  // namespace

SptfModel sptf_model_of(sptf::HydraulicModel model) {
  return model == sptf::HydraulicModel::fredlund_xing ? SptfModel::fredlund_xing : SptfModel::van_genuchten;
}

sptf::Network make_network(SptfModel model, const sptf::LstmWeights& weights) {
  sptf::Network network;
  network.model = model == SptfModel::fredlund_xing ? sptf::HydraulicModel::fredlund_xing
                                                    : sptf::HydraulicModel::van_genuchten;
  network.weights = weights;
  network.readout = {sptf::OutputActivation::sigmoid, sptf::Aggregation::mean};
  const auto add = [&](std::span<const SptfInput> inputs, bool constant) {
    for (const SptfInput& input : inputs)
      network.inputs.push_back({std::string(input.name), std::string(input.units), constant,
                                static_cast<double>(input.offset), static_cast<double>(input.scale)});
  };
  add(sptf_daily_inputs(), false);
  add(sptf_constant_inputs(), true);
  network.outputs = sptf::published_outputs(network.model);
  return network;
}

double window_ceiling(const InputWindow& window, std::size_t days) {
  return saturation_ceiling(std::span(window.site->surface_soil_moisture).subspan(window.first_day, days));
}

WindowPredictor network_predictor(const sptf::Network& network, core::ParallelFor parallel_for) {
  return [&network, parallel_for = std::move(parallel_for)](std::span<const InputWindow> windows,
                                                            std::size_t days) {
    std::vector<SptfParameters> units(windows.size());
    const std::size_t blocks = (windows.size() + places_at_once - 1) / places_at_once;
    parallel_for(static_cast<std::int64_t>(blocks), [&](std::int64_t block) {
      const std::size_t first = static_cast<std::size_t>(block) * places_at_once;
      const std::size_t count = std::min(places_at_once, windows.size() - first);
      sptf::Predictor predictor(network, sptf::best_instruction_set(), static_cast<std::int64_t>(days),
                                static_cast<std::int64_t>(places_at_once));
      for (std::size_t i = 0; i < count; ++i)
        set_place(predictor, network, static_cast<std::int64_t>(i), windows[first + i], days);
      const std::vector<sptf::SoilEstimate> estimates = predictor.run(static_cast<std::int64_t>(count));
      for (std::size_t i = 0; i < count; ++i)
        units[first + i] =
            unit_of(sptf_model_of(network.model), estimates[i], window_ceiling(windows[first + i], days));
    });
    return units;
  };
}

}  // namespace rootzone::study
