#include "demo_maps.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "rootzone/io/cube_file.hpp"
#include "rootzone/io/map_file.hpp"
#include "rootzone/io/polygon_file.hpp"
#include "rootzone/io/projection.hpp"
#include "rootzone/study/random_field.hpp"

namespace rootzone::pipeline {
namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();
constexpr double soil_cell_deg = 1.0 / 480.0;  // SoilGrids' 250 m
constexpr double hydraulics_cell_m = 1000.0;
/// Correlation length (kernel) of the soil maps' errors, in cells of 250 m.
constexpr double soil_error_length = 8.0;

std::string horizon_label(int horizon) {
  const auto h = static_cast<std::size_t>(horizon);
  return std::to_string(std::lround(study::soil_horizon_edges_cm[h])) + "-" +
         std::to_string(std::lround(study::soil_horizon_edges_cm[h + 1])) + "cm";
}

/// The cells of another grid seen from the basin: where each lies, and whether it has a soil.
class Sampling {
 public:
  Sampling(const study::DemoLand& land, core::Grid grid, const std::string& crs)
      : m_land(land), m_grid(std::move(grid)) {
    std::vector<double> x;
    std::vector<double> y;
    for (std::int64_t row = 0; row < m_grid.rows(); ++row)
      for (std::int64_t col = 0; col < m_grid.cols(); ++col) {
        x.push_back(m_grid.x_centre(col));
        y.push_back(m_grid.y_centre(row));
      }
    io::project_points(crs, demo_crs, x, y);
    for (std::size_t i = 0; i < x.size(); ++i) {
      m_cols.push_back(land.grid().fractional_col(x[i]) - 0.5);
      m_rows.push_back(land.grid().fractional_row(y[i]) - 0.5);
    }
  }

  const core::Grid& grid() const { return m_grid; }
  std::size_t size() const { return m_rows.size(); }
  /// Two cells beyond the basin's edge the maps end; open water has no soil.
  bool has_soil(std::size_t i) const {
    const double rows = static_cast<double>(m_land.grid().rows()) - 1.0;
    const double cols = static_cast<double>(m_land.grid().cols()) - 1.0;
    if (m_rows[i] < -2.5 || m_cols[i] < -2.5 || m_rows[i] > rows + 2.5 || m_cols[i] > cols + 2.5)
      return false;
    const auto row = std::lround(std::clamp(m_rows[i], 0.0, rows));
    const auto col = std::lround(std::clamp(m_cols[i], 0.0, cols));
    return m_land.cover()[static_cast<std::size_t>(row * m_land.grid().cols() + col)] !=
           study::LandCover::water;
  }
  /// Bilinear between the basin's cell centres; the edge goes on beyond it.
  double operator()(const std::vector<double>& field, std::size_t i) const {
    const auto clamped = [](double position, std::int64_t count) {
      return std::clamp(position, 0.0, static_cast<double>(count - 1));
    };
    const double row = clamped(m_rows[i], m_land.grid().rows());
    const double col = clamped(m_cols[i], m_land.grid().cols());
    const auto top = std::min(static_cast<std::int64_t>(row), m_land.grid().rows() - 2);
    const auto left = std::min(static_cast<std::int64_t>(col), m_land.grid().cols() - 2);
    const double v = row - static_cast<double>(top);
    const double u = col - static_cast<double>(left);
    const auto width = static_cast<std::size_t>(m_land.grid().cols());
    const std::size_t first = static_cast<std::size_t>(top) * width + static_cast<std::size_t>(left);
    return (1.0 - v) * ((1.0 - u) * field[first] + u * field[first + 1]) +
           v * ((1.0 - u) * field[first + width] + u * field[first + width + 1]);
  }

 private:
  const study::DemoLand& m_land;
  core::Grid m_grid;
  std::vector<double> m_rows;
  std::vector<double> m_cols;
};

/// The smallest grid of cells of a size, on multiples of it, around the basin seen in another CRS.
core::Grid covering_grid(const core::Grid& basin, const std::string& crs, double cell) {
  std::vector<double> x;
  std::vector<double> y;
  constexpr int points = 20;
  const core::Extent& e = basin.extent();
  for (int i = 0; i <= points; ++i) {
    const double share = static_cast<double>(i) / points;
    for (const double edge : {0.0, 1.0}) {
      x.insert(x.end(), {e.xmin + share * (e.xmax - e.xmin), e.xmin + edge * (e.xmax - e.xmin)});
      y.insert(y.end(), {e.ymin + edge * (e.ymax - e.ymin), e.ymin + share * (e.ymax - e.ymin)});
    }
  }
  io::project_points(demo_crs, crs, x, y);
  const double left = std::floor(*std::min_element(x.begin(), x.end()) / cell) - 1.0;
  const double right = std::ceil(*std::max_element(x.begin(), x.end()) / cell) + 1.0;
  const double bottom = std::floor(*std::min_element(y.begin(), y.end()) / cell) - 1.0;
  const double top = std::ceil(*std::max_element(y.begin(), y.end()) / cell) + 1.0;
  return core::Grid(io::projection_wkt(crs), {left * cell, bottom * cell, right * cell, top * cell},
                    std::lround(top - bottom), std::lround(right - left));
}

/// One soil property of one horizon in each basin cell.
using Property = std::function<double(const study::SoilSample&)>;
std::vector<double> property_field(const study::DemoLand& land, int horizon, const Property& property) {
  const auto h = static_cast<std::size_t>(horizon);
  std::vector<double> field;
  for (std::int64_t cell = 0; cell < land.cells(); ++cell)
    field.push_back(
        property(land.soil(cell, study::soil_horizon_edges_cm[h], study::soil_horizon_edges_cm[h + 1])));
  return field;
}

/// Errors of the soil maps, the same at all depths, as a misplaced boundary would make them.
struct SoilErrors {
  std::vector<double> sand_percent;
  std::vector<double> clay_percent;
  std::vector<double> density_g_cm3;
};

SoilErrors draw_soil_errors(const core::Grid& grid, std::uint64_t seed,
                            const core::ParallelFor& parallel_for) {
  SoilErrors errors;
  const auto draw = [&](std::vector<double>& field, double deviation, std::uint64_t stream) {
    field = study::gaussian_field(grid.rows(), grid.cols(), soil_error_length, {seed, stream});
    for (double& value : field) value *= deviation;
  };
  parallel_for(3, [&](std::int64_t which) {
    if (which == 0) draw(errors.sand_percent, 2.5, sand_error);
    if (which == 1) draw(errors.clay_percent, 1.8, clay_error);
    if (which == 2) draw(errors.density_g_cm3, 0.03, density_error);
  });
  return errors;
}

void write_soil_horizon(const DemoContext& context, const Sampling& sampling, const SoilErrors& errors,
                        int horizon) {
  const study::DemoLand& land = context.land;
  const auto sand = property_field(land, horizon, [](const auto& s) { return s.sand_percent; });
  const auto clay = property_field(land, horizon, [](const auto& s) { return s.clay_percent; });
  const auto density = property_field(land, horizon, [](const auto& s) { return s.bulk_density_g_cm3; });
  std::vector<float> sand_map(sampling.size(), missing);
  std::vector<float> clay_map = sand_map;
  std::vector<float> silt_map = sand_map;
  std::vector<float> density_map = sand_map;
  for (std::size_t i = 0; i < sampling.size(); ++i) {
    if (!sampling.has_soil(i)) continue;
    const double s = std::clamp(sampling(sand, i) + errors.sand_percent[i], 1.0, 95.0);
    const double c = std::clamp(sampling(clay, i) + errors.clay_percent[i], 1.0, 98.0 - s);
    sand_map[i] = static_cast<float>(s);
    clay_map[i] = static_cast<float>(c);
    silt_map[i] = static_cast<float>(100.0 - s - c);
    density_map[i] = static_cast<float>(sampling(density, i) + errors.density_g_cm3[i]);
  }
  const auto write = [&](const std::string& name, const std::vector<float>& map, double scale,
                         const char* units) {
    io::MapSpec spec{sampling.grid(), io::MapType::int16, -32768.0, scale, 0.0, {}, units, {}};
    spec.description = name + " " + horizon_label(horizon);
    io::write_map(context.dir / "soil" / (name + "_" + horizon_label(horizon) + ".tif"), spec, map);
  };
  write("sand", sand_map, 0.1, "%");
  write("silt", silt_map, 0.1, "%");
  write("clay", clay_map, 0.1, "%");
  write("bulk_density", density_map, 0.01, "g cm-3");
}

void write_soil(const DemoContext& context) {
  make_demo_folder(context.dir / "soil");
  const std::string crs = "EPSG:4326";
  const Sampling sampling(context.land, covering_grid(context.land.grid(), crs, soil_cell_deg), crs);
  const SoilErrors errors = draw_soil_errors(sampling.grid(), context.options.seed, context.parallel_for);
  context.parallel_for(study::soil_horizons, [&](std::int64_t horizon) {
    write_soil_horizon(context, sampling, errors, static_cast<int>(horizon));
  });
  std::vector<float> bedrock(sampling.size(), missing);
  for (std::size_t i = 0; i < sampling.size(); ++i)
    if (sampling.has_soil(i))
      bedrock[i] = static_cast<float>(100.0 * sampling(context.land.depth_to_bedrock_m(), i));
  const io::MapSpec spec{
      sampling.grid(), io::MapType::int16, -32768.0, 1.0, 0.0, "depth to bedrock", "cm", {}};
  io::write_map(context.dir / "soil" / "depth_to_bedrock.tif", spec, bedrock);
}

/// Porosity, field capacity and wilting point, as a data set of hydraulic properties would give them.
void write_hydraulics(const DemoContext& context) {
  make_demo_folder(context.dir / "hydraulics");
  const std::string crs = "EPSG:3035";
  const Sampling sampling(context.land, covering_grid(context.land.grid(), crs, hydraulics_cell_m), crs);
  const std::vector<double> error = study::gaussian_field(sampling.grid().rows(), sampling.grid().cols(), 3.0,
                                                          {context.options.seed, porosity_error});
  const std::vector<std::pair<std::string, Property>> properties{
      {"porosity", [](const auto& s) { return s.hydraulics.porosity; }},
      {"field_capacity", [](const auto& s) { return s.hydraulics.field_capacity(); }},
      {"wilting_point", [](const auto& s) { return s.hydraulics.wilting_point(); }}};
  context.parallel_for(study::soil_horizons, [&](std::int64_t h) {
    const int horizon = static_cast<int>(h);
    for (const auto& [name, property] : properties) {
      const std::vector<double> field = property_field(context.land, horizon, property);
      std::vector<float> map(sampling.size(), missing);
      for (std::size_t i = 0; i < sampling.size(); ++i)
        if (sampling.has_soil(i)) map[i] = static_cast<float>(sampling(field, i) * (1.0 + 0.025 * error[i]));
      const io::MapSpec spec{sampling.grid(),
                             io::MapType::float32,
                             -9999.0,
                             1.0,
                             0.0,
                             name + " " + horizon_label(horizon),
                             "m3 m-3",
                             {}};
      io::write_map(context.dir / "hydraulics" / (name + "_" + horizon_label(horizon) + ".tif"), spec, map);
    }
  });
}

void write_surface(const DemoContext& context) {
  const study::DemoLand& land = context.land;
  std::vector<float> cover;
  for (const study::LandCover value : land.cover()) cover.push_back(static_cast<float>(value));
  const io::MapSpec cover_spec{
      land.grid(), io::MapType::uint8, 0.0, 1.0,
      0.0,         "land cover",       {},  {{"classes", "1 grass, 2 crop, 3 forest, 4 urban, 5 water"}}};
  io::write_map(context.dir / "land_cover.tif", cover_spec, cover);
  const std::vector<float> elevation(land.elevation_m().begin(), land.elevation_m().end());
  io::write_map(context.dir / "elevation.tif",
                {land.grid(), io::MapType::int16, -32768.0, 1.0, 0.0, "elevation", "m", {}}, elevation);

  io::PolygonLayer parts{"sub_basins", {}};
  for (const auto& part : land.sub_basins()) parts.polygons.push_back({part.name, part.ring});
  io::write_polygons(context.dir / "basin.gpkg", land.grid().crs_wkt(),
                     {{"basin", {{"Demo basin", land.outline()}}}, parts});
}

/// A climatology: twelve maps stamped in the middle of the months of a leap year.
void write_leaf_area(const DemoContext& context) {
  io::CubeSpec spec;
  spec.variable = "leaf_area_index";
  spec.long_name = "leaf area index, mean of the month in all years";
  spec.standard_name = "leaf_area_index";
  spec.units = "1";
  spec.grid = context.land.grid();
  spec.with_bounds = false;
  spec.time_reference = {2000, 1, 1};
  io::CubeFile file(context.dir / "weather" / "leaf_area_index.nc", spec);
  for (int month = 1; month <= 12; ++month) {
    const core::Date middle{2000, month, 15};
    const int day_of_year = core::day_of_year(middle, core::Calendar::standard);
    std::vector<float> map;
    for (const study::LandCover cover : context.land.cover())
      map.push_back(cover == study::LandCover::water
                        ? missing
                        : static_cast<float>(study::DemoLand::leaf_area_index(cover, day_of_year)));
    const auto stamp = static_cast<double>(core::day_number(middle, core::Calendar::standard));
    file.append({stamp, stamp, stamp, false, {}}, map);
  }
  file.finish();
}

}  // namespace

void write_demo_maps(const DemoContext& context) {
  write_surface(context);
  write_soil(context);
  write_hydraulics(context);
  make_demo_folder(context.dir / "weather");
  write_leaf_area(context);
}

}  // namespace rootzone::pipeline
