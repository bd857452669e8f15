#pragma once
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "catalog.hpp"
#include "preparation.hpp"
#include "reference_period.hpp"
#include "rootzone/core/grid.hpp"
#include "rootzone/core/time_axis.hpp"
#include "rootzone/engine/run.hpp"
#include "rootzone/engine/stage.hpp"
#include "rootzone/pipeline/variable_info.hpp"

namespace rootzone::pipeline {

/// A parameter that is one number or differs from pixel to pixel.
class PixelParameter {
 public:
  explicit PixelParameter(double constant) : m_constant(constant) {}
  explicit PixelParameter(LayerPointer layer) : m_layer(std::move(layer)) {}
  /// NaN where the layer is missing. cell: row-major index on the model grid.
  double at(std::int64_t cell) const {
    return m_layer ? static_cast<double>((*m_layer)[static_cast<std::size_t>(cell)]) : m_constant;
  }
  /// The value of each of the grid's cells.
  std::vector<float> column(std::int64_t cells) const {
    if (m_layer) return *m_layer;
    return std::vector<float>(static_cast<std::size_t>(cells), static_cast<float>(m_constant));
  }

 private:
  double m_constant = 0.0;
  LayerPointer m_layer;
};

/// A stage ready for the engine, with what its variables are.
struct PreparedStage {
  std::shared_ptr<engine::Stage> stage;
  std::vector<VariableInfo> variables;
  std::int64_t resident_bytes = 0;  ///< what it holds for the whole run, for the memory budget
  std::vector<std::string> notes;   ///< lines for the report: shares of clipped pixels and the like
  std::function<std::vector<std::string>()> remarks;  ///< what only the run can tell; may be empty
  bool only_if_read =
      false;  ///< leave it out of a run where no output and no other stage reads what it makes
  std::vector<MadeLayer> made_layers;  ///< what later stages may read by name
  std::function<std::vector<ReportSection>()>
      sections;  ///< of the report, asked for after the run; may be empty
  /// Of a stage with a survey: the last day of the period it looks at; nothing = to the end of the record.
  std::optional<core::Date> surveyed_until{};
};

/// What a stage may ask for while the chain is prepared.
class StageContext {
 public:
  explicit StageContext(Segment& segment) : m_segment(segment) {}

  const core::Grid& grid() const { return m_segment.chain.grid; }
  /// The days that will be computed: positions in blocks are positions on it.
  const core::TimeAxis& time() const { return m_segment.chain.time; }
  /// The days that the results speak of; it ends with time() and may begin before it.
  const core::TimeAxis& record() const { return m_segment.record; }
  InputCatalog& catalog() { return *m_segment.catalog; }

  /// Make a daily variable available to the stages that follow: an earlier stage's output, a source, or a
  /// derived input with all it needs. Throws Error(usage) naming `who` where nothing makes it.
  void require_daily(const std::string& variable, const std::string& units, const std::string& who);
  /// A number, or the static layer of that name.
  PixelParameter parameter(const nlohmann::json& number_or_name, const std::string& units,
                           const std::string& who);
  LayerPointer layer(const std::string& name, const std::string& units, const std::string& who);
  /// Say that a file beside the inputs shapes the numbers: the manifest names it, the parameters' hash covers
  /// it.
  void note_file(const std::string& role, const std::filesystem::path& path) {
    m_segment.setting_files.push_back({role, path, ""});
  }
  /// Add a stage and its variables; refuses a variable made twice.
  void add(PreparedStage prepared);
  const VariableInfo* find_variable(const std::string& variable) const;
  /// What a daily variable is that require_daily() has made available: as its stage says, or an input by what
  /// its user called it and the units its values come in.
  VariableInfo describe(const std::string& variable) const;
  /// Whether a product of this name is compared with stations already.
  bool is_validated_as(const std::string& product) const;

 private:
  void add_derived(const InputDefinition& input, const std::string& who);

  Segment& m_segment;
  std::vector<std::string> m_in_progress;  ///< derived inputs being resolved, to find circles
};

using StageFactory = PreparedStage (*)(const nlohmann::json& settings, StageContext& context);

/// The factory of a kind the schema knows.
StageFactory stage_factory(const std::string& kind);

PreparedStage make_smar_stage(const nlohmann::json& settings, StageContext& context);
PreparedStage make_exponential_filter_stage(const nlohmann::json& settings, StageContext& context);
PreparedStage make_mass_curve_stage(const nlohmann::json& settings, StageContext& context);
PreparedStage make_sptf_stage(const nlohmann::json& settings, StageContext& context);
PreparedStage make_statistics_stage(const nlohmann::json& settings, StageContext& context);
PreparedStage make_pedotransfer_stage(const nlohmann::json& settings, StageContext& context);

/// Daily variables computed from others, pixel by pixel: expressions over inputs, and Oudin's PET.
std::shared_ptr<engine::Stage> make_expression_stage(const std::string& variable,
                                                     const std::string& expression, StageContext& context);
std::shared_ptr<engine::Stage> make_oudin_stage(const std::string& variable, const std::string& temperature,
                                                StageContext& context);

}  // namespace rootzone::pipeline
