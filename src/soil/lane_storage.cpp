#include "lane_storage.hpp"

#include <algorithm>
#include <cmath>

#include "coefficients.hpp"

namespace rootzone::soil {
namespace {

double floor_of(const SoilHydraulics& soil) {
  if (const auto* model = std::get_if<VanGenuchten>(&soil)) return model->residual_water_content;
  if (const auto* model = std::get_if<BrooksCorey>(&soil)) return model->residual_water_content;
  return 0.0;
}

void coefficients_of(const SoilHydraulics& soil, double* out) {
  if (const auto* model = std::get_if<VanGenuchten>(&soil)) van_genuchten_coefficients(*model, out);
  if (const auto* model = std::get_if<FredlundXing>(&soil)) fredlund_xing_coefficients(*model, out);
  if (const auto* model = std::get_if<BrooksCorey>(&soil)) brooks_corey_coefficients(*model, out);
}

std::size_t material_of(const RichardsColumn& column, std::size_t cell) {
  return column.material_of_cell.empty() ? 0 : column.material_of_cell[cell];
}

double value_at(const std::vector<double>& series, std::size_t interval, double otherwise) {
  return series.empty() ? otherwise : series[interval];
}

/// Feddes' h3 between its two values by the demand.
double feddes_h3(const FeddesUptake& uptake, double demand) {
  const double span = uptake.high_demand_cm_d - uptake.low_demand_cm_d;
  const double share = std::clamp((demand - uptake.low_demand_cm_d) / span, 0.0, 1.0);
  return uptake.h3_low_cm + share * (uptake.h3_high_cm - uptake.h3_low_cm);
}

}  // namespace

ModelKind model_kind(const SoilHydraulics& soil) {
  if (std::holds_alternative<FredlundXing>(soil)) return ModelKind::fredlund_xing;
  if (std::holds_alternative<BrooksCorey>(soil)) return ModelKind::brooks_corey;
  return ModelKind::van_genuchten;
}

UptakeKind uptake_kind(const UptakeModel& uptake) {
  if (const auto* model = std::get_if<SShapedUptake>(&uptake))
    return model->exponent == 3.0 ? UptakeKind::s_shaped_cubic : UptakeKind::s_shaped;
  return std::holds_alternative<FeddesUptake>(uptake) ? UptakeKind::feddes : UptakeKind::prescribed;
}

double* LaneStorage::rows(int count) {
  m_memory.emplace_back(static_cast<std::size_t>(count));
  return m_memory.back().data()->value;
}

LaneStorage::LaneStorage(const ColumnGrid& grid, const ColumnKernel& kernel, const ColumnSettings& settings,
                         const ColumnRequest& request, const RichardsColumn& like)
    : m_grid(grid),
      m_face_conductivity(kernel.face_conductivity),
      m_thickness(grid.thickness_cm().begin(), grid.thickness_cm().end()) {
  const std::size_t n = grid.cells();
  m_per_distance.resize(n, 0.0);
  m_upper_weight.resize(n, 0.0);
  for (std::size_t i = 1; i < n; ++i) {
    m_per_distance[i] = 1.0 / (grid.centre_cm()[i] - grid.centre_cm()[i - 1]);
    m_upper_weight[i] = m_thickness[i - 1] / (m_thickness[i - 1] + m_thickness[i]);
  }
  LaneBatch& b = m_batch;
  const int cells = b.cells = static_cast<int>(n);
  b.coefficient_count = kernel.coefficient_count;
  b.parameters = request.tangent ? kernel.parameters : 0;
  b.top = like.top;
  b.bottom = like.bottom;
  b.uptake = uptake_kind(like.uptake);
  b.keep_interfaces = request.interface_fluxes;
  b.residual_cm = settings.residual_cm;
  b.driest_surface_head_cm = settings.driest_surface_head_cm;
  b.thickness = m_thickness.data();
  b.per_distance = m_per_distance.data();
  b.upper_weight = m_upper_weight.data();
  b.coefficients = rows(cells * kernel.coefficient_count);
  for (double** array : {&b.floor_water_content, &b.root_fraction, &b.seed, &b.head, &b.start_head,
                         &b.start_water_content, &b.water_content, &b.capacity, &b.conductivity,
                         &b.conductivity_slope, &b.stress, &b.stress_slope, &b.uptake_totals, &b.mean_totals})
    *array = rows(cells);
  b.uptake_values = rows(8);
  b.surface = rows(2);
  b.drive = rows(LaneBatch::drives);
  b.step = rows(1);
  b.worst_residual = rows(1);
  b.worst_change = rows(1);
  b.totals = rows(LaneBatch::sums);
  b.interface_totals = rows(cells + 1);
  const int parameters = std::max(b.parameters, 1);
  b.surface_by = rows(2 * parameters);
  b.top_conductivity_by = rows(parameters);
  b.bottom_conductivity_by = rows(parameters);
  b.tangent = rows(cells * parameters);
  b.work = rows(LaneBatch::work_rows(cells, parameters));
  // Lanes without a column run along on this soil, in rest.
  for (int lane = 0; lane < lane_count; ++lane) load(lane, like, -1);
}

void LaneStorage::face_conductivity(int lane, const SoilHydraulics& soil, double head_cm, double seed,
                                    double* k, double* k_by) {
  set(k, 0, lane,
      m_face_conductivity != nullptr ? m_face_conductivity(head_cm)
                                     : hydraulic_point(soil, head_cm).conductivity_cm_d);
  if (m_batch.parameters == 0) return;
  std::visit(
      [&](const auto& model) {
        const auto by = model.derivatives(head_cm).conductivity;
        for (std::size_t p = 0; p < by.size(); ++p) set(k_by, static_cast<int>(p), lane, seed * by[p]);
        set(k_by, static_cast<int>(by.size()), lane, 0.0);
      },
      soil);
}

void LaneStorage::load_surface(int lane, const RichardsColumn& column, double seed) {
  const SoilHydraulics& soil = column.materials[material_of(column, 0)];
  face_conductivity(lane, soil, 0.0, seed, m_batch.surface, m_batch.surface_by);
  face_conductivity(lane, soil, m_batch.driest_surface_head_cm, seed, m_batch.surface + lane_count,
                    m_batch.surface_by + m_batch.parameters * lane_count);
}

void LaneStorage::load_uptake(int lane, const UptakeModel& uptake) {
  double* values = m_batch.uptake_values;
  if (const auto* model = std::get_if<SShapedUptake>(&uptake)) {
    set(values, 0, lane, -model->half_head_cm);
    set(values, 1, lane, model->exponent);
  }
  if (const auto* model = std::get_if<FeddesUptake>(&uptake)) {
    set(values, 0, lane, model->h1_cm);
    set(values, 1, lane, model->h2_cm);
    set(values, 4, lane, model->h4_cm);
  }
}

void LaneStorage::load(int lane, const RichardsColumn& column, int tangent_material) {
  LaneBatch& b = m_batch;
  std::vector<double> c(static_cast<std::size_t>(b.coefficient_count));
  for (int i = 0; i < b.cells; ++i) {
    const auto cell = static_cast<std::size_t>(i);
    const std::size_t material = material_of(column, cell);
    coefficients_of(column.materials[material], c.data());
    for (int k = 0; k < b.coefficient_count; ++k)
      set(b.coefficients, i * b.coefficient_count + k, lane, c[static_cast<std::size_t>(k)]);
    set(b.floor_water_content, i, lane, floor_of(column.materials[material]));
    set(b.root_fraction, i, lane, column.root_fraction.empty() ? 0.0 : column.root_fraction[cell]);
    const bool seeded = tangent_material < 0 || material == static_cast<std::size_t>(tangent_material);
    set(b.seed, i, lane, seeded ? 1.0 : 0.0);
    const double head = column.start != nullptr              ? column.start->head_cm[cell]
                        : column.initial_head_cm.size() == 1 ? column.initial_head_cm[0]
                                                             : column.initial_head_cm[cell];
    set(b.head, i, lane, head);
    set(b.start_head, i, lane, head);
    set(b.start_water_content, i, lane, 0.0);
    set(b.uptake_totals, i, lane, 0.0);
    set(b.mean_totals, i, lane, 0.0);
  }
  const bool surface_seeded =
      tangent_material < 0 || material_of(column, 0) == static_cast<std::size_t>(tangent_material);
  load_surface(lane, column, surface_seeded ? 1.0 : 0.0);
  load_uptake(lane, column.uptake);
  for (int sum = 0; sum < LaneBatch::sums; ++sum) set(b.totals, sum, lane, 0.0);
  for (int i = 0; i <= b.cells; ++i) set(b.interface_totals, i, lane, 0.0);
  for (int k = 0; k < LaneBatch::drives; ++k) set(b.drive, k, lane, 0.0);
  set(b.drive, LaneBatch::h3, lane, -1.0);
  set(b.step, 0, lane, 1e-6);
}

void LaneStorage::drive(int lane, const RichardsColumn& column, std::size_t interval) {
  LaneBatch& b = m_batch;
  const ColumnForcing& forcing = *column.forcing;
  const double demand = value_at(forcing.potential_transpiration_cm_d, interval, 0.0);
  set(b.drive, LaneBatch::rain, lane, value_at(forcing.precipitation_cm_d, interval, 0.0));
  set(b.drive, LaneBatch::evaporation, lane, value_at(forcing.potential_evaporation_cm_d, interval, 0.0));
  set(b.drive, LaneBatch::transpiration, lane, demand);
  if (const auto* uptake = std::get_if<FeddesUptake>(&column.uptake))
    set(b.drive, LaneBatch::h3, lane, feddes_h3(*uptake, demand));
  if (b.top == TopBoundary::head) {
    const double head = value_at(forcing.top_head_cm, interval, 0.0);
    set(b.drive, LaneBatch::top_head, lane, head);
    face_conductivity(lane, column.materials[material_of(column, 0)], head, b.seed[lane],
                      b.drive + LaneBatch::top_conductivity * lane_count, b.top_conductivity_by);
  }
  double value = value_at(forcing.bottom_value, interval, column.bottom_value);
  if (b.bottom == BottomBoundary::water_table) value = m_grid.depth_cm() - value;
  set(b.drive, LaneBatch::bottom_value, lane, value);
  if (b.bottom == BottomBoundary::head || b.bottom == BottomBoundary::water_table) {
    const std::size_t last = m_grid.cells() - 1;
    face_conductivity(lane, column.materials[material_of(column, last)], value,
                      b.seed[static_cast<int>(last) * lane_count + lane],
                      b.drive + LaneBatch::bottom_conductivity * lane_count, b.bottom_conductivity_by);
  }
}

}  // namespace rootzone::soil
