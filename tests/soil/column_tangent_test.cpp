#include <algorithm>

#include "rootzone/soil/richards_column.hpp"
#include "soil/column_checks.hpp"

namespace rootzone::soil {
namespace {

using test::daily_weather;
using test::pedotransfer_column;

/// Reference to parameter p of a column (the model's own, then h50).
double& parameter(RichardsColumn& column, std::size_t p) {
  auto& soil = column.materials[0];
  if (auto* model = std::get_if<VanGenuchten>(&soil)) {
    double* fields[] = {&model->saturated_water_content, &model->residual_water_content, &model->alpha_per_cm,
                        &model->n, &model->saturated_conductivity_cm_d};
    if (p < 5) return *fields[p];
  } else if (auto* fxw = std::get_if<FredlundXing>(&soil)) {
    double* fields[] = {&fxw->saturated_water_content, &fxw->alpha_per_cm, &fxw->n, &fxw->m,
                        &fxw->saturated_conductivity_cm_d};
    if (p < 5) return *fields[p];
  } else {
    auto& brooks = std::get<BrooksCorey>(soil);
    double* fields[] = {&brooks.saturated_water_content,     &brooks.residual_water_content,
                        &brooks.air_entry_head_cm,           &brooks.n,
                        &brooks.saturated_conductivity_cm_d, &brooks.conductivity_exponent};
    if (p < 6) return *fields[p];
  }
  return std::get<SShapedUptake>(column.uptake).half_head_cm;
}

/// Largest difference between the tangent and central differences of the run itself, as a share of the
/// derivative's largest magnitude over the run; the iteration solved to 1e-12 cm so that differences mean
/// something.
void expect_tangent(const ColumnGrid& grid, const RichardsColumn& column, double tolerance = 1e-5) {
  ColumnSettings settings;
  settings.residual_cm = 1e-12;
  ColumnRequest request;
  request.depths_cm = {5.0, 20.0};
  request.tangent = true;
  const auto exact = run_columns(grid, {&column, 1}, settings, request)[0];
  ASSERT_EQ(exact.status, ColumnStatus::complete);
  request.tangent = false;
  const auto names = tangent_parameter_names(column.materials[0]);
  for (std::size_t p = 0; p < names.size(); ++p) {
    std::vector<RichardsColumn> shifted(2, column);
    const double step = 1e-5 * std::max(std::abs(parameter(shifted[0], p)), 0.01);
    parameter(shifted[0], p) += step;
    parameter(shifted[1], p) -= step;
    const auto runs = run_columns(grid, shifted, settings, request);
    ASSERT_EQ(runs[0].steps, exact.steps) << names[p] << ": another ladder of steps";
    ASSERT_EQ(runs[1].steps, exact.steps) << names[p] << ": another ladder of steps";
    double largest = 0.0, worst = 0.0;
    for (std::size_t k = 0; k < exact.water_content.size(); ++k) {
      const double difference = (runs[0].water_content[k] - runs[1].water_content[k]) / (2.0 * step);
      const double tangent = exact.tangent[k * names.size() + p];
      largest = std::max(largest, std::abs(difference));
      worst = std::max(worst, std::abs(difference - tangent));
    }
    EXPECT_GT(largest, 0.0) << names[p];
    EXPECT_LE(worst, tolerance * largest) << names[p];
  }
}

TEST(ColumnTangent, EqualsFiniteDifferencesForVanGenuchten) {
  const auto grid = ColumnGrid::graded_50cm();
  const ColumnForcing forcing = daily_weather(120, 6);
  expect_tangent(grid, pedotransfer_column(test::loam(), grid, forcing));
  expect_tangent(grid, pedotransfer_column(test::sand(), grid, forcing, -80.0));
  expect_tangent(grid, pedotransfer_column(with_air_entry_if_fine(test::clay()), grid, forcing, -1000.0));
}

TEST(ColumnTangent, EqualsFiniteDifferencesForFredlundXing) {
  const auto grid = ColumnGrid::graded_50cm();
  const ColumnForcing forcing = daily_weather(120, 7);
  expect_tangent(grid, pedotransfer_column(FredlundXing{}, grid, forcing));
  expect_tangent(grid, pedotransfer_column(FredlundXing{0.45, 0.03, 2.5, 0.9, 30.0}, grid, forcing, -100.0));
}

TEST(ColumnTangent, EqualsFiniteDifferencesForBrooksCorey) {
  const auto grid = ColumnGrid::graded_50cm();
  const ColumnForcing forcing = daily_weather(120, 8);
  expect_tangent(grid, pedotransfer_column(BrooksCorey{0.4, 0.02, -20.0, 0.4, 20.0, 8.0}, grid, forcing));
}

}  // namespace
}  // namespace rootzone::soil
