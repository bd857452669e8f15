#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "rootzone/io/station_record.hpp"

namespace rootzone::io {

/// A column of measurements and the depth of its sensor.
struct CsvDepthColumn {
  std::string column;
  double depth_cm = 0.0;
};

/// How stations lie in plain CSV files.
struct CsvStationsSpec {
  std::filesystem::path stations_table;       ///< one line per station
  std::vector<std::string> stations_columns;  ///< names in order if the table has no header line; else empty
  std::string id_column = "id";
  std::string latitude_column = "latitude";
  std::string longitude_column = "longitude";
  std::string elevation_column = "elevation";  ///< the table may lack it
  /// One table of all stations, or, with {station} in the path, one file per station.
  std::filesystem::path data;
  std::string station_column = "station";  ///< of the one table
  std::string date_column = "date";        ///< YYYY-MM-DD, or with THH:MM[:SS] or a blank and HH:MM[:SS], UTC
  /// Empty: every column called a number (cm) or soil_moisture_<number>cm.
  std::vector<CsvDepthColumn> depths;
  std::string variable = "sm";
  double factor = 1.0;     ///< from the file's unit to m3 m-3 (0.01 for per cent)
  double valid_min = 0.0;  ///< after the factor; values outside are missing and counted
  double valid_max = 1.0;
  std::vector<std::string> missing_markers = {"NA", "NaN", "nan"};  ///< an empty field is missing anyway
  /// Table without header: a row per line of stations_table, a column per depth in the order of `depths`.
  /// Empty: none.
  std::filesystem::path flag_table;
  std::vector<std::string> good_codes;  ///< required with a flag table; a sensor of another code is not used
  char separator = ',';

  /// Throws Error(usage) naming what is missing or contradictory.
  void validate() const;
};

/// Read stations from CSV as described. A broken line (wrong number of fields, no date, no number, unknown
/// station) is reported as file:line and the rest is used; of a date that comes twice for a station the first
/// is used and the others are reported. Sensors without any value are left out, with a warning. Throws
/// Error(data) if a file or a named column is not there, the flag table has another shape than the stations,
/// or no station can be read.
StationArchive read_station_csv(const CsvStationsSpec& spec);

}  // namespace rootzone::io
