#pragma once
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rootzone/core/block.hpp"
#include "rootzone/core/expression.hpp"
#include "rootzone/io/input.hpp"
#include "rootzone/pipeline/configuration.hpp"
#include "station_data.hpp"

namespace rootzone::pipeline {

using LayerPointer = std::shared_ptr<const std::vector<float>>;

/// A static layer that a stage makes for those who ask for it by name; computed when first asked for.
struct MadeLayer {
  std::string name;
  std::string units;
  std::function<std::vector<float>()> make;  ///< one value for each cell of the model grid, NaN = missing
};

/// A static layer somebody wants, in these units.
struct LayerRequest {
  std::string name;
  std::string units;
};

/// The inputs of a pipeline by name: opened when first asked for, static layers read once.
class InputCatalog {
 public:
  /// inside: share of each cell in the basin, empty = everywhere; daily inputs are missing where it is 0.
  /// stations: series for a grid of stations, or null.
  InputCatalog(const Configuration& configuration, const core::Grid& grid, const core::TimeAxis& time,
               std::vector<float> inside, const StationData* stations);

  /// A daily input whose values are already in memory (one column per cell of a one-row grid).
  void add_memory_source(const std::string& name, std::vector<std::vector<float>> columns);
  /// A static layer that a stage makes.
  void add_made_layer(const MadeLayer& layer);
  /// The inputs are columns of one file: messages about an absent input name its column.
  void set_columns(std::string file, std::map<std::string, std::string> column_of_input) {
    m_series_file = std::move(file);
    m_column_of_input = std::move(column_of_input);
  }
  /// From now on a daily input without any record on the days is all missing, and no error.
  void allow_days_without_record() { m_may_have_no_day = true; }
  /// SHA-256 of the values of each static layer read so far, by "name [units]".
  std::map<std::string, std::string> layer_checksums() const;
  const InputDefinition* find(const std::string& name) const;
  /// Whether an input has no time. Opens a file where only the file can tell.
  bool is_static(const std::string& name);
  /// Null if the input is optional and its file is absent. units: to convert to; empty = as the file has
  /// them.
  LayerPointer layer(const std::string& name, const std::string& units, const std::string& who);
  /// Layers that will be asked for by `layer`: those that come from files are read now, side by side.
  void read_ahead(const std::vector<LayerRequest>& wanted);
  /// The same in the units that were first asked for, else the file's: for descriptions.
  LayerPointer layer_as_read(const std::string& name, const std::string& who);
  /// A daily input that comes from files or stations. It has one unit for all who read it: Error(usage) with
  /// the remedy where two want different ones.
  std::shared_ptr<core::BlockSource> source(const std::string& name, const std::string& units,
                                            const std::string& who);
  /// Parse an expression of an input; all its names must be inputs. Error(usage) with "did you mean".
  core::Expression expression(const std::string& text, const std::string& input) const;
  /// Whether the file of an optional input is absent.
  bool is_absent(const InputDefinition& input) const;
  /// Whether everything an expression needs is there.
  bool computable(const core::Expression& expression);

  const std::vector<io::InputReport>& reports() const { return m_reports; }
  /// Of an input that has been opened, or null.
  const io::InputReport* report(const std::string& name) const;
  /// Whether anything has read the input so far.
  bool is_read(const std::string& name) const;
  std::int64_t resident_bytes() const;
  /// Let go of layers that no stage holds on to; returns their bytes. Asked for again, they are read again.
  std::int64_t drop_unused_layers();
  std::vector<std::string> names() const;
  const std::vector<float>& inside() const { return m_inside; }
  const core::Grid& grid() const { return m_grid; }

 private:
  const InputDefinition& require(const std::string& name, const std::string& who) const;
  [[noreturn]] void refuse_column(const std::string& name, const std::string& who) const;
  void require_same_units(const InputDefinition& input, const std::string& units,
                          const std::string& who) const;
  io::InputSpec spec_of(const InputDefinition& input, const std::string& units) const;
  bool file_is_static(const InputDefinition& input) const;
  bool daily_is_there(const std::string& name);
  LayerPointer derive_layer(const InputDefinition& input);
  /// Remember a layer that was read, and its report.
  LayerPointer keep(const std::pair<std::string, std::string>& key, io::StaticLayer read);
  LayerPointer station_layer(const InputDefinition& input) const;
  LayerPointer made_layer(const MadeLayer& made, const std::string& units, const std::string& who) const;

  const Configuration& m_configuration;
  core::Grid m_grid;
  core::TimeAxis m_time;
  std::vector<float> m_inside;
  const StationData* m_stations;
  std::deque<InputDefinition> m_memory_inputs;
  std::map<std::string, MadeLayer> m_made_layers;
  bool m_may_have_no_day = false;
  std::string m_series_file;  ///< empty: inputs are those of a pipeline
  std::map<std::string, std::string> m_column_of_input;
  std::map<std::string, bool> m_is_static;
  std::map<std::pair<std::string, std::string>, LayerPointer> m_layers;  ///< by name and units asked for
  std::map<std::string, std::shared_ptr<core::BlockSource>> m_sources;
  std::vector<io::InputReport> m_reports;
  std::vector<std::string> m_in_progress;
};

}  // namespace rootzone::pipeline
