#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "rootzone/moisture/smar_parameters.hpp"
#include "rootzone/stats/metrics.hpp"
#include "rootzone/study/regionalisation.hpp"

namespace rootzone::study {

/// What SMAR needs at a station beside its parameters, and what it is judged by.
struct StationMoisture {
  std::vector<float> surface;    ///< m3 m-3 a day, NaN = not observed
  std::vector<float> root_zone;  ///< measured, m3 m-3
  double surface_porosity = 0.0;
  double root_zone_porosity = 0.0;
  double field_capacity = 0.0;  ///< of the root zone, m3 m-3: the initial state
  std::int64_t first_validation_day = 0;
  std::int64_t end_validation_day = 0;  ///< one past the last
};

/// Root-zone moisture of one station, run with the parameters of one method, in the validation period.
struct MoistureScore {
  std::size_t station = 0;
  std::string method;  ///< "calibrated" for its own parameters, else that of a TransferTest
  stats::Metrics metrics;
};

/// Run SMAR at every station with its own parameters and with those predicted without it, and compare with
/// the measured root zone on the days of the validation period that all methods of the station share. A
/// station without predicted parameters has no score by that method; one with an empty series none at all.
/// settings: as in the calibration. By station, then by method. Pure.
std::vector<MoistureScore> moisture_without_each(std::span<const RegionalStation> stations,
                                                 std::span<const StationMoisture> moisture,
                                                 std::span<const TransferTest> tests,
                                                 const moisture::SmarSettings& settings,
                                                 const stats::MetricOptions& metrics,
                                                 const core::ParallelFor& parallel_for);

/// How a method stands against another, over the stations scored by both.
struct MethodComparison {
  std::string method;
  std::string against;
  int stations = 0;
  int better = 0;  ///< stations where the method's RMSE is smaller
  double median_rmse = 0.0;
  double median_rmse_against = 0.0;
  double mean_rmse = 0.0;
  double mean_rmse_against = 0.0;
};
MethodComparison compare_methods(std::span<const MoistureScore> scores, const std::string& method,
                                 const std::string& against);

}  // namespace rootzone::study
