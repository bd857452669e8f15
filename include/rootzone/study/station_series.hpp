#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rootzone/core/time_axis.hpp"

namespace rootzone::study {

/// θ = offset + gain · θ_raw, m3 m-3.
struct SensorCalibration {
  double gain = 1.0;
  double offset = 0.0;
  /// "none", or "liu2023-5tm" (1.0614, 0.0134: Decagon 5TM, Liu et al. 2023, Eq. 1); nothing for another
  /// name.
  static std::optional<SensorCalibration> named(std::string_view name);
};

/// Daily means of what a sensor measured. times_s: seconds since 1970-01-01 00:00 UTC, any order; values: as
/// many, NaN = missing. A day is UTC and holds its 00:00; values within one hour are averaged first, and a
/// day with fewer than min_valid_hours (0 … 24; 1 for daily records) different hours is missing. A date the
/// axis's calendar does not have (29 February in noleap) is left out. One float per day of the axis, NaN =
/// missing. Throws std::invalid_argument if the lengths differ or min_valid_hours is outside 1 … 24. Pure.
std::vector<float> daily_means(std::span<const std::int64_t> times_s, std::span<const float> values,
                               const core::TimeAxis& axis, int min_valid_hours = 18);

/// A sensor's daily series on the model days.
struct SensorSeries {
  double depth_from_m = 0.0;  ///< equal to depth_to_m for a point
  double depth_to_m = 0.0;
  std::vector<float> daily;  ///< m3 m-3, NaN = missing
};

/// A layer of soil, depths positive downwards. The surface is {0, 0.10}.
struct Zone {
  double top_m = 0.10;
  double bottom_m = 0.50;
};

struct ZoneOptions {
  SensorCalibration calibration;
  /// Least share of the zone within the sensors' own reach (half-way to the neighbour, as far below the
  /// deepest as above it). The outermost sensors then stand for the rest.
  double min_coverage = 0.5;
};

/// What a depth contributes to a zone.
struct DepthWeight {
  double depth_m = 0.0;
  double thickness_m = 0.0;
  int sensors = 1;  ///< at this depth, averaged
};

struct ZoneReference {
  std::vector<float> values;         ///< m3 m-3 per day, NaN = missing; empty with a problem
  std::vector<DepthWeight> weights;  ///< by depth; thicknesses add up to the zone's
  std::string problem;               ///< why there is no reference, else empty
};

/// Depth-weighted mean moisture of a zone (Liu et al. 2023, Eq. 2). A sensor stands for the soil between the
/// midpoints to its neighbours above and below (all sensors of the station count), clipped to the zone; the
/// outermost reach the zone's edges. Sensors at one depth (to 1 mm) are averaged over those valid that day. A
/// day counts only if every depth of the zone has a value. No reference, with the reason, if no sensor lies
/// inside the zone (to 1 mm) or their reach covers too little of it. Throws std::invalid_argument for series
/// of differing length, a depth from > to, or an empty zone. Pure.
ZoneReference zone_reference(std::span<const SensorSeries> sensors, const Zone& zone,
                             const ZoneOptions& options = {});

}  // namespace rootzone::study
