#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "rootzone/core/time_axis.hpp"

namespace rootzone::io {

/// The series of one site: a date per row, a column per quantity. Column names carry their unit
/// (precipitation_mm, soil_moisture_5cm, …); which are needed is the reader's business.
struct SeriesTable {
  std::vector<core::Date> dates;            ///< strictly increasing; days may be absent
  std::vector<std::string> columns;         ///< without "date"
  std::vector<std::vector<double>> values;  ///< per column, one per date; NaN = missing

  /// Throws Error(data) listing the columns there are, with the nearest name, if this one is not.
  const std::vector<double>& column(std::string_view name) const;
  bool has(std::string_view name) const;
};

/// Read date,<column>,… with a header and ISO dates (standard calendar). Empty, NA, NaN and nan fields are
/// missing. Throws Error(data) with file and line for a missing or repeated column name, a wrong number of
/// fields, a field that is no number, a date that does not exist, repeats or goes back. Days may be left out.
SeriesTable read_series_csv(const std::filesystem::path& path);
/// The same from text; shown_as names it in messages. Pure.
SeriesTable parse_series_csv(const std::string& shown_as, std::string_view text);

/// Write such a file atomically, numbers in the shortest form that reads back the
/// same, missing values empty. Throws Error(internal) for columns of differing length, Error(environment) if
/// it cannot be written.
void write_series_csv(const std::filesystem::path& path, const SeriesTable& table);

/// A column on consecutive days: NaN where the table has no row. Dates outside the axis are left out.
std::vector<double> series_on_axis(const SeriesTable& table, std::string_view column,
                                   const core::TimeAxis& axis);

}  // namespace rootzone::io
