#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include "axis_cut.hpp"
#include "memory_model.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/engine/threads.hpp"

namespace rootzone::engine {
namespace {

// Costs are in units of decoding every model cell and step of one source once (about 6 ns each).
constexpr double block_overhead_cells = 1e5;  // starting a block: tasks, calls, waiting for the slowest
constexpr double state_sweep_cost = 0.1;      // taking one state value through the cache and back
constexpr double disk_gather_cost = 2.0;      // writing and reading back one gathered variable
constexpr double alone_in_flight_cost = 1.6;  // nothing overlaps
constexpr double two_in_flight_cost = 1.1;    // one of reading, computing and writing waits
constexpr int most_blocks_in_flight = 4;
constexpr double nearly_once = 1.0001;

struct AxisCandidate {
  AxisCut cut;
  std::vector<Touched> touched;  // by source
};

struct SourceShape {
  std::size_t variable = 0;
  core::SourceLayout layout;
  double passes = 0.0;
};

struct ChunkEdges {
  std::int64_t chunk = 1;
  std::int64_t first = 0;
  auto operator<=>(const ChunkEdges&) const = default;
};

std::vector<std::int64_t> growing_factors(std::int64_t most) {
  std::vector<std::int64_t> factors;
  for (std::int64_t power = 1; power <= most; power *= 2) {
    factors.push_back(power);
    if (power >= 2 && power / 2 * 3 <= most) factors.push_back(power / 2 * 3);
  }
  return factors;
}

// Edges that two sources share: chunks of the least common multiple, if their offsets ever meet.
std::optional<ChunkEdges> common_edges(const ChunkEdges& a, const ChunkEdges& b) {
  const std::int64_t multiple = a.chunk / std::gcd(a.chunk, b.chunk) * b.chunk;
  for (std::int64_t edge = a.first; edge < a.first + multiple; edge += a.chunk)
    if (floor_mod(edge - b.first, b.chunk) == 0) return ChunkEdges{multiple, floor_mod(edge, multiple)};
  return std::nullopt;
}

// Ways to cut an axis: everything, multiples of each source's chunks and of what sources share, and, for
// budgets too small for a chunk, sizes that double.
std::vector<AxisCut> axis_cuts(std::int64_t total, const std::set<ChunkEdges>& sources) {
  std::set<ChunkEdges> edges{{1, 0}};
  edges.insert(sources.begin(), sources.end());
  for (const ChunkEdges& a : sources)
    for (const ChunkEdges& b : sources)
      if (const auto both = common_edges(a, b); both && both->chunk < total) edges.insert(*both);
  std::set<std::pair<std::int64_t, std::int64_t>> shapes{{total, 0}};
  for (const ChunkEdges& edge : edges)
    for (const std::int64_t factor : growing_factors(total / edge.chunk))
      if (edge.chunk * factor < total)
        shapes.insert({edge.chunk * factor, floor_mod(edge.first, edge.chunk * factor)});
  std::vector<AxisCut> cuts;
  for (const auto& [size, edge] : shapes) cuts.emplace_back(total, size, edge);
  return cuts;
}

struct Choice {
  Layout layout;
  AxisCut steps;
  AxisCut rows;
  std::int64_t bytes = 0;
  double cost = 0.0;
  double decode_factor = 1.0;
  std::size_t worst_source = 0;  // position among the sources
};

class Planner {
 public:
  Planner(const Chain& chain, const RunOptions& options)
      : m_graph(connect(chain)),
        m_threads(thread_count(options.threads)),
        m_steps(chain.time.count()),
        m_rows(options.rows ? options.rows->rows : chain.grid.rows()),
        m_first_row(options.rows ? options.rows->first_row : 0),
        m_cols(chain.grid.cols()),
        m_budget(options.memory_bytes > 0 ? options.memory_bytes : default_memory_budget()),
        m_forced(options.forced_block),
        m_memory(chain, m_graph, options, m_threads) {
    for (const StageLinks& links : m_graph.stages) m_state_values += values_per_pixel(links.state);
    list_sources();
  }

  Plan plan();

 private:
  void list_sources();
  std::vector<AxisCandidate> candidates(bool along_time) const;
  Choice shape(const AxisCandidate& steps, const AxisCandidate& rows) const;
  void try_layouts(Choice choice);
  double cost_of(const Choice& choice, double decoded) const;
  [[noreturn]] void refuse() const;
  std::string explain(const Choice& choice) const;
  int most_tokens() const { return m_threads == 1 ? 1 : most_blocks_in_flight; }

  ChainGraph m_graph;
  int m_threads;
  std::int64_t m_steps;
  std::int64_t m_rows;
  std::int64_t m_first_row;
  std::int64_t m_cols;
  std::int64_t m_budget;
  std::optional<BlockShape> m_forced;
  MemoryModel m_memory;
  std::int64_t m_state_values = 0;
  std::vector<SourceShape> m_sources;
  std::optional<Choice> m_best;
  std::optional<Choice> m_smallest;
  std::optional<Choice> m_smallest_once;  // that decodes each chunk once
};

void Planner::list_sources() {
  std::vector<PassScope> scopes = survey_scopes(m_graph);
  scopes.push_back(main_scope(m_graph));
  for (std::size_t v = 0; v < m_graph.variables.size(); ++v) {
    const auto passes =
        std::count_if(scopes.begin(), scopes.end(), [&](const PassScope& s) { return s.reads[v]; });
    if (passes == 0) continue;
    SourceShape source{v, m_graph.variables[v].source->layout(), static_cast<double>(passes)};
    if (source.layout.chunk_steps < 1 || source.layout.chunk_rows < 1)
      throw core::Error(core::ErrorKind::internal, "the source '" + m_graph.variables[v].name +
                                                       "' says its chunks hold no step or no row");
    m_sources.push_back(source);
  }
}

std::vector<AxisCandidate> Planner::candidates(bool along_time) const {
  const std::int64_t total = along_time ? m_steps : m_rows;
  std::vector<ChunkEdges> chunks;
  for (const SourceShape& source : m_sources) {
    const core::SourceLayout& layout = source.layout;
    const std::int64_t chunk = along_time ? layout.chunk_steps : layout.chunk_rows;
    chunks.push_back(
        {chunk,
         floor_mod(along_time ? layout.first_chunk_step : layout.first_chunk_row - m_first_row, chunk)});
  }
  std::vector<AxisCut> cuts;
  if (m_forced)
    cuts.emplace_back(total, along_time ? m_forced->steps : m_forced->rows, 0);
  else
    cuts = axis_cuts(total, {chunks.begin(), chunks.end()});
  std::vector<AxisCandidate> all;
  for (const AxisCut& cut : cuts) {
    AxisCandidate candidate{cut, {}};
    for (const ChunkEdges& edges : chunks)
      candidate.touched.push_back(touched_chunks(cut, edges.chunk, edges.first));
    all.push_back(std::move(candidate));
  }
  return all;
}

Choice Planner::shape(const AxisCandidate& steps, const AxisCandidate& rows) const {
  Choice choice{{}, steps.cut, rows.cut};
  choice.layout.block = {steps.cut.size(), rows.cut.size()};
  choice.layout.bands = rows.cut.count();
  choice.layout.slabs = steps.cut.count();
  choice.layout.fetched.resize(m_graph.variables.size());
  double decoded = 0.0;
  for (std::size_t i = 0; i < m_sources.size(); ++i) {
    const SourceShape& source = m_sources[i];
    const Touched& in_time = steps.touched[i];
    const Touched& in_space = rows.touched[i];
    choice.layout.fetched[source.variable] = {in_time.most * source.layout.chunk_steps,
                                              in_space.most * source.layout.chunk_rows};
    const double chunk_size = static_cast<double>(source.layout.chunk_steps * source.layout.chunk_rows);
    decoded += source.passes * chunk_size * static_cast<double>(in_time.sum) *
               static_cast<double>(in_space.sum) / static_cast<double>(m_steps * m_rows);
    const double factor = static_cast<double>(in_time.sum) * static_cast<double>(in_space.sum) /
                          (static_cast<double>(in_time.stored) * static_cast<double>(in_space.stored));
    if (factor > choice.decode_factor) {
      choice.decode_factor = factor;
      choice.worst_source = i;
    }
  }
  choice.cost = decoded;
  return choice;
}

double Planner::cost_of(const Choice& choice, double decoded) const {
  const double blocks = static_cast<double>(choice.layout.bands * choice.layout.slabs);
  const double cell_steps = static_cast<double>(m_steps * m_rows) * static_cast<double>(m_cols);
  const int tokens = choice.layout.tokens;
  const double work = (1.0 + decoded) * (tokens == 1   ? alone_in_flight_cost
                                         : tokens == 2 ? two_in_flight_cost
                                                       : 1.0);
  // Where things overlap, the first block is still read, and the last written, with nothing beside it.
  const double filling = tokens == 1 ? 0.0 : (1.0 + decoded) / blocks;
  const double sweeping =
      state_sweep_cost * static_cast<double>(m_state_values) / static_cast<double>(choice.layout.block.steps);
  const double gathering =
      choice.layout.gathers_on_disk ? disk_gather_cost * static_cast<double>(m_graph.gathered.size()) : 0.0;
  return work + filling + sweeping + gathering + block_overhead_cells * blocks / cell_steps;
}

void Planner::try_layouts(Choice choice) {
  const double decoded = choice.cost;
  for (const bool on_disk : {false, true}) {
    if (on_disk && m_graph.gathered.empty()) continue;
    choice.layout.gathers_on_disk = on_disk;
    for (int tokens = most_tokens(); tokens >= 1; --tokens) {
      if (tokens > choice.layout.bands * choice.layout.slabs) continue;
      choice.layout.tokens = tokens;
      choice.bytes = m_memory.use(choice.layout).total();
      choice.cost = cost_of(choice, decoded);
      if (!m_smallest || choice.bytes < m_smallest->bytes) m_smallest = choice;
      if (choice.decode_factor < nearly_once && (!m_smallest_once || choice.bytes < m_smallest_once->bytes))
        m_smallest_once = choice;
      if (choice.bytes <= m_budget && (!m_best || choice.cost < m_best->cost)) m_best = choice;
    }
  }
}

void Planner::refuse() const {
  const MemoryUse use = m_memory.use(m_smallest->layout);
  std::string message = "the memory budget of " + std::to_string(m_budget >> 20) +
                        " MiB is too small: the smallest that would do is " + mebibytes(m_smallest->bytes);
  if (m_smallest->decode_factor >= nearly_once && m_smallest_once)
    message += " (slowly: parts of the input are decoded again and again; " +
               mebibytes(m_smallest_once->bytes) + " would decode each stored chunk once)";
  message += ". Of it, program and static layers take " + mebibytes(use.base) + ", surveys " +
             mebibytes(use.survey) + ", states and layers " + mebibytes(use.state + use.layers) +
             ", gathered series " + mebibytes(use.gathered) + ", blocks and products " +
             mebibytes(use.blocks + use.sinks + use.slack) +
             ". Raise the budget (--memory), use fewer threads (--jobs) or a smaller grid";
  throw core::Error(core::ErrorKind::memory, message);
}

std::string Planner::explain(const Choice& choice) const {
  const Layout& layout = choice.layout;
  std::string text = std::to_string(layout.slabs) + (layout.slabs == 1 ? " block of " : " blocks of ") +
                     std::to_string(layout.block.steps) + " steps × " + std::to_string(layout.block.rows) +
                     " rows × " + std::to_string(m_cols) + " columns" +
                     (layout.bands == 1 ? "" : " in each of " + std::to_string(layout.bands) + " row bands") +
                     ", " + std::to_string(layout.tokens) + " in flight, " + mebibytes(choice.bytes) +
                     " of " + std::to_string(m_budget >> 20) + " MiB";
  if (layout.gathers_on_disk) text += ", whole series gathered on disk";
  if (choice.decode_factor < nearly_once) return text + "; each stored chunk is decoded once";
  const SourceShape& worst = m_sources[choice.worst_source];
  const auto tenths = std::llround(choice.decode_factor * 10.0);
  text += "; the chunks of '" + m_graph.variables[worst.variable].name + "' (" +
          std::to_string(worst.layout.chunk_steps) + " steps × " + std::to_string(worst.layout.chunk_rows) +
          " rows) are decoded " + std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " times";
  if (m_forced) return text + " because the block shape was given";
  if (m_smallest_once->bytes <= m_budget) return text + " because larger blocks would cost more than that";
  return text + " because the memory budget is small for how the inputs lie on disk; with " +
         mebibytes(m_smallest_once->bytes) + " each would be decoded once";
}

Plan Planner::plan() {
  const auto steps = candidates(true);
  const auto rows = candidates(false);
  for (const AxisCandidate& row_candidate : rows)
    for (const AxisCandidate& step_candidate : steps) try_layouts(shape(step_candidate, row_candidate));
  if (!m_best) refuse();
  Plan plan;
  plan.block = m_best->layout.block;
  plan.edge = {m_best->steps.edge(), m_best->rows.edge()};
  plan.blocks_in_flight = m_best->layout.tokens;
  plan.estimated_bytes = m_best->bytes;
  plan.gathers_on_disk = m_best->layout.gathers_on_disk;
  plan.decode_factor = m_best->decode_factor;
  plan.explanation = explain(*m_best);
  return plan;
}

}  // namespace

Plan plan_blocks(const Chain& chain, const RunOptions& options) {
  return Planner(chain, options).plan();
}

}  // namespace rootzone::engine
