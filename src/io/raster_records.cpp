#include "raster_records.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <mutex>
#include <optional>

#include "raster_file.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/file_pattern.hpp"
#include "rootzone/io/library_lock.hpp"

namespace rootzone::io {
namespace {

using core::Calendar;
using core::Date;
using core::Error;
using core::ErrorKind;

bool is_climatology(const InputSpec& spec) {
  return spec.cadence == Cadence::climatology_monthly || spec.cadence == Cadence::climatology_daily;
}

std::string paths_text(const InputSpec& spec) {
  std::string text;
  for (const auto& path : spec.paths) text += (text.empty() ? "" : ", ") + path.string();
  return text.empty() ? "(none)" : text;
}

RecordTime time_of_date(const DatedFile& file, Calendar calendar) {
  RecordTime time;
  time.stamp = static_cast<double>(core::day_number(*file.date, calendar)) + file.day_fraction;
  time.begin = time.end = time.stamp;
  time.source = file.path.string();
  if (file.has_day) return time;
  // A name that stops at the month or the year names the whole of it.
  const Date& date = *file.date;
  const Date next =
      !file.has_month || date.month == 12 ? Date{date.year + 1, 1, 1} : Date{date.year, date.month + 1, 1};
  time.end = static_cast<double>(core::day_number(next, calendar));
  time.has_bounds = true;
  return time;
}

/// Days of the climatology's bands, in order from January.
std::vector<RecordTime> climatology_times(int bands, const InputSpec& spec,
                                          const std::filesystem::path& path) {
  std::vector<RecordTime> times;
  const bool monthly = spec.cadence == Cadence::climatology_monthly;
  const std::int64_t first = core::day_number({2000, 1, 1}, Calendar::standard);
  for (int band = 1; band <= bands; ++band) {
    RecordTime time;
    const std::int64_t day =
        monthly ? core::day_number({2000, std::min(band, 12), 1}, Calendar::standard) : first + band - 1;
    time.stamp = time.begin = time.end = static_cast<double>(day);
    time.source = path.string() + " band " + std::to_string(band);
    times.push_back(time);
  }
  return times;
}

/// Instants in the bands' descriptions; empty unless every band has one.
std::vector<RecordTime> band_times(GDALDatasetH dataset, Calendar calendar,
                                   const std::filesystem::path& path) {
  std::vector<RecordTime> times;
  for (int band = 1; band <= GDALGetRasterCount(dataset); ++band) {
    const auto instant = leading_instant(GDALGetDescription(GDALGetRasterBand(dataset, band)), calendar);
    if (!instant) return {};
    times.push_back({*instant, *instant, *instant, false, path.string() + " band " + std::to_string(band)});
  }
  return times;
}

/// Every band of every file that has dates in its bands; false if the first has none.
bool take_dated_bands(const InputSpec& spec, RasterRecords& found) {
  for (std::size_t i = 0; i < found.files.size(); ++i) {
    const std::filesystem::path& path = found.files[i];
    const NetcdfLock lock(netcdf_mutex());
    const DatasetHandle dataset = open_raster(path, is_tiff(path));
    std::vector<RecordTime> times = band_times(dataset.get(), found.calendar, path);
    const int bands = GDALGetRasterCount(dataset.get());
    if (times.empty() && is_climatology(spec) && found.files.size() == 1 && bands >= 12)
      times = climatology_times(bands, spec, path);
    if (times.empty() && i == 0) return false;
    if (times.empty())
      throw Error(ErrorKind::data, path.string() + ": its bands carry no dates, those of " +
                                       found.files[0].string() +
                                       " do; write ISO dates as band descriptions or leave the file out");
    for (std::size_t band = 0; band < times.size(); ++band)
      found.records.push_back({i, static_cast<int>(band) + 1, times[band]});
  }
  return true;
}

void take_dated_names(const InputSpec& spec, std::vector<DatedFile> files, RasterRecords& found) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!files[i].date) {
      files[i].date = date_in_name(files[i].path.filename().string(), found.calendar);
      files[i].has_year = files[i].has_month = files[i].has_day = true;
    }
    if (!files[i].date)
      throw Error(ErrorKind::data,
                  "[inputs." + spec.name + "] the date of " + files[i].path.string() + " (one of " +
                      std::to_string(files.size()) +
                      " files) is not clear; write the path as a pattern with {date}, or {date:%Y-%m-%d} …");
    if (!files[i].has_year && !is_climatology(spec))
      throw Error(ErrorKind::usage, "[inputs." + spec.name +
                                        "] the path pattern names no year; add {year}, or set "
                                        "`cadence = \"climatology_monthly\"`");
    found.records.push_back({i, spec.band, time_of_date(files[i], found.calendar)});
  }
}

/// Whether the only file so far of a glob has a date in its name, as those have that will come.
bool date_by_glob(const InputSpec& spec, const DatedFile& file, Calendar calendar) {
  return spec.paths.front().string().find_first_of("*?[") != std::string::npos &&
         date_in_name(file.path.filename().string(), calendar).has_value();
}

void sort_and_check(const InputSpec& spec, RasterRecords& found) {
  std::stable_sort(found.records.begin(), found.records.end(),
                   [](const RasterRecord& a, const RasterRecord& b) { return a.time.stamp < b.time.stamp; });
  for (std::size_t i = 1; i < found.records.size(); ++i) {
    const RecordTime& before = found.records[i - 1].time;
    const RecordTime& after = found.records[i].time;
    if (after.stamp - before.stamp > 1e-6) continue;
    const Date date =
        core::date_of(static_cast<std::int64_t>(std::floor(after.stamp + 1e-6)), found.calendar);
    throw Error(ErrorKind::data, "[inputs." + spec.name + "] two records claim " + core::iso_date(date) +
                                     ": " + before.source + " and " + after.source +
                                     "; leave one of them out");
  }
}

}  // namespace

Calendar calendar_of(const InputSpec& spec) {
  const auto calendar = core::parse_calendar(spec.calendar);
  if (!calendar)
    throw Error(ErrorKind::usage,
                "[inputs." + spec.name + "] calendar \"" + spec.calendar +
                    "\" is not a CF calendar; write standard, proleptic_gregorian, julian, noleap, "
                    "all_leap or 360_day");
  return *calendar;
}

std::optional<double> leading_instant(const std::string& text, Calendar calendar) {
  if (text.size() < 10) return {};
  const auto date = core::parse_iso_date(std::string_view(text).substr(0, 10));
  if (!date || !core::is_valid(*date, calendar)) return {};
  double instant = static_cast<double>(core::day_number(*date, calendar));
  if (text.size() == 10) return instant;
  if (text[10] != 'T' && text[10] != ' ') return {};
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (std::sscanf(text.c_str() + 11, "%2d:%2d:%2d", &hour, &minute, &second) >= 2)
    instant += hour / 24.0 + minute / 1440.0 + second / 86400.0;
  return instant;
}

RasterRecords find_raster_records(const InputSpec& spec) {
  RasterRecords found;
  found.calendar = calendar_of(spec);
  const std::vector<DatedFile> files = find_files(spec.paths, found.calendar);
  if (files.empty())
    throw Error(ErrorKind::data, "[inputs." + spec.name + "] no file matches " + paths_text(spec) +
                                     "; check the path (relative paths start at the pipeline file)");
  for (const DatedFile& file : files) found.files.push_back(file.path);
  found.has_times = true;
  const bool names_carry_dates =
      std::all_of(files.begin(), files.end(), [](const DatedFile& f) { return f.date.has_value(); });
  const bool names_reach_the_day =
      std::all_of(files.begin(), files.end(), [](const DatedFile& f) { return f.has_day; });
  if (names_carry_dates && (names_reach_the_day || is_climatology(spec))) {
    take_dated_names(spec, files, found);
  } else if (!spec.variable.empty() || !take_dated_bands(spec, found)) {
    if (names_carry_dates || files.size() > 1 || date_by_glob(spec, files.front(), found.calendar)) {
      take_dated_names(spec, files, found);
    } else {
      found.has_times = false;
      found.records.push_back({0, spec.band, {}});
      found.records.front().time.source = files.front().path.string();
    }
  }
  sort_and_check(spec, found);
  return found;
}

}  // namespace rootzone::io
