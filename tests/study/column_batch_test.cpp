#include "rootzone/study/column_batch.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>

namespace rootzone::study {
namespace {

TEST(ColumnBatch, EqualsTheColumnsOneByOne) {
  const auto grid = soil::ColumnGrid::graded_50cm();
  soil::ColumnForcing forcing;
  for (int day = 0; day < 20; ++day) {
    forcing.duration_d.push_back(1.0);
    forcing.precipitation_cm_d.push_back(day % 4 == 0 ? 1.5 : 0.0);
    forcing.potential_evaporation_cm_d.push_back(0.1);
    forcing.potential_transpiration_cm_d.push_back(0.3);
  }
  std::vector<soil::RichardsColumn> columns(70);
  for (std::size_t k = 0; k < columns.size(); ++k) {
    soil::VanGenuchten loam;
    loam.alpha_per_cm = 0.005 + 0.001 * static_cast<double>(k);
    columns[k].materials = {loam};
    columns[k].root_fraction = soil::hoffman_roots(grid, 40.0);
    columns[k].forcing = &forcing;
  }
  soil::ColumnRequest request;
  request.depths_cm = {5.0};
  const core::ParallelFor threads = [](std::int64_t count, const std::function<void(std::int64_t)>& body) {
    std::vector<std::jthread> workers;
    for (std::int64_t i = 0; i < count; ++i) workers.emplace_back([&body, i] { body(i); });
  };
  const auto parallel = run_column_batch(grid, columns, {}, request, threads);
  const auto serial = run_column_batch(grid, columns, {}, request, core::serial_for);
  ASSERT_EQ(parallel.size(), 70U);
  for (std::size_t k = 0; k < columns.size(); ++k) {
    const auto alone = soil::run_columns(grid, {&columns[k], 1}, {}, request);
    ASSERT_EQ(alone[0].status, soil::ColumnStatus::complete);
    for (const auto* other : {&parallel[k], &serial[k]})
      EXPECT_EQ(std::memcmp(alone[0].water_content.data(), other->water_content.data(), 20 * sizeof(double)),
                0)
          << k;
  }
}

}  // namespace
}  // namespace rootzone::study
