#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "rootzone/study/sptf_site.hpp"

namespace rootzone::pipeline {

/// The split of a folder's sites, as training makes it.
study::SiteSplit split_of(const std::vector<study::SptfSite>& sites, std::uint64_t seed);

/// Indices of "training", "validation", "test" or "all"; at most `most` of them, evenly spread (0: no limit).
/// Throws Error(usage) for another word, Error(data) if the part is empty.
std::vector<std::size_t> part_of(const std::vector<study::SptfSite>& sites, const std::string& part,
                                 std::uint64_t split_seed, std::int64_t most);

}  // namespace rootzone::pipeline
