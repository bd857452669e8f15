#include "netcdf_times.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "rootzone/core/error.hpp"
#include "rootzone/io/cf_time.hpp"

namespace rootzone::io {
namespace {

using core::Calendar;
using core::Error;
using core::ErrorKind;

// 100 000 years about 1970: beyond it a time is no time, but a fill value or damage.
constexpr double longest_span_days = 3.6525e7;

std::string lowered(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool has_time_units(const NetcdfFile& file, const NetcdfVariable& variable) {
  const std::string units = lowered(file.text(variable, "units").value_or(""));
  return units.find(" since ") != std::string::npos || units.starts_with("day as %y");
}

/// Along the record dimension: the variable of its name, or one with units of time.
const NetcdfVariable* along_records(const NetcdfFile& file, const NetcdfVariable& variable, int record_dim) {
  const NetcdfVariable* named = coordinate_of(file, variable, record_dim);
  if (named != nullptr && has_time_units(file, *named)) return named;
  const int id = variable.dimension_ids[static_cast<std::size_t>(record_dim)];
  for (const NetcdfVariable& candidate : file.variables())
    if (candidate.dimension_ids.size() == 1 && candidate.dimension_ids[0] == id &&
        has_time_units(file, candidate))
      return &candidate;
  return named;
}

/// `time` of a single value, or one that the variable's `coordinates` name.
const NetcdfVariable* scalar_time(const NetcdfFile& file, const NetcdfVariable& variable) {
  const std::string listed = " " + file.text(variable, "coordinates").value_or("") + " ";
  for (const NetcdfVariable& candidate : file.variables()) {
    const std::string name = candidate.name.substr(candidate.name.rfind('/') + 1);
    const bool single =
        std::all_of(candidate.lengths.begin(), candidate.lengths.end(), [](auto n) { return n == 1; });
    if (single && has_time_units(file, candidate) &&
        (name == "time" || listed.find(" " + name + " ") != std::string::npos))
      return &candidate;
  }
  return nullptr;
}

Calendar calendar_of(const NetcdfFile& file, const NetcdfVariable& time, const InputSpec& spec) {
  const std::string name = spec.calendar.empty() ? file.text(time, "calendar").value_or("") : spec.calendar;
  if (const auto calendar = core::parse_calendar(name)) return *calendar;
  throw Error(spec.calendar.empty() ? ErrorKind::data : ErrorKind::usage,
              file.path().string() + ", " + time.name + ": calendar \"" + name +
                  "\" is none of CF (standard, proleptic_gregorian, julian, noleap, all_leap, 360_day); set "
                  "`calendar` for this input");
}

void add_bounds(const NetcdfFile& file, const NetcdfVariable& time, const CfTime& time_units,
                std::vector<RecordTime>& times, std::vector<std::string>& warnings) {
  auto name = file.text(time, "bounds");
  if (!name) name = file.text(time, "climatology");
  if (!name || name->empty()) return;
  const std::string where = file.path().string() + ", " + time.name + ": ";
  const NetcdfVariable* bounds = file.find(*name, &time);
  if (bounds == nullptr || bounds->lengths.empty() || bounds->lengths.back() != 2) {
    warnings.push_back(where + "its bounds '" + *name + "' are not in the file as pairs: ignored");
    return;
  }
  const std::vector<double> values = file.read_coordinate(*bounds);
  if (values.size() != 2 * times.size()) {
    warnings.push_back(where + "its bounds '" + *name + "' have another length: ignored");
    return;
  }
  const auto own = file.text(*bounds, "units");
  const CfTime units =
      own && has_time_units(file, *bounds) ? CfTime(*own, time_units.calendar()) : time_units;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double begin = units.to_days(values[2 * i]);
    const double end = units.to_days(values[2 * i + 1]);
    const bool are_dates = std::abs(begin) <= longest_span_days && std::abs(end) <= longest_span_days;
    if (!(end > begin) || !are_dates) {
      warnings.push_back(where + "its bounds '" + *name + "' are " +
                         (are_dates ? "empty or inverted" : "no dates (fill values?)") + " at record " +
                         std::to_string(i) + ": all ignored");
      for (RecordTime& record : times) record.has_bounds = false, record.begin = record.end = record.stamp;
      return;
    }
    times[i].begin = begin;
    times[i].end = end;
    times[i].has_bounds = true;
  }
}

TimeReading decoded(const NetcdfFile& file, const NetcdfVariable& time, const InputSpec& spec,
                    std::vector<std::string>& warnings) {
  TimeReading reading{calendar_of(file, time, spec), {}};
  const std::string where = file.path().string() + ", " + time.name;
  try {
    const CfTime units(file.text(time, "units").value_or(""), reading.calendar);
    const std::vector<double> values = file.read_coordinate(time);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double days = units.to_days(values[i]);
      if (!std::isfinite(days))
        throw Error(ErrorKind::data, "record " + std::to_string(i) + " has no time (missing value)");
      if (std::abs(days) > longest_span_days)
        throw Error(ErrorKind::data, "record " + std::to_string(i) + " has the time " +
                                         std::to_string(values[i]) +
                                         ", which is no date; a fill value that is not declared?");
      reading.times.push_back(
          {days, days, days, false, file.path().string() + " record " + std::to_string(i)});
    }
    add_bounds(file, time, units, reading.times, warnings);
  } catch (Error& error) {
    error.add_context(where);
    throw;
  }
  return reading;
}

/// The months or days of one year, for a climatology whose coordinate counts 1 … 12 or 1 … 366.
std::optional<TimeReading> climatology(const NetcdfFile& file, std::int64_t records, const InputSpec& spec) {
  const bool monthly = spec.cadence == Cadence::climatology_monthly && records == 12;
  const bool daily = spec.cadence == Cadence::climatology_daily && (records == 365 || records == 366);
  if (!monthly && !daily) return {};
  const int year = records == 365 ? 2001 : 2000;
  TimeReading reading;
  for (std::int64_t i = 0; i < records; ++i) {
    const std::int64_t first = core::day_number({year, 1, 1}, reading.calendar);
    std::int64_t begin = first + i;
    std::int64_t end = begin + 1;
    if (monthly) {
      begin = core::day_number({year, static_cast<int>(i) + 1, 1}, reading.calendar);
      end = begin + core::days_in_month(year, static_cast<int>(i) + 1, reading.calendar);
    }
    const auto at = static_cast<double>(begin);
    reading.times.push_back(
        {at, at, static_cast<double>(end), true, file.path().string() + " record " + std::to_string(i)});
  }
  return reading;
}

}  // namespace

TimeReading read_times(const NetcdfFile& file, const NetcdfVariable& variable, const VariableLayout& layout,
                       const InputSpec& spec, std::vector<std::string>& warnings) {
  if (layout.record_dim < 0) {
    const NetcdfVariable* time = scalar_time(file, variable);
    return time == nullptr ? TimeReading{} : decoded(file, *time, spec, warnings);
  }
  const NetcdfVariable* time = along_records(file, variable, layout.record_dim);
  if (time != nullptr && has_time_units(file, *time)) return decoded(file, *time, spec, warnings);
  if (auto reading = climatology(file, layout.records, spec)) return *reading;
  const std::string dimension = variable.dimension_names[static_cast<std::size_t>(layout.record_dim)];
  if (layout.records == 1) return {};  // a static layer with a first dimension of 1
  throw Error(ErrorKind::data, file.path().string() + ", " + variable.name + ": the dimension '" + dimension +
                                   "' of " + std::to_string(layout.records) + " is no time: " +
                                   (time == nullptr ? "it has no coordinate variable"
                                                    : "the units of its coordinate are \"" +
                                                          file.text(*time, "units").value_or("") + "\"") +
                                   "; expected \"days since …\", or set `cadence = \"climatology_monthly\"` "
                                   "for 12 months; of a stack of "
                                   "layers cut one out (ncks -d " +
                                   dimension + ",0 in.nc out.nc)");
}

}  // namespace rootzone::io
