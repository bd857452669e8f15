#include "rootzone/engine/run.hpp"

#include <tbb/task_arena.h>

#include <chrono>

#include "pass.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/engine/threads.hpp"

namespace rootzone::engine {
namespace {

using SurveyFields = std::vector<std::vector<std::vector<double>>>;  // by stage, by field

class Runner {
 public:
  Runner(const Chain& chain, const RunOptions& options, std::string scratch_dir)
      : m_chain(chain), m_graph(connect(chain)), m_options(options), m_scratch_dir(std::move(scratch_dir)) {
    m_summary.plan = plan_blocks(chain, options);
  }

  void run() {
    for (const PassScope& scope : survey_scopes(m_graph)) {
      SurveyFields fields = survey_fields(scope);
      if (!load_surveys(scope, fields)) run_pass(scope, &fields);
      save_surveys(scope, fields);
      conclude(scope, fields);
    }
    run_pass(main_scope(m_graph), nullptr);
  }

  RunSummary summary() { return std::move(m_summary); }

 private:
  SurveyFields survey_fields(const PassScope& scope) const {
    SurveyFields fields(m_graph.stages.size());
    for (std::size_t i = 0; i < fields.size(); ++i)
      for (const StateField& field : m_graph.stages[i].survey)
        if (scope.surveys[i])
          fields[i].emplace_back(static_cast<std::size_t>(field.values_per_pixel * m_chain.grid.cells()),
                                 field.initial);
    return fields;
  }

  bool load_surveys(const PassScope& scope, SurveyFields& fields) {
    if (m_options.state_store == nullptr) return false;
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (scope.surveys[i] && !m_options.state_store->load_survey(i, fields[i])) return false;
    return true;
  }

  void save_surveys(const PassScope& scope, const SurveyFields& fields) {
    if (m_options.state_store == nullptr) return;
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (scope.surveys[i]) m_options.state_store->save_survey(i, fields[i]);
  }

  void run_pass(const PassScope& scope, SurveyFields* fields) {
    Pass pass(m_chain, m_graph, scope, {m_summary.plan, m_options, m_scratch_dir}, fields);
    pass.run();
    m_summary.read_seconds += pass.seconds().read;
    m_summary.decode_seconds += pass.seconds().decode;
    m_summary.compute_seconds += pass.seconds().compute;
    m_summary.write_seconds += pass.seconds().write;
    if (!scope.main) return;
    const std::vector<Counter> counters = pass.counters();
    for (std::size_t v = 0; v < m_graph.variables.size(); ++v)
      if (m_graph.variables[v].sink != nullptr)
        m_summary.flags[m_graph.variables[v].name] = counters[v].named();
    for (std::size_t i = 0; i < m_graph.layers.size(); ++i)
      if (m_graph.layers[i].sink != nullptr)
        m_summary.flags[m_graph.layers[i].name] = counters[m_graph.variables.size() + i].named();
  }

  void conclude(const PassScope& scope, const SurveyFields& fields) {
    for (std::size_t i = 0; i < m_graph.stages.size(); ++i) {
      if (!scope.surveys[i]) continue;
      Stage& stage = *m_graph.stages[i].stage;
      try {
        stage.conclude_survey(fields[i]);
      } catch (core::Error& error) {
        error.add_context("stage '" + stage.name() + "', concluding its survey");
        throw;
      }
    }
  }

  const Chain& m_chain;
  ChainGraph m_graph;
  const RunOptions& m_options;
  std::string m_scratch_dir;
  RunSummary m_summary;
};

}  // namespace

RunSummary run(Chain& chain, const RunOptions& options, const std::string& scratch_dir) {
  const auto start = std::chrono::steady_clock::now();
  const int threads = thread_count(options.threads);
  Runner runner(chain, options, scratch_dir);
  const ThreadLimit limit(threads);
  tbb::task_arena arena(threads);
  arena.execute([&] {
    const FlushDenormals flush;
    runner.run();
  });
  RunSummary summary = runner.summary();
  summary.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return summary;
}

}  // namespace rootzone::engine
