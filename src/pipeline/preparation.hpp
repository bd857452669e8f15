#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog.hpp"
#include "rootzone/engine/run.hpp"
#include "rootzone/pipeline/configuration.hpp"
#include "rootzone/pipeline/report.hpp"
#include "rootzone/pipeline/variable_info.hpp"
#include "station_data.hpp"

namespace rootzone::pipeline {

/// Sub-basins as the grid sees them.
struct Zones {
  std::vector<std::string> names;
  std::vector<std::int32_t> index;  ///< of each cell, −1 = in none
};

/// Stages that share their days: most pipelines have one segment; a mass curve with a record of its own has
/// another.
struct Segment {
  engine::Chain chain;  ///< its days are those to be computed: the record, or a window at its end
  core::TimeAxis record{{1970, 1, 1}, {1970, 1, 1}};  ///< from the first day the stages know of
  std::unique_ptr<InputCatalog> catalog;
  std::vector<VariableInfo> variables;  ///< of every stage, and of inputs that are written
  std::vector<std::string> notes;       ///< what the stages say of their parameters
  std::vector<std::function<std::vector<std::string>()>> remarks;     ///< of stages, asked for after the run
  std::vector<std::function<std::vector<ReportSection>()>> sections;  ///< likewise, for the report
  std::int64_t resident_bytes = 0;  ///< held for the whole run by layers and stages
  /// Stages that are left out where nobody reads what they make, with their share of resident_bytes.
  std::vector<std::pair<const engine::Stage*, std::int64_t>> optional_stages;
  std::vector<SettingFile> setting_files;  ///< read by stages; without checksums
  /// Stages with a survey: the last day of the period it looks at; nothing = to the end of the record.
  std::map<const engine::Stage*, std::optional<core::Date>> surveys;
  std::map<std::string, std::string> layer_checksums;  ///< SHA-256 of the static layers, where asked for
};

/// What is to be prepared, where it is not the whole record at once.
struct PrepareOptions {
  /// Nightly work: compute from this day to the end of the record, on a state of the day before.
  std::optional<core::Date> window_start;
  io::Split default_split = io::Split::all;  ///< files of a product that does not say
  bool sums_layers = false;                  ///< take the SHA-256 of the static layers
};

/// The whole job, ready to run: names, units, grids, dates and parameters are settled, no block is read.
struct Preparation {
  explicit Preparation(const Configuration& settings) : configuration(settings) {}
  Preparation(const Preparation&) = delete;
  Preparation& operator=(const Preparation&) = delete;

  Configuration configuration;
  PrepareOptions options;
  core::Grid grid;
  std::vector<std::unique_ptr<Segment>> segments;
  std::unique_ptr<StationData> stations;
  std::vector<float> inside;  ///< share of each cell in the basin, empty = no outline
  Zones zones;
  std::vector<MadeLayer> made_layers;  ///< of all stages so far, known to every segment

  /// The segment that makes a variable, or null.
  Segment* segment_of(const std::string& variable) const;
  /// What readers and stations warn of.
  std::vector<std::string> warnings() const;
  std::vector<std::string> notes() const;
};

/// Throws Error(usage) for what the pipeline file got wrong, Error(data) for what the files got wrong.
std::unique_ptr<Preparation> prepare(const Configuration& configuration, const PrepareOptions& options = {});

/// Model grid of a pipeline; stations are needed where it is made of them.
core::Grid model_grid(const Configuration& configuration, const StationData* stations);

}  // namespace rootzone::pipeline
