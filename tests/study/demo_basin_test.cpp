#include "rootzone/study/demo_basin.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>

#include "rootzone/core/error.hpp"
#include "rootzone/study/random_field.hpp"

namespace rootzone::study {
namespace {

core::Grid small_grid() {
  return core::Grid("", {460000.0, 4960000.0, 476000.0, 4972000.0}, 12, 16);
}

/// Runs bodies in a scrambled order, as threads would.
void shuffled_for(std::int64_t count, const std::function<void(std::int64_t)>& body) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random_bits({5, 0}, i) % i]);
  for (const std::int64_t i : order) body(i);
}

struct Record {
  std::vector<std::vector<float>> surface;  // [day][cell]
  std::vector<std::vector<float>> root_zone;
  std::vector<std::vector<float>> evaporation;
  std::vector<std::vector<float>> precipitation;
  std::vector<CellTrace> trace;
  WaterBooks books;
};

Record simulate(std::uint64_t seed, const core::ParallelFor& parallel_for, std::int64_t chunk_days = 16,
                const core::TimeAxis& axis = {{2019, 1, 1}, {2019, 12, 31}},
                DemoTruth truth = DemoTruth::simple) {
  const DemoLand land(small_grid(), seed);
  DemoWeather weather(land, 5, 45.3, seed);
  DemoBasinOptions options;
  options.truth = truth;
  options.spin_up_days = 120;
  options.chunk_days = chunk_days;
  options.traced_cells = {20};
  Record record;
  record.books =
      simulate_basin(land, weather, axis, options, parallel_for, [&](std::span<const BasinDay> days) {
        for (const BasinDay& day : days) {
          record.surface.push_back(day.surface_moisture);
          record.root_zone.push_back(day.root_zone_moisture);
          record.evaporation.push_back(day.evaporation_mm);
          record.precipitation.push_back(day.weather.precipitation_mm);
          record.trace.push_back(day.traces.at(0));
        }
      });
  return record;
}

double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  const double mx = std::accumulate(x.begin(), x.end(), 0.0) / n;
  const double my = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double xy = 0.0;
  double xx = 0.0;
  double yy = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
  }
  return xy / std::sqrt(xx * yy);
}

/// Same values, NaN equal to NaN.
bool same(const std::vector<std::vector<float>>& a, const std::vector<std::vector<float>>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                      [](float u, float v) { return u == v || (std::isnan(u) && std::isnan(v)); });
  });
}

TEST(RandomField, HasUnitVarianceAndTheStatedCorrelation) {
  const double length = 3.0;
  const std::vector<double> field = gaussian_field(300, 300, length, {11, 0});
  double mean = 0.0;
  double square = 0.0;
  double lagged = 0.0;
  for (std::size_t row = 0; row < 300; ++row)
    for (std::size_t col = 0; col + 4 < 300; ++col) {
      const double value = field[row * 300 + col];
      mean += value;
      square += value * value;
      lagged += value * field[row * 300 + col + 4];
    }
  const double n = 300.0 * 296.0;
  EXPECT_NEAR(mean / n, 0.0, 0.1);
  EXPECT_NEAR(square / n, 1.0, 0.1);
  EXPECT_NEAR(lagged / n, std::exp(-16.0 / (4.0 * length * length)), 0.07);
}

TEST(RandomField, UniformDeviatesFillTheInterval) {
  double sum = 0.0;
  double lowest = 1.0;
  double highest = 0.0;
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const double u = uniform_deviate({3, 4}, i);
    sum += u;
    lowest = std::min(lowest, u);
    highest = std::max(highest, u);
  }
  EXPECT_NEAR(sum / 20000.0, 0.5, 0.01);
  EXPECT_GT(lowest, 0.0);
  EXPECT_LT(lowest, 0.001);
  EXPECT_GT(highest, 0.999);
  EXPECT_LT(highest, 1.0);
  EXPECT_NE(random_bits({3, 4}, 7), random_bits({3, 5}, 7));
  EXPECT_NE(random_bits({3, 4}, 7), random_bits({4, 4}, 7));
}

TEST(Column, CosbyRetentionOfTheWorkedSoil) {
  // b and ψs of Cosby 1984 at sand 40, clay 20; θ at 1500 kPa = θs·(ψs/ψ)^(1/b), by hand.
  const LayerSoil soil{0.4386, 6.09, 226.99, 325.87};
  EXPECT_NEAR(soil.wilting_point(), 0.4386 * std::exp(std::log(226.99 / 152960.0) / 6.09), 1e-12);
  EXPECT_NEAR(soil.field_capacity(), 0.2816, 5e-4);
  EXPECT_DOUBLE_EQ(soil.water_content_at(1.0), 0.4386);
}

TEST(Column, DrainsAsTheExactPowerLaw) {
  // One layer, no neighbour to speak of: the lowest layer from 90 % saturation for a day without weather.
  ColumnSoil soil;
  soil.root_fraction[0] = 1.0;
  ColumnParameters parameters;
  ColumnState state;
  for (int lane = 0; lane < column_width; ++lane) {
    parameters.set(lane, soil);
    state.start(lane, soil);
  }
  for (auto& layer : parameters.exchange_mm_d) layer.fill(0.0);
  for (std::size_t layer = 0; layer + 1 < column_layers; ++layer)
    parameters.conductivity_mm_d[layer].fill(0.0);
  state.water_mm[column_layers - 1].fill(0.9 * parameters.capacity_mm[column_layers - 1][0]);
  const double before = state.water_mm[column_layers - 1][0];
  ColumnForcing forcing;
  forcing.temperature_c.fill(-10.0);
  ColumnDay day;
  advance_columns(parameters, forcing, state, day);
  const double c = 15.0;
  const double rate = 300.0 * std::pow(0.9, c) / before;
  const double after = before * std::pow(1.0 + (c - 1.0) * rate, -1.0 / (c - 1.0));
  EXPECT_NEAR(state.water_mm[column_layers - 1][3], after, 1e-4);
  EXPECT_NEAR(day.recharge_mm[3], before - after, 1e-4);
}

TEST(Column, SnowFallsLiesAndMelts) {
  ColumnParameters parameters;
  ColumnState state;
  for (int lane = 0; lane < column_width; ++lane) {
    parameters.set(lane, {});
    state.start(lane, {});
  }
  ColumnForcing forcing;
  forcing.precipitation_mm.fill(10.0);
  forcing.temperature_c.fill(-5.0);
  ColumnDay day;
  advance_columns(parameters, forcing, state, day);
  EXPECT_DOUBLE_EQ(state.snow_mm[0], 10.0);
  EXPECT_DOUBLE_EQ(day.inflow_mm[0], 0.0);
  forcing.precipitation_mm.fill(0.0);
  forcing.temperature_c.fill(2.5);  // 3 mm/K above 0.5 °C
  advance_columns(parameters, forcing, state, day);
  EXPECT_DOUBLE_EQ(state.snow_mm[0], 4.0);
  EXPECT_DOUBLE_EQ(day.inflow_mm[0], 6.0);
}

TEST(Column, WaterBalanceCloses) {
  const Record record = simulate(1, core::serial_for);
  EXPECT_LT(record.books.worst_cell_error_mm, 1e-6);
  EXPECT_NEAR(record.books.precipitation_mm,
              record.books.evaporation_mm + record.books.runoff_mm + record.books.recharge_mm +
                  record.books.storage_change_mm,
              1e-4);
  EXPECT_GT(record.books.runoff_mm, 0.0);
  EXPECT_GT(record.books.recharge_mm, 0.0);
}

TEST(Oudin, MatchesTheFormulaByHand) {
  // FAO 56, example 8: Ra = 32.2 MJ m-2 d-1 at 20° S on 3 September (day 246).
  EXPECT_NEAR(oudin_evapotranspiration_mm(20.0, -20.0, 246), 32.2 / 2.45 * 25.0 / 100.0, 0.01);
  EXPECT_EQ(oudin_evapotranspiration_mm(-6.0, 45.0, 180), 0.0);
}

TEST(DemoBasin, SameForAnyOrderOfWorkAndAnyChunk) {
  const core::TimeAxis axis({2019, 5, 1}, {2019, 7, 31});
  const Record straight = simulate(1, core::serial_for, 16, axis);
  const Record shuffled = simulate(1, shuffled_for, 7, axis);
  EXPECT_TRUE(same(straight.surface, shuffled.surface));
  EXPECT_TRUE(same(straight.root_zone, shuffled.root_zone));
  EXPECT_TRUE(same(straight.evaporation, shuffled.evaporation));
  EXPECT_EQ(straight.books.precipitation_mm, shuffled.books.precipitation_mm);
  const Record other = simulate(2, core::serial_for, 16, axis);
  EXPECT_FALSE(same(straight.surface, other.surface));
}

TEST(DemoBasin, MoistureStaysBetweenAirDryAndPorosity) {
  const DemoLand land(small_grid(), 1);
  const Record record = simulate(1, core::serial_for);
  std::int64_t judged = 0;
  for (std::int64_t cell = 0; cell < land.cells(); ++cell) {
    const auto i = static_cast<std::size_t>(cell);
    const bool water = land.cover()[i] == LandCover::water;
    const LayerSoil top = land.soil(cell, 0.0, 5.0).hydraulics;
    for (std::size_t day = 0; day < record.surface.size(); ++day) {
      const auto value = static_cast<double>(record.surface[day][i]);
      ASSERT_EQ(std::isnan(value), water) << cell;
      if (water) continue;
      ASSERT_LE(value, top.porosity + 1e-6);
      ASSERT_GE(value, top.air_dry() - 1e-6);
      ++judged;
    }
  }
  EXPECT_GT(judged, 60000);
}

TEST(DemoBasin, SurfaceAndRootZoneGoTogetherButAreNotTheSame) {
  const Record record = simulate(1, core::serial_for);
  std::vector<double> found;
  for (std::size_t cell = 0; cell < record.surface[0].size(); ++cell) {
    if (std::isnan(record.surface[0][cell])) continue;
    std::vector<double> surface;
    std::vector<double> root_zone;
    for (std::size_t day = 0; day < record.surface.size(); ++day) {
      surface.push_back(static_cast<double>(record.surface[day][cell]));
      root_zone.push_back(static_cast<double>(record.root_zone[day][cell]));
    }
    found.push_back(correlation(surface, root_zone));
  }
  std::sort(found.begin(), found.end());
  EXPECT_GT(found[found.size() / 10], 0.3);
  EXPECT_LT(found[found.size() * 9 / 10], 0.95);
}

TEST(DemoWeather, HasTheClimateOfThePlace) {
  const DemoLand land(small_grid(), 1);
  DemoWeather weather(land, 5, 45.3, 1);
  const core::TimeAxis axis({2010, 1, 1}, {2013, 12, 31});
  double rain_per_year = 0.0;
  double wet_share = 0.0;
  double evapotranspiration_per_year = 0.0;
  double january = 0.0;
  double july = 0.0;
  const std::vector<WeatherDay> days = weather.next(axis.day_number_at(0), axis.count(), core::serial_for);
  for (std::size_t d = 0; d < days.size(); ++d) {
    const auto mean = [](const std::vector<float>& field) {
      return std::accumulate(field.begin(), field.end(), 0.0) / static_cast<double>(field.size());
    };
    rain_per_year += mean(days[d].precipitation_mm) / 4.0;
    evapotranspiration_per_year += mean(days[d].potential_evapotranspiration_mm) / 4.0;
    wet_share +=
        static_cast<double>(std::count_if(days[d].precipitation_mm.begin(), days[d].precipitation_mm.end(),
                                          [](float p) { return p >= 1.0F; })) /
        static_cast<double>(days[d].precipitation_mm.size() * days.size());
    const int month = axis.date(static_cast<std::int64_t>(d)).month;
    if (month == 1) january += mean(days[d].sea_level_temperature_c) / 124.0;
    if (month == 7) july += mean(days[d].sea_level_temperature_c) / 124.0;
  }
  EXPECT_GT(rain_per_year, 700.0);
  EXPECT_LT(rain_per_year, 1700.0);
  EXPECT_GT(wet_share, 0.15);
  EXPECT_LT(wet_share, 0.40);
  EXPECT_GT(evapotranspiration_per_year, 450.0);
  EXPECT_LT(evapotranspiration_per_year, 1000.0);
  EXPECT_NEAR(january, 3.5, 3.0);
  EXPECT_NEAR(july, 24.0, 3.0);
}

TEST(DemoBasin, TracesAreTheCellsTheyName) {
  const Record record = simulate(1, core::serial_for, 16, {{2019, 5, 1}, {2019, 5, 31}});
  for (std::size_t day = 0; day < record.trace.size(); ++day) {
    double top = 0.0;
    for (const auto& quarter : record.trace[day].moisture) top += quarter[0] / 4.0;
    EXPECT_NEAR(top, static_cast<double>(record.surface[day][20]), 1e-6);
  }
  CellTrace trace;
  trace.moisture.fill({0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7});
  EXPECT_NEAR(trace.mean_moisture_at(5.0), 0.15, 1e-12);
  EXPECT_NEAR(trace.mean_moisture_at(15.0), 0.30, 1e-12);
  EXPECT_NEAR(trace.mean_moisture_at(500.0), 0.70, 1e-12);
}

TEST(DemoBasin, RefusesCellsItDoesNotHave) {
  const DemoLand land(small_grid(), 1);
  DemoWeather weather(land, 5, 45.3, 1);
  DemoBasinOptions options;
  options.traced_cells = {land.cells()};
  EXPECT_THROW(simulate_basin(land, weather, core::TimeAxis({2019, 1, 1}, {2019, 1, 2}), options,
                              core::serial_for, [](std::span<const BasinDay>) {}),
               core::Error);
}

TEST(DemoLand, TextureAddsUpAndStationsFindContrast) {
  const DemoLand land(core::Grid("", {0.0, 0.0, 80000.0, 60000.0}, 60, 80), 1);
  double least_clay = 100.0;
  double most_clay = 0.0;
  for (std::int64_t cell = 0; cell < land.cells(); ++cell) {
    const SoilSample soil = land.soil(cell, 5.0, 15.0);
    ASSERT_NEAR(soil.sand_percent + soil.silt_percent + soil.clay_percent, 100.0, 1e-9);
    ASSERT_GE(soil.silt_percent, 4.9);
    ASSERT_GT(soil.hydraulics.field_capacity(), soil.hydraulics.wilting_point());
    ASSERT_LT(soil.hydraulics.field_capacity(), soil.hydraulics.porosity);
    ASSERT_NEAR(soil.bulk_density_g_cm3, 2.65 * (1.0 - soil.hydraulics.porosity), 0.15);
    least_clay = std::min(least_clay, soil.clay_percent);
    most_clay = std::max(most_clay, soil.clay_percent);
  }
  EXPECT_LT(least_clay, 12.0);
  EXPECT_GT(most_clay, 33.0);
}

TEST(DemoLand, OutlineLiesInsideAndHoldsItsParts) {
  const DemoLand land(small_grid(), 1);
  const core::Extent& e = land.grid().extent();
  const auto area = [](const std::vector<std::array<double, 2>>& ring) {
    double twice = 0.0;
    for (std::size_t i = 0; i + 1 < ring.size(); ++i)
      twice += ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
    return 0.5 * twice;
  };
  const auto ring = land.outline();
  for (const auto& [x, y] : ring) {
    EXPECT_GT(x, e.xmin);
    EXPECT_LT(x, e.xmax);
    EXPECT_GT(y, e.ymin);
    EXPECT_LT(y, e.ymax);
  }
  EXPECT_EQ(ring.front(), ring.back());
  double parts = 0.0;
  for (const auto& sub : land.sub_basins()) parts += area(sub.ring);
  EXPECT_NEAR(parts, area(ring), 1e-6 * area(ring));
  EXPECT_TRUE(land.inside(0.5 * (e.xmin + e.xmax), 0.5 * (e.ymin + e.ymax)));
  EXPECT_FALSE(land.inside(e.xmin, e.ymin));
}

TEST(DemoRichards, ClosesAndDoesNotDependOnChunksOrOrder) {
  const core::TimeAxis axis({2019, 1, 1}, {2019, 4, 30});
  const Record record = simulate(3, core::serial_for, 16, axis, DemoTruth::column);
  EXPECT_LT(record.books.worst_cell_error_mm, 1e-6);
  EXPECT_GT(record.books.evaporation_mm, 0.0);
  const Record other = simulate(3, shuffled_for, 7, axis, DemoTruth::column);
  for (std::size_t day = 0; day < record.surface.size(); ++day)
    for (std::size_t cell = 0; cell < record.surface[day].size(); ++cell) {
      if (std::isnan(record.surface[day][cell])) continue;
      ASSERT_EQ(record.surface[day][cell], other.surface[day][cell]) << "day " << day << " cell " << cell;
      ASSERT_EQ(record.evaporation[day][cell], other.evaporation[day][cell]);
    }
}

TEST(DemoRichards, TellsOfTheSameLandAsTheSimpleModel) {
  const core::TimeAxis axis({2019, 1, 1}, {2019, 8, 31});
  const Record column = simulate(1, core::serial_for, 16, axis, DemoTruth::column);
  const Record simple = simulate(1, core::serial_for, 16, axis, DemoTruth::simple);
  // Two models of the same soils under the same weather: near each other, and not the same.
  EXPECT_NEAR(column.books.evaporation_mm, simple.books.evaporation_mm, 0.1 * simple.books.evaporation_mm);
  std::vector<double> x, y;
  for (std::size_t day = 0; day < column.root_zone.size(); ++day)
    for (std::size_t cell = 0; cell < column.root_zone[day].size(); ++cell)
      if (!std::isnan(column.root_zone[day][cell])) {
        x.push_back(static_cast<double>(column.root_zone[day][cell]));
        y.push_back(static_cast<double>(simple.root_zone[day][cell]));
      }
  const double r = correlation(x, y);
  EXPECT_GT(r, 0.8);
  EXPECT_LT(r, 0.9999);
}

}  // namespace
}  // namespace rootzone::study
