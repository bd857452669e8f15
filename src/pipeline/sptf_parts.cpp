#include "sptf_parts.hpp"

#include "rootzone/core/error.hpp"

namespace rootzone::pipeline {

study::SiteSplit split_of(const std::vector<study::SptfSite>& sites, std::uint64_t seed) {
  std::vector<std::string> names;
  for (const study::SptfSite& site : sites) names.push_back(site.name);
  return study::split_sites(names, seed);
}

std::vector<std::size_t> part_of(const std::vector<study::SptfSite>& sites, const std::string& part,
                                 std::uint64_t split_seed, std::int64_t most) {
  study::SiteSplit split = split_of(sites, split_seed);
  std::vector<std::size_t> which;
  if (part == "training")
    which = split.training;
  else if (part == "validation")
    which = split.validation;
  else if (part == "test")
    which = split.test;
  else if (part == "all")
    for (std::size_t i = 0; i < sites.size(); ++i) which.push_back(i);
  else
    throw core::Error(core::ErrorKind::usage,
                      "'" + part + "' is no part of the sites; expected training, validation, test or all");
  if (which.empty())
    throw core::Error(core::ErrorKind::data, "the " + part + " part of " + std::to_string(sites.size()) +
                                                 " sites is empty; give more sites, or another --part");
  const auto limit = static_cast<std::size_t>(most);
  if (most <= 0 || which.size() <= limit) return which;
  std::vector<std::size_t> some;
  for (std::size_t i = 0; i < limit; ++i) some.push_back(which[i * which.size() / limit]);
  return some;
}

}  // namespace rootzone::pipeline
