#include "demo_satellite.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <vector>

#include "rootzone/io/map_file.hpp"
#include "rootzone/study/random_field.hpp"

namespace rootzone::pipeline {
namespace {

constexpr double gain = 0.94;
constexpr double bias = 0.020;
constexpr double white_deviation = 0.020;
constexpr double field_deviation = 0.012;
constexpr double forest_factor = 1.5;
constexpr double swath_gap = 0.28;
constexpr double missing_day_share = 0.02;

/// Whether a cell lies in the strip no orbit covers that day; strips lean by 12° and wander from day to day.
bool outside_swath(const core::Grid& grid, std::int64_t row, std::int64_t col, std::int64_t day_number) {
  const double width = static_cast<double>(std::max(grid.rows(), grid.cols()));
  const double lean = 12.0 * std::numbers::pi / 180.0;
  const double across =
      (static_cast<double>(col) * std::cos(lean) + static_cast<double>(row) * std::sin(lean)) /
      (1.25 * width);
  const double phase = across + 0.3819660112501051 * static_cast<double>(day_number);
  return phase - std::floor(phase) < swath_gap;
}

int quality(const study::BasinDay& day, study::LandCover cover, std::size_t cell, int day_of_year) {
  int bits = day.frozen[cell] != 0 ? frozen_or_snow_bit : 0;
  if (study::DemoLand::leaf_area_index(cover, day_of_year) > 4.5) bits |= dense_vegetation_bit;
  if (cover == study::LandCover::urban) bits |= urban_bit;
  return bits;
}

}  // namespace

void write_demo_satellite_day(const DemoContext& context, const study::BasinDay& day) {
  const core::Grid& grid = context.land.grid();
  const std::uint64_t seed = context.options.seed;
  const std::int64_t number = core::day_number(day.date, core::Calendar::standard);
  const auto index = static_cast<std::uint64_t>(number);
  if (number > context.moisture_axis.day_number_at(0) &&
      study::uniform_deviate({seed, missing_file}, index) < missing_day_share)
    return;
  const double length = std::max(1.0, 0.03 * static_cast<double>(std::max(grid.rows(), grid.cols())));
  const auto field =
      study::gaussian_field(grid.rows(), grid.cols(), length, {seed, retrieval_field},
                            index * study::gaussian_field_draws(grid.rows(), grid.cols(), length));
  const int day_of_year = core::day_of_year(day.date, core::Calendar::standard);
  const auto cells = static_cast<std::size_t>(grid.cells());
  std::vector<float> moisture(cells, std::numeric_limits<float>::quiet_NaN());
  std::vector<float> flags(cells, std::numeric_limits<float>::quiet_NaN());
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const auto id = static_cast<std::int64_t>(cell);
    if (std::isnan(day.surface_moisture[cell]) ||
        outside_swath(grid, id / grid.cols(), id % grid.cols(), number))
      continue;
    const study::LandCover cover = context.land.cover()[cell];
    const int bits = quality(day, cover, cell, day_of_year);
    const double factor = cover == study::LandCover::forest ? forest_factor : 1.0;
    const double noise =
        factor * (white_deviation * study::normal_deviate({seed, retrieval_noise}, index * cells + cell) +
                  field_deviation * field[cell]);
    // Ice looks dry to a microwave instrument.
    const double seen = (bits & frozen_or_snow_bit) != 0 ? 0.4 : 1.0;
    const double value = bias + gain * seen * static_cast<double>(day.surface_moisture[cell]) + noise;
    moisture[cell] = static_cast<float>(std::clamp(value, 0.005, 0.75));
    flags[cell] = static_cast<float>(bits);
  }
  const std::string date = core::compact_date(day.date);
  io::write_map(context.dir / "surface_soil_moisture" / ("ssm_" + date + ".tif"),
                {grid, io::MapType::int16, -9999.0, 1e-4, 0.0, core::iso_date(day.date), "m3 m-3", {}},
                moisture);
  io::write_map(context.dir / "surface_soil_moisture_flags" / ("ssm_flag_" + date + ".tif"),
                {grid,
                 io::MapType::uint8,
                 255.0,
                 1.0,
                 0.0,
                 core::iso_date(day.date),
                 {},
                 {{"bits", "1 frozen or snow, 2 dense vegetation, 4 urban; 0 good; 255 not observed"}}},
                flags);
}

}  // namespace rootzone::pipeline
