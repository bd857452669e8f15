#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "pedotransfer_job.hpp"
#include "rootzone/pipeline/report.hpp"

namespace rootzone::pipeline {

/// Cells by what became of a function's result there; one row for each function, by soil::Rejection.
using PedotransferCounts = std::vector<std::array<std::int64_t, soil::rejection_count>>;

/// What the report says of the functions: their sources and ranges, how many results were used, how many
/// dropped and why.
ReportSection pedotransfer_section(const PedotransferJob& job, const PedotransferCounts& counts,
                                   const std::vector<std::int64_t>& outside_validity);

/// A property beside another map of it, cell by cell: bias, RMSE and r of each function and of the median,
/// and how often the other map lies within the spread.
ReportSection comparison_section(const PedotransferJob& job, const PedotransferReference& reference);

}  // namespace rootzone::pipeline
