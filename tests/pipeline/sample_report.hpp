#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "rootzone/pipeline/report.hpp"

namespace rootzone::pipeline {

/// A PNG of indexed colours with stored (uncompressed) deflate blocks, written from RFC 2083 and RFC 1950:
/// enough to look at a report without the io room.
std::vector<std::byte> stored_png(std::span<const std::uint8_t> indices, std::int64_t rows, std::int64_t cols,
                                  std::span<const std::uint8_t> palette);

/// A made-up basin with everything a report can hold: three dates of moisture, return periods, a spread, an
/// unknown quantity, gaps, stations with and without enough data, warnings, unfriendly names.
ReportData sample_report();

}  // namespace rootzone::pipeline
