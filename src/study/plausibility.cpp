#include "rootzone/study/plausibility.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <stdexcept>

namespace rootzone::study {
namespace {

std::string number(double value) {
  std::array<char, 32> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general, 4);
  return std::string(buffer.data(), end.ptr);
}

/// What a walk over the days counts.
struct Counts {
  std::int64_t valid = 0;
  std::int64_t below = 0;
  std::int64_t above = 0;
  std::int64_t jumps = 0;
  std::int64_t spikes = 0;
  std::int64_t longest_run = 0;
  float smallest = 0.0F;
  float largest = 0.0F;
  float stuck_at = 0.0F;
};

Counts count(std::span<const float> daily, const PlausibilityRules& rules) {
  Counts c;
  std::int64_t run = 0;
  const auto step = [&](std::size_t from, std::size_t to) {
    return static_cast<double>(daily[to]) - static_cast<double>(daily[from]);
  };
  for (std::size_t i = 0; i < daily.size(); ++i) {
    const float value = daily[i];
    if (std::isnan(value)) {
      run = 0;
      continue;
    }
    c.smallest = c.valid == 0 ? value : std::min(c.smallest, value);
    c.largest = c.valid == 0 ? value : std::max(c.largest, value);
    ++c.valid;
    c.below += static_cast<double>(value) < rules.lowest;
    c.above += static_cast<double>(value) > rules.highest;
    const bool follows = i > 0 && !std::isnan(daily[i - 1]);
    run = follows && daily[i - 1] == value ? run + 1 : 1;
    if (run > c.longest_run) {
      c.longest_run = run;
      c.stuck_at = value;
    }
    if (!follows) continue;
    const double up = step(i - 1, i);
    c.jumps += std::abs(up) > rules.jump;
    if (i + 1 >= daily.size() || std::isnan(daily[i + 1])) continue;
    const double back = step(i, i + 1);
    c.spikes += up * back < 0.0 && std::min(std::abs(up), std::abs(back)) > rules.spike;
  }
  return c;
}

}  // namespace

void PlausibilityRules::validate() const {
  const auto require = [](bool good, const char* what) {
    if (!good) throw std::invalid_argument(std::string("plausibility: ") + what);
  };
  require(lowest < highest, "the lowest value must lie below the highest");
  require(outside_share >= 0.0 && outside_share <= 1.0, "outside_share must lie in [0, 1]");
  require(stuck_days >= 2, "stuck_days must be at least 2");
  require(jump > 0.0 && spike > 0.0, "jump and spike must be above 0");
  require(jumps_allowed >= 0 && spikes_allowed >= 0 && least_range >= 0.0, "a count or range is negative");
}

std::vector<std::string> implausible(std::span<const float> daily, const PlausibilityRules& rules) {
  rules.validate();
  const Counts c = count(daily, rules);
  std::vector<std::string> faults;
  if (c.valid == 0) return faults;
  const std::string of_days = " of " + std::to_string(c.valid) + " days ";
  const double allowed = rules.outside_share * static_cast<double>(c.valid);
  if (static_cast<double>(c.above) > allowed)
    faults.push_back(std::to_string(c.above) + of_days + "above " + number(rules.highest) + " m3 m-3");
  if (static_cast<double>(c.below) > allowed)
    faults.push_back(std::to_string(c.below) + of_days + "below " + number(rules.lowest) + " m3 m-3");
  if (static_cast<double>(c.largest - c.smallest) < rules.least_range) {
    faults.push_back("constant: all values between " + number(c.smallest) + " and " + number(c.largest) +
                     " m3 m-3");
  } else if (c.longest_run >= rules.stuck_days) {
    faults.push_back("stuck at " + number(c.stuck_at) + " m3 m-3 for " + std::to_string(c.longest_run) +
                     " days");
  }
  if (c.jumps > rules.jumps_allowed)
    faults.push_back(std::to_string(c.jumps) + " jumps of more than " + number(rules.jump) +
                     " m3 m-3 from day to day");
  if (c.spikes > rules.spikes_allowed)
    faults.push_back(std::to_string(c.spikes) + " spikes of more than " + number(rules.spike) + " m3 m-3");
  return faults;
}

}  // namespace rootzone::study
