#pragma once
#include <span>
#include <vector>

#include "rootzone/core/parallel.hpp"
#include "rootzone/soil/richards_column.hpp"

namespace rootzone::study {

/// `soil::run_columns` over many columns at once, in tasks of a few vector registers each. The same results
/// for any parallel_for and any number of threads: a column does not depend on its companions. Throws what
/// run_columns throws; a message counts columns from the first of a task.
std::vector<soil::ColumnResult> run_column_batch(const soil::ColumnGrid& grid,
                                                 std::span<const soil::RichardsColumn> columns,
                                                 const soil::ColumnSettings& settings,
                                                 const soil::ColumnRequest& request,
                                                 const core::ParallelFor& parallel_for);

}  // namespace rootzone::study
