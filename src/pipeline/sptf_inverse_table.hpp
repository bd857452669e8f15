#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "rootzone/study/sptf_inverse.hpp"

namespace rootzone::pipeline {

/// What inverse modelling found at sites.
struct InverseTable {
  study::SptfModel model = study::SptfModel::van_genuchten;
  std::vector<std::string> sites;
  std::vector<study::InverseResult> results;
};

/// CSV: site, model, the six parameters in physical units, theta_s_ceiling, rmse_first_year,
/// rmse_second_year, evaluations, stop.
void write_inverse_table(const std::filesystem::path& path, const InverseTable& table);
/// Throws Error(data) naming file, line and column.
InverseTable read_inverse_table(const std::filesystem::path& path);

}  // namespace rootzone::pipeline
