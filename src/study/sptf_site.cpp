#include "rootzone/study/sptf_site.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "rootzone/study/random_field.hpp"

namespace rootzone::study {
namespace {

constexpr std::uint64_t split_stream = 0x5397;

/// FNV-1a: a number that a name always has.
std::uint64_t name_number(const std::string& name) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char character : name) hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001b3ULL;
  return hash;
}

}  // namespace

SiteSplit split_sites(std::span<const std::string> names, std::uint64_t seed, double training_share,
                      double validation_share) {
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::size_t i = 0; i < names.size(); ++i)
    order.emplace_back(random_bits({seed, split_stream}, name_number(names[i])), i);
  std::sort(order.begin(), order.end());
  const auto share = [&](double part) {
    return static_cast<std::size_t>(std::llround(part * static_cast<double>(names.size())));
  };
  const std::size_t validation_from = std::min(share(training_share), names.size());
  const std::size_t test_from = std::min(share(training_share + validation_share), names.size());
  SiteSplit split;
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::vector<std::size_t>& part = i < validation_from ? split.training
                                     : i < test_from     ? split.validation
                                                         : split.test;
    part.push_back(order[i].second);
  }
  for (std::vector<std::size_t>* part : {&split.training, &split.validation, &split.test})
    std::sort(part->begin(), part->end());
  return split;
}

}  // namespace rootzone::study
