#include "calibration_reader.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "calibration_files.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/pipeline/resolve.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;
using study::smar_parameter_words;
using study::smar_parameters;

constexpr std::array<const char*, 10> needed_columns{
    "station", "root_zone", "covariates", "scheme", "repetition", "sw2", "sc1", "a", "b", "rmse_calibration"};

struct CaseKey {
  std::string root_zone, covariates, scheme;
  bool operator<(const CaseKey& other) const {
    return std::tie(root_zone, covariates, scheme) <
           std::tie(other.root_zone, other.covariates, other.scheme);
  }
  std::string text() const { return root_zone + " cm, " + covariates + ", " + scheme; }
};

void check_columns(const io::CsvTable& table, std::vector<std::string>& warnings) {
  for (const char* name : needed_columns)
    if (!table.find_column(name))
      throw Error(ErrorKind::data, table.name() + ": has no column '" + name + "'." +
                                       core::did_you_mean(name, table.header()) +
                                       " Expected the file that `rootzone calibrate` writes");
  for (const std::string& name : table.header())
    if (std::find(calibration_columns.begin(), calibration_columns.end(), name) == calibration_columns.end())
      warnings.push_back("calibration.csv: the column '" + name + "' is unknown and not used");
}

CaseKey key_of(const io::CsvTable& table, std::size_t row) {
  return {table.text(row, table.column("root_zone")), table.text(row, table.column("covariates")),
          table.text(row, table.column("scheme"))};
}

/// The case the setup asks for, or the only one.
CaseKey choose_case(const io::CsvTable& table, const RegionalisationSetup& setup) {
  std::set<CaseKey> all, fitting;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const CaseKey key = key_of(table, row);
    all.insert(key);
    if ((setup.root_zone.empty() || setup.root_zone == key.root_zone) &&
        (setup.covariates.empty() || setup.covariates == key.covariates) &&
        (setup.scheme.empty() || setup.scheme == key.scheme))
      fitting.insert(key);
  }
  std::string there;
  for (const CaseKey& key : all) there += (there.empty() ? "" : "; ") + key.text();
  if (all.empty()) throw Error(ErrorKind::data, table.name() + ": holds no repetition");
  if (fitting.empty())
    throw Error(ErrorKind::data, table.name() +
                                     ": holds no calibration of the root zone, covariates and scheme that "
                                     "[regionalisation] asks for; it holds: " +
                                     there);
  if (fitting.size() > 1)
    throw Error(ErrorKind::usage, table.name() +
                                      ": holds several cases; name one with root_zone, covariates and scheme "
                                      "in [regionalisation]: " +
                                      there);
  return *fitting.begin();
}

struct RepetitionRow {
  std::size_t row;
  study::SmarVector values;
};

std::vector<std::pair<std::string, std::vector<RepetitionRow>>> group_rows(const io::CsvTable& table,
                                                                           const CaseKey& key) {
  std::vector<std::pair<std::string, std::vector<RepetitionRow>>> groups;
  std::set<std::pair<std::string, std::string>> seen;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const CaseKey other = key_of(table, row);
    if (key < other || other < key) continue;
    const std::string station = table.text(row, table.column("station"));
    const std::string repetition = table.text(row, table.column("repetition"));
    if (!seen.insert({station, repetition}).second)
      throw Error(ErrorKind::data, table.name() + ":" + std::to_string(table.line(row)) + ": station '" +
                                       station + "', repetition " + repetition + " stands there twice");
    auto found =
        std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == station; });
    if (found == groups.end()) {
      groups.emplace_back(station, std::vector<RepetitionRow>());
      found = groups.end() - 1;
    }
    RepetitionRow one{row, {}};
    for (std::size_t p = 0; p < smar_parameters; ++p) {
      one.values[p] = table.number(row, table.column(smar_parameter_words[p]));
      if (!std::isfinite(one.values[p]))
        throw Error(ErrorKind::data, table.name() + ":" + std::to_string(table.line(row)) + ": station '" +
                                         station + "' has no value of " + smar_parameter_words[p]);
    }
    found->second.push_back(one);
  }
  return groups;
}

/// The entry of parameters.toml for a station and case; null if there is none.
const json* find_entry(const json& parameters, const std::string& station, const CaseKey& key) {
  if (!parameters.contains("station")) return nullptr;
  for (const json& entry : parameters.at("station"))
    if (entry.value("station", "") == station && entry.value("root_zone", "") == key.root_zone &&
        entry.value("covariates", "") == key.covariates && entry.value("scheme", "") == key.scheme)
      return &entry;
  return nullptr;
}

/// The daily series a calibration compared, and the days of its validation. Nothing where the file is absent.
void read_moisture(const std::filesystem::path& folder, const CaseKey& key, const json& entry,
                   CalibratedStation& station, std::vector<std::string>& warnings) {
  const auto path = folder / series_name(station.name, key.root_zone);
  if (!std::filesystem::exists(path) || !entry.contains("soil") || !entry.contains("validation_days") ||
      entry.at("validation_days").size() != 2) {
    warnings.push_back("station '" + station.name + "' has no moisture scores: " +
                       (std::filesystem::exists(path)
                            ? "parameters.toml has no soil or validation days for it"
                            : path.string() + " is not there"));
    return;
  }
  const io::CsvTable table = io::CsvTable::read(path);
  const std::string first = entry.at("validation_days").at(0).get<std::string>();
  const std::string last = entry.at("validation_days").at(1).get<std::string>();
  study::StationMoisture& moisture = station.moisture;
  const std::size_t date = table.column("date"), surface = table.column("surface"),
                    observed = table.column("observed");
  moisture.first_validation_day = static_cast<std::int64_t>(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    moisture.surface.push_back(static_cast<float>(table.number(row, surface)));
    moisture.root_zone.push_back(static_cast<float>(table.number(row, observed)));
    const auto day = static_cast<std::int64_t>(row);
    if (table.text(row, date) >= first)
      moisture.first_validation_day = std::min(moisture.first_validation_day, day);
    if (table.text(row, date) <= last) moisture.end_validation_day = day + 1;
  }
  moisture.end_validation_day = std::max(moisture.end_validation_day, moisture.first_validation_day);
  const json& soil = entry.at("soil");
  moisture.surface_porosity = soil.at("surface_porosity").get<double>();
  moisture.root_zone_porosity = soil.at("root_zone_porosity").get<double>();
  moisture.field_capacity = soil.at("root_zone_field_capacity").get<double>();
}

}  // namespace

CalibratedCase read_calibration_folder(const std::filesystem::path& folder,
                                       const RegionalisationSetup& setup) {
  const auto csv = folder / "calibration.csv";
  const auto toml = folder / "parameters.toml";
  for (const auto& path : {csv, toml})
    if (!std::filesystem::exists(path))
      throw Error(ErrorKind::data, path.string() + ": is not there; run `rootzone calibrate … --out " +
                                       folder.string() + "` first");
  CalibratedCase result;
  const io::CsvTable table = io::CsvTable::read(csv);
  check_columns(table, result.warnings);
  const CaseKey key = choose_case(table, setup);
  result.root_zone = key.root_zone;
  result.covariates = key.covariates;
  result.scheme = key.scheme;
  const json parameters = read_toml(toml);
  const auto bound = table.find_column("at_bound");
  for (const auto& [name, rows] : group_rows(table, key)) {
    const json* entry = find_entry(parameters, name, key);
    if (!entry) {
      result.warnings.push_back("station '" + name +
                                "' stands in calibration.csv but not in parameters.toml and "
                                "is left out");
      continue;
    }
    if (!entry->value("applicable", true)) {
      result.warnings.push_back("station '" + name + "' is left out: SMAR does not apply there, " +
                                entry->value("not_applicable", ""));
      continue;
    }
    CalibratedStation station;
    station.name = name;
    station.place = {entry->at("latitude").get<double>(), entry->at("longitude").get<double>()};
    for (std::size_t p = 0; p < smar_parameters; ++p)
      station.parameters[p] = entry->at("parameters").at(smar_parameter_words[p]).get<double>();
    for (const RepetitionRow& row : rows) station.repetitions.push_back(row.values);
    if (bound)
      station.at_bound =
          static_cast<int>(std::count_if(rows.begin(), rows.end(), [&](const RepetitionRow& row) {
            return !table.text(row.row, *bound).empty();
          }));
    read_moisture(folder, key, *entry, station, result.warnings);
    result.stations.push_back(std::move(station));
  }
  if (result.stations.empty())
    throw Error(ErrorKind::data, csv.string() + ": no station is left for " + key.text() +
                                     (result.warnings.empty() ? "" : ": " + result.warnings.back()));
  return result;
}

}  // namespace rootzone::pipeline
