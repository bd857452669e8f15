#include <algorithm>
#include <chrono>

#include "heartbeat.hpp"
#include "metrics_file.hpp"
#include "product_set.hpp"
#include "production.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/engine/threads.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/folder_lock.hpp"
#include "rootzone/io/scratch_dir.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/resolve.hpp"
#include "state_folder.hpp"
#include "station_scores.hpp"
#include "update_ledger.hpp"

namespace rootzone::pipeline {

using core::Error;
using core::ErrorKind;

std::filesystem::path run_pipeline(const PipelineRequest& request) {
  const auto start = std::chrono::steady_clock::now();
  const engine::ThreadLimit threads(request.jobs);
  auto job = prepare_request(request);
  if (job->configuration.outputs.empty())
    throw Error(ErrorKind::usage, request.file.string() + ": has no [[output]]; say which products to write");
  const std::filesystem::path out = output_folder(request, job->configuration);
  stop_if_asked(request);
  check_memory(*job, request);
  io::make_folder(out);
  const io::FolderLock lock(out, io::FolderLock::Kind::exclusive, request.command_line);
  refuse_nightly_folder(out);
  const io::ScratchDir scratch(out, "run");
  Heartbeat heartbeat(heartbeat_file(out), request.command_line, request.progress);
  PipelineRequest watched = request;
  watched.progress = &heartbeat;
  RunRecord record;
  record.out = scratch.path() / "products";
  record.command_line = request.command_line;
  io::make_folder(record.out);
  open_products(*job, watched, scratch.path(), record);
  compute(*job, watched, scratch.path(), record);
  stop_if_asked(request);
  conclude_run(*job, watched, record, out, start);
  JobMetrics metrics{job->configuration.name, "run", start, job->configuration.time.last(), {}, 0};
  metrics.take(record);
  write_metrics(out, metrics, 0);
  return out;
}

namespace {

/// The products of nightly work reach to the last night, in files of months where an output does not say.
std::unique_ptr<Preparation> prepare_validation(const PipelineRequest& request) {
  std::vector<std::string> overrides = request.overrides;
  Configuration configuration = read_configuration(resolve_pipeline_file(request.file, overrides));
  const auto ledger = read_update_ledger(output_folder(request, configuration));
  PrepareOptions options;
  if (ledger && ledger->through) {
    options.default_split = io::Split::month;
    const bool given = std::any_of(overrides.begin(), overrides.end(),
                                   [](const std::string& one) { return one.starts_with("time.end="); });
    if (!given) overrides.push_back("time.end=" + core::iso_date(*ledger->through));
    configuration = read_configuration(resolve_pipeline_file(request.file, overrides));
  }
  return prepare_configuration(configuration, options);
}

}  // namespace

void validate_pipeline(const PipelineRequest& request, std::ostream& out) {
  const engine::ThreadLimit threads(request.jobs);
  auto job = prepare_validation(request);
  if (!job->stations)
    throw Error(ErrorKind::usage, request.file.string() + ": has no [validation]; say which stations");
  const std::filesystem::path folder = output_folder(request, job->configuration);
  std::vector<Product> products;
  for (Product& product : plan_products(*job, folder, folder))
    if (product.kept) products.push_back(std::move(product));
  for (const Product& product : products)
    for (const auto& file : io::netcdf_product_files(product.spec, folder))
      if (!std::filesystem::exists(file))
        throw Error(ErrorKind::data,
                    file.string() + " is not there; run the pipeline first, or name its folder with --out");
  std::vector<std::filesystem::path> files;
  const StationScores scores = score_stations(*job, products, folder, files);
  print_scores(scores, out);
}

}  // namespace rootzone::pipeline
