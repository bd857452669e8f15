#pragma once
#include <memory>
#include <string>
#include <vector>

#include "rootzone/core/block.hpp"

namespace rootzone::pipeline {

/// Series held in memory as the columns of a grid of one row: the stations.
std::shared_ptr<core::BlockSource> make_column_source(std::string name,
                                                      std::vector<std::vector<float>> columns);

/// Another source, missing where `inside` is 0 or NaN (row-major on the model grid).
std::shared_ptr<core::BlockSource> make_masked_source(std::shared_ptr<core::BlockSource> source,
                                                      std::vector<float> inside, std::int64_t cols);

}  // namespace rootzone::pipeline
