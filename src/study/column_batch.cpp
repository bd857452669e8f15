#include "rootzone/study/column_batch.hpp"

#include <algorithm>

namespace rootzone::study {
namespace {

/// Columns of a task: enough that lanes which finish early find more work, few enough to share among threads.
constexpr std::size_t columns_per_task = 32;

}  // namespace

std::vector<soil::ColumnResult> run_column_batch(const soil::ColumnGrid& grid,
                                                 std::span<const soil::RichardsColumn> columns,
                                                 const soil::ColumnSettings& settings,
                                                 const soil::ColumnRequest& request,
                                                 const core::ParallelFor& parallel_for) {
  std::vector<soil::ColumnResult> results(columns.size());
  const std::size_t tasks = (columns.size() + columns_per_task - 1) / columns_per_task;
  parallel_for(static_cast<std::int64_t>(tasks), [&](std::int64_t task) {
    const std::size_t first = static_cast<std::size_t>(task) * columns_per_task;
    const std::size_t count = std::min(columns_per_task, columns.size() - first);
    auto part = soil::run_columns(grid, columns.subspan(first, count), settings, request);
    std::move(part.begin(), part.end(), results.begin() + static_cast<std::ptrdiff_t>(first));
  });
  return results;
}

}  // namespace rootzone::study
