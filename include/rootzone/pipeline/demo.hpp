#pragma once
#include <cstdint>
#include <filesystem>

#include "rootzone/core/parallel.hpp"
#include "rootzone/core/progress.hpp"
#include "rootzone/study/demo_basin.hpp"

namespace rootzone::pipeline {

/// Size of the demo basin. The last day is always 2020-12-31; the storage years end there and the moisture
/// days are the last ones.
struct DemoOptions {
  std::int64_t rows = 120;  ///< cells of 1 km
  std::int64_t cols = 160;
  std::int64_t days = 1096;         ///< with surface soil moisture and stations
  std::int64_t storage_years = 20;  ///< calendar years of weather and evaporation
  std::int64_t stations = 24;
  std::uint64_t seed = 1;
  study::DemoTruth truth = study::DemoTruth::simple;  ///< where moisture and fluxes come from
  bool operator==(const DemoOptions&) const = default;

  /// Throws Error(usage) for sizes that give no basin.
  void validate() const;
};

/// Write the demo basin into a folder: inputs in as many forms as users bring, stations in ISMN's formats,
/// and the truth they were made from (docs/demo.md; the folder's README.md lists every file). The same
/// options and seed give the same files for any parallel_for. A folder that already holds the demo of these
/// options is left alone; one with an older or unfinished demo is replaced. Throws Error(usage) for
/// impossible options or a folder that holds other things, Error(environment) if files cannot be written.
/// `progress` may be null.
void write_demo(const std::filesystem::path& dir, const DemoOptions& options,
                const core::ParallelFor& parallel_for, core::ProgressSink* progress);

}  // namespace rootzone::pipeline
