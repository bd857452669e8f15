#include "nightly_files.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "raster_records.hpp"
#include "rootzone/io/file_pattern.hpp"

namespace rootzone::io {
namespace {

/// Days before and after that are kept.
std::int64_t margin_days(Cadence cadence) {
  switch (cadence) {
    case Cadence::daily:
      return 3;
    case Cadence::eight_day:
    case Cadence::dekadal:
      return 25;
    default:
      return 62;
  }
}

/// The days that a file's name can stand for.
std::pair<std::int64_t, std::int64_t> days_of_name(const DatedFile& file, core::Calendar calendar) {
  const core::Date& date = *file.date;
  const std::int64_t first = core::day_number(date, calendar);
  if (file.has_day) return {first, first};
  if (file.has_month) return {first, first + core::days_in_month(date.year, date.month, calendar) - 1};
  return {first, first + core::days_in_year(date.year, calendar) - 1};
}

}  // namespace

InputSpec near_days(const InputSpec& spec, const core::TimeAxis& days) {
  if (spec.cadence == Cadence::climatology_daily || spec.cadence == Cadence::climatology_monthly) return spec;
  const core::Calendar calendar = calendar_of(spec);
  const std::vector<DatedFile> files = find_files(spec.paths, calendar);
  const bool dated = std::all_of(files.begin(), files.end(),
                                 [](const DatedFile& file) { return file.date && file.has_year; });
  if (files.size() < 3 || !dated || !is_netcdf(files.front().path)) return spec;
  // The calendars of names and days may differ by some days in a year: the margin covers it.
  const std::int64_t margin = margin_days(spec.cadence) + (calendar == days.calendar() ? 0 : 35);
  const auto day_in_names = [&](std::int64_t step) {
    return core::day_number(last_date_by(days.date(step), calendar), calendar);
  };
  const std::int64_t from = day_in_names(0) - margin;
  const std::int64_t to = day_in_names(days.count() - 1) + margin;
  // A file may hold more days than its name has: the last that begins before may reach into them.
  std::optional<std::int64_t> last_before;
  for (const DatedFile& file : files)
    if (const std::int64_t first = days_of_name(file, calendar).first; first < from)
      last_before = std::max(last_before.value_or(first), first);
  InputSpec near = spec;
  near.paths.clear();
  for (const DatedFile& file : files) {
    const auto [first, last] = days_of_name(file, calendar);
    if ((last >= from && first <= to) || first == last_before) near.paths.push_back(file.path);
  }
  if (near.paths.empty())
    near.paths.push_back(files.back().path);  // to know grid and units; no day has a record
  return near;
}

void keep_used_files(const NativeDescription& native, const DayMapping& mapping, InputReport& report) {
  std::set<std::string> sources;
  for (const DayShare& share : mapping.shares)
    sources.insert(native.times[static_cast<std::size_t>(share.record)].source);
  // A source is the file's path, and perhaps more words.
  std::erase_if(report.files, [&](const std::filesystem::path& file) {
    const auto at = sources.lower_bound(file.string());
    return at == sources.end() || !at->starts_with(file.string());
  });
}

}  // namespace rootzone::io
