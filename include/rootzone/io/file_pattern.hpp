#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "rootzone/core/calendar.hpp"

namespace rootzone::io {

/// A file found, and what its name says of its date.
struct DatedFile {
  std::filesystem::path path;
  std::optional<core::Date> date;  ///< day 1 where the name has no day, month 1 where it has no month
  double day_fraction = 0.0;       ///< from %H, %M, %S
  bool has_year = false;           ///< without one the year is 2000: for climatologies
  bool has_month = false;
  bool has_day = false;
};

/// True if the path has a {…} field or a glob character.
bool is_pattern(const std::filesystem::path& path);

/// The files behind each path, in order of name. In a folder's or a file's name: {date} is YYYYMMDD;
/// {date:FORMAT} has the strftime fields %Y %m %d %j %H %M %S; {year}, {month}, {day} are 4, 2 and 2 digits;
/// * ? and […] are globs. A field named twice must agree, or the file does not match. A plain path comes back
/// as it is, without date, if it exists. Throws Error(usage) for a malformed pattern. A path that matches
/// nothing adds nothing.
std::vector<DatedFile> find_files(const std::vector<std::filesystem::path>& paths, core::Calendar calendar);

/// The single date that a plain file name carries as YYYYMMDD, YYYY-MM-DD or YYYY_MM_DD, if there is exactly
/// one.
std::optional<core::Date> date_in_name(const std::string& file_name, core::Calendar calendar);

}  // namespace rootzone::io
