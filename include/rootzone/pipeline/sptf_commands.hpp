#pragma once
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>

namespace rootzone::pipeline {

/// `rootzone sptf import`: a weights file from plain matrices (docs/sptf-weights.md).
struct SptfImportRequest {
  std::filesystem::path matrices;  ///< NetCDF file or folder of CSV files
  std::filesystem::path out;       ///< the weights file to write
  std::string model = "van_genuchten";
  std::string aggregation = "mean";
  std::string gates = "ifgo";
  std::filesystem::path inputs;   ///< table of inputs; empty: the nine published ones
  std::filesystem::path outputs;  ///< table of outputs; empty: Table 1 of Qi et al. (2026)
  std::string title;
  std::string training;
  std::string data;
};

/// Writes the file, whole or not at all, and says on `out` what it holds. Throws core::Error naming the
/// matrix, its shape and the one expected.
void import_sptf(const SptfImportRequest& request, std::ostream& out);

/// `rootzone sptf predict`: soil hydraulic parameters of one site.
struct SptfPredictRequest {
  std::string weights;           ///< a weights file, or shipped:NAME
  std::filesystem::path series;  ///< CSV, a row a day
  double sand = 0.0;             ///< fractions
  double silt = 0.0;
  double clay = 0.0;
  double bulk_density_g_cm3 = 0.0;
  std::string first_day;           ///< ISO date; empty: the series' first
  std::string last_day;            ///< ISO date; empty: the series' last
  std::int64_t minimum_days = 10;  ///< with fewer observed days there are no parameters
  std::string instruction_set = "auto";
};

/// Prints a JSON object: what was read, the parameters, what follows from them (water content at 33 and 1500
/// kPa, SMAR's sw2 and sc1), the number of observed days and whether they are few (below 40). Throws
/// core::Error for a column that is missing, a texture that does not sum to 1, or a network that does not
/// validate.
void predict_sptf(const SptfPredictRequest& request, std::ostream& out);

}  // namespace rootzone::pipeline
