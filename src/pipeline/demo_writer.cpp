#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

#include "demo_context.hpp"
#include "demo_cubes.hpp"
#include "demo_maps.hpp"
#include "demo_pipeline.hpp"
#include "demo_readme.hpp"
#include "demo_soil_truth.hpp"
#include "demo_stations.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/projection.hpp"
#include "rootzone/study/demo_basin.hpp"

namespace rootzone::pipeline {
namespace {

namespace fs = std::filesystem;

/// Changes whenever the same options give other files.
constexpr int demo_format_version = 3;
constexpr int last_year = 2020;
constexpr double cell_m = 1000.0;
constexpr double west_m = 460000.0;
constexpr double south_m = 4960000.0;

/// Everything the demo puts into its folder, the marker aside.
constexpr std::array<const char*, 14> demo_entries{"surface_soil_moisture",
                                                   "surface_soil_moisture_flags",
                                                   "weather",
                                                   "evaporation",
                                                   "soil",
                                                   "hydraulics",
                                                   "stations",
                                                   "truth",
                                                   "land_cover.tif",
                                                   "elevation.tif",
                                                   "basin.gpkg",
                                                   "site_series.csv",
                                                   "demo.toml",
                                                   "README.md"};

nlohmann::ordered_json marker(const DemoOptions& options, bool complete) {
  return {{"product", "rootzone demo"},
          {"format_version", demo_format_version},
          {"complete", complete},
          {"rows", options.rows},
          {"cols", options.cols},
          {"days", options.days},
          {"storage_years", options.storage_years},
          {"stations", options.stations},
          {"seed", options.seed},
          {"truth", options.truth == study::DemoTruth::column ? "column" : "simple"}};
}

void write_marker(const fs::path& dir, const DemoOptions& options, bool complete) {
  write_demo_text(dir / "demo.json", marker(options, complete).dump(2) + "\n");
}

/// The marker of an earlier demo in the folder, null if there is none that can be read.
nlohmann::ordered_json read_marker(const fs::path& dir) {
  std::ifstream file(dir / "demo.json");
  if (!file) return nullptr;
  return nlohmann::ordered_json::parse(file, nullptr, false);
}

bool is_our_marker(const nlohmann::ordered_json& found) {
  return found.is_object() && found.contains("product") && found["product"] == "rootzone demo";
}

/// Make the folder ready: create it, or clear what an earlier demo left. Only our own names are removed.
void clear_folder(const fs::path& dir) {
  make_demo_folder(dir);
  if (!is_our_marker(read_marker(dir)) && !fs::is_empty(dir))
    throw core::Error(
        core::ErrorKind::usage,
        dir.string() + ": the folder holds other things than a demo; give an empty or a new one");
  for (const char* entry : demo_entries) {
    std::error_code failed;
    fs::remove_all(dir / entry, failed);
    if (failed)
      throw core::Error(core::ErrorKind::environment, (dir / entry).string() +
                                                          ": cannot remove what an earlier demo left (" +
                                                          failed.message() + "); check its permissions");
  }
}

core::Grid basin_grid(const DemoOptions& options) {
  return core::Grid(io::projection_wkt(demo_crs),
                    {west_m, south_m, west_m + cell_m * static_cast<double>(options.cols),
                     south_m + cell_m * static_cast<double>(options.rows)},
                    options.rows, options.cols);
}

core::TimeAxis storage_axis(const DemoOptions& options) {
  return core::TimeAxis({last_year - static_cast<int>(options.storage_years) + 1, 1, 1}, {last_year, 12, 31});
}

core::TimeAxis moisture_axis(const DemoOptions& options, const core::TimeAxis& storage) {
  return core::TimeAxis(storage.date(storage.count() - options.days), storage.last());
}

void simulate_and_write(const DemoContext& context, core::ProgressSink* progress) {
  study::DemoWeather weather(context.land, demo_weather_factor, demo_latitude_deg, context.options.seed);
  DemoStationRecord stations(context, choose_demo_stations(context.land, context.options));
  DemoCubes cubes(context, weather.grid());
  study::DemoBasinOptions options;
  options.latitude_deg = demo_latitude_deg;
  options.truth = context.options.truth;
  options.traced_cells = stations.cells();
  if (progress != nullptr) progress->begin("simulating the demo basin", context.storage_axis.count());
  const auto hear = [&](std::span<const study::BasinDay> days) {
    cubes.write(days);
    stations.add(days);
    if (progress != nullptr) progress->advance(static_cast<std::int64_t>(days.size()));
  };
  study::simulate_basin(context.land, weather, context.storage_axis, options, context.parallel_for, hear);
  cubes.finish();
  stations.write();
  if (progress != nullptr) progress->end();
}

void check_range(const char* option, std::int64_t value, std::int64_t lowest, std::int64_t highest) {
  if (value < lowest || value > highest)
    throw core::Error(core::ErrorKind::usage, std::string("the demo's ") + option + " must be " +
                                                  std::to_string(lowest) + " to " + std::to_string(highest) +
                                                  ", found " + std::to_string(value));
}

}  // namespace

void make_demo_folder(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed)
    throw core::Error(core::ErrorKind::environment,
                      folder.string() + ": cannot create the folder (" + failed.message() +
                          "); check its parent's permissions and the free space");
}

void write_demo_text(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (!file)
    throw core::Error(
        core::ErrorKind::environment,
        path.string() + ": cannot write the file; check the folder's permissions and the free space");
}

void DemoOptions::validate() const {
  check_range("rows", rows, 4, 2000);
  check_range("cols", cols, 4, 2000);
  check_range("storage years", storage_years, 1, 100);
  check_range("days", days, 1, storage_axis(*this).count());
  check_range("stations", stations, 1, 999);
}

void write_demo(const fs::path& dir, const DemoOptions& options, const core::ParallelFor& parallel_for,
                core::ProgressSink* progress) {
  options.validate();
  if (read_marker(dir) == marker(options, true)) return;
  const core::TimeAxis storage = storage_axis(options);
  const DemoContext context{dir,
                            options,
                            study::DemoLand(basin_grid(options), options.seed),
                            storage,
                            moisture_axis(options, storage),
                            parallel_for};
  choose_demo_stations(context.land, options);  // this and the next refuse before anything is removed
  const std::string pipeline = demo_pipeline(context);
  clear_folder(dir);
  write_marker(dir, options, false);
  for (const char* folder : {"surface_soil_moisture", "surface_soil_moisture_flags", "weather", "evaporation",
                             "truth", "stations"})
    make_demo_folder(dir / folder);
  write_demo_maps(context);
  write_demo_soil_truth(context);
  simulate_and_write(context, progress);
  write_demo_text(dir / "README.md", demo_readme(context));
  write_demo_text(dir / "demo.toml", pipeline);
  write_marker(dir, options, true);
}

}  // namespace rootzone::pipeline
