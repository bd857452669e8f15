#pragma once
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace rootzone::io {

enum class RecordStep { hourly, daily };

/// The measurements of one sensor that passed the flags, in order of time.
struct SensorRecord {
  std::string variable;       ///< "sm", …
  double depth_from_m = 0.0;  ///< positive downwards; equal to depth_to_m for a point
  double depth_to_m = 0.0;
  std::string sensor;
  std::string file;  ///< where it was read from
  RecordStep step = RecordStep::hourly;
  std::vector<std::int64_t>
      times_s;  ///< seconds since 1970-01-01 00:00 UTC, strictly increasing; a day: its midnight
  std::vector<float> values;                        ///< finite; soil moisture in m3 m-3
  std::int64_t rows = 0;                            ///< readable rows in the file, kept or not
  std::map<std::string, std::int64_t> flag_counts;  ///< rows per quality flag; a row may carry several
};

/// A property that does not change: soil, land cover, climate.
struct StaticVariable {
  std::string quantity;
  std::string unit;
  double depth_from_m = std::numeric_limits<double>::quiet_NaN();  ///< NaN = no depth given
  double depth_to_m = std::numeric_limits<double>::quiet_NaN();
  std::string text;                                         ///< the value as written
  double value = std::numeric_limits<double>::quiet_NaN();  ///< NaN if it is not a number ("Cfa")
  std::string source;
};

struct StationRecord {
  std::string network;  ///< empty for plain CSV
  std::string name;
  double latitude = 0.0;  ///< WGS 84
  double longitude = 0.0;
  double elevation_m = std::numeric_limits<double>::quiet_NaN();
  std::vector<SensorRecord> sensors;  ///< by depth
  std::vector<StaticVariable> static_variables;
};

/// What a reader of stations gives: everything usable, and what was not.
struct StationArchive {
  std::vector<StationRecord> stations;  ///< by network and name (ISMN) or in the order of the table (CSV)
  std::vector<std::string> warnings;    ///< broken files and lines, "file:line: what"; the rest was used
  std::int64_t files_found = 0;
  std::int64_t files_used = 0;
};

}  // namespace rootzone::io
