#include "rootzone/soil/richards_column.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <tuple>

#include "column_run.hpp"
#include "lane_run.hpp"
#include "parameter_check.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::soil {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw core::Error(core::ErrorKind::usage, what);
}

void check_soils(const RichardsColumn& column, std::size_t cells) {
  if (column.materials.empty() || column.materials.size() > 255)
    refuse("a column needs 1 to 255 materials, found " + std::to_string(column.materials.size()));
  for (const SoilHydraulics& soil : column.materials) {
    validate(soil);
    if (soil.index() != column.materials.front().index())
      refuse("all materials of a column must follow one hydraulic model; found two");
  }
  if (!column.material_of_cell.empty() && column.material_of_cell.size() != cells)
    refuse("material_of_cell must have one entry per cell (" + std::to_string(cells) + ") or none, found " +
           std::to_string(column.material_of_cell.size()));
  for (const std::uint8_t material : column.material_of_cell)
    if (material >= column.materials.size())
      refuse("material " + std::to_string(material) + " of " + std::to_string(column.materials.size()) +
             "; the first is 0");
}

void check_column(const RichardsColumn& column, std::size_t cells, const ColumnSettings& settings) {
  check_soils(column, cells);
  validate(column.uptake);
  if (!column.root_fraction.empty() && column.root_fraction.size() != cells)
    refuse("root_fraction must have one entry per cell (" + std::to_string(cells) + ") or none, found " +
           std::to_string(column.root_fraction.size()));
  for (const double share : column.root_fraction)
    check_parameter("column", "root_fraction", share, {0.0, 1.0});
  if (column.initial_head_cm.size() != 1 && column.initial_head_cm.size() != cells)
    refuse("initial_head_cm must have one entry, or one per cell (" + std::to_string(cells) + "), found " +
           std::to_string(column.initial_head_cm.size()));
  if (column.start != nullptr) {
    if (column.start->head_cm.size() != cells || column.start->water_content.size() != cells)
      refuse("the state to start from has " + std::to_string(column.start->head_cm.size()) +
             " cells, the grid " + std::to_string(cells));
    if (settings.warm_up_intervals > 0) refuse("a state to start from and a warm-up exclude each other");
  }
  for (const double head : column.initial_head_cm)
    check_parameter("column", "initial_head_cm", head, {-1e7, 1e5});
  check_parameter("column", "bottom_value", column.bottom_value, {-1e7, 1e7});
  if (column.forcing == nullptr) refuse("no forcing");
  column.forcing->validate();
  if (column.top == TopBoundary::head && column.forcing->top_head_cm.empty())
    refuse("a head boundary at the top needs top_head_cm in the forcing");
  if (settings.warm_up_intervals > column.forcing->intervals())
    refuse("warm_up_intervals (" + std::to_string(settings.warm_up_intervals) + ") exceeds the forcing's " +
           std::to_string(column.forcing->intervals()) + " intervals");
}

void check_settings(const ColumnSettings& s) {
  check_parameter("column", "largest_step_d", s.largest_step_d, {1e-6, 1000.0});
  check_parameter("column", "largest_step_in_rain_d", s.largest_step_in_rain_d, {1e-6, 1000.0});
  check_parameter("column", "water_content_change", s.water_content_change, {1e-6, 1.0});
  check_parameter("column", "residual_cm", s.residual_cm, {1e-14, 1e-3});
  check_parameter("column", "driest_surface_head_cm", s.driest_surface_head_cm, {-1e7, -1e3});
  check_parameter("column", "fixed_step_d", s.fixed_step_d, {0.0, 1000.0});
}

/// Room for the results, all missing until a run fills them.
ColumnResult room_for(const RichardsColumn& column, std::size_t cells, const ColumnRequest& request,
                      std::size_t parameters) {
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  const std::size_t n = column.forcing->intervals(), depths = request.depths_cm.size();
  ColumnResult r;
  for (auto* series : {&r.infiltration_cm, &r.evaporation_cm, &r.transpiration_cm, &r.runoff_cm,
                       &r.drainage_cm, &r.storage_cm})
    series->assign(n, missing);
  r.water_content.assign(n * depths, missing);
  if (request.mean_water_content) r.mean_water_content.assign(n * depths, missing);
  if (request.tangent) r.tangent.assign(n * depths * parameters, missing);
  if (request.profiles) {
    r.profile_water_content.assign((n + 1) * cells, missing);
    r.profile_head_cm.assign((n + 1) * cells, missing);
  }
  if (request.interface_fluxes) {
    r.interface_flux_cm.assign(n * (cells + 1), missing);
    r.uptake_cm.assign(n * cells, missing);
  }
  return r;
}

/// Columns that can share lanes.
auto kind_of(const RichardsColumn& column) {
  return std::tuple(model_kind(column.materials.front()), column.top, column.bottom,
                    uptake_kind(column.uptake));
}

}  // namespace

std::vector<std::string_view> tangent_parameter_names(const SoilHydraulics& soil) {
  return std::visit(
      [](const auto& model) {
        std::vector<std::string_view> names(model.parameter_names.begin(), model.parameter_names.end());
        names.emplace_back("half_uptake_pressure_head");
        return names;
      },
      soil);
}

std::vector<ColumnResult> run_columns_with(KernelChoice kernels, const ColumnGrid& grid,
                                           std::span<const RichardsColumn> columns,
                                           const ColumnSettings& settings, const ColumnRequest& request) {
  check_settings(settings);
  std::vector<ColumnResult> results;
  results.reserve(columns.size());
  std::vector<std::size_t> order(columns.size());
  for (std::size_t k = 0; k < columns.size(); ++k) {
    try {
      check_column(columns[k], grid.cells(), settings);
      if (request.tangent && columns[k].start != nullptr)
        refuse("a state to start from and a tangent exclude each other");
    } catch (core::Error& error) {
      error.add_context("column " + std::to_string(k + 1));
      throw;
    }
    const auto parameters =
        static_cast<std::size_t>(kernels(model_kind(columns[k].materials.front())).parameters);
    results.push_back(room_for(columns[k], grid.cells(), request, parameters));
    order[k] = k;
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return kind_of(columns[a]) < kind_of(columns[b]); });
  for (std::size_t from = 0; from < order.size();) {
    std::size_t to = from;
    while (to < order.size() && kind_of(columns[order[to]]) == kind_of(columns[order[from]])) ++to;
    const ColumnKernel kernel = kernels(model_kind(columns[order[from]].materials.front()));
    LaneRun(grid, columns, kernel, settings, request, std::span(order).subspan(from, to - from), results)
        .run();
    from = to;
  }
  return results;
}

std::vector<ColumnResult> run_columns(const ColumnGrid& grid, std::span<const RichardsColumn> columns,
                                      const ColumnSettings& settings, const ColumnRequest& request) {
  return run_columns_with([](ModelKind model) { return column_kernel(model, best_instruction_set()); }, grid,
                          columns, settings, request);
}

}  // namespace rootzone::soil
