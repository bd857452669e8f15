#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "rootzone/core/parallel.hpp"
#include "rootzone/core/progress.hpp"
#include "rootzone/study/sptf_parameters.hpp"
#include "rootzone/study/sptf_site.hpp"

namespace rootzone::pipeline {

/// What a twin was made of.
struct TwinTruth {
  study::SptfModel model = study::SptfModel::van_genuchten;
  study::SptfParameters parameters{};
};

/// Write sites as a folder: `sites.csv` (site, climate, texture, sand, silt, clay, bulk_density; of twins
/// also true_model and true_<parameter>) and `<site>.csv` with the daily series. `sites.csv` comes last: a
/// folder without it is unfinished. truths: as many as sites, or none. Throws Error(environment).
void write_sptf_folder(const std::filesystem::path& folder, const std::vector<study::SptfSite>& sites,
                       const std::vector<TwinTruth>& truths, const core::ParallelFor& parallel_for);

struct SptfFolder {
  std::vector<study::SptfSite> sites;  ///< in the order of sites.csv
  std::vector<std::string> warnings;   ///< sites that were left out, and why
};

/// Read such a folder. sites.csv needs site, sand, silt, clay (fractions, adding up to 1 within 0.02) and
/// bulk_density (0.5 … 2.2 g/cm³). A series needs 730 days from its first and the five columns of weather and
/// moisture (soil_moisture_5cm, the truth, is optional); days beyond are left out, days that are absent count
/// as not observed. A gap in the weather makes a site unusable: it is left out with a warning, as is a
/// shorter series, or one with fewer than 30 counted days in either year. Throws Error(data) naming file,
/// line and column for anything else, and if no site is left.
SptfFolder read_sptf_folder(const std::filesystem::path& folder, const core::ParallelFor& parallel_for);

/// The truths that sites.csv names, one per row of the table; none if it has none.
std::vector<TwinTruth> read_twin_truths(const std::filesystem::path& folder);

}  // namespace rootzone::pipeline
