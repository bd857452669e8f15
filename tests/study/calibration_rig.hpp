#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "rootzone/study/calibration.hpp"

namespace rootzone::study::rig {

/// Uniform numbers in [0, 1) from a seed, the same on every machine (splitmix64).
class Uniform {
 public:
  explicit Uniform(std::uint64_t seed) : m_state(seed) {}
  double operator()() {
    std::uint64_t z = (m_state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
  }
  /// Standard normal (Box and Muller).
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - (*this)()));
    return radius * std::cos(2.0 * 3.14159265358979323846 * (*this)());
  }

 private:
  std::uint64_t m_state;
};

/// Surface moisture that dries and is wetted by showers; gap_share of the days are missing.
inline std::vector<float> showers(int days, std::uint64_t seed, double gap_share = 0.0) {
  Uniform uniform(seed);
  std::vector<float> moisture;
  double wetness = 0.5;
  for (int day = 0; day < days; ++day) {
    wetness *= 0.9;
    if (uniform() < 0.3) wetness += 0.35 * uniform();
    wetness = std::clamp(wetness, 0.1, 0.98);
    const bool missing = uniform() < gap_share && day > 0;
    moisture.push_back(missing ? std::numeric_limits<float>::quiet_NaN()
                               : static_cast<float>(0.45 * wetness));
  }
  return moisture;
}

/// A station whose root zone is SMAR with these parameters, plus normal noise of the given deviation (m3
/// m-3).
inline SmarStation synthetic_station(const SmarValues& truth, const SmarSearch& search, int days,
                                     std::uint64_t seed, double gap_share = 0.0, double noise = 0.0) {
  SmarStation station;
  station.surface = showers(days, seed, gap_share);
  station.root_zone.assign(station.surface.size(), 0.3F);
  station.surface_porosity = 0.45F;
  station.root_zone_porosity = 0.4F;
  station.field_capacity = 0.25F;
  station.surface_thickness_cm = 10.0;
  station.root_zone_thickness_cm = 40.0;
  SmarSearch from_start = search;
  from_start.warm_up_days = 0.0;
  const auto run = SmarProblem(station, from_start, {0, days}).run(truth);
  Uniform uniform(seed + 1);
  for (std::size_t day = 0; day < run.saturation.size(); ++day)
    station.root_zone[day] = static_cast<float>(static_cast<double>(run.saturation[day]) * 0.4F +
                                                (noise > 0.0 ? noise * uniform.normal() : 0.0));
  return station;
}

/// RMSE between two runs' saturation over a range of days, where both have a value.
inline double saturation_rmse(const moisture::SmarSeries& a, const moisture::SmarSeries& b, DayRange days) {
  double sum = 0.0;
  std::int64_t n = 0;
  for (auto day = static_cast<std::size_t>(days.first); day < static_cast<std::size_t>(days.end); ++day) {
    const double difference = static_cast<double>(a.saturation[day]) - static_cast<double>(b.saturation[day]);
    if (std::isnan(difference)) continue;
    sum += difference * difference;
    ++n;
  }
  return std::sqrt(sum / static_cast<double>(n));
}

}  // namespace rootzone::study::rig
