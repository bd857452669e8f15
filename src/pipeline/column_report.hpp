#pragma once
#include <string>
#include <vector>

#include "column_file.hpp"

namespace rootzone::pipeline {

/// Daily sums and end-of-day values of a run, mm and m³/m³.
struct ColumnDays {
  std::vector<double> precipitation_mm, infiltration_mm, evaporation_mm, transpiration_mm, runoff_mm,
      drainage_mm, storage_mm;
  std::vector<std::vector<double>> water_content;  ///< [depth][day]
};

/// The column "soil_moisture_<depth>cm" of the series for a depth.
std::string moisture_column(double depth_cm);

/// report.html: θ at the depths with what was observed, fluxes, balance, settings.
std::string column_report(const ColumnCase& problem, const soil::ColumnResult& result, const ColumnDays& days,
                          const std::string& command_line);

}  // namespace rootzone::pipeline
