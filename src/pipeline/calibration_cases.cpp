#include "calibration_cases.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rootzone/io/csv.hpp"
#include "rootzone/study/station_series.hpp"

namespace rootzone::pipeline {
namespace {

using study::DayRange;

constexpr double same_depth_m = 1e-3;

study::Zone zone_of(const std::array<double, 2>& zone_cm) {
  return {zone_cm[0] / 100.0, zone_cm[1] / 100.0};
}

double depth_of(const study::SensorSeries& sensor) {
  return 0.5 * (sensor.depth_from_m + sensor.depth_to_m);
}

/// The sensors at the depths that make up a zone.
std::vector<const study::SensorSeries*> sensors_of(const StationOnDays& station,
                                                   const study::ZoneReference& reference) {
  std::vector<const study::SensorSeries*> used;
  for (const study::SensorSeries& sensor : station.sensors)
    if (std::any_of(reference.weights.begin(), reference.weights.end(),
                    [&](const study::DepthWeight& weight) {
                      return std::abs(weight.depth_m - depth_of(sensor)) <= same_depth_m;
                    }))
      used.push_back(&sensor);
  return used;
}

std::vector<float> calibrated(const study::SensorSeries& sensor,
                              const study::SensorCalibration& calibration) {
  std::vector<float> values = sensor.daily;
  for (float& value : values)
    value = static_cast<float>(calibration.offset + calibration.gain * static_cast<double>(value));
  return values;
}

/// Days outside the plausible range dropped: a few that the rules let pass.
StationOnDays without_outliers(StationOnDays station, const study::ZoneOptions& options,
                               const study::PlausibilityRules& rules) {
  for (study::SensorSeries& sensor : station.sensors) {
    const std::vector<float> values = calibrated(sensor, options.calibration);
    for (std::size_t day = 0; day < values.size(); ++day)
      if (!(static_cast<double>(values[day]) >= rules.lowest &&
            static_cast<double>(values[day]) <= rules.highest))
        sensor.daily[day] = std::numeric_limits<float>::quiet_NaN();
  }
  return station;
}

/// Both moistures of a station for one root zone.
struct ZoneSeries {
  std::vector<float> surface;
  std::vector<float> root_zone;
  std::string problem;
};

ZoneSeries series_of(const StationOnDays& station, const study::ZoneOptions& options,
                     const CalibrationSetup& setup, const RootZoneSetup& zone) {
  auto surface = study::zone_reference(station.sensors, zone_of(setup.surface_zone_cm), options);
  auto root_zone = study::zone_reference(station.sensors, zone_of(zone.depth_cm), options);
  ZoneSeries series{std::move(surface.values), std::move(root_zone.values), ""};
  if (!surface.problem.empty()) series.problem = "no surface moisture: " + surface.problem;
  if (!root_zone.problem.empty()) series.problem = "no root-zone moisture: " + root_zone.problem;
  return series;
}

bool has_pair(const ZoneSeries& series, std::size_t day) {
  return std::isfinite(series.surface[day]) && std::isfinite(series.root_zone[day]);
}

/// First day of the validation when a share of some days comes before it.
std::int64_t split_after(const std::vector<std::int64_t>& days, double fraction, std::int64_t all) {
  const auto before = static_cast<std::size_t>(fraction * static_cast<double>(days.size()));
  return before < days.size() ? days[before] : all;
}

struct Periods {
  DayRange calibration;
  DayRange validation;
};

/// Periods of one root zone: by dates or network the same for all stations.
class PeriodRule {
 public:
  PeriodRule(const CalibrationSetup& setup, const core::TimeAxis& time) : m_setup(setup), m_time(time) {}

  /// Take in a station, for a split over the network.
  void add(const ZoneSeries& series) {
    if (!series.problem.empty()) return;
    m_any.resize(series.root_zone.size(), false);
    for (std::size_t day = 0; day < m_any.size(); ++day)
      if (std::isfinite(series.root_zone[day])) m_any[day] = true;
  }

  Periods periods(const ZoneSeries& series) const {
    const std::int64_t all = m_time.count();
    if (m_setup.split == PeriodSplit::dates) return by_dates();
    std::vector<std::int64_t> days;
    for (std::size_t day = 0; day < series.surface.size(); ++day)
      if (m_setup.split == PeriodSplit::station ? has_pair(series, day) : m_any[day])
        days.push_back(static_cast<std::int64_t>(day));
    const std::int64_t split = split_after(days, m_setup.fraction, all);
    return {{0, split}, {split, all}};
  }

 private:
  std::int64_t step_of(const core::Date& date) const {
    return std::clamp<std::int64_t>(
        core::day_number(date, m_time.calendar()) - core::day_number(m_time.first(), m_time.calendar()), 0,
        m_time.count());
  }
  Periods by_dates() const {
    const auto after = [&](const core::Date& date) {
      return date < m_time.first() ? 0 : std::min(step_of(date) + 1, m_time.count());
    };
    Periods p;
    p.calibration.first = m_setup.calibration_start ? step_of(*m_setup.calibration_start) : 0;
    p.calibration.end = std::max(p.calibration.first, after(*m_setup.calibration_end));
    p.validation.first = m_setup.validation_start ? step_of(*m_setup.validation_start) : p.calibration.end;
    p.validation.end = std::max(p.validation.first,
                                m_setup.validation_end ? after(*m_setup.validation_end) : m_time.count());
    return p;
  }

  const CalibrationSetup& m_setup;
  core::TimeAxis m_time;
  std::vector<bool> m_any;
};

std::string constant_series(const ZoneSeries& series, const Periods& periods, double least_range) {
  const auto range = [&](const std::vector<float>& values) {
    float low = std::numeric_limits<float>::infinity(), high = -low;
    for (auto day = periods.calibration.first; day < periods.calibration.end; ++day) {
      const auto i = static_cast<std::size_t>(day);
      if (!has_pair(series, i)) continue;
      low = std::min(low, values[i]);
      high = std::max(high, values[i]);
    }
    return static_cast<double>(high) - static_cast<double>(low);
  };
  const auto is_constant = [&](double span) { return span <= 0.0 || span < least_range; };
  if (is_constant(range(series.surface))) return "the surface moisture is constant in the calibration period";
  if (is_constant(range(series.root_zone)))
    return "the root-zone moisture is constant in the calibration period";
  return "";
}

/// The first of the required depths at which no sensor was kept, as a sentence; empty if there is none.
std::string absent_depth(const StationOnDays& station, const CalibrationSetup& setup) {
  for (const double depth_cm : setup.required_depths_cm)
    if (std::none_of(station.sensors.begin(), station.sensors.end(), [&](const study::SensorSeries& sensor) {
          return std::abs(depth_of(sensor) - depth_cm / 100.0) <= same_depth_m;
        }))
      return "has no kept sensor at " + io::shortest_number(depth_cm) + " cm, which required_depths asks for";
  return "";
}

/// One station and root zone at work.
class CaseMaker {
 public:
  CaseMaker(const CalibrationSetup& setup, const CalibrationSoil& soil, CalibrationCases& result)
      : m_setup(setup), m_soil(soil), m_result(result) {}

  void add(const StationOnDays& station, const study::CellWeights& cells, const RootZoneSetup& zone,
           const ZoneSeries& series, const PeriodRule& rule, double least_range) {
    const auto issue = [&](const std::string& covariates, const std::string& problem) {
      m_result.issues.push_back({station.id, zone.name(), covariates, problem});
    };
    if (!series.problem.empty()) return issue("", series.problem);
    const Periods periods = rule.periods(series);
    std::int64_t pairs = 0;
    for (auto day = periods.calibration.first; day < periods.calibration.end; ++day)
      pairs += has_pair(series, static_cast<std::size_t>(day));
    if (pairs < m_setup.minimum_pairs) return issue("", too_few(pairs));
    if (const std::string constant = constant_series(series, periods, least_range); !constant.empty())
      return issue("", constant);
    for (const Covariates set : m_setup.covariates) {
      const SiteSoil soil = set == Covariates::p1 ? m_soil.from_maps(zone, cells)
                            : set == Covariates::p2
                                ? m_soil.from_texture(zone, cells, station)
                                : soil_from_series(series.surface, series.root_zone, periods.calibration);
      if (!soil.problem.empty()) {
        issue(std::string(name_of(set)), soil.problem);
        continue;
      }
      for (const moisture::SmarScheme scheme : m_setup.schemes) {
        study::SmarProblem problem(smar_station(series, soil, zone), search_of(scheme, zone),
                                   periods.calibration);
        if (problem.compared_days() < m_setup.minimum_pairs) {
          issue(std::string(name_of(set)), too_few(problem.compared_days()) + " past warm-up and gaps");
          continue;
        }
        m_result.cases.push_back({station.id, station.latitude, station.longitude, &zone, set, scheme, soil});
        m_result.tasks.push_back({std::move(problem), periods.validation});
      }
    }
  }

 private:
  std::string too_few(std::int64_t pairs) const {
    return "too few valid pairs in the calibration period: expected " +
           std::to_string(m_setup.minimum_pairs) + " days with surface and root-zone moisture, found " +
           std::to_string(pairs);
  }
  study::SmarStation smar_station(const ZoneSeries& series, const SiteSoil& soil,
                                  const RootZoneSetup& zone) const {
    study::SmarStation station;
    station.surface = series.surface;
    station.root_zone = series.root_zone;
    station.surface_porosity = soil.surface_porosity;
    station.root_zone_porosity = soil.root_zone_porosity;
    station.field_capacity = soil.field_capacity;
    station.surface_thickness_cm = m_setup.surface_zone_cm[1] - m_setup.surface_zone_cm[0];
    station.root_zone_thickness_cm = zone.depth_cm[1] - zone.depth_cm[0];
    return station;
  }
  study::SmarSearch search_of(moisture::SmarScheme scheme, const RootZoneSetup& zone) const {
    study::SmarSearch search = m_setup.smar;
    search.scheme = scheme;
    search.warm_up_days = zone.warm_up_days;
    return search;
  }

  const CalibrationSetup& m_setup;
  const CalibrationSoil& m_soil;
  CalibrationCases& m_result;
};

}  // namespace

std::vector<std::string> station_faults(const StationOnDays& station, const study::ZoneOptions& options,
                                        const CalibrationSetup& setup) {
  std::vector<const study::SensorSeries*> used;
  const auto collect = [&](const std::array<double, 2>& zone_cm) {
    for (const auto* sensor :
         sensors_of(station, study::zone_reference(station.sensors, zone_of(zone_cm), options)))
      if (std::find(used.begin(), used.end(), sensor) == used.end()) used.push_back(sensor);
  };
  collect(setup.surface_zone_cm);
  for (const RootZoneSetup& zone : setup.root_zones) collect(zone.depth_cm);
  std::vector<std::string> faults;
  for (const auto* sensor : used)
    for (const std::string& fault : study::implausible(calibrated(*sensor, options.calibration), setup.rules))
      faults.push_back("the sensor at " + io::shortest_number(std::round(1e4 * depth_of(*sensor)) / 100.0) +
                       " cm: " + fault);
  return faults;
}

CalibrationCases make_cases(const Configuration& configuration, const StationData& stations,
                            const std::vector<std::optional<study::CellWeights>>& cells,
                            const CalibrationSoil& soil, bool filtered) {
  const CalibrationSetup& setup = *configuration.calibration;
  const PlausibilityAction action = filtered || setup.plausibility == PlausibilityAction::off
                                        ? setup.plausibility
                                        : PlausibilityAction::report;
  CalibrationCases result;
  struct Usable {
    std::size_t index;
    StationOnDays station;
  };
  std::vector<Usable> usable;
  for (std::size_t i = 0; i < stations.stations.size(); ++i) {
    const StationOnDays& station = stations.stations[i];
    if (!cells[i]) {
      result.issues.push_back({station.id, "", "", "lies outside the grid"});
      continue;
    }
    if (const std::string absent = filtered ? absent_depth(station, setup) : ""; !absent.empty()) {
      result.issues.push_back({station.id, "", "", absent});
      continue;
    }
    const bool exclude = action == PlausibilityAction::exclude;
    const auto faults = action == PlausibilityAction::off ? std::vector<std::string>()
                                                          : station_faults(station, stations.options, setup);
    for (const std::string& fault : faults)
      result.issues.push_back(
          {station.id, "", "", (exclude ? "implausible, " : "implausible but kept, ") + fault});
    if (exclude && !faults.empty()) continue;
    usable.push_back({i, exclude ? without_outliers(station, stations.options, setup.rules) : station});
  }
  CaseMaker maker(setup, soil, result);
  for (const RootZoneSetup& zone : setup.root_zones) {
    std::vector<ZoneSeries> series;
    PeriodRule rule(setup, configuration.time);
    for (const Usable& one : usable) {
      series.push_back(series_of(one.station, stations.options, setup, zone));
      rule.add(series.back());
    }
    for (std::size_t i = 0; i < usable.size(); ++i)
      maker.add(usable[i].station, *cells[usable[i].index], zone, series[i], rule,
                filtered ? setup.rules.least_range : 0.0);
  }
  return result;
}

}  // namespace rootzone::pipeline
