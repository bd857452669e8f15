#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "rootzone/core/parallel.hpp"
#include "rootzone/core/time_axis.hpp"
#include "rootzone/pipeline/demo.hpp"
#include "rootzone/study/demo_land.hpp"

namespace rootzone::pipeline {

inline constexpr const char* demo_crs = "EPSG:32632";
inline constexpr double demo_latitude_deg = 45.3;
inline constexpr std::int64_t demo_weather_factor = 5;

/// What every writer of the demo needs to know.
struct DemoContext {
  std::filesystem::path dir;
  DemoOptions options;
  study::DemoLand land;
  core::TimeAxis storage_axis;
  core::TimeAxis moisture_axis;
  const core::ParallelFor& parallel_for;
};

/// Streams of the seed for what instruments add; the basin itself takes the streams below 200.
enum DemoStream : std::uint64_t {
  retrieval_noise = 201,
  retrieval_field,
  missing_file,
  evaporation_noise,
  sand_error,
  clay_error,
  density_error,
  porosity_error,
  station_choice,
  sensor_bias,
  sensor_noise = 1000,    ///< + sensor number
  sensor_outage = 20000,  ///< + sensor number
  sensor_event = 40000    ///< + sensor number
};

/// Make a folder and its parents; Error(environment) if that fails.
void make_demo_folder(const std::filesystem::path& folder);
/// Write a text file; Error(environment) if that fails.
void write_demo_text(const std::filesystem::path& path, const std::string& text);

}  // namespace rootzone::pipeline
