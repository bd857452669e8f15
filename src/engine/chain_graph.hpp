#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "rootzone/engine/run.hpp"

namespace rootzone::engine {

/// A daily variable of the chain: read from a source or made by a stage.
struct Variable {
  std::string name;
  core::BlockSource* source = nullptr;  ///< null: a stage makes it
  bool with_flags = true;
  core::BlockSink* sink = nullptr;  ///< null: nobody wants it written
};

struct LayerProduct {
  std::string name;
  std::int64_t layers = 1;
  bool with_flags = true;
  core::BlockSink* sink = nullptr;
};

/// A stage with its names resolved to positions in ChainGraph.
struct StageLinks {
  Stage* stage = nullptr;
  std::vector<std::size_t> inputs;    ///< variables
  std::vector<std::size_t> outputs;   ///< variables
  std::vector<std::size_t> layers;    ///< layer products
  std::vector<std::size_t> gathered;  ///< positions in ChainGraph::gathered
  std::vector<StateField> state;
  std::vector<StateField> survey;
};

/// The chain with every name resolved once; sources first, then outputs in the order of the stages.
struct ChainGraph {
  std::vector<Variable> variables;
  std::vector<LayerProduct> layers;
  std::vector<StageLinks> stages;
  std::vector<std::size_t> gathered;  ///< variables whose whole series somebody wants, each once
};

/// Throws Error(internal) for a chain that does not connect.
ChainGraph connect(const Chain& chain);

/// What one walk over the cube does.
struct PassScope {
  bool main = true;            ///< writes, finishes, keeps state
  std::vector<bool> reads;     ///< by variable: its source is read
  std::vector<bool> advances;  ///< by stage
  std::vector<bool> surveys;   ///< by stage
};

/// One pass for each depth of surveys that wait for other surveys: a stage is surveyed when all stages above
/// it have concluded theirs.
std::vector<PassScope> survey_scopes(const ChainGraph& graph);
PassScope main_scope(const ChainGraph& graph);

/// Number of doubles per pixel in a list of fields.
std::int64_t values_per_pixel(const std::vector<StateField>& fields);

}  // namespace rootzone::engine
