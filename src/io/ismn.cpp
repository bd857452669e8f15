#include "rootzone/io/ismn.hpp"

#include <cpl_error.h>
#include <cpl_vsi.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <tuple>

#include "rootzone/core/error.hpp"
#include "rootzone/io/csv.hpp"
#include "station_text.hpp"

namespace rootzone::io {
namespace {

/// A file of the archive, by its path inside.
struct Entry {
  std::string path;  ///< below the root, with '/'
  std::string name;
};

struct Archive {
  std::string root;  ///< for GDAL's virtual file system
  std::vector<Entry> series;
  std::vector<Entry> static_files;
};

struct CloseDirectory {
  void operator()(VSIDIR* directory) const { VSICloseDir(directory); }
};

core::Error no_archive(const std::filesystem::path& path, const std::string& what) {
  return core::Error(
      core::ErrorKind::data,
      path.string() + ": " + what + "; expected an ISMN download: its zip, or the folder it unpacks to");
}

/// Hidden files and the folders that tools leave beside the stations.
bool is_clutter(const std::string& path) {
  std::string_view rest(path);
  while (!rest.empty()) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, slash);
    if (part.starts_with('.') || part == "python_metadata" || part == "__MACOSX") return true;
    rest.remove_prefix(std::min(slash + 1, rest.size()));
  }
  return false;
}

bool ends_with_any_case(const std::string& name, std::string_view ending) {
  if (name.size() < ending.size()) return false;
  return std::equal(
      ending.begin(), ending.end(), name.end() - static_cast<std::ptrdiff_t>(ending.size()),
      [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b); });
}

void sort_in(const std::string& path, Archive& archive) {
  if (is_clutter(path)) return;
  const std::size_t slash = path.rfind('/');
  Entry entry{path, slash == std::string::npos ? path : path.substr(slash + 1)};
  if (ends_with_any_case(entry.name, ".stm"))
    archive.series.push_back(std::move(entry));
  else if (ends_with_any_case(entry.name, "static_variables.csv"))
    archive.static_files.push_back(std::move(entry));
}

Archive list_archive(const std::filesystem::path& path) {
  Archive archive;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) throw no_archive(path, "no such file or folder");
  if (!std::filesystem::is_directory(path, error) && ends_with_any_case(path.string(), ".stm")) {
    archive.root = path.parent_path().empty() ? "." : path.parent_path().string();
    sort_in(path.filename().string(), archive);
    return archive;
  }
  // Braces: the zip may have any name.
  archive.root =
      std::filesystem::is_directory(path, error) ? path.string() : "/vsizip/{" + path.string() + "}";
  CPLPushErrorHandler(CPLQuietErrorHandler);
  const std::unique_ptr<VSIDIR, CloseDirectory> directory(VSIOpenDir(archive.root.c_str(), -1, nullptr));
  CPLPopErrorHandler();
  if (!directory) throw no_archive(path, "neither a folder nor a readable zip");
  while (const VSIDIREntry* entry = VSIGetNextDirEntry(directory.get()))
    if (!VSI_ISDIR(entry->nMode)) sort_in(entry->pszName, archive);
  // The order on disk differs from machine to machine; results may not.
  const auto by_path = [](const Entry& a, const Entry& b) { return a.path < b.path; };
  std::sort(archive.series.begin(), archive.series.end(), by_path);
  std::sort(archive.static_files.begin(), archive.static_files.end(), by_path);
  return archive;
}

bool asked_for(const IsmnFileName& name, const IsmnOptions& options) {
  constexpr double tolerance_m = 0.001;
  return name.variable == options.variable && name.depth_to_m >= options.depth_from_m - tolerance_m &&
         name.depth_from_m <= options.depth_to_m + tolerance_m;
}

std::string folder_of(const Entry& entry) {
  return entry.path.substr(0, entry.path.size() - entry.name.size());
}

/// "folder/CSE_NETWORK_STATION": what a station's files have in common.
std::string station_key(const Entry& entry) {
  std::size_t end = 0;
  for (int part = 0; part < 3 && end != std::string::npos; ++part)
    end = entry.name.find('_', end + (part > 0 ? 1 : 0));
  return folder_of(entry) + entry.name.substr(0, end);
}

struct ParsedEntry {
  std::optional<IsmnFile> file;
  std::string failure;
};

ParsedEntry parse_entry(const Archive& archive, const Entry& entry, const IsmnOptions& options) {
  ParsedEntry parsed;
  try {
    parsed.file =
        parse_ismn_file(entry.name, entry.path, read_text(archive.root + "/" + entry.path), options);
  } catch (const core::Error& error) {
    parsed.failure = std::string(error.what()) + "; file not used";
  }
  return parsed;
}

/// Add a file's sensor to its station, or begin the station with it.
void merge(StationRecord&& from, std::map<std::pair<std::string, std::string>, StationRecord>& stations,
           std::vector<std::string>& warnings) {
  const auto [place, is_new] = stations.try_emplace({from.network, from.name});
  StationRecord& station = place->second;
  if (is_new) {
    station = std::move(from);
    return;
  }
  if (std::abs(station.latitude - from.latitude) > 0.001 ||
      std::abs(station.longitude - from.longitude) > 0.001)
    warnings.push_back(from.sensors[0].file + ": station " + from.name + " lies at " +
                       shortest_number(from.latitude) + " N " + shortest_number(from.longitude) +
                       " E, in another of its files at " + shortest_number(station.latitude) + " N " +
                       shortest_number(station.longitude) + " E; the first is used");
  station.sensors.push_back(std::move(from.sensors[0]));
}

/// Which static file belongs to which station: the one of the same name, or the only one of a folder that
/// holds one station.
class StaticFiles {
 public:
  explicit StaticFiles(const Archive& archive) {
    for (const Entry& entry : archive.static_files) {
      m_by_station[station_key(entry)] = &entry;
      m_in_folder[folder_of(entry)].push_back(&entry);
    }
    for (const Entry& entry : archive.series) m_stations[folder_of(entry)].insert(station_key(entry));
  }
  const Entry* of(const Entry& series) const {
    const auto same_name = m_by_station.find(station_key(series));
    if (same_name != m_by_station.end()) return same_name->second;
    const auto folder = m_in_folder.find(folder_of(series));
    const bool alone = m_stations.at(folder_of(series)).size() == 1;
    return alone && folder != m_in_folder.end() && folder->second.size() == 1 ? folder->second[0] : nullptr;
  }

 private:
  std::map<std::string, const Entry*> m_by_station;
  std::map<std::string, std::vector<const Entry*>> m_in_folder;
  std::map<std::string, std::set<std::string>> m_stations;
};

void read_static_variables(const std::string& root, const Entry* entry, StationRecord& station,
                           std::vector<std::string>& warnings) {
  if (!entry) return;
  try {
    station.static_variables =
        parse_ismn_static_variables(entry->path, read_text(root + "/" + entry->path), warnings);
  } catch (const core::Error& error) {
    warnings.push_back(std::string(error.what()) + "; station " + station.name +
                       " is used without static variables");
  }
}

void sort_sensors(StationRecord& station) {
  std::sort(station.sensors.begin(), station.sensors.end(), [](const SensorRecord& a, const SensorRecord& b) {
    return std::tie(a.depth_from_m, a.depth_to_m, a.sensor, a.file) <
           std::tie(b.depth_from_m, b.depth_to_m, b.sensor, b.file);
  });
}

/// The files to open: those asked for, and those whose name says nothing, so that they are reported.
std::vector<const Entry*> choose_files(const Archive& archive, const IsmnOptions& options,
                                       std::set<std::string>& other_variables) {
  std::vector<const Entry*> chosen;
  for (const Entry& entry : archive.series) {
    const auto name = parse_ismn_file_name(entry.name);
    if (name && name->variable != options.variable) other_variables.insert(name->variable);
    if (!name || asked_for(*name, options)) chosen.push_back(&entry);
  }
  return chosen;
}

}  // namespace

StationArchive read_ismn(const std::filesystem::path& path, const IsmnOptions& options,
                         const core::ParallelFor& parallel_for) {
  const Archive archive = list_archive(path);
  if (archive.series.empty()) throw no_archive(path, "holds no station file (*.stm)");
  std::set<std::string> other_variables;
  const std::vector<const Entry*> chosen = choose_files(archive, options, other_variables);
  std::vector<ParsedEntry> parsed(chosen.size());
  parallel_for(static_cast<std::int64_t>(chosen.size()), [&](std::int64_t i) {
    parsed[static_cast<std::size_t>(i)] = parse_entry(archive, *chosen[static_cast<std::size_t>(i)], options);
  });

  StationArchive result;
  result.files_found = static_cast<std::int64_t>(archive.series.size());
  std::map<std::pair<std::string, std::string>, StationRecord> stations;
  std::map<std::string, const Entry*> series_by_path;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (!parsed[i].file) {
      result.warnings.push_back(parsed[i].failure);
      continue;
    }
    if (parsed[i].file->outside) continue;
    ++result.files_used;
    series_by_path[chosen[i]->path] = chosen[i];
    result.warnings.insert(result.warnings.end(), parsed[i].file->warnings.begin(),
                           parsed[i].file->warnings.end());
    merge(std::move(parsed[i].file->station), stations, result.warnings);
  }
  const StaticFiles static_files(archive);
  for (auto& [key, station] : stations) {
    sort_sensors(station);
    const Entry* series = series_by_path.at(station.sensors[0].file);
    read_static_variables(archive.root, static_files.of(*series), station, result.warnings);
    result.stations.push_back(std::move(station));
  }
  if (chosen.empty()) {
    std::string message =
        path.string() + ": no file of variable \"" + options.variable + "\" in the depths asked for";
    if (!other_variables.empty()) message += "; the archive also holds";
    for (const std::string& variable : other_variables) message += " " + variable;
    result.warnings.push_back(message);
  }
  return result;
}

}  // namespace rootzone::io
