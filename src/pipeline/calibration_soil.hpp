#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog.hpp"
#include "rootzone/pipeline/calibration_setup.hpp"
#include "rootzone/study/station_match.hpp"
#include "station_data.hpp"

namespace rootzone::pipeline {

/// Porosity and field capacity of a station, and where they come from.
struct SiteSoil {
  double surface_porosity = 0.0;
  double root_zone_porosity = 0.0;
  double field_capacity = 0.0;  ///< of the root zone
  std::string origin;           ///< "soil maps", "loam over clay loam (shipped:rawls1982)", …
  std::string problem;          ///< why there is none, else empty
};

/// Where each station lies on the model grid; nothing for one outside. On a grid of stations every one has
/// its cell.
std::vector<std::optional<study::CellWeights>> station_cells(const Configuration& configuration,
                                                             const core::Grid& grid,
                                                             const StationData& stations);

/// Value of a soil entry at a station: a number as it is, a static input weighed over the station's cells
/// (NaN where it is missing).
double sample_at(const nlohmann::json& number_or_name, const std::string& units, const std::string& who,
                 InputCatalog& catalog, const study::CellWeights& cells);

/// Soil of the covariate sets P1 and P2.
class CalibrationSoil {
 public:
  /// Reads the texture table if P2 is asked for. Throws Error(data) for a table that lacks a class or column.
  CalibrationSoil(const CalibrationSetup& setup, InputCatalog& catalog);

  SiteSoil from_maps(const RootZoneSetup& zone, const study::CellWeights& cells) const;
  SiteSoil from_texture(const RootZoneSetup& zone, const study::CellWeights& cells,
                        const StationOnDays& station) const;

 private:
  struct ClassSoil {
    double porosity;
    double field_capacity;
  };
  void read_table();

  const CalibrationSetup& m_setup;
  InputCatalog& m_catalog;
  std::map<std::string, ClassSoil, std::less<>> m_classes;
};

/// The set `series`: porosity 1.02 times the largest valid value of the calibration days, field capacity
/// their 75th percentile.
SiteSoil soil_from_series(std::span<const float> surface, std::span<const float> root_zone,
                          study::DayRange calibration);

}  // namespace rootzone::pipeline
