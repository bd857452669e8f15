#pragma once
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rootzone/core/parallel.hpp"
#include "rootzone/io/station_record.hpp"

namespace rootzone::io {

/// WGS 84 degrees. A box across 180° has east > 180.
struct GeographicBox {
  double west = -180.0;
  double south = -90.0;
  double east = 180.0;
  double north = 90.0;
  bool contains(double latitude, double longitude) const;
};

/// What of an ISMN archive to read.
struct IsmnOptions {
  std::string variable = "sm";
  /// Sensors whose depths touch this range (to 1 mm); the default leaves out those above ground.
  double depth_from_m = 0.0;
  double depth_to_m = std::numeric_limits<double>::infinity();
  /// A row is kept if every flag it carries is listed: good, and unchecked (archives before the G flag). An
  /// empty list keeps every row.
  std::vector<std::string> kept_flags = {"G", "U"};
  std::optional<GeographicBox> box;
  /// Rows with first_time_s ≤ time < end_time_s (seconds since 1970 UTC).
  std::int64_t first_time_s = std::numeric_limits<std::int64_t>::min();
  std::int64_t end_time_s = std::numeric_limits<std::int64_t>::max();
};

/// What the name of a .stm file says.
struct IsmnFileName {
  std::string network;
  std::string station;
  std::string variable;
  double depth_from_m = 0.0;
  double depth_to_m = 0.0;
  std::string sensor;
};
/// CSE_NETWORK_STATION_VAR_from_to_SENSOR_start_end.stm, or nothing if it is not such a name.
std::optional<IsmnFileName> parse_ismn_file_name(std::string_view name);

/// One file: a station with one sensor, and the lines that could not be used.
struct IsmnFile {
  StationRecord station;
  std::vector<std::string> warnings;
  bool outside = false;  ///< not in the box: nothing beyond its place was read
};
/// Parse a file's text, header + values or CEOP (told apart by whether the first token is a date), any line
/// ends (CR, LF, CRLF, LF CR). shown_as: how messages call the file. Rows are sorted by time; of two rows of
/// one time the first is kept. Throws Error(data) if the name or header is broken or no row can be read.
/// Pure.
IsmnFile parse_ismn_file(std::string_view file_name, const std::string& shown_as, std::string_view text,
                         const IsmnOptions& options);

/// Parse a *_static_variables.csv: `;` separated, quoting off (a lone " is an inch mark), columns by the
/// header or, without one, by position. Depths at or below −99 and empty ones become NaN. Lines with fewer
/// than 5 fields are reported. Pure.
std::vector<StaticVariable> parse_ismn_static_variables(const std::string& shown_as, std::string_view text,
                                                        std::vector<std::string>& warnings);

/// Read an archive of the International Soil Moisture Network (Dorigo et al. 2011, 2021): a folder, a zip
/// read in place, or one .stm file, with any number of folders on top. Times are the nominal ones, UTC.
/// Broken files and lines are reported and the rest used. Files of other variables or depths are not opened.
/// Throws Error(data) if the path does not exist, is no readable archive or holds no .stm file.
StationArchive read_ismn(const std::filesystem::path& path, const IsmnOptions& options = {},
                         const core::ParallelFor& parallel_for = core::serial_for);

}  // namespace rootzone::io
