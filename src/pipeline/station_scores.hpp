#pragma once
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "preparation.hpp"
#include "product_set.hpp"
#include "rootzone/study/validation.hpp"

namespace rootzone::pipeline {

/// Products against stations: scores, and the series they come from.
struct StationScores {
  study::ValidationResult result;
  std::vector<study::StationData> stations;  ///< those inside the grid with a reference
  std::vector<double> longitude;
  std::vector<double> latitude;
  std::vector<std::string> warnings;
};

/// Stations that will be left out because they lie outside the grid, a sentence each. Throws Error(data) if
/// that are all of them.
std::vector<std::string> check_stations(const Preparation& job);

/// Score every product that is moisture at every station; writes stations/metrics.csv, metrics.gpkg and
/// series/<station>.csv and adds them to `files`.
StationScores score_stations(const Preparation& job, const std::vector<Product>& products,
                             const std::filesystem::path& out, std::vector<std::filesystem::path>& files);

/// A line for each product: stations, median RMSE, bias and r of the validation part.
void print_scores(const StationScores& scores, std::ostream& out);

}  // namespace rootzone::pipeline
