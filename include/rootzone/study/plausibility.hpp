#pragma once
#include <span>
#include <string>
#include <vector>

namespace rootzone::study {

/// Rules for a daily series of soil moisture. Each is meant to be broken by a failing sensor and kept by
/// soil.
struct PlausibilityRules {
  double lowest = 0.0;   ///< m3 m-3
  double highest = 1.0;  ///< m3 m-3: more water than volume cannot be; organic soils come near
  /// Share of the valid days that may lie outside: such days are a fault of the sensor, not of a day.
  double outside_share = 0.001;
  int stuck_days = 30;        ///< so many days in a row with the very same value
  double jump = 0.25;         ///< m3 m-3 from one day to the next
  int jumps_allowed = 2;      ///< larger ones than that
  double spike = 0.15;        ///< m3 m-3 up and down again (or down and up) within two days
  int spikes_allowed = 2;     ///< larger ones than that
  double least_range = 0.01;  ///< m3 m-3 between the smallest and the largest value: less is constant
  /// Throws std::invalid_argument naming the rule.
  void validate() const;
};

/// What is wrong with a series, a phrase per broken rule with the numbers ("42 of 2042 days above 1 m3 m-3");
/// empty if it keeps all. daily: m3 m-3 per day, NaN = missing; a gap ends a run of equal values and a jump
/// is between neighbouring days only. A series without any value breaks none. Pure.
std::vector<std::string> implausible(std::span<const float> daily, const PlausibilityRules& rules = {});

}  // namespace rootzone::study
