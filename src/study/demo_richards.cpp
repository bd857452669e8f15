#include "demo_richards.hpp"

#include <cmath>
#include <string>

#include "rootzone/core/error.hpp"

namespace rootzone::study {
namespace {

constexpr double quarter_d = 1.0 / column_quarters;

/// Cells of each layer, cm.
const std::vector<std::vector<double>> layer_cells{
    {1.0, 1.5, 2.5}, {5.0}, {5.0, 5.0}, {7.5, 7.5}, {7.5, 7.5}, {10.0, 15.0, 25.0}, {40.0, 60.0}};

soil::ColumnGrid demo_grid() {
  std::vector<double> thickness;
  for (const auto& cells : layer_cells) thickness.insert(thickness.end(), cells.begin(), cells.end());
  return soil::ColumnGrid(std::move(thickness));
}

soil::BrooksCorey brooks_corey(const LayerSoil& layer) {
  soil::BrooksCorey soil;
  soil.saturated_water_content = layer.porosity;
  soil.residual_water_content = 0.0;
  soil.air_entry_head_cm = -0.1 * layer.air_entry_mm;
  soil.n = 1.0 / layer.clapp_hornberger_b;
  soil.saturated_conductivity_cm_d = 0.1 * layer.saturated_conductivity_mm_d;
  soil.conductivity_exponent = 2.0 * layer.clapp_hornberger_b + 3.0;
  return soil;
}

/// The days of one lane in quarters.
soil::ColumnForcing quarters(std::span<const ColumnForcing> forcing, std::span<const SurfaceDay> surface,
                             std::size_t lane) {
  soil::ColumnForcing out;
  for (std::size_t d = 0; d < forcing.size(); ++d)
    for (int q = 0; q < column_quarters; ++q) {
      const double share = 0.1 * evaporation_share[static_cast<std::size_t>(q)] / quarter_d;  // mm/d to cm/d
      const double rain =
          q == forcing[d].rain_quarter ? 0.1 * surface[d].infiltration_mm[lane] / quarter_d : 0.0;
      out.duration_d.push_back(quarter_d);
      out.precipitation_cm_d.push_back(rain);
      out.potential_evaporation_cm_d.push_back(share * surface[d].soil_demand_mm[lane]);
      out.potential_transpiration_cm_d.push_back(share * surface[d].plant_demand_mm[lane]);
    }
  return out;
}

}  // namespace

RichardsBatch::RichardsBatch() : m_grid(demo_grid()) {
  for (std::size_t layer = 0; layer < column_layers; ++layer)
    m_first_cell[layer + 1] = m_first_cell[layer] + layer_cells[layer].size();
}

void RichardsBatch::add(std::size_t lane, const ColumnSoil& soil, ColumnState& state) {
  Lane made;
  made.lane = lane;
  made.column.uptake = soil::FeddesUptake{-10.0, -25.0, -400.0, -800.0, -15296.0, 0.5, 0.1};
  for (std::size_t layer = 0; layer < column_layers; ++layer) {
    made.column.materials.emplace_back(brooks_corey(soil.layers[layer]));
    const double thickness = column_edges_cm[layer + 1] - column_edges_cm[layer];
    for (std::size_t i = m_first_cell[layer]; i < m_first_cell[layer + 1]; ++i) {
      made.column.material_of_cell.push_back(static_cast<std::uint8_t>(layer));
      made.column.root_fraction.push_back(soil.root_fraction[layer] * m_grid.thickness_cm()[i] / thickness);
      const double theta = soil.layers[layer].field_capacity();
      made.state.water_content.push_back(theta);
      made.state.head_cm.push_back(soil::pressure_head_cm(made.column.materials.back(), theta));
    }
    state.water_mm[layer][lane] = 10.0 * thickness * soil.layers[layer].field_capacity();
  }
  m_lanes.push_back(std::move(made));
}

void RichardsBatch::advance(std::span<const ColumnForcing> forcing, std::span<const SurfaceDay> surface,
                            std::span<ColumnDay> days, ColumnState& state) {
  std::vector<soil::ColumnForcing> weather;
  weather.reserve(m_lanes.size());
  std::vector<soil::RichardsColumn> columns;
  for (Lane& lane : m_lanes) {
    weather.push_back(quarters(forcing, surface, lane.lane));
    columns.push_back(lane.column);
    columns.back().forcing = &weather.back();
    columns.back().start = &lane.state;
  }
  soil::ColumnSettings settings;
  settings.largest_step_in_rain_d = quarter_d;
  settings.water_content_change = 0.02;
  soil::ColumnRequest request;
  request.profiles = true;
  auto results = run_columns(m_grid, columns, settings, request);
  for (std::size_t k = 0; k < results.size(); ++k) {
    if (results[k].status != soil::ColumnStatus::complete)
      throw core::Error(core::ErrorKind::internal, "the demo's soil column could not be solved in lane " +
                                                       std::to_string(m_lanes[k].lane));
    write_lane(results[k], m_lanes[k].lane, days, state);
    m_lanes[k].state = std::move(results[k].end);
  }
}

void RichardsBatch::write_lane(const soil::ColumnResult& result, std::size_t lane, std::span<ColumnDay> days,
                               ColumnState& state) const {
  for (std::size_t d = 0; d < days.size(); ++d) {
    ColumnDay& day = days[d];
    for (std::size_t q = 0; q < column_quarters; ++q) {
      const std::size_t interval = d * column_quarters + q;
      day.evaporation_mm[lane] +=
          10.0 * (result.evaporation_cm[interval] + result.transpiration_cm[interval]);
      day.runoff_mm[lane] += 10.0 * result.runoff_cm[interval];
      day.recharge_mm[lane] += 10.0 * result.drainage_cm[interval];
      const double* theta = &result.profile_water_content[(interval + 1) * m_grid.cells()];
      for (std::size_t layer = 0; layer < column_layers; ++layer) {
        double water = 0.0;
        for (std::size_t i = m_first_cell[layer]; i < m_first_cell[layer + 1]; ++i)
          water += 10.0 * m_grid.thickness_cm()[i] * theta[i];
        day.water_mm[q][layer][lane] = water;
      }
    }
  }
  for (std::size_t layer = 0; layer < column_layers; ++layer)
    state.water_mm[layer][lane] = days.back().water_mm[column_quarters - 1][layer][lane];
}

}  // namespace rootzone::study
