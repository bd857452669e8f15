#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "rootzone/core/time_axis.hpp"
#include "rootzone/io/station_record.hpp"
#include "rootzone/pipeline/configuration.hpp"
#include "rootzone/study/station_series.hpp"

namespace rootzone::pipeline {

/// One station on the days of the run.
struct StationOnDays {
  std::string id;
  double latitude = 0.0;
  double longitude = 0.0;
  std::vector<float> root_zone;              ///< reference, m3 m-3, one value a day, NaN = missing
  std::string root_zone_problem;             ///< why there is no reference, else empty
  std::vector<study::SensorSeries> sensors;  ///< daily series of each kept sensor
  std::vector<io::StaticVariable> static_variables;
};

/// All stations of [validation], read once.
struct StationData {
  std::vector<StationOnDays> stations;
  std::vector<std::string> warnings;
  study::ZoneOptions options;
  /// Days of the run before the validation part: the asked fraction of the days on which any station has a
  /// root-zone reference lies before it. Fits and station statistics look at these days only.
  std::int64_t calibration_days = 0;

  /// Depth-weighted series of one station over [top, bottom] cm. Error(data) naming the station and why, if
  /// its sensors do not cover it.
  std::vector<float> zone(std::size_t station, const std::array<double, 2>& zone_cm) const;
};

/// Read and bring to daily means. Broken lines and files become warnings; no usable station is Error(data).
StationData read_station_data(const ValidationSettings& settings, const core::TimeAxis& time);

}  // namespace rootzone::pipeline
