#pragma once
#include <filesystem>
#include <iosfwd>
#include <limits>
#include <string>
#include <vector>

namespace rootzone::pipeline {

/// `rootzone pedotransfer`: one site's soil. What is not given is NaN; silt is then what sand and clay leave.
struct PedotransferSiteRequest {
  double sand_percent = std::numeric_limits<double>::quiet_NaN();
  double silt_percent = std::numeric_limits<double>::quiet_NaN();
  double clay_percent = std::numeric_limits<double>::quiet_NaN();
  double bulk_density_g_cm3 = std::numeric_limits<double>::quiet_NaN();
  double organic_carbon_percent = std::numeric_limits<double>::quiet_NaN();
  bool subsoil = false;
  std::vector<std::string> functions;  ///< empty: all
  std::string format = "csv";          ///< csv or json
  std::filesystem::path out;           ///< a file; empty: the stream
};
/// What each function says of the soil, then their median and standard deviation: a row each with the
/// properties of soil::soil_properties(), whether the soil lies outside the function's range and why a result
/// was dropped. Throws Error(usage) for an unknown function, texture that was not given or fractions that do
/// not add up to 100 %, Error(environment) for a file that cannot be written.
void estimate_site_soil(const PedotransferSiteRequest& request, std::ostream& out);

/// `rootzone pedotransfer --fit`: retention curves to measured points.
struct RetentionFitRequest {
  std::filesystem::path
      points;  ///< CSV: suction_cm or suction_kpa, water_content, and sample where there are several
  std::vector<std::string> models;  ///< empty: all
  std::string format = "csv";
  std::filesystem::path out;
};
/// A row for each sample and model: θr, θs, α, n, m, RMSE, points and the parameters on a bound.
/// Throws Error(data) with the file and sample for columns that are absent and curves that cannot be fitted.
void fit_site_retention(const RetentionFitRequest& request, std::ostream& out);

}  // namespace rootzone::pipeline
