#include "rootzone/pipeline/column_command.hpp"

#include <cmath>
#include <ostream>

#include "column_file.hpp"
#include "column_report.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/csv.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;

/// Sums of an interval series over each day, times 10: cm to mm.
std::vector<double> daily_mm(const std::vector<double>& intervals, std::size_t per_day) {
  std::vector<double> days(intervals.size() / per_day, 0.0);
  for (std::size_t k = 0; k < intervals.size(); ++k) days[k / per_day] += 10.0 * intervals[k];
  return days;
}

ColumnDays by_day(const ColumnCase& problem, const soil::ColumnResult& result) {
  const std::size_t per_day = problem.intervals_per_day, depths = problem.request.depths_cm.size();
  ColumnDays days;
  std::vector<double> rain = problem.forcing.precipitation_cm_d;
  for (std::size_t k = 0; k < rain.size(); ++k) rain[k] *= problem.forcing.duration_d[k];
  days.precipitation_mm = daily_mm(rain, per_day);
  days.infiltration_mm = daily_mm(result.infiltration_cm, per_day);
  days.evaporation_mm = daily_mm(result.evaporation_cm, per_day);
  days.transpiration_mm = daily_mm(result.transpiration_cm, per_day);
  days.runoff_mm = daily_mm(result.runoff_cm, per_day);
  days.drainage_mm = daily_mm(result.drainage_cm, per_day);
  days.water_content.resize(depths);
  for (std::size_t day = 0; day < days.precipitation_mm.size(); ++day) {
    const std::size_t last = (day + 1) * per_day - 1;
    days.storage_mm.push_back(10.0 * result.storage_cm[last]);
    for (std::size_t d = 0; d < depths; ++d)
      days.water_content[d].push_back(result.water_content[last * depths + d]);
  }
  return days;
}

std::string day_of(const ColumnCase& problem, std::size_t day) {
  return core::iso_date(problem.days.date(static_cast<std::int64_t>(day)));
}

io::SeriesTable daily_table(const ColumnCase& problem, const ColumnDays& days) {
  io::SeriesTable table;
  for (std::int64_t step = 0; step < problem.days.count(); ++step)
    table.dates.push_back(problem.days.date(step));
  const auto add = [&](const std::string& name, const std::vector<double>& values) {
    table.columns.push_back(name);
    table.values.push_back(values);
  };
  for (std::size_t d = 0; d < days.water_content.size(); ++d)
    add(moisture_column(problem.request.depths_cm[d]), days.water_content[d]);
  add("precipitation_mm", days.precipitation_mm);
  add("runoff_mm", days.runoff_mm);
  add("evaporation_mm", days.evaporation_mm);
  add("transpiration_mm", days.transpiration_mm);
  add("drainage_mm", days.drainage_mm);
  add("storage_mm", days.storage_mm);
  return table;
}

std::string profile_text(const ColumnCase& problem, const soil::ColumnResult& result) {
  const std::vector<std::string> header{"date", "depth_cm", "water_content", "head_cm"};
  io::CsvWriter csv(header);
  const std::size_t cells = problem.grid.cells(), per_day = problem.intervals_per_day;
  for (std::size_t day = 0; day < static_cast<std::size_t>(problem.days.count()); ++day)
    for (std::size_t i = 0; i < cells; ++i) {
      const std::size_t at = (day + 1) * per_day * cells + i;
      csv.field(day_of(problem, day))
          .field(problem.grid.centre_cm()[i])
          .field(result.profile_water_content[at]);
      csv.field(result.profile_head_cm[at]);
      csv.end_row();
    }
  return csv.text();
}

std::string tangent_text(const ColumnCase& problem, const soil::ColumnResult& result) {
  std::vector<std::string> header{"date", "depth_cm"};
  const auto names = tangent_parameter_names(problem.column.materials.front());
  header.insert(header.end(), names.begin(), names.end());
  io::CsvWriter csv(header);
  const std::size_t depths = problem.request.depths_cm.size(), per_day = problem.intervals_per_day;
  for (std::size_t day = 0; day < static_cast<std::size_t>(problem.days.count()); ++day)
    for (std::size_t d = 0; d < depths; ++d) {
      const std::size_t at = (((day + 1) * per_day - 1) * depths + d) * names.size();
      csv.field(day_of(problem, day)).field(problem.request.depths_cm[d]);
      for (std::size_t p = 0; p < names.size(); ++p) csv.field(result.tangent[at + p]);
      csv.end_row();
    }
  return csv.text();
}

}  // namespace

void run_column_file(const ColumnFileRequest& request, std::ostream& out) {
  ColumnCase problem = read_column_case(request.file, request.overrides);
  problem.column.forcing = &problem.forcing;
  soil::ColumnResult result;
  try {
    result = run_columns(problem.grid, {&problem.column, 1}, problem.settings, problem.request).front();
  } catch (Error& error) {
    error.add_context(request.file.string());
    throw;
  }
  if (result.status != soil::ColumnStatus::complete)
    throw Error(ErrorKind::data,
                request.file.string() + ": the column could not be solved on " +
                    day_of(problem, result.intervals_done / problem.intervals_per_day) +
                    "; try a grid with thinner cells at the surface, an air_entry_head_cm of -2 for a "
                    "soil with n below 1.2, or a smaller solver.largest_step_in_rain_d");
  const std::filesystem::path folder =
      request.out.empty() ? std::filesystem::absolute(request.file).parent_path() / "out" / problem.name
                          : request.out;
  const ColumnDays days = by_day(problem, result);
  io::make_folder(folder);
  io::write_series_csv(folder / "daily.csv", daily_table(problem, days));
  if (problem.request.profiles)
    io::write_file_atomically(folder / "profile.csv", profile_text(problem, result));
  if (problem.request.tangent)
    io::write_file_atomically(folder / "tangent.csv", tangent_text(problem, result));
  io::write_file_atomically(folder / "report.html",
                            column_report(problem, result, days, request.command_line));
  out << folder.string() << '\n';
}

}  // namespace rootzone::pipeline
