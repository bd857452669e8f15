#pragma once
#include "preparation.hpp"
#include "run_record.hpp"

namespace rootzone::pipeline {

/// Take the SHA-256 of every input and product into the record, several files at a time.
void hash_files(const Preparation& job, RunRecord& record, const core::ParallelFor& parallel_for);

/// stac/<pipeline>.json: a STAC item whose assets are the files of the run.
void write_catalogue(const Preparation& job, RunRecord& record);

/// manifest.json: resolved pipeline, version, SHA-256 of inputs and products, flag counts, timings. A folder
/// without it holds no finished run.
std::string manifest_text(const Preparation& job, const RunRecord& record);

/// Products named by the manifest of an earlier run, relative to `out`; empty if there is none.
std::vector<std::filesystem::path> products_of_manifest(const std::filesystem::path& out);

}  // namespace rootzone::pipeline
