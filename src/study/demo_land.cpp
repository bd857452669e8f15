#include "rootzone/study/demo_land.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>

#include "rootzone/study/random_field.hpp"

namespace rootzone::study {
namespace {

/// Streams of the seed; weather takes others (demo_weather.cpp).
enum Stream : std::uint64_t {
  relief = 1,
  ridges,
  lakes,
  towns,
  woods,
  sand,
  clay,
  clay_depth,
  carbon,
  bedrock,
  porosity,
  exponent,
  conductivity,
  density
};

double smooth_step(double x) {
  const double t = std::clamp(x, 0.0, 1.0);
  return t * t * (3.0 - 2.0 * t);
}

/// A field whose correlation length is a share of the basin's longer side, but never below half a cell.
std::vector<double> basin_field(const core::Grid& grid, double share, std::uint64_t seed,
                                std::uint64_t stream) {
  const double side = static_cast<double>(std::max(grid.rows(), grid.cols()));
  return gaussian_field(grid.rows(), grid.cols(), std::max(0.5, share * side), {seed, stream});
}

/// Root fraction above a depth is 1 − β^depth (Jackson et al. 1996, Table 1), cut at the deepest root.
struct Rooting {
  double beta;
  double deepest_cm;
};
Rooting rooting(LandCover cover) {
  switch (cover) {
    case LandCover::crop:
      return {0.961, 100.0};
    case LandCover::forest:
      return {0.966, 200.0};
    case LandCover::grass:
    case LandCover::urban:
    case LandCover::water:
      break;
  }
  return {0.943, 100.0};
}

}  // namespace

DemoLand::DemoLand(core::Grid grid, std::uint64_t seed) : m_grid(std::move(grid)) {
  draw_terrain(seed);
  draw_cover(seed);
  draw_soil(seed);
}

void DemoLand::draw_terrain(std::uint64_t seed) {
  const std::vector<double> broad = basin_field(m_grid, 0.10, seed, relief);
  const std::vector<double> fine = basin_field(m_grid, 0.025, seed, ridges);
  const auto count = static_cast<std::size_t>(cells());
  m_mountain.resize(count);
  m_elevation_m.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = static_cast<std::int64_t>(i) / m_grid.cols();
    const double northing = 1.0 - (static_cast<double>(row) + 0.5) / static_cast<double>(m_grid.rows());
    const double mountain = smooth_step((northing - 0.45 + 0.09 * broad[i]) / 0.6);
    // Ridges where the fine field passes zero, valleys where it is far from it.
    const double ridge = std::exp(-std::abs(fine[i]));
    m_mountain[i] = mountain;
    m_elevation_m[i] = 60.0 + 130.0 * northing + 6.0 * (broad[i] + fine[i]) +
                       mountain * (700.0 + 1700.0 * ridge + 150.0 * broad[i]);
  }
}

void DemoLand::draw_cover(std::uint64_t seed) {
  const std::vector<double> lake = basin_field(m_grid, 0.02, seed, lakes);
  const std::vector<double> town = basin_field(m_grid, 0.012, seed, towns);
  const std::vector<double> wood = basin_field(m_grid, 0.03, seed, woods);
  m_cover.resize(m_mountain.size());
  for (std::size_t i = 0; i < m_cover.size(); ++i) {
    const double mountain = m_mountain[i];
    const double elevation = m_elevation_m[i];
    // Woods grow with the slopes and end at the tree line; the plain is ploughed.
    const double woodland = wood[i] + 2.2 * mountain - 1.0 - (elevation > 1900.0 ? 4.0 : 0.0);
    LandCover cover = woodland > 0.0 ? LandCover::forest : LandCover::crop;
    if (cover == LandCover::crop && (mountain > 0.3 || wood[i] < -1.2)) cover = LandCover::grass;
    if (mountain < 0.25 && town[i] > 1.75) cover = LandCover::urban;
    if (mountain > 0.05 && mountain < 0.7 && lake[i] > 2.0) cover = LandCover::water;
    m_cover[i] = cover;
  }
}

void DemoLand::draw_soil(std::uint64_t seed) {
  const std::vector<double> sand_field = basin_field(m_grid, 0.05, seed, sand);
  const std::vector<double> clay_field = basin_field(m_grid, 0.05, seed, clay);
  const std::vector<double> carbon_field = basin_field(m_grid, 0.04, seed, carbon);
  const std::vector<double> bedrock_field = basin_field(m_grid, 0.06, seed, bedrock);
  m_clay_gain = basin_field(m_grid, 0.06, seed, clay_depth);
  m_porosity_residual = basin_field(m_grid, 0.03, seed, porosity);
  m_exponent_residual = basin_field(m_grid, 0.03, seed, exponent);
  m_conductivity_residual = basin_field(m_grid, 0.03, seed, conductivity);
  m_density_residual = basin_field(m_grid, 0.02, seed, density);

  const std::size_t count = m_mountain.size();
  m_sand_percent.resize(count);
  m_clay_percent.resize(count);
  m_organic_carbon_percent.resize(count);
  m_depth_to_bedrock_m.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const bool wooded = m_cover[i] == LandCover::forest;
    const double topsoil_sand = std::clamp(38.0 + 12.0 * m_mountain[i] + 15.0 * sand_field[i], 8.0, 82.0);
    const double topsoil_clay =
        std::clamp(21.0 - 0.25 * (topsoil_sand - 40.0) + 7.0 * clay_field[i], 4.0, 48.0);
    m_sand_percent[i] = topsoil_sand;
    m_clay_percent[i] = std::min(topsoil_clay, 94.0 - topsoil_sand);
    m_organic_carbon_percent[i] =
        (wooded ? 3.2 : 1.7) * (1.0 + 0.5 * m_mountain[i]) * std::exp(0.25 * carbon_field[i]);
    m_depth_to_bedrock_m[i] =
        std::clamp(45.0 * std::exp(0.35 * bedrock_field[i]) * (1.0 - 0.85 * m_mountain[i]), 1.5, 150.0);
  }
}

SoilSample DemoLand::soil(std::int64_t cell, double top_cm, double bottom_cm) const {
  const auto i = static_cast<std::size_t>(cell);
  const double depth = 0.5 * (top_cm + bottom_cm);
  const double deeper = std::min(depth, 80.0) / 80.0;
  SoilSample sample;
  sample.clay_percent =
      std::clamp(m_clay_percent[i] * (1.0 + deeper * (0.25 + 0.15 * m_clay_gain[i])), 3.0, 60.0);
  sample.sand_percent =
      std::clamp(m_sand_percent[i] * (1.0 - 0.06 * deeper), 5.0, 95.0 - sample.clay_percent);
  sample.silt_percent = 100.0 - sample.sand_percent - sample.clay_percent;
  sample.organic_carbon_percent = m_organic_carbon_percent[i] * std::exp(-depth / 25.0);

  // Cosby et al. (1984), univariate equations; scatter of the same paper, halved.
  const double clay_percent = sample.clay_percent;
  const double sand_percent = sample.sand_percent;
  LayerSoil& hydraulics = sample.hydraulics;
  const double b_scatter = 0.5 * (1.34 + 0.05 * clay_percent);
  hydraulics.clapp_hornberger_b =
      std::max(2.6, 2.91 + 0.159 * clay_percent + b_scatter * m_exponent_residual[i]);
  hydraulics.air_entry_mm = 10.0 * std::pow(10.0, 1.88 - 0.0131 * sand_percent);
  const double conductivity_scatter = 0.5 * (0.459 + 0.00321 * sample.silt_percent);
  hydraulics.saturated_conductivity_mm_d =
      609.6 *
      std::pow(10.0, -0.884 + 0.0153 * sand_percent + conductivity_scatter * m_conductivity_residual[i]);
  const double porosity_scatter = 0.5 * (0.0773 - 0.00073 * clay_percent);
  hydraulics.porosity =
      std::clamp(0.489 - 0.00126 * sand_percent + porosity_scatter * m_porosity_residual[i] +
                     0.012 * sample.organic_carbon_percent - 0.030 * (1.0 - std::exp(-depth / 30.0)),
                 0.34, 0.60);
  sample.bulk_density_g_cm3 = 2.65 * (1.0 - hydraulics.porosity) + 0.025 * m_density_residual[i];
  return sample;
}

ColumnSoil DemoLand::column(std::int64_t cell) const {
  const LandCover cover = m_cover[static_cast<std::size_t>(cell)];
  const Rooting roots = rooting(cover);
  ColumnSoil column;
  const double total = 1.0 - std::pow(roots.beta, roots.deepest_cm);
  for (std::size_t layer = 0; layer < column_layers; ++layer) {
    const double top = column_edges_cm[layer];
    const double bottom = column_edges_cm[layer + 1];
    column.layers[layer] = soil(cell, top, bottom).hydraulics;
    if (top < roots.deepest_cm)
      column.root_fraction[layer] = (std::pow(roots.beta, top) - std::pow(roots.beta, bottom)) / total;
  }
  column.impervious_fraction = cover == LandCover::urban ? 0.4 : 0.0;
  return column;
}

double DemoLand::available_water_mm(std::int64_t cell) const {
  const ColumnSoil soil_column = column(cell);
  double available = 0.0;
  for (std::size_t layer = 0; layer < column_layers; ++layer)
    if (soil_column.root_fraction[layer] > 0.0)
      available += (soil_column.layers[layer].field_capacity() - soil_column.layers[layer].wilting_point()) *
                   10.0 * (column_edges_cm[layer + 1] - column_edges_cm[layer]);
  return available;
}

double DemoLand::leaf_area_index(LandCover cover, int day_of_year) {
  // A hump between spring and autumn; crops ripen and are cut in July.
  const auto hump = [day_of_year](double centre, double width) {
    const double z = (static_cast<double>(day_of_year) - centre) / width;
    return std::exp(-0.5 * z * z);
  };
  switch (cover) {
    case LandCover::grass:
      return 0.8 + 1.9 * hump(185.0, 55.0);
    case LandCover::crop:
      return 0.3 + 3.9 * hump(155.0, 38.0);
    case LandCover::forest:
      return 1.0 + 4.2 * hump(200.0, 60.0);
    case LandCover::urban:
      return 0.3 + 0.8 * hump(185.0, 55.0);
    case LandCover::water:
      break;
  }
  return 0.0;
}

std::array<double, 2> DemoLand::outline_point(double angle) const {
  const core::Extent& e = m_grid.extent();
  const double radius =
      0.40 * (1.0 + 0.07 * std::sin(2.0 * angle + 0.6) + 0.05 * std::sin(3.0 * angle + 2.0) +
              0.03 * std::sin(7.0 * angle) + 0.015 * std::sin(13.0 * angle + 1.0));
  return {0.5 * (e.xmin + e.xmax) + radius * (e.xmax - e.xmin) * std::cos(angle),
          0.5 * (e.ymin + e.ymax) + radius * (e.ymax - e.ymin) * std::sin(angle)};
}

namespace {
constexpr int outline_points = 360;
double outline_angle(int point) {
  return 2.0 * std::numbers::pi * point / outline_points;
}
}  // namespace

std::vector<std::array<double, 2>> DemoLand::outline() const {
  std::vector<std::array<double, 2>> ring;
  for (int point = 0; point <= outline_points; ++point)
    ring.push_back(outline_point(outline_angle(point % outline_points)));
  return ring;
}

std::vector<DemoLand::SubBasin> DemoLand::sub_basins() const {
  const std::array<const char*, 4> names{"Eastern hills", "Northern valleys", "Western hills",
                                         "Southern plain"};
  const core::Extent& e = m_grid.extent();
  const std::array<double, 2> centre{0.5 * (e.xmin + e.xmax), 0.5 * (e.ymin + e.ymax)};
  constexpr int quarter = outline_points / 4;
  std::vector<SubBasin> parts;
  for (int part = 0; part < 4; ++part) {
    SubBasin sub{names[static_cast<std::size_t>(part)], {centre}};
    const int first = part * quarter - quarter / 2 + outline_points;
    for (int point = first; point <= first + quarter; ++point)
      sub.ring.push_back(outline_point(outline_angle(point % outline_points)));
    sub.ring.push_back(centre);
    parts.push_back(std::move(sub));
  }
  return parts;
}

bool DemoLand::inside(double x, double y) const {
  const core::Extent& e = m_grid.extent();
  const double u = (x - 0.5 * (e.xmin + e.xmax)) / (e.xmax - e.xmin);
  const double v = (y - 0.5 * (e.ymin + e.ymax)) / (e.ymax - e.ymin);
  const std::array<double, 2> edge = outline_point(std::atan2(v, u));
  const double edge_u = (edge[0] - 0.5 * (e.xmin + e.xmax)) / (e.xmax - e.xmin);
  const double edge_v = (edge[1] - 0.5 * (e.ymin + e.ymax)) / (e.ymax - e.ymin);
  return std::hypot(u, v) < std::hypot(edge_u, edge_v);
}

}  // namespace rootzone::study
