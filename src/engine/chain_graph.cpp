#include "chain_graph.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "rootzone/core/error.hpp"

namespace rootzone::engine {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw core::Error(core::ErrorKind::internal, "the chain does not connect: " + message);
}

class Connector {
 public:
  explicit Connector(const Chain& chain) : m_chain(chain) {
    if (chain.grid.cells() < 1) refuse("its grid is empty");
  }

  ChainGraph connect() {
    for (const auto& [name, source] : m_chain.sources) {
      if (!source) refuse("the source of '" + name + "' is null");
      add_variable({name, source.get(), true, sink_of(name)});
    }
    for (const auto& stage : m_chain.stages) {
      if (!stage) refuse("a stage is null");
      add_stage(*stage);
    }
    for (const auto& [name, sink] : m_chain.sinks)
      if (!m_made.contains(name)) refuse("'" + name + "' shall be written, but no source or stage makes it");
    return std::move(m_graph);
  }

 private:
  core::BlockSink* sink_of(const std::string& name) const {
    const auto found = m_chain.sinks.find(name);
    if (found == m_chain.sinks.end()) return nullptr;
    if (!found->second) refuse("the sink of '" + name + "' is null");
    return found->second.get();
  }

  void claim(const std::string& name) {
    if (!m_made.insert(name).second) refuse("'" + name + "' is made twice");
  }

  std::size_t add_variable(Variable variable) {
    claim(variable.name);
    m_daily[variable.name] = m_graph.variables.size();
    m_graph.variables.push_back(std::move(variable));
    return m_graph.variables.size() - 1;
  }

  std::size_t daily(const std::string& name, const Stage& stage) const {
    const auto found = m_daily.find(name);
    if (found == m_daily.end())
      refuse("stage '" + stage.name() + "' reads '" + name + "', which no source and no earlier stage makes");
    return found->second;
  }

  std::size_t gather(std::size_t variable) {
    auto& gathered = m_graph.gathered;
    const auto found = std::find(gathered.begin(), gathered.end(), variable);
    if (found != gathered.end()) return static_cast<std::size_t>(found - gathered.begin());
    gathered.push_back(variable);
    return gathered.size() - 1;
  }

  static void check_fields(const std::vector<StateField>& fields, const Stage& stage) {
    for (const StateField& field : fields)
      if (field.values_per_pixel < 1)
        refuse("field '" + field.name + "' of stage '" + stage.name() + "' has no values");
  }

  void add_stage(Stage& stage) {
    StageLinks links;
    links.stage = &stage;
    for (const std::string& name : stage.inputs()) links.inputs.push_back(daily(name, stage));
    for (const std::string& name : stage.gathered()) links.gathered.push_back(gather(daily(name, stage)));
    for (const DailyOutput& output : stage.outputs())
      links.outputs.push_back(
          add_variable({output.variable, nullptr, output.with_flags, sink_of(output.variable)}));
    for (const LayerOutput& layer : stage.layers()) {
      claim(layer.variable);
      if (layer.layers < 1) refuse("'" + layer.variable + "' has no layers");
      links.layers.push_back(m_graph.layers.size());
      m_graph.layers.push_back({layer.variable, layer.layers, layer.with_flags, sink_of(layer.variable)});
    }
    links.state = stage.state();
    links.survey = stage.survey_fields();
    check_fields(links.state, stage);
    check_fields(links.survey, stage);
    m_graph.stages.push_back(std::move(links));
  }

  const Chain& m_chain;
  ChainGraph m_graph;
  std::map<std::string, std::size_t> m_daily;
  std::set<std::string> m_made;
};

// By stage: the stages whose outputs reach it, itself not included.
std::vector<std::vector<bool>> stages_above(const ChainGraph& graph) {
  const std::size_t count = graph.stages.size();
  std::vector<std::size_t> maker(graph.variables.size(), count);
  std::vector<std::vector<bool>> above(count, std::vector<bool>(count, false));
  for (std::size_t i = 0; i < count; ++i) {
    for (const std::size_t variable : graph.stages[i].inputs) {
      const std::size_t from = maker[variable];
      if (from == count) continue;
      above[i][from] = true;
      for (std::size_t j = 0; j < count; ++j)
        if (above[from][j]) above[i][j] = true;
    }
    for (const std::size_t variable : graph.stages[i].outputs) maker[variable] = i;
  }
  return above;
}

PassScope empty_scope(const ChainGraph& graph) {
  PassScope scope;
  scope.reads.assign(graph.variables.size(), false);
  scope.advances.assign(graph.stages.size(), false);
  scope.surveys.assign(graph.stages.size(), false);
  return scope;
}

void read_inputs(const ChainGraph& graph, PassScope& scope) {
  for (std::size_t i = 0; i < graph.stages.size(); ++i) {
    if (!scope.advances[i] && !scope.surveys[i]) continue;
    for (const std::size_t variable : graph.stages[i].inputs)
      if (graph.variables[variable].source != nullptr) scope.reads[variable] = true;
    if (!scope.main) continue;
    for (const std::size_t slot : graph.stages[i].gathered)
      if (graph.variables[graph.gathered[slot]].source != nullptr) scope.reads[graph.gathered[slot]] = true;
  }
}

}  // namespace

ChainGraph connect(const Chain& chain) {
  return Connector(chain).connect();
}

std::vector<PassScope> survey_scopes(const ChainGraph& graph) {
  const auto above = stages_above(graph);
  const std::size_t count = graph.stages.size();
  std::vector<bool> pending(count, false);
  for (std::size_t i = 0; i < count; ++i) pending[i] = !graph.stages[i].survey.empty();
  std::vector<PassScope> scopes;
  while (std::find(pending.begin(), pending.end(), true) != pending.end()) {
    PassScope scope = empty_scope(graph);
    scope.main = false;
    for (std::size_t i = 0; i < count; ++i) {
      if (!pending[i]) continue;
      bool ready = true;
      for (std::size_t j = 0; j < count; ++j)
        if (above[i][j] && pending[j]) ready = false;
      if (!ready) continue;
      scope.surveys[i] = true;
      for (std::size_t j = 0; j < count; ++j)
        if (above[i][j]) scope.advances[j] = true;
    }
    for (std::size_t i = 0; i < count; ++i)
      if (scope.surveys[i]) pending[i] = false;
    read_inputs(graph, scope);
    scopes.push_back(std::move(scope));
  }
  return scopes;
}

PassScope main_scope(const ChainGraph& graph) {
  PassScope scope = empty_scope(graph);
  scope.advances.assign(graph.stages.size(), true);
  for (std::size_t v = 0; v < graph.variables.size(); ++v)
    scope.reads[v] = graph.variables[v].source != nullptr && graph.variables[v].sink != nullptr;
  read_inputs(graph, scope);
  return scope;
}

std::int64_t values_per_pixel(const std::vector<StateField>& fields) {
  std::int64_t values = 0;
  for (const StateField& field : fields) values += field.values_per_pixel;
  return values;
}

}  // namespace rootzone::engine
