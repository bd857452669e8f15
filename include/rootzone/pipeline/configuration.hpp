#pragma once
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "rootzone/core/grid.hpp"
#include "rootzone/core/time_axis.hpp"
#include "rootzone/io/input_spec.hpp"
#include "rootzone/io/product.hpp"
#include "rootzone/pipeline/calibration_setup.hpp"
#include "rootzone/pipeline/regionalisation_setup.hpp"

namespace rootzone::pipeline {

enum class InputRole { automatic, static_layer, daily };
enum class StationStatistic { none, minimum, quantile, maximum };

/// An input from files, from the stations, or derived from other inputs.
struct InputDefinition {
  std::string name;
  InputRole role = InputRole::automatic;
  io::InputSpec files;                   ///< empty paths and layers: derived or from stations
  std::string to_units;                  ///< asked for by the user
  std::vector<std::string> expressions;  ///< first that can be computed wins
  std::string method;                    ///< "oudin" or empty
  std::string temperature;               ///< input of the method
  std::optional<std::array<double, 2>> station_depth_cm;
  StationStatistic station_statistic = StationStatistic::none;
  double station_quantile = 0.75;
  double station_factor = 1.0;
};

enum class CogDates { all, month_start, first_last };

struct OutputRequest {
  std::string variable;
  bool netcdf = false;
  bool cog = false;
  std::optional<io::Packing> packing;  ///< nothing: by the quantity
  std::optional<io::Split> split;      ///< nothing: all for `run`, month for `update`
  CogDates cog_dates = CogDates::all;
  bool flags = true;
  bool series = true;
};

struct AreaSettings {
  std::filesystem::path outline;
  std::string outline_layer;
  std::filesystem::path zones;
  std::string zone_layer;
  std::string zone_name;
  std::vector<double> quantiles;
};

struct ValidationSettings {
  std::filesystem::path stations;
  bool is_csv = false;
  std::vector<std::string> station_columns;
  std::filesystem::path data;
  std::filesystem::path flag_table;
  std::vector<int> flag_good;
  std::vector<std::string> only_stations;
  std::array<double, 2> root_zone_cm{10.0, 50.0};
  std::vector<std::string> keep_flags;
  int minimum_hours = 18;
  double sensor_gain = 1.0;
  double sensor_offset = 0.0;
  double calibration_fraction = 2.0 / 3.0;
  int minimum_pairs = 30;
  bool bilinear = false;
  /// Values of CSV stations outside are missing, m3 m-3. Not a key: a calibration looks further, so that its
  /// plausibility rules see what a failing sensor says.
  std::array<double, 2> csv_valid_range{0.0, 1.0};
};

struct GridSettings {
  std::string crs;
  std::optional<core::Extent> extent;
  std::array<double, 2> resolution{0.0, 0.0};
  std::filesystem::path like;
  bool stations = false;
};

/// A pipeline file, typed. Stage settings stay JSON: each stage reads its own.
/// A file that is no input but shapes the numbers: a regression, a table, a gauge, an outline.
struct SettingFile {
  std::string role;  ///< what it is to the run, for the manifest
  std::filesystem::path path;
  std::string sha256;
};

struct Configuration {
  std::string name;
  std::string title;
  std::string institution;
  std::string license;
  std::string comment;
  GridSettings grid;
  core::TimeAxis time{{1970, 1, 1}, {1970, 1, 1}};
  std::vector<InputDefinition> inputs;
  std::vector<nlohmann::json> stages;
  std::vector<OutputRequest> outputs;
  std::optional<AreaSettings> area;
  std::optional<ValidationSettings> validation;
  std::optional<CalibrationSetup> calibration;
  std::optional<RegionalisationSetup> regionalisation;
  int state_generations = 2;               ///< of `update`
  nlohmann::json resolved;                 ///< what all of this was read from
  std::vector<SettingFile> setting_files;  ///< noted while the job is prepared
};

/// From what `resolve_pipeline_file` gives. Throws Error(usage) where keys contradict each other.
Configuration read_configuration(const nlohmann::json& resolved);

}  // namespace rootzone::pipeline
