#include "station_data.hpp"

#include <algorithm>
#include <cmath>

#include "rootzone/core/error.hpp"
#include "rootzone/engine/threads.hpp"
#include "rootzone/io/day_mapping.hpp"
#include "rootzone/io/ismn.hpp"
#include "rootzone/io/station_csv.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;

constexpr std::int64_t seconds_per_day = 86400;

io::StationArchive read_archive(const ValidationSettings& settings, const core::TimeAxis& time) {
  if (settings.is_csv) {
    io::CsvStationsSpec spec;
    spec.stations_table = settings.stations;
    spec.stations_columns = settings.station_columns;
    spec.data = settings.data;
    spec.flag_table = settings.flag_table;
    spec.valid_min = settings.csv_valid_range[0];
    spec.valid_max = settings.csv_valid_range[1];
    for (int code : settings.flag_good) spec.good_codes.push_back(std::to_string(code));
    return io::read_station_csv(spec);
  }
  io::IsmnOptions options;
  options.kept_flags = settings.keep_flags;
  const auto unix_day = [](const core::Date& date) {
    return core::day_number(io::last_date_by(date, core::Calendar::standard), core::Calendar::standard);
  };
  options.first_time_s = unix_day(time.first()) * seconds_per_day;
  options.end_time_s = (unix_day(time.last()) + 1) * seconds_per_day;
  return io::read_ismn(settings.stations, options, engine::tbb_parallel_for());
}

StationOnDays on_days(const io::StationRecord& record, const ValidationSettings& settings,
                      const core::TimeAxis& time) {
  StationOnDays station;
  station.id = record.name;
  station.latitude = record.latitude;
  station.longitude = record.longitude;
  station.static_variables = record.static_variables;
  for (const io::SensorRecord& sensor : record.sensors) {
    const int needed = sensor.step == io::RecordStep::daily ? 1 : settings.minimum_hours;
    station.sensors.push_back({sensor.depth_from_m, sensor.depth_to_m,
                               study::daily_means(sensor.times_s, sensor.values, time, needed)});
  }
  return station;
}

study::Zone zone_of(const std::array<double, 2>& zone_cm) {
  return {zone_cm[0] / 100.0, zone_cm[1] / 100.0};
}

// Stations of two networks may share a name; then the network goes in front.
void make_names_unique(std::vector<StationOnDays>& stations, const std::vector<io::StationRecord>& records) {
  for (std::size_t i = 0; i < stations.size(); ++i) {
    const auto same = std::count_if(records.begin(), records.end(), [&](const io::StationRecord& other) {
      return other.name == records[i].name;
    });
    if (same > 1 && !records[i].network.empty()) stations[i].id = records[i].network + "_" + records[i].name;
  }
}

void keep_only(std::vector<StationOnDays>& stations, const std::vector<std::string>& names,
               std::vector<std::string>& warnings) {
  if (names.empty()) return;
  for (const std::string& name : names)
    if (std::none_of(stations.begin(), stations.end(),
                     [&](const StationOnDays& station) { return station.id == name; }))
      warnings.push_back("[validation] only_stations names '" + name + "', which the stations do not have");
  // What is wrong with a station that is not asked for is of no interest.
  std::erase_if(warnings, [&](const std::string& warning) {
    return std::any_of(stations.begin(), stations.end(), [&](const StationOnDays& station) {
      return std::find(names.begin(), names.end(), station.id) == names.end() &&
             warning.starts_with("station " + station.id + ",");
    });
  });
  std::erase_if(stations, [&](const StationOnDays& station) {
    return std::find(names.begin(), names.end(), station.id) == names.end();
  });
}

std::int64_t calibration_days_of(const std::vector<StationOnDays>& stations, double fraction,
                                 std::int64_t days) {
  std::vector<std::int64_t> observed;
  for (std::int64_t step = 0; step < days; ++step)
    if (std::any_of(stations.begin(), stations.end(), [&](const StationOnDays& one) {
          return !one.root_zone.empty() && !std::isnan(one.root_zone[static_cast<std::size_t>(step)]);
        }))
      observed.push_back(step);
  const auto before = static_cast<std::size_t>(fraction * static_cast<double>(observed.size()));
  return before < observed.size() ? observed[before] : days;
}

}  // namespace

std::vector<float> StationData::zone(std::size_t station, const std::array<double, 2>& zone_cm) const {
  study::ZoneReference reference =
      study::zone_reference(stations[station].sensors, zone_of(zone_cm), options);
  if (reference.values.empty())
    throw Error(ErrorKind::data, "station '" + stations[station].id + "': " + reference.problem +
                                     "; leave it out with only_stations or choose other depths");
  return std::move(reference.values);
}

StationData read_station_data(const ValidationSettings& settings, const core::TimeAxis& time) {
  io::StationArchive archive = read_archive(settings, time);
  StationData data;
  data.warnings = std::move(archive.warnings);
  data.options.calibration = {settings.sensor_gain, settings.sensor_offset};
  for (const io::StationRecord& record : archive.stations)
    data.stations.push_back(on_days(record, settings, time));
  make_names_unique(data.stations, archive.stations);
  keep_only(data.stations, settings.only_stations, data.warnings);
  if (data.stations.empty())
    throw Error(ErrorKind::data,
                settings.stations.string() +
                    ": no station is left; check only_stations, the flags kept and the days of the run");
  for (StationOnDays& station : data.stations) {
    study::ZoneReference reference =
        study::zone_reference(station.sensors, zone_of(settings.root_zone_cm), data.options);
    station.root_zone_problem = reference.problem;
    station.root_zone = std::move(reference.values);
    if (!station.root_zone_problem.empty())
      data.warnings.push_back("station '" + station.id +
                              "' has no root-zone reference: " + station.root_zone_problem);
  }
  data.calibration_days = calibration_days_of(data.stations, settings.calibration_fraction, time.count());
  return data;
}

}  // namespace rootzone::pipeline
