#pragma once
#include <span>
#include <vector>

#include "lane_batch.hpp"
#include "rootzone/soil/richards_column.hpp"

namespace rootzone::soil {

/// `run_columns` with the kernels chosen by the caller: an instruction set, or a test's own soil.
using KernelChoice = ColumnKernel (*)(ModelKind);
std::vector<ColumnResult> run_columns_with(KernelChoice kernels, const ColumnGrid& grid,
                                           std::span<const RichardsColumn> columns,
                                           const ColumnSettings& settings, const ColumnRequest& request);

}  // namespace rootzone::soil
