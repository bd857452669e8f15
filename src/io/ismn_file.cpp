#include <algorithm>
#include <cmath>
#include <numeric>

#include "rootzone/core/calendar.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/io/ismn.hpp"
#include "station_text.hpp"

namespace rootzone::io {
namespace {

constexpr double depth_tolerance_m = 0.001;  // 0.050800 in a name is 0.05 in its header

enum class Format { header_values, ceop };

/// Where things stand in a row.
struct RowLayout {
  std::size_t value = 2;
  std::size_t flag = 3;
  std::size_t fewest_tokens = 4;  ///< the provider flag may be missing
};
constexpr RowLayout header_values_layout{2, 3, 4};
constexpr RowLayout ceop_layout{12, 13, 14};

struct Row {
  std::int64_t time_s = 0;
  float value = 0.0F;
};

core::Error broken(const std::string& where, const std::string& what) {
  return core::Error(core::ErrorKind::data, where + ": " + what);
}

bool looks_like_date(std::string_view token) {
  if (token.size() != 10) return false;
  for (std::size_t i = 0; i < 10; ++i) {
    const bool slash = i == 4 || i == 7;
    if (slash ? token[i] != '/' : (token[i] < '0' || token[i] > '9')) return false;
  }
  return true;
}

std::optional<std::int64_t> parse_time(std::string_view date_text, std::string_view time_text) {
  if (!looks_like_date(date_text)) return std::nullopt;
  const auto part = [date_text](std::size_t at, std::size_t size) {
    return static_cast<int>(*parse_integer(date_text.substr(at, size)));
  };
  const core::Date date{part(0, 4), part(5, 2), part(8, 2)};
  const auto seconds = parse_time_of_day(time_text);
  if (!seconds || !core::is_valid(date, core::Calendar::standard)) return std::nullopt;
  return core::day_number(date, core::Calendar::standard) * 86400 + *seconds;
}

/// Network, station, position and depths from tokens[first …]; throws broken() naming what is wrong.
void read_place(const std::vector<std::string_view>& tokens, std::size_t first, const std::string& where,
                StationRecord& station) {
  station.network = tokens[first];
  station.name = tokens[first + 1];
  const auto latitude = filled_number(tokens[first + 2]);
  const auto longitude = filled_number(tokens[first + 3]);
  if (!latitude || !longitude || !(std::abs(*latitude) <= 90.0) || !(std::abs(*longitude) <= 360.0))
    throw broken(where, "expected latitude and longitude in degrees after the station's name, found \"" +
                            std::string(tokens[first + 2]) + "\" and \"" + std::string(tokens[first + 3]) +
                            "\"");
  const auto from = filled_number(tokens[first + 5]);
  const auto to = filled_number(tokens[first + 6]);
  if (!from || !to || !std::isfinite(*from) || !std::isfinite(*to))
    throw broken(where, "expected two depths in m after the elevation, found \"" +
                            std::string(tokens[first + 5]) + "\" and \"" + std::string(tokens[first + 6]) +
                            "\"");
  station.latitude = *latitude;
  station.longitude = *longitude;
  station.elevation_m = filled_number(tokens[first + 4]).value_or(std::numeric_limits<double>::quiet_NaN());
  station.sensors.resize(1);
  station.sensors[0].depth_from_m = *from;
  station.sensors[0].depth_to_m = *to;
}

/// The place and sensor of a file from its first line.
StationRecord read_first_line(const TextLine& line, Format format, const std::string& where) {
  const std::vector<std::string_view> tokens = tokens_of(line.text);
  const std::size_t fewest = format == Format::ceop ? ceop_layout.fewest_tokens : 8;
  if (tokens.size() < fewest)
    throw broken(where,
                 "expected " + std::to_string(fewest) + " or more words (" +
                     (format == Format::ceop
                          ? "a CEOP row: the first word is a date"
                          : "a header: CSE network station latitude longitude elevation from to sensor") +
                     "), found " + std::to_string(tokens.size()));
  StationRecord station;
  read_place(tokens, format == Format::ceop ? 5 : 1, where, station);
  if (format == Format::header_values)
    for (std::size_t i = 8; i < tokens.size(); ++i)
      station.sensors[0].sensor += (i > 8 ? " " : "") + std::string(tokens[i]);
  return station;
}

/// The name has six decimals where the header has two: it decides, and a real difference is reported.
void settle_depths(const IsmnFileName& name, const std::string& shown_as, SensorRecord& sensor,
                   std::vector<std::string>& warnings) {
  // The header of a depth such as 0.0508 is rounded to a centimetre.
  constexpr double header_rounding_m = 0.005;
  if (std::abs(sensor.depth_from_m - name.depth_from_m) > header_rounding_m + depth_tolerance_m ||
      std::abs(sensor.depth_to_m - name.depth_to_m) > header_rounding_m + depth_tolerance_m)
    warnings.push_back(shown_as + ": depths " + shortest_number(sensor.depth_from_m) + "–" +
                       shortest_number(sensor.depth_to_m) + " m inside, " +
                       shortest_number(name.depth_from_m) + "–" + shortest_number(name.depth_to_m) +
                       " m in the name; the name's are used");
  sensor.depth_from_m = name.depth_from_m;
  sensor.depth_to_m = name.depth_to_m;
}

/// True if every flag of the comma-joined list is kept; counts each.
bool count_flags(std::string_view flags, const std::vector<std::string>& kept, SensorRecord& sensor) {
  bool all_kept = true;
  for (const std::string& flag : fields_of(flags, ',', Quoting::off)) {
    ++sensor.flag_counts[flag];
    all_kept = all_kept && (kept.empty() || std::find(kept.begin(), kept.end(), flag) != kept.end());
  }
  return all_kept;
}

/// What is wrong with a row, or nothing; a good row is counted and, if its flags and time are asked for,
/// kept.
std::optional<std::string> take_row(const std::vector<std::string_view>& tokens, const RowLayout& layout,
                                    const IsmnOptions& options, SensorRecord& sensor,
                                    std::vector<Row>& rows) {
  if (tokens.size() < layout.fewest_tokens)
    return "expected " + std::to_string(layout.fewest_tokens) + " words or more, found " +
           std::to_string(tokens.size());
  const auto time = parse_time(tokens[0], tokens[1]);
  if (!time)
    return "expected a time YYYY/MM/DD HH:MM, found \"" + std::string(tokens[0]) + " " +
           std::string(tokens[1]) + "\"";
  const auto value = filled_number(tokens[layout.value]);
  if (!value) return "expected a number, found \"" + std::string(tokens[layout.value]) + "\"";
  ++sensor.rows;
  const bool kept = count_flags(tokens[layout.flag], options.kept_flags, sensor);
  if (kept && std::isfinite(*value) && *time >= options.first_time_s && *time < options.end_time_s)
    rows.push_back({*time, static_cast<float>(*value)});
  return std::nullopt;
}

/// A CEOP row names its station and depths each time; a row of another one does not belong here.
std::optional<std::string> foreign_row(const std::vector<std::string_view>& tokens,
                                       const StationRecord& station) {
  if (tokens.size() < ceop_layout.fewest_tokens) return std::nullopt;  // take_row says so
  if (tokens[6] != station.name)
    return "a row of station \"" + std::string(tokens[6]) + "\" in a file of \"" + station.name + "\"";
  const auto from = filled_number(tokens[10]);
  const auto to = filled_number(tokens[11]);
  const SensorRecord& sensor = station.sensors[0];
  if (!from || !to || std::abs(*from - sensor.depth_from_m) > depth_tolerance_m ||
      std::abs(*to - sensor.depth_to_m) > depth_tolerance_m)
    return "a row of depth " + std::string(tokens[10]) + "–" + std::string(tokens[11]) + " m in a file of " +
           shortest_number(sensor.depth_from_m) + "–" + shortest_number(sensor.depth_to_m) + " m";
  return std::nullopt;
}

/// Rows in order of time, each time once.
void store_rows(std::vector<Row> rows, const std::string& shown_as, SensorRecord& sensor,
                std::vector<std::string>& warnings) {
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.time_s < b.time_s; });
  const auto end =
      std::unique(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.time_s == b.time_s; });
  if (end != rows.end())
    warnings.push_back(shown_as + ": " + std::to_string(rows.end() - end) +
                       " rows repeat the time of another; the first of each is used");
  rows.erase(end, rows.end());
  sensor.times_s.reserve(rows.size());
  sensor.values.reserve(rows.size());
  for (const Row& row : rows) {
    sensor.times_s.push_back(row.time_s);
    sensor.values.push_back(row.value);
  }
}

double depth_or_nan(const std::string& text) {
  const auto depth = filled_number(text);
  return depth && *depth > -99.0 ? *depth : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

bool GeographicBox::contains(double latitude, double longitude) const {
  if (latitude < south || latitude > north) return false;
  for (double turn : {-360.0, 0.0, 360.0})
    if (longitude + turn >= west && longitude + turn <= east) return true;
  return false;
}

std::optional<IsmnFileName> parse_ismn_file_name(std::string_view name) {
  if (!name.ends_with(".stm") && !name.ends_with(".STM")) return std::nullopt;
  const std::vector<std::string> parts = fields_of(name.substr(0, name.size() - 4), '_', Quoting::off);
  if (parts.size() < 8) return std::nullopt;
  const auto from = filled_number(parts[4]);
  const auto to = filled_number(parts[5]);
  if (!from || !to || !std::isfinite(*from) || !std::isfinite(*to)) return std::nullopt;
  IsmnFileName result{parts[1], parts[2], parts[3], *from, *to, ""};
  for (std::size_t i = 6; i + 2 < parts.size(); ++i) result.sensor += (i > 6 ? "_" : "") + parts[i];
  return result;
}

IsmnFile parse_ismn_file(std::string_view file_name, const std::string& shown_as, std::string_view text,
                         const IsmnOptions& options) {
  const auto name = parse_ismn_file_name(file_name);
  if (!name)
    throw broken(
        shown_as,
        "the name is not CSE_NETWORK_STATION_VARIABLE_FROM_TO_SENSOR_START_END.stm; was it renamed?");
  const std::vector<TextLine> lines = lines_of_any_ending(text);
  if (lines.empty()) throw broken(shown_as, "the file is empty");
  const Format format = looks_like_date(tokens_of(lines[0].text)[0]) ? Format::ceop : Format::header_values;
  IsmnFile file;
  file.station = read_first_line(lines[0], format, shown_as + ":1");
  if (options.box && !options.box->contains(file.station.latitude, file.station.longitude)) {
    file.outside = true;
    return file;
  }
  const StationRecord inside =
      file.station;  // CEOP rows are compared with the depths as the file writes them
  SensorRecord& sensor = file.station.sensors[0];
  sensor.variable = name->variable;
  sensor.file = shown_as;
  if (sensor.sensor.empty()) sensor.sensor = name->sensor;
  settle_depths(*name, shown_as, sensor, file.warnings);
  std::vector<Row> rows;
  LimitedWarnings broken_lines;
  for (std::size_t i = format == Format::ceop ? 0 : 1; i < lines.size(); ++i) {
    const auto tokens = tokens_of(lines[i].text);
    auto problem = format == Format::ceop ? foreign_row(tokens, inside) : std::nullopt;
    if (!problem)
      problem = take_row(tokens, format == Format::ceop ? ceop_layout : header_values_layout, options, sensor,
                         rows);
    if (problem)
      broken_lines.add(shown_as + ":" + std::to_string(lines[i].number) + ": " + *problem +
                       "; line not used");
  }
  if (sensor.rows == 0) throw broken(shown_as, "no row of values can be read");
  broken_lines.flush("broken lines in " + shown_as, file.warnings);
  store_rows(std::move(rows), shown_as, sensor, file.warnings);
  return file;
}

std::vector<StaticVariable> parse_ismn_static_variables(const std::string& shown_as, std::string_view text,
                                                        std::vector<std::string>& warnings) {
  // Without a header: quantity; unit; from; to; value; description; source.
  std::vector<std::size_t> column{0, 1, 2, 3, 4, 6};
  const std::vector<std::string> names{"quantity_name", "unit",  "depth_from[m]",
                                       "depth_to[m]",   "value", "quantity_source_name"};
  std::vector<StaticVariable> variables;
  LimitedWarnings broken_lines;
  for (const TextLine& line : lines_of_any_ending(text)) {
    const std::vector<std::string> fields = fields_of(line.text, ';', Quoting::off);
    if (line.number == 1 && fields[0] == names[0]) {
      for (std::size_t i = 0; i < names.size(); ++i) {
        const auto found = std::find(fields.begin(), fields.end(), names[i]);
        if (found != fields.end()) column[i] = static_cast<std::size_t>(found - fields.begin());
      }
      continue;
    }
    const auto field = [&](std::size_t i) {
      return column[i] < fields.size() ? fields[column[i]] : std::string();
    };
    if (fields.size() < 5 || field(0).empty()) {
      broken_lines.add(shown_as + ":" + std::to_string(line.number) +
                       ": expected quantity;unit;from;to;value, found " + std::to_string(fields.size()) +
                       " fields; line not used");
      continue;
    }
    StaticVariable variable{field(0), field(1), depth_or_nan(field(2)), depth_or_nan(field(3)), field(4),
                            0.0,      field(5)};
    variable.value = filled_number(variable.text).value_or(std::numeric_limits<double>::quiet_NaN());
    variables.push_back(std::move(variable));
  }
  broken_lines.flush("broken lines in " + shown_as, warnings);
  return variables;
}

}  // namespace rootzone::io
