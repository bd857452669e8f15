#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include "preparation.hpp"
#include "rootzone/engine/run.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "run_record.hpp"

namespace rootzone::pipeline {

// The steps of making products, in order, that `run`, `update`, `tile` and `assemble` are made of.

/// Read, check and prepare; warnings and notes go to the log.
std::unique_ptr<Preparation> prepare_request(const PipelineRequest& request);
std::unique_ptr<Preparation> prepare_configuration(const Configuration& configuration,
                                                   const PrepareOptions& options);
std::filesystem::path output_folder(const PipelineRequest& request, const Configuration& configuration);
/// A budget that is too small ends here, with nothing made.
void check_memory(const Preparation& job, const PipelineRequest& request,
                  std::optional<engine::RowBand> rows = {});
void stop_if_asked(const PipelineRequest& request);

/// Plan the products into record.products and give each a sink that writes NetCDF files under waiting names.
void open_products(const Preparation& job, const PipelineRequest& request,
                   const std::filesystem::path& scratch, RunRecord& record);

struct ComputeOptions {
  engine::StateStore* state_store = nullptr;
  std::optional<engine::RowBand> rows;  ///< a tile
};
/// What the run's summary has to say of layers summed up over the cells.
std::vector<std::string> summary_notes(const RunRecord& record);

/// Run every segment; the products are whole but still without their names.
void compute(Preparation& job, const PipelineRequest& request, const std::filesystem::path& scratch,
             RunRecord& record, const ComputeOptions& options = {});

/// A product without any value helps nobody: an error if all are, else a warning. Of nightly work a warning.
void refuse_empty_products(const Preparation& job, RunRecord& record);
void finish_products(Preparation& job);
/// Maps and area series of the finished products. earlier: the folder whose series go on, empty = none.
void write_derived_files(const Preparation& job, const PipelineRequest& request, RunRecord& record,
                         const std::filesystem::path& earlier = {});
/// Scores, report, checksums, catalogue and manifest of whole products; then everything gets its name in
/// `out`.
void conclude_run(Preparation& job, const PipelineRequest& request, RunRecord& record,
                  const std::filesystem::path& out, std::chrono::steady_clock::time_point start);
void hash_everything(const Preparation& job, RunRecord& record);

}  // namespace rootzone::pipeline
