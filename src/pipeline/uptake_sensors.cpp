#include "uptake_sensors.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"
#include "rootzone/engine/threads.hpp"
#include "rootzone/io/ismn.hpp"
#include "rootzone/io/series_csv.hpp"
#include "rootzone/io/station_csv.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "rootzone/study/station_series.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;

constexpr std::int64_t seconds_per_day = 86400;
constexpr double same_depth_cm = 0.1;
constexpr double cm_per_m = 100.0;

core::TimeAxis axis_of(const json& time, const core::Date& first, const core::Date& last) {
  const auto given = [&](const char* key, const core::Date& otherwise) {
    return time.contains(key) ? *core::parse_iso_date(time[key].get<std::string>()) : otherwise;
  };
  const core::Date start = given("start", first);
  const core::Date end = given("end", last);
  if (end < start)
    throw Error(ErrorKind::usage, "[time]: the last day, " + core::iso_date(end) +
                                      ", lies before the first, " + core::iso_date(start));
  return {start, end};
}

/// The depth in "soil_moisture_7.5cm".
std::optional<double> depth_of_column(std::string_view column) {
  constexpr std::string_view before = "soil_moisture_";
  if (!column.starts_with(before) || !column.ends_with("cm")) return {};
  column = column.substr(before.size(), column.size() - before.size() - 2);
  double depth = 0.0;
  const auto [end, error] = std::from_chars(column.data(), column.data() + column.size(), depth);
  if (error != std::errc{} || end != column.data() + column.size()) return {};
  return depth;
}

StationProfile of_series(const std::string& path, const json& time) {
  const io::SeriesTable table = io::read_series_csv(path);
  if (table.dates.empty()) throw Error(ErrorKind::data, path + ": holds no days");
  StationProfile result;
  result.axis = axis_of(time, table.dates.front(), table.dates.back());
  for (const std::string& column : table.columns)
    if (const auto depth = depth_of_column(column))
      result.depths.push_back({*depth, io::series_on_axis(table, column, result.axis)});
  if (result.depths.empty())
    throw Error(ErrorKind::data,
                path + ": has no column soil_moisture_<depth>cm, for example soil_moisture_10cm");
  return result;
}

io::StationArchive read_archive(const json& profile) {
  const std::string path = profile.at("path").get<std::string>();
  if (profile.at("format") == "ismn") {
    io::IsmnOptions options;
    options.kept_flags = profile.at("keep_flags").get<std::vector<std::string>>();
    return io::read_ismn(path, options, engine::tbb_parallel_for());
  }
  if (!profile.contains("data"))
    throw Error(ErrorKind::usage, "[profile] format = \"csv\" needs 'data', the CSV of the stations' series");
  io::CsvStationsSpec spec;
  spec.stations_table = path;
  spec.stations_columns = profile.at("station_columns").get<std::vector<std::string>>();
  spec.data = profile.at("data").get<std::string>();
  if (profile.contains("flag_table")) {
    spec.flag_table = profile.at("flag_table").get<std::string>();
    for (double code : profile.at("flag_good").get<std::vector<double>>())
      spec.good_codes.push_back(std::to_string(std::lround(code)));
  }
  return io::read_station_csv(spec);
}

const io::StationRecord& chosen_station(const io::StationArchive& archive, const json& profile) {
  const std::string path = profile.at("path").get<std::string>();
  std::vector<std::string> names;
  for (const io::StationRecord& one : archive.stations) names.push_back(one.name);
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  if (!profile.contains("station")) {
    if (archive.stations.size() == 1) return archive.stations.front();
    throw Error(ErrorKind::usage, path + ": holds " + std::to_string(names.size()) +
                                      " stations; set profile.station to one of: " + list);
  }
  const json& station = profile.at("station");
  const std::string wanted = station.is_string() ? station.get<std::string>() : station.dump();
  for (const io::StationRecord& one : archive.stations)
    if (one.name == wanted) return one;
  const auto close = core::closest(wanted, names);
  throw Error(ErrorKind::data, path + ": has no usable station '" + wanted + "'" +
                                   (close ? "; did you mean '" + *close + "'?" : ". There are: " + list));
}

StationProfile of_archive(const json& profile, const json& time) {
  const io::StationArchive archive = read_archive(profile);
  const io::StationRecord& station = chosen_station(archive, profile);
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  for (const io::SensorRecord& sensor : station.sensors)
    if (!sensor.times_s.empty()) {
      first = std::min(first, sensor.times_s.front() / seconds_per_day);
      last = std::max(last, sensor.times_s.back() / seconds_per_day);
    }
  if (last < first)
    throw Error(ErrorKind::data,
                "station '" + station.name + "': no sensor has a value that passes the flags");
  StationProfile result;
  result.station = station.name;
  for (const std::string& warning : archive.warnings)
    if (!warning.starts_with("station ") || warning.starts_with("station " + station.name + ","))
      result.warnings.push_back(warning);
  result.axis = axis_of(time, core::date_of(first, core::Calendar::standard),
                        core::date_of(last, core::Calendar::standard));
  const int minimum_hours = profile.at("minimum_hours").get<int>();
  for (const io::SensorRecord& sensor : station.sensors) {
    const int needed = sensor.step == io::RecordStep::daily ? 1 : minimum_hours;
    const auto daily = study::daily_means(sensor.times_s, sensor.values, result.axis, needed);
    result.depths.push_back(
        {0.5 * cm_per_m * (sensor.depth_from_m + sensor.depth_to_m), {daily.begin(), daily.end()}});
  }
  return result;
}

/// Of the values that are there on each day.
DepthSeries mean_of(const std::vector<DepthSeries>& group) {
  DepthSeries mean = group.front();
  for (std::size_t day = 0; day < mean.daily.size(); ++day) {
    double sum = 0.0;
    int count = 0;
    for (const DepthSeries& one : group)
      if (!std::isnan(one.daily[day])) sum += one.daily[day], ++count;
    mean.daily[day] = count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
  }
  return mean;
}

std::vector<DepthSeries> by_depth(std::vector<DepthSeries> sensors) {
  std::stable_sort(sensors.begin(), sensors.end(),
                   [](const DepthSeries& a, const DepthSeries& b) { return a.depth_cm < b.depth_cm; });
  std::vector<DepthSeries> result;
  for (std::size_t i = 0; i < sensors.size();) {
    std::vector<DepthSeries> group;
    const double depth = sensors[i].depth_cm;
    for (; i < sensors.size() && sensors[i].depth_cm - depth < same_depth_cm; ++i)
      group.push_back(sensors[i]);
    result.push_back(mean_of(group));
  }
  return result;
}

void keep_depths(StationProfile& profile, const std::vector<double>& wanted) {
  if (wanted.empty()) return;
  std::string there;
  for (const DepthSeries& one : profile.depths)
    there += (there.empty() ? "" : ", ") + format_number(one.depth_cm, 4);
  std::vector<DepthSeries> kept;
  for (double depth : wanted) {
    const auto found =
        std::find_if(profile.depths.begin(), profile.depths.end(),
                     [&](const DepthSeries& one) { return std::abs(one.depth_cm - depth) < same_depth_cm; });
    if (found == profile.depths.end())
      throw Error(ErrorKind::usage, "[profile] depths: no usable sensor at " + format_number(depth, 4) +
                                        " cm; there are sensors at " + there + " cm");
    kept.push_back(*found);
  }
  profile.depths = by_depth(std::move(kept));
}

}  // namespace

StationProfile read_station_profile(const json& profile, const json& time) {
  StationProfile result = profile.at("format") == "series"
                              ? of_series(profile.at("path").get<std::string>(), time)
                              : of_archive(profile, time);
  result.depths = by_depth(std::move(result.depths));
  keep_depths(result, profile.at("depths").get<std::vector<double>>());
  std::erase_if(result.depths, [&](const DepthSeries& one) {
    const bool empty =
        std::all_of(one.daily.begin(), one.daily.end(), [](double v) { return std::isnan(v); });
    if (empty)
      result.warnings.push_back("the sensor at " + format_number(one.depth_cm, 4) +
                                " cm has no value on the days asked for and is left out");
    return empty;
  });
  if (result.depths.size() < 2)
    throw Error(ErrorKind::data,
                "[profile]: a profile of at least two depths with values is needed between " +
                    core::iso_date(result.axis.first()) + " and " + core::iso_date(result.axis.last()) +
                    ", found " + std::to_string(result.depths.size()));
  if (result.depths.front().depth_cm <= 0.0)
    throw Error(ErrorKind::data, "[profile]: depths below the surface expected, found " +
                                     format_number(result.depths.front().depth_cm, 4) + " cm");
  return result;
}

}  // namespace rootzone::pipeline
