#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "rootzone/core/grid.hpp"
#include "rootzone/study/demo_column.hpp"

namespace rootzone::study {

/// Values of the land-cover map.
enum class LandCover : std::uint8_t { grass = 1, crop = 2, forest = 3, urban = 4, water = 5 };

/// Horizons of the soil maps, as SoilGrids 2.0 has them (Poggio et al. 2021), cm.
inline constexpr int soil_horizons = 5;
inline constexpr std::array<double, soil_horizons + 1> soil_horizon_edges_cm{0.0,  5.0,  15.0,
                                                                             30.0, 60.0, 100.0};

/// Soil of one horizon or layer.
struct SoilSample {
  double sand_percent = 40.0;
  double silt_percent = 40.0;
  double clay_percent = 20.0;
  double bulk_density_g_cm3 = 1.4;
  double organic_carbon_percent = 1.0;
  LayerSoil hydraulics;
};

/// The demo basin's land: terrain, cover and soil of each cell, row 0 north, drawn from correlated random
/// fields. Correlation lengths and the terrain scale with the grid, so a basin of 12 × 16 cells has a plain,
/// foothills and mountains too.
class DemoLand {
 public:
  /// The grid's CRS is not used; cells are taken as square. Any grid of at least 2 × 2 cells.
  DemoLand(core::Grid grid, std::uint64_t seed);

  const core::Grid& grid() const { return m_grid; }
  std::int64_t cells() const { return m_grid.cells(); }
  const std::vector<double>& elevation_m() const { return m_elevation_m; }
  const std::vector<LandCover>& cover() const { return m_cover; }
  const std::vector<double>& depth_to_bedrock_m() const { return m_depth_to_bedrock_m; }
  /// Soil between two depths, taken at their middle. Hydraulic parameters by Cosby et al. (1984) from sand
  /// and clay, with a spatially correlated residual of half the regression's published scatter (a cell
  /// averages many samples); porosity falls with depth and rises with organic matter, and bulk density
  /// follows it.
  SoilSample soil(std::int64_t cell, double top_cm, double bottom_cm) const;
  /// The column the process model runs in a cell. Roots by Jackson et al. (1996), to 100 cm, forest to 200
  /// cm.
  ColumnSoil column(std::int64_t cell) const;
  /// Water between field capacity and wilting point within the rooted depth, mm.
  double available_water_mm(std::int64_t cell) const;
  /// Leaf area index of a cover on a day of the year.
  static double leaf_area_index(LandCover cover, int day_of_year);

  /// A closed ring of (x, y), the basin's outline; all of it lies inside the grid.
  std::vector<std::array<double, 2>> outline() const;
  /// The outline cut into four named parts that share edges.
  struct SubBasin {
    std::string name;
    std::vector<std::array<double, 2>> ring;
  };
  std::vector<SubBasin> sub_basins() const;
  /// Whether a point lies inside the outline.
  bool inside(double x, double y) const;

 private:
  void draw_terrain(std::uint64_t seed);
  void draw_cover(std::uint64_t seed);
  void draw_soil(std::uint64_t seed);
  std::array<double, 2> outline_point(double angle) const;

  core::Grid m_grid;
  std::vector<double> m_mountain;  ///< 0 plain … 1 high mountains
  std::vector<double> m_elevation_m;
  std::vector<LandCover> m_cover;
  std::vector<double> m_depth_to_bedrock_m;
  std::vector<double> m_sand_percent;  ///< of the topsoil
  std::vector<double> m_clay_percent;
  std::vector<double> m_clay_gain;  ///< growth of clay with depth
  std::vector<double> m_organic_carbon_percent;
  std::vector<double> m_porosity_residual;
  std::vector<double> m_exponent_residual;  ///< standard normal, as the next two
  std::vector<double> m_conductivity_residual;
  std::vector<double> m_density_residual;
};

}  // namespace rootzone::study
