#include "production.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>

#include "area_series.hpp"
#include "manifest.hpp"
#include "product_set.hpp"
#include "publication.hpp"
#include "report_builder.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/engine/threads.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "rootzone/pipeline/resolve.hpp"
#include "station_scores.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;

engine::RunOptions run_options(const PipelineRequest& request, const Segment& segment) {
  engine::RunOptions options;
  options.threads = request.jobs;
  options.memory_bytes = request.memory_bytes;
  options.resident_bytes = segment.resident_bytes;
  options.forced_block = request.forced_block;
  options.progress = request.progress;
  options.stop_signal = request.stop_signal;
  return options;
}

/// Adds up a per-pixel layer, for the run's summary.
class MeanSink : public core::BlockSink {
 public:
  void write(const core::BlockWindow&, std::span<const float> values, std::span<const core::FlagBits> flags,
             const core::ParallelFor&) override {
    m_summary.add(values, flags);
  }
  void finish() override {}
  const LayerSummary& summary() const { return m_summary; }

 private:
  LayerSummary m_summary;
};

constexpr std::string_view capped_water = "_capped_water";

// Layers that the report sums up even where they are no products: what SMAR cut off, and the water books.
bool is_summed_up(const std::string& variable) {
  const auto& books = water_book_layers;
  return variable.ends_with(capped_water) || std::find(books.begin(), books.end(), variable) != books.end();
}

using SummarySinks = std::map<std::string, std::shared_ptr<MeanSink>>;

SummarySinks add_summary_sinks(Segment& segment) {
  SummarySinks sinks;
  for (const VariableInfo& info : segment.variables) {
    if (!is_summed_up(info.variable) || segment.chain.sinks.contains(info.variable)) continue;
    sinks[info.variable] = std::make_shared<MeanSink>();
    segment.chain.sinks[info.variable] = sinks[info.variable];
  }
  return sinks;
}

}  // namespace

std::unique_ptr<Preparation> prepare_configuration(const Configuration& configuration,
                                                   const PrepareOptions& options) {
  auto job = prepare(configuration, options);
  for (const auto& segment : job->segments) segment->resident_bytes -= segment->catalog->drop_unused_layers();
  for (const std::string& warning : job->warnings()) spdlog::warn("{}", warning);
  for (const std::string& warning : check_stations(*job)) spdlog::warn("{}", warning);
  for (const std::string& note : job->notes()) spdlog::info("{}", note);
  return job;
}

std::unique_ptr<Preparation> prepare_request(const PipelineRequest& request) {
  return prepare_configuration(read_configuration(resolve_pipeline_file(request.file, request.overrides)),
                               {});
}

std::filesystem::path output_folder(const PipelineRequest& request, const Configuration& configuration) {
  if (!request.out.empty()) return std::filesystem::absolute(request.out).lexically_normal();
  return std::filesystem::absolute(request.file).parent_path() / "out" / configuration.name;
}

void stop_if_asked(const PipelineRequest& request) {
  if (request.stop_signal && request.stop_signal->load() != 0)
    throw core::Interrupted(request.stop_signal->load());
}

void check_memory(const Preparation& job, const PipelineRequest& request,
                  std::optional<engine::RowBand> rows) {
  for (const auto& segment : job.segments) {
    engine::RunOptions options = run_options(request, *segment);
    options.rows = rows;
    engine::plan_blocks(segment->chain, options);
  }
}

/// The NetCDF files, written while the blocks come and whole after the last.
// What waits for the rest of its chunks may take a sixteenth of a given budget; the rest waits on the disk.
void open_products(const Preparation& job, const PipelineRequest& request,
                   const std::filesystem::path& scratch, RunRecord& record) {
  record.products = plan_products(job, record.out, scratch);
  const auto count = static_cast<std::int64_t>(record.products.size());
  for (Product& product : record.products) {
    if (request.memory_bytes > 0)
      product.spec.buffer_bytes = std::min(product.spec.buffer_bytes, request.memory_bytes / (16 * count));
    product.spec.ending += waiting_ending;
    product.segment->chain.sinks[product.spec.variable] =
        io::create_netcdf_product(product.spec, product.folder, scratch);
  }
}

/// Run every segment; the products are whole but still without their names.
void compute(Preparation& job, const PipelineRequest& request, const std::filesystem::path& scratch,
             RunRecord& record, const ComputeOptions& options) {
  for (const auto& segment : job.segments) {
    const SummarySinks summaries = add_summary_sinks(*segment);
    if (segment->chain.sinks.empty() && options.state_store == nullptr) continue;
    engine::RunOptions engine_options = run_options(request, *segment);
    engine_options.state_store = options.state_store;
    engine_options.rows = options.rows;
    spdlog::info("{}", engine::plan_blocks(segment->chain, engine_options).explanation);
    record.summaries.push_back(engine::run(segment->chain, engine_options, scratch.string()));
    for (const auto& [variable, sink] : summaries) record.layers[variable] = sink->summary();
    for (const auto& remarks : segment->remarks)
      for (const std::string& remark : remarks()) segment->notes.push_back(remark);
  }
}

std::vector<std::string> summary_notes(const RunRecord& record) {
  std::vector<std::string> notes;
  for (const auto& [variable, summary] : record.layers)
    if (variable.ends_with(capped_water))
      notes.push_back("SMAR cut off " + with_units(summary.mean(), "mm") +
                      " of water above saturation, over the run and on average over the cells (" + variable +
                      ").");
  return notes;
}

void hash_everything(const Preparation& job, RunRecord& record) {
  hash_files(job, record, engine::tbb_parallel_for());
}

/// A product without any value helps nobody: an error if all are, else a warning.
void refuse_empty_products(const Preparation& job, RunRecord& record) {
  std::string empty;
  std::size_t count = 0;
  for (const Product& product : record.products)
    for (const engine::RunSummary& summary : record.summaries) {
      // A period that goes on has no value yet, and each night would say so.
      if (job.options.window_start && product.spec.axis.kind != io::StepAxis::Kind::days) continue;
      const auto counts = summary.flags.find(product.spec.variable);
      if (counts == summary.flags.end() || counts->second.missing < counts->second.values) continue;
      empty += (empty.empty() ? "'" : ", '") + product.spec.variable + "'";
      ++count;
    }
  if (count == 0) return;
  std::string inputs;
  for (const auto& segment : job.segments)
    for (const auto& [name, source] : segment->chain.sources) inputs += (inputs.empty() ? "" : ", ") + name;
  const std::string message = "no valid value in " + empty + "; the daily inputs are " + inputs +
                              ": `rootzone check` shows which values each of them and the static layers hold";
  if (count == record.products.size() && !job.options.window_start)
    throw Error(ErrorKind::data, message + "; nothing was written");
  record.warnings.push_back(message);
  spdlog::warn("{}", message);
}

void finish_products(Preparation& job) {
  for (const auto& segment : job.segments)
    for (auto& [variable, sink] : segment->chain.sinks) sink->finish();
}

void write_derived_files(const Preparation& job, const PipelineRequest& request, RunRecord& record,
                         const std::filesystem::path& earlier) {
  const auto go_on = [&] { stop_if_asked(request); };
  for (const Product& product : record.products) {
    go_on();
    if (product.kept)
      for (const auto& file : io::netcdf_product_files(product.spec, product.folder))
        record.files.push_back(file);
    if (product.request.cog) {
      const auto maps = write_maps(product, record.out, std::max(1, request.jobs), go_on);
      record.files.insert(record.files.end(), maps.begin(), maps.end());
    }
    if (job.configuration.area && product.request.series) {
      record.series[product.spec.variable] = area_series(job, product);
      record.files.push_back(write_area_series(record.series[product.spec.variable],
                                               job.configuration.area->quantiles, product, record.out,
                                               earlier));
    }
  }
}

void conclude_run(Preparation& job, const PipelineRequest& request, RunRecord& record,
                  const std::filesystem::path& out, const std::chrono::steady_clock::time_point start) {
  refuse_empty_products(job, record);
  finish_products(job);
  write_derived_files(job, request, record);
  if (job.stations) record.scores = score_stations(job, record.products, record.out, record.files);
  record.notes = job.notes();
  for (const std::string& note : summary_notes(record)) record.notes.push_back(note);
  for (const std::string& warning : job.warnings()) record.warnings.push_back(warning);
  for (const std::string& warning : record.scores.warnings) record.warnings.push_back(warning);
  stop_if_asked(request);
  record.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  write_report(job, record);
  hash_everything(job, record);
  write_catalogue(job, record);
  const std::string manifest = manifest_text(job, record);
  stop_if_asked(request);
  publish(record, out, manifest);
  spdlog::info("{}: {} files in {} ({:.1f} s)", job.configuration.name, record.files.size(), out.string(),
               record.wall_seconds);
}

}  // namespace rootzone::pipeline
