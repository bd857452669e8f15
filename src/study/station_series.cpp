#include "rootzone/study/station_series.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace rootzone::study {
namespace {

constexpr double same_depth_m = 0.001;

/// Sensors at one depth.
struct Level {
  double depth_m = 0.0;
  std::vector<const SensorSeries*> sensors;
};

/// Sums of one day, per hour.
struct DaySums {
  std::array<double, 24> sum{};
  std::array<int, 24> count{};
};

float mean_of_hours(const DaySums& day, int min_valid_hours) {
  double sum = 0.0;
  int hours = 0;
  for (std::size_t hour = 0; hour < 24; ++hour) {
    if (day.count[hour] == 0) continue;
    sum += day.sum[hour] / day.count[hour];
    ++hours;
  }
  return hours >= min_valid_hours ? static_cast<float>(sum / hours) : std::numeric_limits<float>::quiet_NaN();
}

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

void check_sensors(std::span<const SensorSeries> sensors, const Zone& zone) {
  if (!(zone.top_m >= 0.0 && zone.bottom_m > zone.top_m))
    throw std::invalid_argument("zone_reference: a zone needs 0 ≤ top < bottom");
  for (const SensorSeries& sensor : sensors) {
    if (!(sensor.depth_from_m <= sensor.depth_to_m))
      throw std::invalid_argument("zone_reference: a sensor's depth_from exceeds its depth_to");
    if (sensor.daily.size() != sensors[0].daily.size())
      throw std::invalid_argument("zone_reference: the sensors' series differ in length");
  }
}

/// Sensors by depth; those above ground say nothing of the soil.
std::vector<Level> levels_of(std::span<const SensorSeries> sensors) {
  std::vector<const SensorSeries*> sorted;
  for (const SensorSeries& sensor : sensors)
    if (sensor.depth_from_m >= 0.0) sorted.push_back(&sensor);
  const auto depth = [](const SensorSeries* sensor) {
    return 0.5 * (sensor->depth_from_m + sensor->depth_to_m);
  };
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const SensorSeries* a, const SensorSeries* b) { return depth(a) < depth(b); });
  std::vector<Level> levels;
  for (const SensorSeries* sensor : sorted) {
    if (levels.empty() || depth(sensor) - levels.back().depth_m > same_depth_m)
      levels.push_back({depth(sensor), {}});
    levels.back().sensors.push_back(sensor);
  }
  return levels;
}

double overlap(double top, double bottom, const Zone& zone) {
  return std::max(0.0, std::min(bottom, zone.bottom_m) - std::max(top, zone.top_m));
}

/// The problem of a zone, or empty.
std::string problem_of(const std::vector<Level>& levels, const Zone& zone, double min_coverage) {
  const auto inside = [&](const Level& level) {
    return level.depth_m >= zone.top_m - same_depth_m && level.depth_m <= zone.bottom_m + same_depth_m;
  };
  if (std::none_of(levels.begin(), levels.end(), inside)) return "no sensor in the zone";
  // Below the deepest sensor the reach mirrors that above it; a lone sensor reaches from the surface to twice
  // its depth.
  const double last = levels.back().depth_m;
  const double above = levels.size() > 1 ? 0.5 * (levels[levels.size() - 2].depth_m + last) : 0.0;
  const double reach_bottom = last + (last - above);
  const double share = overlap(0.0, reach_bottom, zone) / (zone.bottom_m - zone.top_m);
  if (share < min_coverage)
    return "the sensors reach over " + std::to_string(std::lround(100.0 * share)) + " % of the zone, " +
           std::to_string(std::lround(100.0 * min_coverage)) + " % are asked for";
  return "";
}

/// Mean of the sensors of a level valid on a day, calibrated; NaN if none is.
double level_value(const Level& level, std::size_t day, const SensorCalibration& calibration) {
  double sum = 0.0;
  int count = 0;
  for (const SensorSeries* sensor : level.sensors) {
    const auto value = static_cast<double>(sensor->daily[day]);
    if (std::isnan(value)) continue;
    sum += calibration.offset + calibration.gain * value;
    ++count;
  }
  return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

std::optional<SensorCalibration> SensorCalibration::named(std::string_view name) {
  if (name == "none") return SensorCalibration{};
  if (name == "liu2023-5tm") return SensorCalibration{1.0614, 0.0134};
  return std::nullopt;
}

std::vector<float> daily_means(std::span<const std::int64_t> times_s, std::span<const float> values,
                               const core::TimeAxis& axis, int min_valid_hours) {
  if (times_s.size() != values.size())
    throw std::invalid_argument("daily_means: one time per value expected");
  if (min_valid_hours < 1 || min_valid_hours > 24)
    throw std::invalid_argument("daily_means: min_valid_hours must lie in 1 … 24, found " +
                                std::to_string(min_valid_hours));
  std::vector<DaySums> days(static_cast<std::size_t>(axis.count()));
  std::int64_t last_day = std::numeric_limits<std::int64_t>::min();
  std::optional<std::int64_t> step;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    const std::int64_t day = floor_divide(times_s[i], 86400);
    // The civil date carries over to the axis's calendar, day numbers do not. Hours of a day come together.
    if (day != last_day) step = axis.index(core::date_of(day, core::Calendar::standard));
    last_day = day;
    if (!step) continue;
    const auto hour = static_cast<std::size_t>((times_s[i] - day * 86400) / 3600);
    DaySums& sums = days[static_cast<std::size_t>(*step)];
    sums.sum[hour] += static_cast<double>(values[i]);
    ++sums.count[hour];
  }
  std::vector<float> means(days.size());
  for (std::size_t i = 0; i < days.size(); ++i) means[i] = mean_of_hours(days[i], min_valid_hours);
  return means;
}

ZoneReference zone_reference(std::span<const SensorSeries> sensors, const Zone& zone,
                             const ZoneOptions& options) {
  check_sensors(sensors, zone);
  const std::vector<Level> levels = levels_of(sensors);
  ZoneReference reference;
  reference.problem = problem_of(levels, zone, options.min_coverage);
  if (!reference.problem.empty()) return reference;
  std::vector<const Level*> used;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const double top = i == 0 ? zone.top_m : 0.5 * (levels[i - 1].depth_m + levels[i].depth_m);
    const double bottom =
        i + 1 == levels.size() ? zone.bottom_m : 0.5 * (levels[i].depth_m + levels[i + 1].depth_m);
    const double thickness = overlap(top, bottom, zone);
    if (thickness <= 0.0) continue;
    reference.weights.push_back({levels[i].depth_m, thickness, static_cast<int>(levels[i].sensors.size())});
    used.push_back(&levels[i]);
  }
  reference.values.resize(sensors[0].daily.size());
  for (std::size_t day = 0; day < reference.values.size(); ++day) {
    double sum = 0.0;
    double thickness = 0.0;
    for (std::size_t i = 0; i < used.size(); ++i) {
      sum += reference.weights[i].thickness_m * level_value(*used[i], day, options.calibration);
      thickness += reference.weights[i].thickness_m;
    }
    reference.values[day] = static_cast<float>(sum / thickness);  // NaN if one depth is
  }
  return reference;
}

}  // namespace rootzone::study
