#include "rootzone/io/station_csv.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "rootzone/core/calendar.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/csv.hpp"
#include "station_text.hpp"

namespace rootzone::io {
namespace {

using Fields = std::vector<std::string>;
constexpr std::string_view station_mark = "{station}";

core::Error data_error(const std::string& message) {
  return core::Error(core::ErrorKind::data, message);
}

std::string at(const std::filesystem::path& file, std::int64_t line) {
  return file.string() + ":" + std::to_string(line) + ": ";
}

std::string joined(const Fields& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::optional<std::size_t> position(const Fields& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

std::size_t required(const Fields& names, const std::string& name, const std::filesystem::path& file) {
  const auto found = position(names, name);
  if (!found)
    throw data_error(file.string() + ": no column \"" + name + "\"; the columns are " + joined(names));
  return *found;
}

/// A station and the line of the table (0 = first station line) it stands on, for the flag table.
struct Listed {
  StationRecord station;
  std::size_t row = 0;
};

struct StationsTable {
  std::vector<Listed> stations;
  std::size_t rows = 0;  ///< station lines, broken ones included
};

std::optional<StationRecord> read_station(const Fields& fields, const Fields& names,
                                          const CsvStationsSpec& spec) {
  const auto number = [&](const std::string& column) {
    const auto index = position(names, column);
    return index ? filled_number(fields[*index]) : std::nullopt;
  };
  const auto latitude = number(spec.latitude_column);
  const auto longitude = number(spec.longitude_column);
  StationRecord station;
  station.name = fields[*position(names, spec.id_column)];
  if (station.name.empty() || !latitude || !longitude || !(std::abs(*latitude) <= 90.0) ||
      !(std::abs(*longitude) <= 360.0))
    return std::nullopt;
  station.latitude = *latitude;
  station.longitude = *longitude;
  station.elevation_m = number(spec.elevation_column).value_or(std::numeric_limits<double>::quiet_NaN());
  return station;
}

StationsTable read_stations(const CsvStationsSpec& spec, std::vector<std::string>& warnings) {
  const std::string text = read_text(spec.stations_table.string());
  std::vector<TextLine> lines = numbered_lines(text);
  Fields names = spec.stations_columns;
  if (names.empty() && !lines.empty()) {
    names = fields_of(lines[0].text, spec.separator, Quoting::on);
    lines.erase(lines.begin());
  }
  for (const std::string& name : {spec.id_column, spec.latitude_column, spec.longitude_column})
    required(names, name, spec.stations_table);
  StationsTable table;
  for (const TextLine& line : lines) {
    const std::size_t row = table.rows++;
    const Fields fields = fields_of(line.text, spec.separator, Quoting::on);
    if (fields.size() != names.size()) {
      warnings.push_back(at(spec.stations_table, line.number) + "expected " + std::to_string(names.size()) +
                         " fields (" + joined(names) + "), found " + std::to_string(fields.size()) +
                         "; station not used");
      continue;
    }
    auto station = read_station(fields, names, spec);
    const bool known =
        station && std::any_of(table.stations.begin(), table.stations.end(),
                               [&](const Listed& other) { return other.station.name == station->name; });
    if (station && !known)
      table.stations.push_back({std::move(*station), row});
    else
      warnings.push_back(at(spec.stations_table, line.number) +
                         (known ? "the station \"" + station->name + "\" stands twice; the first is used"
                                : "expected a name, a latitude and a longitude in degrees, found \"" +
                                      std::string(line.text) + "\"; station not used"));
  }
  if (table.stations.empty()) throw data_error(spec.stations_table.string() + ": no station can be read");
  return table;
}

/// "10", "soil_moisture_10cm" → 10
std::optional<double> depth_in_name(std::string_view name) {
  constexpr std::string_view prefix = "soil_moisture_";
  if (name.starts_with(prefix) && name.ends_with("cm"))
    name = name.substr(prefix.size(), name.size() - prefix.size() - 2);
  const auto depth = filled_number(name);
  return depth && std::isfinite(*depth) && *depth >= 0.0 ? depth : std::nullopt;
}

std::vector<CsvDepthColumn> depth_columns(const CsvStationsSpec& spec, const Fields& names,
                                          const std::filesystem::path& file) {
  if (!spec.depths.empty()) return spec.depths;
  std::vector<CsvDepthColumn> found;
  for (const std::string& name : names)
    if (const auto depth = depth_in_name(name)) found.push_back({name, *depth});
  if (found.empty())
    throw data_error(
        file.string() +
        ": no column is called a depth in cm (\"10\" or \"soil_moisture_10cm\"); the columns are " +
        joined(names) + "; name them with their depths");
  return found;
}

struct Sample {
  std::int64_t time_s = 0;
  std::int64_t line = 0;
  std::vector<float> values;  ///< per depth, NaN = missing
};

/// What was read of the data for each station, before sorting.
struct Collected {
  std::vector<CsvDepthColumn> depths;
  std::map<std::string, std::vector<Sample>> samples;
  RecordStep step = RecordStep::daily;
};

std::optional<std::int64_t> parse_moment(const std::string& text, RecordStep& step) {
  const auto date = core::parse_iso_date(std::string_view(text).substr(0, 10));
  if (!date || !core::is_valid(*date, core::Calendar::standard)) return std::nullopt;
  const std::int64_t day_s = core::day_number(*date, core::Calendar::standard) * 86400;
  if (text.size() == 10) return day_s;
  std::string_view rest = std::string_view(text).substr(10);
  if (rest.front() != 'T' && rest.front() != ' ') return std::nullopt;
  rest.remove_prefix(1);
  if (rest.ends_with('Z')) rest.remove_suffix(1);
  const auto seconds = parse_time_of_day(rest);
  if (!seconds) return std::nullopt;
  step = RecordStep::hourly;
  return day_s + *seconds;
}

/// Reads one data file line by line into `Collected`.
class DataFile {
 public:
  DataFile(const CsvStationsSpec& spec, std::filesystem::path path, Collected& collected)
      : m_spec(spec), m_path(std::move(path)), m_text(read_text(m_path.string())), m_collected(collected) {
    m_lines = numbered_lines(m_text);
    if (m_lines.empty()) throw data_error(m_path.string() + ": the file is empty");
    m_names = fields_of(m_lines[0].text, spec.separator, Quoting::on);
    m_date = required(m_names, spec.date_column, m_path);
    m_depths = depth_columns(spec, m_names, m_path);
    for (const CsvDepthColumn& depth : m_depths) m_columns.push_back(required(m_names, depth.column, m_path));
    if (m_collected.depths.empty()) m_collected.depths = m_depths;
  }

  /// only_station: the file's station; empty: the station column says.
  void read(const std::string& only_station, const std::vector<Listed>& stations,
            std::vector<std::string>& warnings) {
    require_same_depths();
    std::set<std::string> listed;
    for (const Listed& station : stations) listed.insert(station.station.name);
    const std::size_t station_index =
        only_station.empty() ? required(m_names, m_spec.station_column, m_path) : 0;
    for (std::size_t i = 1; i < m_lines.size(); ++i) {
      const Fields fields = fields_of(m_lines[i].text, m_spec.separator, Quoting::on);
      std::string problem = fields.size() == m_names.size()
                                ? std::string()
                                : "expected " + std::to_string(m_names.size()) + " fields, found " +
                                      std::to_string(fields.size());
      Sample sample{0, m_lines[i].number, {}};
      if (problem.empty()) problem = read_sample(fields, sample);
      const std::string station =
          !problem.empty() || !only_station.empty() ? only_station : fields[station_index];
      if (problem.empty() && !listed.contains(station)) {
        ++m_unknown[station];
        continue;
      }
      if (problem.empty())
        m_collected.samples[station].push_back(std::move(sample));
      else
        m_broken.add(at(m_path, m_lines[i].number) + problem + "; line not used");
    }
    report(warnings);
  }

 private:
  void require_same_depths() const {
    const bool same =
        std::equal(m_depths.begin(), m_depths.end(), m_collected.depths.begin(), m_collected.depths.end(),
                   [](const CsvDepthColumn& a, const CsvDepthColumn& b) { return a.depth_cm == b.depth_cm; });
    if (!same)
      throw data_error(m_path.string() + ": other depths than the files before; name the depth columns");
  }

  /// Fills the sample, or says what is wrong with the line.
  std::string read_sample(const Fields& fields, Sample& sample) {
    const auto time = parse_moment(fields[m_date], m_collected.step);
    if (!time) return "expected a date YYYY-MM-DD, found \"" + fields[m_date] + "\"";
    sample.time_s = *time;
    for (std::size_t column : m_columns) {
      const std::string& field = fields[column];
      const bool empty = field.empty() || position(m_spec.missing_markers, field).has_value();
      const auto value = empty ? std::nullopt : filled_number(field);
      if (!empty && !value)
        return "column " + m_names[column] + ": expected a number, found \"" + field + "\"";
      const double scaled = value.value_or(std::numeric_limits<double>::quiet_NaN()) * m_spec.factor;
      const bool valid = scaled >= m_spec.valid_min && scaled <= m_spec.valid_max;
      if (!empty && !valid && !std::isnan(scaled)) ++m_out_of_range[column];
      sample.values.push_back(valid ? static_cast<float>(scaled) : std::numeric_limits<float>::quiet_NaN());
    }
    return "";
  }

  void report(std::vector<std::string>& warnings) const {
    m_broken.flush("broken lines in " + m_path.string(), warnings);
    for (const auto& [station, count] : m_unknown)
      warnings.push_back(m_path.string() + ": " + std::to_string(count) + " lines of station \"" + station +
                         "\", which is not in " + m_spec.stations_table.string() + "; not used");
    for (const auto& [column, count] : m_out_of_range)
      warnings.push_back(m_path.string() + ": column " + m_names[column] + ": " + std::to_string(count) +
                         " values outside " + shortest_number(m_spec.valid_min) + " … " +
                         shortest_number(m_spec.valid_max) + " count as missing");
  }

  const CsvStationsSpec& m_spec;
  std::filesystem::path m_path;
  std::string m_text;
  Collected& m_collected;
  std::vector<TextLine> m_lines;
  Fields m_names;
  std::size_t m_date = 0;
  std::vector<CsvDepthColumn> m_depths;
  std::vector<std::size_t> m_columns;
  LimitedWarnings m_broken;
  std::map<std::string, std::int64_t> m_unknown;
  std::map<std::size_t, std::int64_t> m_out_of_range;
};

std::filesystem::path file_of(const CsvStationsSpec& spec, const std::string& station) {
  std::string path = spec.data.string();
  for (std::size_t found = path.find(station_mark); found != std::string::npos;
       found = path.find(station_mark, found + station.size()))
    path.replace(found, station_mark.size(), station);
  return path;
}

bool one_file_per_station(const CsvStationsSpec& spec) {
  return spec.data.string().find(station_mark) != std::string::npos;
}

void collect(const CsvStationsSpec& spec, const StationsTable& table, Collected& collected,
             StationArchive& archive) {
  if (!one_file_per_station(spec)) {
    archive.files_found = archive.files_used = 1;
    DataFile(spec, spec.data, collected).read("", table.stations, archive.warnings);
    return;
  }
  for (const Listed& listed : table.stations) {
    ++archive.files_found;
    try {
      DataFile(spec, file_of(spec, listed.station.name), collected)
          .read(listed.station.name, table.stations, archive.warnings);
      ++archive.files_used;
    } catch (const core::Error& error) {
      archive.warnings.push_back(std::string(error.what()) + "; station \"" + listed.station.name +
                                 "\" not used");
    }
  }
  if (archive.files_used == 0)
    throw data_error(spec.data.string() + ": not one station's file can be read: " + archive.warnings.back());
}

/// Codes per station line and depth.
std::vector<Fields> read_flag_table(const CsvStationsSpec& spec, std::size_t rows, std::size_t depths) {
  if (spec.flag_table.empty()) return {};
  const std::string text = read_text(spec.flag_table.string());
  std::vector<Fields> codes;
  for (const TextLine& line : numbered_lines(text)) {
    codes.push_back(fields_of(line.text, spec.separator, Quoting::on));
    if (codes.back().size() != depths)
      throw data_error(at(spec.flag_table, line.number) + "expected a code for each of the " +
                       std::to_string(depths) + " depths, found " + std::to_string(codes.back().size()));
  }
  if (codes.size() != rows)
    throw data_error(spec.flag_table.string() + ": expected a line for each of the " + std::to_string(rows) +
                     " stations of " + spec.stations_table.string() + ", found " +
                     std::to_string(codes.size()));
  return codes;
}

/// In order of time, each time once; repeats are reported.
void settle_times(const std::string& station, const CsvStationsSpec& spec, std::vector<Sample>& samples,
                  std::vector<std::string>& warnings) {
  std::stable_sort(samples.begin(), samples.end(),
                   [](const Sample& a, const Sample& b) { return a.time_s < b.time_s; });
  const std::filesystem::path file = one_file_per_station(spec) ? file_of(spec, station) : spec.data;
  LimitedWarnings repeats;
  std::vector<Sample> once;
  for (Sample& sample : samples) {
    if (!once.empty() && once.back().time_s == sample.time_s) {
      const std::int64_t day = sample.time_s / 86400 - (sample.time_s % 86400 < 0 ? 1 : 0);
      repeats.add(at(file, sample.line) + "station " + station + " has " +
                  core::iso_date(core::date_of(day, core::Calendar::standard)) + " already in line " +
                  std::to_string(once.back().line) + "; that one is used");
    } else {
      once.push_back(std::move(sample));
    }
  }
  repeats.flush("repeated dates of station " + station, warnings);
  samples = std::move(once);
}

SensorRecord sensor_of(const CsvStationsSpec& spec, const Collected& collected, std::size_t depth,
                       const std::vector<Sample>& samples) {
  SensorRecord sensor;
  sensor.variable = spec.variable;
  sensor.depth_from_m = sensor.depth_to_m = collected.depths[depth].depth_cm / 100.0;
  sensor.sensor = collected.depths[depth].column;
  sensor.step = collected.step;
  sensor.rows = static_cast<std::int64_t>(samples.size());
  for (const Sample& sample : samples) {
    if (std::isnan(sample.values[depth])) continue;
    sensor.times_s.push_back(sample.time_s);
    sensor.values.push_back(sample.values[depth]);
  }
  return sensor;
}

}  // namespace

void CsvStationsSpec::validate() const {
  const auto refuse = [](const std::string& what) {
    throw core::Error(core::ErrorKind::usage, "CSV stations: " + what);
  };
  if (stations_table.empty()) refuse("no table of stations is named");
  if (data.empty()) refuse("no data file is named");
  if (!flag_table.empty() && good_codes.empty()) refuse("a flag table needs the codes that are good");
  if (!(factor != 0.0) || !std::isfinite(factor)) refuse("the factor must be a number other than 0");
  if (!(valid_min < valid_max)) refuse("valid_min must be less than valid_max");
  for (const CsvDepthColumn& depth : depths)
    if (!std::isfinite(depth.depth_cm) || depth.depth_cm < 0.0)
      refuse("the depth of column \"" + depth.column + "\" must be 0 cm or more");
}

StationArchive read_station_csv(const CsvStationsSpec& spec) {
  spec.validate();
  StationArchive archive;
  StationsTable table = read_stations(spec, archive.warnings);
  Collected collected;
  collect(spec, table, collected, archive);
  const std::vector<Fields> codes = read_flag_table(spec, table.rows, collected.depths.size());
  for (Listed& listed : table.stations) {
    StationRecord& station = listed.station;
    std::vector<Sample>& samples = collected.samples[station.name];
    settle_times(station.name, spec, samples, archive.warnings);
    for (std::size_t depth = 0; depth < collected.depths.size(); ++depth) {
      const std::string name =
          "station " + station.name + ", " + shortest_number(collected.depths[depth].depth_cm) + " cm: ";
      if (!codes.empty() && !position(spec.good_codes, codes[listed.row][depth])) {
        archive.warnings.push_back(name + "flagged " + codes[listed.row][depth] + "; sensor not used");
        continue;
      }
      SensorRecord sensor = sensor_of(spec, collected, depth, samples);
      sensor.file = (one_file_per_station(spec) ? file_of(spec, station.name) : spec.data).string();
      if (sensor.values.empty())
        archive.warnings.push_back(name + "no value; sensor not used");
      else
        station.sensors.push_back(std::move(sensor));
    }
    std::stable_sort(
        station.sensors.begin(), station.sensors.end(),
        [](const SensorRecord& a, const SensorRecord& b) { return a.depth_from_m < b.depth_from_m; });
    archive.stations.push_back(std::move(station));
  }
  return archive;
}

}  // namespace rootzone::io
