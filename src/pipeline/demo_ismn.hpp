#pragma once
#include <array>
#include <cstddef>
#include <span>

#include "demo_context.hpp"
#include "demo_stations.hpp"

namespace rootzone::pipeline {

inline constexpr const char* demo_network = "DEMO";
inline constexpr std::array<double, 5> demo_sensor_depths_cm{5.0, 10.0, 20.0, 30.0, 50.0};

/// Position of a sensor: number of its station and of its depth.
struct SensorPlace {
  std::size_t station = 0;
  std::size_t depth = 0;
};

/// The form of a station's files. Most are header + values; every eighth is CEOP, every eighth has CRLF line
/// ends, every eighth is from before the G flag.
enum class IsmnForm { header_values, ceop, header_values_crlf, header_values_unchecked };
IsmnForm ismn_form(std::size_t station);

/// Write the hourly series of one sensor: the truth between the quarters of the days, a bias and noise of its
/// own, absent hours and weeks, spikes (D06), frozen soil (D01), values above saturation (C03).
void write_ismn_sensor(const DemoContext& context, const DemoStation& station, const SensorPlace& place,
                       std::span<const study::CellTrace> days);

/// Write the station's static variables, as ISMN has them: semicolons, CRLF, a lone inch mark.
void write_ismn_static_variables(const DemoContext& context, const DemoStation& station, std::size_t number);

}  // namespace rootzone::pipeline
