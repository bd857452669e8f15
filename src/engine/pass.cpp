#include "pass.hpp"

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_pipeline.h>

#include <atomic>
#include <chrono>
#include <mutex>

#include "hand_over.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/engine/threads.hpp"

namespace rootzone::engine {
namespace {

using Clock = std::chrono::steady_clock;

/// A block on its way through the filters. Its arrays stay with the slot and serve the next block.
struct BlockSlot {
  core::BlockWindow window;
  bool first_of_band = false;
  bool last_of_band = false;
  std::vector<std::unique_ptr<core::FetchedBlock>> fetched;  // by variable
  std::vector<ProductArrays> daily;                          // by variable
  std::unique_ptr<std::vector<ProductArrays>> layers;        // by layer product; in the last block of a band
  double decode_seconds = 0.0;
  HandOver next;  // from filter to filter, and to the next block that lies here
};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string rows_text(const core::BlockWindow& window) {
  return "rows " + std::to_string(window.first_row) + " … " +
         std::to_string(window.first_row + window.rows - 1);
}

/// A tile's rows; all of them for a survey that looks beyond a pixel.
RowBand rows_of(const Chain& chain, const ChainGraph& graph, const PassScope& scope,
                const RunOptions& options) {
  const RowBand all{0, chain.grid.rows()};
  if (!options.rows) return all;
  for (std::size_t i = 0; i < graph.stages.size(); ++i)
    if (scope.surveys[i] && !graph.stages[i].stage->survey_is_local()) return all;
  return *options.rows;
}

/// Runs a piece of work and says on failure what it was and where.
template <typename Where, typename Work>
void with_context(const Where& where, const Work& work) {
  try {
    work();
  } catch (const core::Interrupted&) {
    throw;
  } catch (core::Error& error) {
    error.add_context(where());
    throw;
  } catch (const std::bad_alloc&) {
    throw core::Error(core::ErrorKind::memory,
                      where() +
                          ": the system gave no more memory; lower the budget (--memory) so that smaller "
                          "blocks are used, or free memory on the machine");
  } catch (const std::exception& error) {
    throw core::Error(core::ErrorKind::internal, where() + ": " + error.what());
  }
}

/// Tells the end of a job to whoever shows it, also when the job fails.
class ProgressOfPass {
 public:
  ProgressOfPass(core::ProgressSink* sink, std::string_view what, std::int64_t units) : m_sink(sink) {
    if (m_sink != nullptr) m_sink->begin(what, units);
  }
  ~ProgressOfPass() {
    if (m_sink != nullptr) m_sink->end();
  }
  ProgressOfPass(const ProgressOfPass&) = delete;
  ProgressOfPass& operator=(const ProgressOfPass&) = delete;
  void advance(std::int64_t units) {
    if (m_sink != nullptr) m_sink->advance(units);
  }

 private:
  core::ProgressSink* m_sink;
};

}  // namespace

struct Pass::Impl {
  Impl(const Chain& the_chain, const ChainGraph& the_graph, const PassScope& the_scope,
       const PassOrder& the_order, std::vector<std::vector<std::vector<double>>>* survey_fields);

  BlockSlot* fetch();
  void decode(BlockSlot& slot);
  void compute(BlockSlot& slot);
  void write(BlockSlot& slot);

  void prepare(BlockSlot& slot);
  void take_back();
  void compute_strips(const BlockParts& block);
  void finish_band(BlockSlot& slot);
  void write_layers(BlockSlot& slot);
  std::string where(const char* doing, const std::string& name, const core::BlockWindow& window) const;
  std::int64_t block_cells(const core::BlockWindow& window) const {
    return window.steps * window.rows * chain.grid.cols();
  }

  const Chain& chain;
  const ChainGraph& graph;
  const PassScope& scope;
  const RunOptions& options;
  AxisCut steps;
  RowBand span;  ///< rows of the grid that this pass walks
  AxisCut rows;  ///< of the span
  PassParts parts;
  BandState state;
  std::unique_ptr<GatherStore> gather;
  core::ParallelFor parallel_for = tbb_parallel_for();
  std::vector<BlockSlot> slots;
  std::int64_t next_block = 0;
  std::mutex layer_mutex;
  std::vector<std::unique_ptr<std::vector<ProductArrays>>> free_layers;
  tbb::enumerable_thread_specific<StripWorker> workers;
  ProgressOfPass progress;
  PassSeconds seconds;
  struct Turns {
    HandOver start, fetch, compute, write;
  } turns;  // of the serial filters, from block to block
};

Pass::Impl::Impl(const Chain& the_chain, const ChainGraph& the_graph, const PassScope& the_scope,
                 const PassOrder& the_order, std::vector<std::vector<std::vector<double>>>* survey_fields)
    : chain(the_chain),
      graph(the_graph),
      scope(the_scope),
      options(the_order.options),
      steps(chain.time.count(), the_order.plan.block.steps, the_order.plan.edge.steps),
      span(rows_of(the_chain, the_graph, the_scope, the_order.options)),
      rows(span.rows, the_order.plan.block.rows, the_order.plan.edge.rows),
      parts{chain, graph,  scope,   choose_strips(graph, options.forced_strip_pixels),
            0,     &state, nullptr, survey_fields},
      state(graph, scope.advances, rows.size() * chain.grid.cols()),
      slots(static_cast<std::size_t>(the_order.plan.blocks_in_flight)),
      workers([this] { return StripWorker(parts); }),
      progress(options.progress, scope.main ? "computing" : "surveying",
               chain.time.count() * span.rows * chain.grid.cols()) {
  parts.tile_pixels = tile_pixels_for(parts.strips);
  if (scope.main && !graph.gathered.empty()) {
    const GatherStore::Shape shape{graph.gathered.size(), steps.total(), rows.size() * chain.grid.cols(),
                                   parts.tile_pixels};
    gather = the_order.plan.gathers_on_disk ? std::make_unique<GatherStore>(shape, the_order.scratch_dir)
                                            : std::make_unique<GatherStore>(shape, std::nullopt);
    parts.gather = gather.get();
  }
}

std::string Pass::Impl::where(const char* doing, const std::string& name,
                              const core::BlockWindow& window) const {
  std::string text = doing;
  if (!name.empty()) text += " '" + name + "'";
  return text + ", " + core::iso_date(chain.time.date(window.first_step)) + " … " +
         core::iso_date(chain.time.date(window.first_step + window.steps - 1)) + ", " + rows_text(window);
}

// Arrays of the largest block this slot will see, made once.
void Pass::Impl::prepare(BlockSlot& slot) {
  if (!slot.daily.empty() || graph.variables.empty()) return;
  slot.fetched.resize(graph.variables.size());
  slot.daily.resize(graph.variables.size());
  const auto cells = static_cast<std::size_t>(steps.size() * rows.size() * chain.grid.cols());
  for (std::size_t v = 0; v < graph.variables.size(); ++v) {
    const Variable& variable = graph.variables[v];
    const bool written = scope.main && variable.sink != nullptr;
    if (scope.reads[v] || written) slot.daily[v].values.reserve(cells);
    if (written && variable.with_flags) slot.daily[v].flags.reserve(cells);
  }
}

// After the pipeline, also a failed one: everything belongs to the thread that ran it.
void Pass::Impl::take_back() {
  for (HandOver* turn : {&turns.fetch, &turns.compute, &turns.write}) turn->take();
  for (BlockSlot& slot : slots) slot.next.take();
}

BlockSlot* Pass::Impl::fetch() {
  turns.start.take();
  const Turn turn(turns.fetch, turns.fetch);
  if (next_block == steps.count() * rows.count()) return nullptr;
  if (const int signal = options.stop_signal != nullptr ? options.stop_signal->load() : 0; signal != 0)
    throw core::Interrupted(signal);
  // Blocks leave in order, so the slot of the block `slots.size()` ago is free again.
  BlockSlot& slot = slots[static_cast<std::size_t>(next_block) % slots.size()];
  const Turn of_slot(slot.next, slot.next);
  const std::int64_t band = next_block / steps.count();
  const std::int64_t slab = next_block % steps.count();
  ++next_block;
  slot.window = {steps.begin(slab), steps.length(slab), span.first_row + rows.begin(band), rows.length(band)};
  slot.first_of_band = slab == 0;
  slot.last_of_band = slab + 1 == steps.count();
  const Clock::time_point start = Clock::now();
  with_context([&] { return where("making room", "", slot.window); }, [&] { prepare(slot); });
  for (std::size_t v = 0; v < graph.variables.size(); ++v) {
    if (!scope.reads[v]) continue;
    with_context([&] { return where("reading", graph.variables[v].name, slot.window); },
                 [&] {
                   slot.fetched[v] = graph.variables[v].source->fetch(slot.window);
                   if (!slot.fetched[v])
                     throw core::Error(core::ErrorKind::internal, "the source gave nothing");
                 });
  }
  seconds.read += seconds_since(start);
  return &slot;
}

void Pass::Impl::decode(BlockSlot& slot) {
  const Turn of_slot(slot.next, slot.next);
  const FlushDenormals flush;
  const Clock::time_point start = Clock::now();
  const auto cells = static_cast<std::size_t>(block_cells(slot.window));
  for (std::size_t v = 0; v < graph.variables.size(); ++v) {
    if (!scope.reads[v]) continue;
    with_context([&] { return where("decoding", graph.variables[v].name, slot.window); },
                 [&] { slot.fetched[v]->decode(slot.daily[v].values.first(cells), parallel_for); });
    slot.fetched[v].reset();
  }
  slot.decode_seconds = seconds_since(start);
}

void Pass::Impl::compute(BlockSlot& slot) {
  const Turn turn(turns.compute, turns.compute);
  const Turn of_slot(slot.next, slot.next);
  const FlushDenormals flush;
  const Clock::time_point start = Clock::now();
  seconds.decode += slot.decode_seconds;
  const RowBand band{slot.window.first_row, slot.window.rows};
  const auto context = [&](const char* doing) {
    return [&, doing] { return where(doing, "", slot.window); };
  };
  if (slot.first_of_band)
    with_context(context("loading the state"), [&] {
      state.begin_band(band, slot.window.rows * chain.grid.cols(), options.state_store, parallel_for);
    });
  with_context(context(scope.main ? "computing" : "surveying"), [&] {
    compute_strips({slot.window, &slot.daily, nullptr});
  });
  if (slot.last_of_band && scope.main) {
    if (options.state_store != nullptr)
      with_context(context("saving the state"), [&] { state.save_band(band, *options.state_store); });
    with_context(context("finishing"), [&] { finish_band(slot); });
  }
  seconds.compute += seconds_since(start);
}

void Pass::Impl::compute_strips(const BlockParts& block) {
  const std::int64_t pixels = block.window.rows * chain.grid.cols();
  const std::int64_t width = parts.strips.pixels;
  parallel_for((pixels + width - 1) / width, [&](std::int64_t strip) {
    const std::int64_t from = strip * width;
    workers.local().compute(block, from, std::min(width, pixels - from));
  });
}

void Pass::Impl::finish_band(BlockSlot& slot) {
  {
    const std::lock_guard lock(layer_mutex);
    if (!free_layers.empty()) {
      slot.layers = std::move(free_layers.back());
      free_layers.pop_back();
    }
  }
  if (!slot.layers) slot.layers = std::make_unique<std::vector<ProductArrays>>(graph.layers.size());
  const std::int64_t pixels = slot.window.rows * chain.grid.cols();
  for (std::size_t i = 0; i < graph.layers.size(); ++i) {
    const LayerProduct& product = graph.layers[i];
    if (product.sink == nullptr) continue;
    const auto most = static_cast<std::size_t>(product.layers * rows.size() * chain.grid.cols());
    (*slot.layers)[i].values.reserve(most);
    if (product.with_flags) (*slot.layers)[i].flags.reserve(most);
  }
  const BlockParts block{slot.window, &slot.daily, slot.layers.get()};
  const std::int64_t width = parts.tile_pixels;
  parallel_for((pixels + width - 1) / width, [&](std::int64_t tile) {
    const std::int64_t from = tile * width;
    workers.local().finish(block, from, std::min(width, pixels - from));
  });
}

void Pass::Impl::write(BlockSlot& slot) {
  const Turn turn(turns.write, turns.write);
  const Turn of_slot(slot.next, slot.next);
  const FlushDenormals flush;
  const Clock::time_point start = Clock::now();
  const auto cells = static_cast<std::size_t>(block_cells(slot.window));
  for (std::size_t v = 0; scope.main && v < graph.variables.size(); ++v) {
    const Variable& variable = graph.variables[v];
    if (variable.sink == nullptr) continue;
    with_context([&] { return where("writing", variable.name, slot.window); },
                 [&] {
                   variable.sink->write(slot.window, slot.daily[v].values.first(cells),
                                        slot.daily[v].flags.first(variable.with_flags ? cells : 0),
                                        parallel_for);
                 });
  }
  if (slot.layers) write_layers(slot);
  progress.advance(static_cast<std::int64_t>(cells));
  seconds.write += seconds_since(start);
}

void Pass::Impl::write_layers(BlockSlot& slot) {
  for (std::size_t i = 0; i < graph.layers.size(); ++i) {
    const LayerProduct& product = graph.layers[i];
    if (product.sink == nullptr) continue;
    const core::BlockWindow window{0, product.layers, slot.window.first_row, slot.window.rows};
    const auto cells = static_cast<std::size_t>(block_cells(window));
    with_context([&] { return "writing '" + product.name + "', " + rows_text(window); },
                 [&] {
                   product.sink->write(window, (*slot.layers)[i].values.first(cells),
                                       (*slot.layers)[i].flags.first(product.with_flags ? cells : 0),
                                       parallel_for);
                 });
  }
  const std::lock_guard lock(layer_mutex);
  free_layers.push_back(std::move(slot.layers));
}

Pass::Pass(const Chain& chain, const ChainGraph& graph, const PassScope& scope, const PassOrder& order,
           std::vector<std::vector<std::vector<double>>>* survey_fields)
    : m_impl(std::make_unique<Impl>(chain, graph, scope, order, survey_fields)) {}

Pass::~Pass() = default;

void Pass::run() {
  Impl& pass = *m_impl;
  struct TakeBack {
    Impl& impl;
    ~TakeBack() { impl.take_back(); }
  } const at_the_end{pass};
  pass.turns.start.give();
  tbb::task_group_context context;
  context.capture_fp_settings();  // tasks inside tasks flush denormals too
  tbb::parallel_pipeline(
      pass.slots.size(),
      // One thread at a time stands in fetch, and one in write: files and their libraries ask for it.
      tbb::make_filter<void, BlockSlot*>(tbb::filter_mode::serial_in_order,
                                         [&pass](tbb::flow_control& control)
                                             ROOTZONE_CALLED_BY_TBB -> BlockSlot* {
                                               BlockSlot* slot = pass.fetch();
                                               if (slot == nullptr) control.stop();
                                               return slot;
                                             }) &
          // Decompress and place on the model grid: no order, no files.
          tbb::make_filter<BlockSlot*, BlockSlot*>(tbb::filter_mode::parallel,
                                                   [&pass](BlockSlot* slot) ROOTZONE_CALLED_BY_TBB {
                                                     pass.decode(*slot);
                                                     return slot;
                                                   }) &
          // State goes from day to day, so blocks come one by one; their strips run side by side.
          tbb::make_filter<BlockSlot*, BlockSlot*>(tbb::filter_mode::serial_in_order,
                                                   [&pass](BlockSlot* slot) ROOTZONE_CALLED_BY_TBB {
                                                     pass.compute(*slot);
                                                     return slot;
                                                   }) &
          tbb::make_filter<BlockSlot*, void>(tbb::filter_mode::serial_in_order,
                                             [&pass](BlockSlot* slot)
                                                 ROOTZONE_CALLED_BY_TBB { pass.write(*slot); }),
      context);
}

const PassSeconds& Pass::seconds() const {
  return m_impl->seconds;
}

std::vector<Counter> Pass::counters() const {
  std::vector<Counter> sum(m_impl->graph.variables.size() + m_impl->graph.layers.size());
  for (const StripWorker& worker : m_impl->workers)
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i].add(worker.counters()[i]);
  return sum;
}

}  // namespace rootzone::engine
