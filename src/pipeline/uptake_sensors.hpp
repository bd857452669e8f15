#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "rootzone/core/time_axis.hpp"

namespace rootzone::pipeline {

/// Daily water contents at one depth.
struct DepthSeries {
  double depth_cm = 0.0;
  std::vector<double> daily;  ///< m3 m-3, NaN = missing
};

/// The sensors of one station, by depth; sensors at one depth (to 1 mm) are averaged.
struct StationProfile {
  std::string station;
  core::TimeAxis axis{{1970, 1, 1}, {1970, 1, 1}};
  std::vector<DepthSeries> depths;
  std::vector<std::string> warnings;
};

/// Read [profile] on the days of [time]. Throws core::Error.
StationProfile read_station_profile(const nlohmann::json& profile, const nlohmann::json& time);

}  // namespace rootzone::pipeline
