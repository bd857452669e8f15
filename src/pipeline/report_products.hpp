#pragma once
#include <cstdint>
#include <vector>

#include "area_series.hpp"
#include "product_set.hpp"
#include "rootzone/engine/run.hpp"
#include "rootzone/pipeline/report.hpp"

namespace rootzone::pipeline {

/// The maps of a product that a reader wants to see: all layers of a short stack that hold values; of many,
/// the lowest, the highest and the last. basin: its mean over time, or null; days then go by it, else the
/// first, the middle and the last with values are shown.
ReportProduct report_product(const Product& product, const AreaSeries* basin);

/// Cells with a value in some map; empty if every cell has one.
std::vector<std::uint8_t> cells_with_values(const std::vector<ReportProduct>& products, std::int64_t cells);

/// Counts over the cells of the domain (0 = outside, empty = every cell). What lies outside is the same on
/// every day, so that one day of the product tells how much of the counts is not the domain's.
engine::FlagCounts counts_inside(const Product& product, const engine::FlagCounts& counts,
                                 const std::vector<std::uint8_t>& domain);

}  // namespace rootzone::pipeline
